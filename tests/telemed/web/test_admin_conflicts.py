"""A change that strands appointments: shown before, listed after, nobody told until a person decides."""

import re
from datetime import datetime, timedelta

import pytest
from werkzeug.test import TestResponse

from scheduling import booking
from scheduling.booking import Appointment
from telemed.services import Services
from tests import build
from tests.telemed.conftest import Visitor
from tests.telemed.web.coordinators_desk import READER, Desk, open_desk

THURSDAY = build.TUESDAY + timedelta(days=2)


@pytest.fixture
def desk(services: Services) -> Desk:
    return open_desk(services)


@pytest.fixture
def booked(desk: Desk) -> Appointment:
    return desk.books(build.local(11, day=THURSDAY))


def leave_on_thursday(desk: Desk, browser: Visitor, **more: str) -> TestResponse:
    day = THURSDAY.isoformat()
    page = f"{desk.roster_page}/leave"
    return browser.send(page, first_day=day, last_day=day, reason="отпуск", **more)


def agreed(page: str) -> str:
    found = re.search(r'name="agreed" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def stranded(desk: Desk) -> Visitor:
    """The doctor goes on leave although somebody is booked; the coordinator has seen that."""
    browser = desk.browser()
    shown = leave_on_thursday(desk, browser)
    answer = leave_on_thursday(desk, browser, agreed=agreed(shown.text))
    assert (answer.status_code, answer.location) == (303, "/admin/conflicts")
    return browser


def decide(browser: Visitor, booked: Appointment, decision: str, **fields: str) -> TestResponse:
    page = f"/admin/conflicts/{booked.id}"
    return browser.send(page, decision=decision, **({"version": str(booked.version)} | fields))


def test_before_saving_the_appointments_are_named_and_nothing_is_changed(
    desk: Desk, booked: Appointment
) -> None:
    page = leave_on_thursday(desk, desk.browser())
    assert page.status_code == 200
    assert "Appointments that would no longer fit: 1" in " ".join(re.sub(r"<[^>]+>", "", page.text).split())
    assert "Пациент 19 0900" in page.text
    with desk.services.view() as view:
        assert view.book.leave_of(desk.world.practitioner.id) == []


def test_going_back_to_the_form_loses_nothing(desk: Desk, booked: Appointment) -> None:
    browser = desk.browser()
    page = leave_on_thursday(desk, browser, step="edit").text
    assert f'value="{THURSDAY.isoformat()}"' in page
    assert 'value="отпуск"' in page


def test_what_was_agreed_to_must_be_what_is_stranded_now(desk: Desk, booked: Appointment) -> None:
    browser = desk.browser()
    seen = agreed(leave_on_thursday(desk, browser).text)
    desk.books(build.local(12, day=THURSDAY))
    again = leave_on_thursday(desk, browser, agreed=seen)
    assert again.status_code == 200
    assert "Пациент 19 1000" in again.text


def test_a_change_that_strands_nobody_is_made_at_once(desk: Desk, booked: Appointment) -> None:
    wednesday = (THURSDAY - timedelta(days=1)).isoformat()
    answer = desk.browser().send(
        f"{desk.roster_page}/leave", first_day=wednesday, last_day=wednesday, reason=""
    )
    assert answer.location == desk.roster_page


def test_after_saving_it_stays_booked_and_nobody_is_told(desk: Desk, booked: Appointment) -> None:
    before = desk.messages(booked)
    page = stranded(desk).get("/admin/conflicts").text
    assert "Пациент 19 0900" in page
    assert desk.appointment(booked) == booked
    assert desk.messages(booked) == before
    assert "cancelled" not in before


def test_cancelling_takes_it_back_and_tells_the_patient(desk: Desk, booked: Appointment) -> None:
    answer = decide(stranded(desk), booked, "cancel")
    assert answer.location == "/admin/conflicts?decided=cancel"
    assert desk.appointment(booked).status == "cancelled"
    assert desk.messages(booked) == ["cancelled"]


def test_moving_gives_another_time_and_tells_the_patient(desk: Desk, booked: Appointment) -> None:
    browser = stranded(desk)
    offered = re.findall(r'name="slot" value="([^"]+)"', browser.get(f"/admin/conflicts/{booked.id}").text)
    assert offered
    assert not any("2026-11-19" in slot for slot in offered)
    decide(browser, booked, "move", slot=offered[0])
    moved = desk.appointment(booked)
    assert moved.status == "booked"
    assert moved.starts_at.isoformat() == offered[0].split(" ")[2]
    assert "Пациент 19 0900" not in browser.get("/admin/conflicts").text
    assert desk.messages(booked) != []


def test_keeping_it_takes_it_off_the_list_until_it_changes(desk: Desk, booked: Appointment) -> None:
    browser = stranded(desk)
    decide(browser, booked, "keep")
    assert "Пациент 19 0900" not in browser.get("/admin/conflicts").text
    assert desk.appointment(booked) == booked
    assert decide(browser, booked, "keep").status_code == 303


def test_a_time_that_somebody_else_took_meanwhile_is_not_given(desk: Desk, booked: Appointment) -> None:
    browser = stranded(desk)
    page = browser.get(f"/admin/conflicts/{booked.id}").text
    slot = re.findall(r'name="slot" value="([^"]+)"', page)[0]
    desk.books(datetime.fromisoformat(slot.split(" ")[2]))
    answer = decide(browser, booked, "move", slot=slot)
    assert answer.status_code == 409
    assert "cannot be had any more" in answer.text
    assert desk.appointment(booked) == booked


@pytest.mark.parametrize("decision", ["move", "cancel", "keep"])
def test_two_coordinators_do_not_decide_the_same_thing_twice(
    desk: Desk, booked: Appointment, decision: str
) -> None:
    browser = stranded(desk)
    slot = re.findall(r'name="slot" value="([^"]+)"', browser.get(f"/admin/conflicts/{booked.id}").text)[0]
    answer = decide(browser, booked, decision, version=str(booked.version + 1), slot=slot)
    assert answer.status_code == 409
    assert desk.appointment(booked) == booked


@pytest.mark.parametrize("slot", ["", "nonsense", "a b c d", "  2026-11-20T09:00 2026-11-20T09:20"])
def test_a_slot_that_is_none_is_refused(desk: Desk, booked: Appointment, slot: str) -> None:
    assert decide(stranded(desk), booked, "move", slot=slot).status_code == 400


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:20:00+14:00"),
        ("9999-12-31T23:39:00-14:00", "9999-12-31T23:59:00-14:00"),
        ("0001-01-01T00:00:00+00:00", "9999-12-31T00:00:00+00:00"),
    ],
)
def test_a_moment_that_no_calendar_has_is_refused(
    desk: Desk, booked: Appointment, starts: str, ends: str
) -> None:
    named = f"{desk.world.practitioner.id} {desk.world.kiosk.id} {starts} {ends}"
    assert decide(stranded(desk), booked, "move", slot=named).status_code == 400


def test_a_time_that_lasts_for_months_is_refused(desk: Desk, booked: Appointment) -> None:
    ends = booked.starts_at + timedelta(days=200)
    spans = f"{booked.starts_at.isoformat()} {ends.isoformat()}"
    named = f"{desk.world.practitioner.id} {desk.world.kiosk.id} {spans}"
    assert decide(stranded(desk), booked, "move", slot=named).status_code == 409


def test_another_facilitys_appointment_is_not_there(desk: Desk, booked: Appointment) -> None:
    stranger = desk.browser(desk.colleague("coordinator", facility_id=desk.elsewhere.id))
    assert stranger.get(f"/admin/conflicts/{booked.id}").status_code == 404
    token = stranger.token("/admin/conflicts")
    answer = stranger.post(
        f"/admin/conflicts/{booked.id}",
        data={"csrf_token": token, "decision": "cancel", "version": str(booked.version)},
    )
    assert answer.status_code == 404
    assert desk.appointment(booked).status == "booked"


def test_of_other_facilities_only_the_number_is_said(desk: Desk, booked: Appointment) -> None:
    stranger = desk.browser(desk.colleague("coordinator", facility_id=desk.elsewhere.id))
    page = stranger.send(f"{desk.site_page}/days", day=THURSDAY.isoformat(), note="ремонт")
    assert "And 1 of other facilities" in page.text
    assert "Пациент 19 0900" not in page.text
    assert "the day sheet" not in " ".join(desk.looks(booked.patient_id))
    assert desk.looks(booked.patient_id) == []


def test_whoever_is_named_can_see_that_they_were(desk: Desk, booked: Appointment) -> None:
    leave_on_thursday(desk, desk.browser())
    assert desk.looks(booked.patient_id) == ["looking whose appointments a change would strand"]


def test_the_page_says_who_must_be_called(desk: Desk) -> None:
    silent = desk.books(build.local(11, day=THURSDAY), sms=False)
    page = stranded(desk).get(f"/admin/conflicts/{silent.id}").text
    assert "Call them before you move or cancel: +359880000001" in page


def test_an_outage_a_holiday_and_fewer_hours_strand_as_leave_does(desk: Desk, booked: Appointment) -> None:
    browser, day = desk.browser(), THURSDAY.isoformat()
    outage = {"from_day": day, "from_time": "10:00", "until_day": day, "until_time": "12:00", "reason": ""}
    attempts = [
        browser.send(f"{desk.site_page}/outages", kind="maintenance", **outage),
        browser.send("/admin/holidays/new", day=day, name="Празник"),
        browser.send(
            f"{desk.roster_page}/days/{day}", **was(browser, f"{desk.roster_page}/days/{day}"), how="off"
        ),
        browser.send(f"{desk.site_page}/hours", **was(browser, f"{desk.site_page}/hours")),
    ]
    assert ["Пациент 19 0900" in page.text for page in attempts] == [True] * 4
    assert [page.status_code for page in attempts] == [200] * 4


def was(browser: Visitor, page: str) -> dict[str, str]:
    found = re.search(r'name="was" value="([0-9a-f]+)"', browser.get(page).text)
    assert found
    return {"was": found[1]}


def test_when_the_clerk_is_away_only_visits_that_need_one_are_stranded(
    desk: Desk, booked: Appointment
) -> None:
    day = THURSDAY.isoformat()
    outage = {"from_day": day, "from_time": "10:00", "until_day": day, "until_time": "12:00", "reason": ""}
    answer = desk.browser().send(f"{desk.site_page}/outages", kind="clerk_away", **outage)
    assert answer.location == desk.site_page


def test_who_is_there_already_is_not_stranded(desk: Desk) -> None:
    soon = desk.books(build.local(10))
    with desk.services.unit(READER) as unit:
        unit.book.change(*booking.arrive(unit.book.appointment(soon.id), unit.now, build.CLERK))
    today = build.TUESDAY.isoformat()
    page = desk.browser().send(f"{desk.roster_page}/leave", first_day=today, last_day=today, reason="")
    assert page.location == desk.roster_page
