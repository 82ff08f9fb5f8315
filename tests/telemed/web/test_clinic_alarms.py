"""Alarms on the doctor's pages: what is said first, who has seen it, and limits that somebody answers for."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from telemed.accounts.store import Staff
from telemed.intake.limits import PROPOSAL, Limit
from telemed.records.tables import access_entry
from telemed.run import alarm_jobs
from telemed.visits.kiosk import Receipt
from tests import build
from tests.telemed.alarming import count, measures_again
from tests.telemed.conftest import PASSWORD, Visitor, browser_of, hashed
from tests.telemed.consulting_room import NAME, ConsultingRoom, words

SAID = "Value beyond your facility’s limit"
UNSIGNED = "proposal, not signed"
FIELDS = {
    "low_systolic": "90",
    "high_systolic": "180",
    "high_diastolic": "110",
    "low_pulse": "40",
    "high_pulse": "131",
    "low_oxygen": "93",
    "low_temperature": "35,0",
    "high_temperature": "39.1",
    "low_breathing": "8",
    "high_breathing": "25",
    "low_glucose": "2.9",
    "high_glucose": "20",
    "sign": "yes",
    "instead_of": "0",
}


def breathless(room: ConsultingRoom, **changes: Any) -> Receipt:
    reading = {"code": "oxygen", "value": "88", "taken_at": build.NOW.isoformat()}
    return room.comes(**{"measurements": [reading], **changes})


def case_of(receipt: Receipt) -> str:
    return f"/clinic/visits/{receipt.visit_id}"


def signed(room: ConsultingRoom) -> list[tuple[int, Any, Any]]:
    with room.services.view() as view:
        history = view.limits.history(room.world.facility.id)
    return [(each.version, each.signed_by, each.limits["oxygen"].low) for each in history]


@pytest.mark.parametrize("page", ["/clinic", "/clinic/list", "case"])
def test_the_value_the_limit_and_the_person_asked_are_said_first(
    room: ConsultingRoom, doctor: Visitor, page: str
) -> None:
    room.comes()
    receipt = breathless(room)
    shown = words(doctor.get(f"{case_of(receipt) if page == 'case' else page}?lang=en").text)
    said = "Oxygen in the blood 88 % (limit 91 %)"
    assert said in shown
    assert shown.index(SAID) < shown.index(said) < shown.index("you are asked to say that you have seen it")
    assert shown.index(said) < shown.index("What is wrong" if page == "case" else "Next patient")
    assert UNSIGNED in shown
    assert "Red flag" not in shown


def test_a_red_flag_and_a_value_are_both_said(room: ConsultingRoom, doctor: Visitor) -> None:
    receipt = breathless(room, red_flag=True)
    for page in ("/clinic", case_of(receipt)):
        shown = words(doctor.get(f"{page}?lang=en").text)
        assert SAID in shown
        assert "Red flag" in shown


@pytest.mark.parametrize("language", ["bg", "en"])
def test_one_press_puts_the_doctors_name_under_it_and_a_second_changes_nothing(
    room: ConsultingRoom, doctor: Visitor, language: str
) -> None:
    receipt = breathless(room)
    page = case_of(receipt)
    for _ in range(2):
        token = doctor.token("/clinic/limits")
        answer = doctor.post(f"{page}/seen", data={"csrf_token": token, "shown": "1"})
        assert (answer.status_code, answer.location) == (303, page)
        room.clock.forward(timedelta(minutes=1))
    with room.services.unit(room.reader()) as unit:
        kept = unit.alarms.of_visit(receipt.visit_id)
    assert kept is not None
    assert (kept.acknowledged_by, kept.acknowledged_at) == (room.doctor_id, build.NOW)
    shown = words(doctor.get(f"{page}?lang={language}").text)
    assert ("seen by д-р Илиева" if language == "en" else "видяна от д-р Илиева") in shown
    assert f"{page}/seen" not in doctor.get(page).text
    assert "/seen" not in doctor.get("/clinic").text


@pytest.mark.parametrize("shown", ["0", "", "-1", "٣", "x"])
def test_who_was_not_shown_every_value_is_shown_them_and_the_alarm_stays_open(
    room: ConsultingRoom, doctor: Visitor, shown: str
) -> None:
    receipt = breathless(room)
    page = case_of(receipt)
    data = {"csrf_token": doctor.token("/clinic/limits"), "shown": shown}
    answer = doctor.post(f"{page}/seen?lang=en", data=data)
    assert answer.status_code == 409
    assert "A further value has come since." in words(answer.text)
    assert 'name="shown" value="1"' in answer.text


def test_the_list_is_new_when_an_alarm_was_seen_or_passed_on(room: ConsultingRoom, doctor: Visitor) -> None:
    receipt = breathless(room)
    mark = doctor.get("/clinic/list").headers["ETag"]
    assert doctor.get("/clinic/list", headers={"If-None-Match": mark}).status_code == 304
    room.clock.forward(timedelta(seconds=room.services.settings.alarm_seconds))
    run, _ = alarm_jobs.jobs(room.services.settings)["alarms.pass_on"]
    assert run(room.services) == 1
    passed = doctor.get("/clinic/list?lang=en", headers={"If-None-Match": mark})
    assert "every doctor of your facility is asked · passed on 1 ×" in words(passed.text)
    doctor.send(f"{case_of(receipt)}/seen", case_of(receipt), shown="1")
    assert doctor.get("/clinic/list", headers={"If-None-Match": passed.headers["ETag"]}).status_code == 200


class TestAlarmOfAnOpenCase:
    """The part of a case's page that is asked for every few seconds."""

    def test_costs_nothing_until_it_changes_and_then_comes_whole(
        self, room: ConsultingRoom, doctor: Visitor
    ) -> None:
        receipt = breathless(room)
        part = f"{case_of(receipt)}/alarm"
        mark = doctor.get(part).headers["ETag"]
        assert f"data-mark={mark}" in doctor.get(case_of(receipt)).text
        read = count(room, access_entry)
        assert doctor.get(part, headers={"If-None-Match": mark}).status_code == 304
        assert count(room, access_entry) == read
        measures_again(room, receipt, "temperature", "41")
        grown = doctor.get(f"{part}?lang=en", headers={"If-None-Match": mark})
        shown = words(grown.text)
        assert "Oxygen in the blood 88 % (limit 91 %)" in shown
        assert "Temperature 41 °C" in shown
        assert 'name="shown" value="2"' in grown.text

    def test_begins_while_the_page_is_open_and_names_who_has_seen_it(
        self, room: ConsultingRoom, doctor: Visitor
    ) -> None:
        receipt = room.comes()
        part = f"{case_of(receipt)}/alarm"
        before = doctor.get(f"{part}?lang=en")
        assert SAID not in words(before.text)
        measures_again(room, receipt, "temperature", "41")
        raised = doctor.get(f"{part}?lang=en", headers={"If-None-Match": before.headers["ETag"]})
        assert f"{SAID}: Temperature 41 °C." in raised.text
        doctor.send(f"{case_of(receipt)}/seen", case_of(receipt), shown="1")
        seen = doctor.get(f"{part}?lang=en", headers={"If-None-Match": raised.headers["ETag"]})
        assert "seen by д-р Илиева" in words(seen.text)
        assert 'data-said=""' in seen.text

    def test_is_not_there_for_another_facility(self, room: ConsultingRoom, house: Flask) -> None:
        receipt = breathless(room)
        stranger = room.browser(house, room.stranger)
        assert stranger.get(f"{case_of(receipt)}/alarm").status_code == 404


def test_another_facilitys_alarm_is_answered_like_one_that_is_not_there(
    room: ConsultingRoom, house: Flask
) -> None:
    receipt = breathless(room)
    stranger = room.browser(house, room.stranger)
    assert SAID not in stranger.get("/clinic?lang=en").text
    answer = stranger.send(f"{case_of(receipt)}/seen", "/clinic/limits")
    assert answer.status_code == 404
    with room.services.view() as view:
        assert view.alarms.count_open(room.world.facility.id) == 1


def test_the_coordinator_sees_a_number_and_no_name(
    room: ConsultingRoom, house: Flask, add_staff: Callable[..., Staff]
) -> None:
    coordinator = browser_of(
        house, room.services, add_staff("coordinator", facility_id=room.world.facility.id)
    )
    said = "Open alarms that no doctor has acknowledged yet: "
    assert said not in coordinator.get("/admin?lang=en").text
    breathless(room)
    page = coordinator.get("/admin?lang=en").text
    assert f"{said}1" in page
    assert NAME not in page
    assert "88" not in words(page)


def test_the_clerk_reads_what_the_kiosk_says_and_no_more(room: ConsultingRoom, house: Flask) -> None:
    with room.services.unit(room.reader()) as unit:
        clerk = unit.accounts.add_staff(
            email="clerk@telemed.example",
            name="Test clerk",
            roles=frozenset({"clerk"}),
            password_hash=hashed(PASSWORD),
            sealed_totp=None,
            now=build.NOW,
            site_id=room.world.site.id,
        )
    breathless(room)
    page = words(browser_of(house, room.services, clerk).get("/counter?lang=en").text)
    assert "Please wait here. The doctor is being called." in page
    for kept in (NAME, "88", "xygen", "limit", "larm"):
        assert kept not in page


def test_until_somebody_signs_the_page_says_so_beside_the_proposal(doctor: Visitor) -> None:
    page = words(doctor.get("/clinic/limits?lang=en").text)
    assert "Proposal, not signed" in page
    assert "≤ 91" in page
    assert "Signed so far" not in page


@pytest.mark.parametrize("language", ["bg", "en"])
def test_a_doctor_signs_and_the_history_keeps_every_name(
    room: ConsultingRoom, doctor: Visitor, language: str
) -> None:
    assert doctor.send("/clinic/limits", **FIELDS).status_code == 303
    assert (
        doctor.send("/clinic/limits", **{**FIELDS, "low_oxygen": "92", "instead_of": "1"}).status_code == 303
    )
    assert signed(room) == [(2, room.doctor_id, Decimal(92)), (1, room.doctor_id, Decimal(93))]
    page = words(doctor.get(f"/clinic/limits?lang={language}").text)
    assert ("In force: version 2" if language == "en" else "В сила: версия 2") in page
    assert page.count("д-р Илиева") >= 3
    receipt = breathless(room)
    assert UNSIGNED not in words(doctor.get(f"{case_of(receipt)}?lang=en").text)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"low_oxygen": ""}, "The proposal watches this value"),
        ({"low_oxygen": "abc"}, "Write a number between 50 and 100"),
        ({"low_oxygen": "40"}, "Write a number between 50 and 100"),
        ({"low_pulse": "40.5"}, "with at most 0 decimals"),
        ({"low_pulse": "131"}, "The lower limit must be below the upper one."),
        ({"sign": ""}, "Tick that you have judged them."),
        ({"instead_of": "x"}, "Write a whole number"),
    ],
)
def test_what_means_nothing_is_not_signed_and_stays_in_the_form(
    room: ConsultingRoom, doctor: Visitor, changes: dict[str, str], said: str
) -> None:
    answer = doctor.post(
        "/clinic/limits?lang=en",
        data={"csrf_token": doctor.token("/clinic/limits?lang=en"), **FIELDS, **changes},
    )
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert 'value="39.1"' in answer.text
    assert signed(room) == []


def test_who_signs_what_another_has_changed_is_told(room: ConsultingRoom, doctor: Visitor) -> None:
    doctor.send("/clinic/limits", **FIELDS)
    answer = doctor.post(
        "/clinic/limits?lang=en",
        data={"csrf_token": doctor.token("/clinic/limits"), **FIELDS, "low_oxygen": "85"},
    )
    assert answer.status_code == 409
    assert "Nothing of yours was signed" in answer.text
    assert [version for version, _, _ in signed(room)] == [1]


def test_nobody_but_a_doctor_signs(
    room: ConsultingRoom, house: Flask, add_staff: Callable[..., Staff]
) -> None:
    for role in ("coordinator", "clerk"):
        browser = browser_of(house, room.services, add_staff(role, facility_id=room.world.facility.id))
        assert browser.get("/clinic/limits").status_code == 403
        assert browser.post("/clinic/limits", data=FIELDS).status_code == 403
    assert signed(room) == []


def test_a_kind_that_was_signed_stands_in_force_beside_the_proposal(
    room: ConsultingRoom, doctor: Visitor
) -> None:
    with room.services.unit(room.reader()) as unit:
        own = {**PROPOSAL, "weight": Limit("weight", Decimal("35.5"), None)}
        unit.limits.sign(room.world.facility.id, own, room.doctor_id, unit.now, 0)
    page = doctor.get("/clinic/limits?lang=en").text
    assert "≤ 35.5" in words(page)
    assert 'name="low_weight" type="text"' in page
