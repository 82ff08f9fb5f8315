"""The message centre: each message is accounted for, nobody's of another facility, and a fall is seen."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from scheduling import tables
from scheduling.booking import Appointment
from scheduling.ids import uuid7
from telemed.messages import steps
from telemed.messages.stopped import Stopped
from telemed.messages.tables import message, stopped_number
from telemed.records.encounters import Encounter
from telemed.run.worker import jobs
from telemed.services import Services
from tests import build
from tests.telemed.web.call_lines import to_call
from tests.telemed.web.coordinators_desk import READER, Desk, open_desk

TOMORROW = build.NOW.replace(hour=9, minute=0) + timedelta(days=1)


@pytest.fixture
def desk(services: Services) -> Desk:
    return open_desk(services)


@pytest.fixture
def booked(desk: Desk) -> Appointment:
    return desk.books(TOMORROW)


def first_message(desk: Desk, booked: Appointment, kind: str = "booked") -> UUID:
    with desk.services.view() as view:
        of = message.c
        wanted = select(of.id).where(of.appointment_id == booked.id, of.kind == kind, of.rung == 0)
        found: UUID = view.connection.execute(wanted).scalar_one()
    return found


def goes(
    desk: Desk, message_id: UUID, *states: str, reason: str | None = None, carrier: str = "twilio"
) -> None:
    """Let a message take steps, as the worker and the carrier would."""
    with desk.services.unit(READER) as unit:
        for state in states:
            last = state == states[-1]
            values = {"provider": carrier, "reason": reason if last else None}
            assert steps.move(unit.connection, message_id, state, unit.now, **values)


def rungs(desk: Desk, booked: Appointment) -> list[tuple[str, int, str, str | None]]:
    with desk.services.view() as view:
        of = message.c
        wanted = select(of.kind, of.rung, of.state, of.reason).where(of.appointment_id == booked.id)
        return [tuple(row) for row in view.connection.execute(wanted.order_by(of.kind, of.rung))]


def again(desk: Desk, booked: Appointment, message_id: UUID, why: str = "asked_again") -> tuple[int, str]:
    browser = desk.browser()
    token = browser.token(f"/admin/messages/of/{booked.id}")
    sent = {"csrf_token": token, "why": why}
    answer = browser.post(f"/admin/messages/{message_id}/again", data=sent)
    return answer.status_code, answer.text


def test_the_story_tells_each_step_in_words(desk: Desk, booked: Appointment) -> None:
    goes(desk, first_message(desk, booked), "claimed", "accepted", "undelivered", reason="30003")
    page = desk.browser().get(f"/admin/messages/of/{booked.id}").text
    assert "taken by the carrier" in page
    assert "did not arrive" in page
    assert "the telephone is off or out of reach" in page
    assert "30003" not in page


def test_of_the_number_only_the_end_is_shown(desk: Desk, booked: Appointment) -> None:
    page = desk.browser().get(f"/admin/messages/of/{booked.id}").text
    with desk.services.unit(READER) as unit:
        phone = unit.book.patient(booked.patient_id).phone
    assert phone is not None
    assert phone not in page
    assert f"ends in {phone[-3:]}" in page


def test_looking_is_written_down_for_the_patient(desk: Desk, booked: Appointment) -> None:
    desk.browser().get(f"/admin/messages/of/{booked.id}")
    assert "looking after messages" in desk.looks(booked.patient_id)


def test_another_facilitys_messages_do_not_exist(desk: Desk, booked: Appointment) -> None:
    stranger = desk.browser(desk.colleague("coordinator", facility_id=desk.elsewhere.id))
    assert stranger.get(f"/admin/messages/of/{booked.id}").status_code == 404
    lost = first_message(desk, booked)
    goes(desk, lost, "claimed", "accepted", "undelivered")
    token = stranger.token("/admin")
    sent = {"csrf_token": token, "why": "asked_again"}
    assert stranger.post(f"/admin/messages/{lost}/again", data=sent).status_code == 404
    assert [row[1] for row in rungs(desk, booked) if row[0] == "booked"] == [0]


def test_what_did_not_arrive_can_be_sent_again_with_a_reason(desk: Desk, booked: Appointment) -> None:
    lost = first_message(desk, booked)
    goes(desk, lost, "claimed", "accepted", "undelivered")
    status, _ = again(desk, booked, lost, "number_corrected")
    assert status == 303
    assert [row for row in rungs(desk, booked) if row[0] == "booked"] == [
        ("booked", 0, "undelivered", None),
        ("booked", 1, "due", "number_corrected"),
    ]


def test_it_goes_to_the_number_that_is_known_today(desk: Desk, booked: Appointment) -> None:
    from_before = first_message(desk, booked)
    goes(desk, from_before, "claimed", "accepted", "undelivered")
    with desk.services.unit(READER) as unit:
        unit.connection.execute(
            update(tables.patient)
            .where(tables.patient.c.id == booked.patient_id)
            .values(phone="+359888000999")
        )
    again(desk, booked, from_before)
    with desk.services.view() as view:
        wanted = select(message.c.phone).where(message.c.rung == 1)
        assert view.connection.scalars(wanted).all() == ["+359888000999"]


@pytest.mark.parametrize("state", ["due", "claimed", "unknown"])
def test_what_is_on_its_way_or_in_doubt_is_not_doubled(desk: Desk, booked: Appointment, state: str) -> None:
    lost = first_message(desk, booked)
    way = {"due": (), "claimed": ("claimed",), "unknown": ("claimed", "unknown")}[state]
    goes(desk, lost, *way)
    status, page = again(desk, booked, lost)
    assert (status, "on its way" in page) == (409, True)
    assert len([row for row in rungs(desk, booked) if row[0] == "booked"]) == 1


def test_asked_twice_it_goes_once(desk: Desk, booked: Appointment) -> None:
    lost = first_message(desk, booked)
    goes(desk, lost, "claimed", "accepted", "undelivered")
    assert [again(desk, booked, lost)[0] for _ in range(2)] == [303, 409]
    assert len([row for row in rungs(desk, booked) if row[0] == "booked"]) == 2


def test_a_number_left_in_peace_stays_so(desk: Desk, booked: Appointment) -> None:
    lost = first_message(desk, booked)
    goes(desk, lost, "claimed", "accepted", "undelivered")
    stop(desk, booked, lost)
    status, page = again(desk, booked, lost)
    assert (status, "No way is left" in page) == (409, True)


def test_what_was_said_about_an_earlier_time_is_not_said_again(desk: Desk, booked: Appointment) -> None:
    lost = first_message(desk, booked)
    goes(desk, lost, "claimed", "accepted", "undelivered")
    with desk.services.unit(READER) as unit:
        slot = desk.world.slot(TOMORROW + timedelta(hours=1))
        unit.book.move(booked.id, booked.version, slot, unit.now, build.CLERK, "asked")
    status, page = again(desk, booked, lost)
    assert (status, "would be wrong" in page) == (409, True)


def test_a_reason_of_ones_own_is_no_reason(desk: Desk, booked: Appointment) -> None:
    assert again(desk, booked, first_message(desk, booked), "because")[0] == 400


def stop(desk: Desk, booked: Appointment, message_id: UUID) -> None:
    with desk.services.unit(READER) as unit:
        phone = unit.book.patient(booked.patient_id).phone
        assert phone is not None
        assert Stopped(unit.connection).add(phone, "sms", "asked", message_id, unit.now)


def test_the_stop_list_names_the_patient_and_is_lifted_with_a_reason(desk: Desk, booked: Appointment) -> None:
    stop(desk, booked, first_message(desk, booked))
    browser = desk.browser()
    page = browser.get("/admin/messages/stopped").text
    assert "somebody there asked for it" in page
    with desk.services.view() as view:
        row_id = view.connection.scalar(select(stopped_number.c.id))
    sent = {"csrf_token": browser.token("/admin/messages/stopped"), "why": "She asked at the counter"}
    assert browser.post(f"/admin/messages/stopped/{row_id}", data=sent).status_code == 303
    assert "No number of your patients" in browser.get("/admin/messages/stopped").text
    with desk.services.view() as view:
        row = view.connection.execute(select(stopped_number)).one()
    assert (row.lifted_by, row.lifted_why) == (str(desk.coordinator.id), "She asked at the counter")


@pytest.mark.parametrize("own", [True, False])
def test_who_stopped_after_news_of_the_record_is_on_the_list_of_who_has_seen_them(
    desk: Desk, booked: Appointment, own: bool
) -> None:
    news = first_message(desk, booked)
    facility_id = desk.world.facility.id if own else desk.elsewhere.id
    visit = Encounter(
        id=uuid7(),
        room=uuid7().hex,
        patient_id=booked.patient_id,
        intake_id=None,
        appointment_id=None,
        queue_entry_id=None,
        facility_id=facility_id,
        site_id=desk.world.site.id,
        kiosk_id=None,
        practitioner_id=None,
    )
    with desk.services.unit(READER) as unit:
        unit.records.encounters.add(visit)
        told = {"appointment_id": None, "read_on": build.TUESDAY}
        unit.connection.execute(update(message).where(message.c.id == news).values(**told))
        assert Stopped(unit.connection).add("+359888000777", "sms", "asked", news, unit.now)
    page = desk.browser().get("/admin/messages/stopped").text
    assert ("ends in 777" in page) is own


def test_without_a_reason_nothing_is_lifted(desk: Desk, booked: Appointment) -> None:
    stop(desk, booked, first_message(desk, booked))
    browser = desk.browser()
    with desk.services.view() as view:
        row_id = view.connection.scalar(select(stopped_number.c.id))
    sent = {"csrf_token": browser.token("/admin/messages/stopped"), "why": " "}
    assert browser.post(f"/admin/messages/stopped/{row_id}", data=sent).status_code == 400
    with desk.services.view() as view:
        assert view.connection.scalar(select(stopped_number.c.lifted_at)) is None


def test_another_facilitys_stop_list_is_its_own(desk: Desk, booked: Appointment) -> None:
    stop(desk, booked, first_message(desk, booked))
    stranger = desk.browser(desk.colleague("coordinator", facility_id=desk.elsewhere.id))
    assert "No number of your patients" in stranger.get("/admin/messages/stopped").text
    with desk.services.view() as view:
        row_id = view.connection.scalar(select(stopped_number.c.id))
    sent = {"csrf_token": stranger.token("/admin/messages/stopped"), "why": "curious"}
    assert stranger.post(f"/admin/messages/stopped/{row_id}", data=sent).status_code == 404


def test_the_overview_counts_by_carrier_and_counter_and_names_nobody(desk: Desk, booked: Appointment) -> None:
    goes(desk, first_message(desk, booked), "claimed", "accepted", "delivered")
    page = desk.browser().get("/admin/messages?span=week").text
    assert "Twilio (SMS)" in page
    assert "twilio" not in page
    assert "100%" in page
    assert "Here the messages of all facilities are counted." in page
    with desk.services.unit(READER) as unit:
        patient = unit.book.patient(booked.patient_id)
    assert patient.name not in page


def test_the_calls_to_make_are_told_apart_by_counter(desk: Desk) -> None:
    to_call(desk)
    page = desk.browser().get("/admin/messages").text
    assert re.findall(r"<li>([^<]+: \d)</li>", page) == ["Post office Avren: 1"]


def test_a_fall_is_said_first_and_told_to_the_operator(desk: Desk) -> None:
    watch, _ = jobs(desk.services)["messages.watch"]
    assert watch(desk.services) == 0
    for number in range(20):
        made = desk.books(TOMORROW + timedelta(days=number // 10 * 7, minutes=20 * (number % 10)))
        goes(desk, first_message(desk, made), "claimed", "accepted", "undelivered", reason="30008")
    page = desk.browser().get("/admin/messages").text
    assert page.index("Fewer messages arrive than usual.") < page.index("Due and not out yet")
    with capture_logs() as logs:
        assert watch(desk.services) == 1
    assert [(line["event"], line["reason"]) for line in logs] == [("carrier.alarm", "delivery-fell")]


def test_while_all_is_well_nobody_is_alarmed(desk: Desk, booked: Appointment) -> None:
    goes(desk, first_message(desk, booked), "claimed", "accepted", "delivered")
    assert "Fewer messages" not in desk.browser().get("/admin/messages").text
