"""What a doctor does with a promised visit: missed, cancelled, moved, undone, one more allowed."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from scheduling.booking import Appointment
from scheduling.ids import uuid7
from scheduling.store import Book
from telemed import database
from telemed.records.consent import Consent
from telemed.services import Services
from tests import build
from tests.fakes import FakeClock
from tests.telemed.conftest import Visitor
from tests.telemed.consulting_room import ConsultingRoom, open_room


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def room(services: Services, clock: FakeClock) -> ConsultingRoom:
    return open_room(services, clock)


@pytest.fixture
def promised(room: ConsultingRoom) -> Appointment:
    """An appointment at eleven."""
    with database.write(room.services.engine) as connection:
        book = Book(connection, lambda *_: None)
        wish = build.request(room.world.patient.id, room.world.slot(build.local(11)))
        return book.book(wish, build.NOW, build.CLERK)


def now(room: ConsultingRoom, promised: Appointment) -> Appointment:
    with database.read(room.services.engine) as connection:
        return Book(connection, lambda *_: None).appointment(promised.id)


def page_of(promised: Appointment) -> str:
    return f"/clinic/appointments/{promised.id}"


def do(doctor: Visitor, promised: Appointment, step: str, version: int = 1) -> int:
    page = page_of(promised)
    return doctor.send(f"{page}/step", page, step=step, version=str(version)).status_code


def test_the_days_list_leads_to_the_appointment(doctor: Visitor, promised: Appointment) -> None:
    assert page_of(promised) in doctor.get("/clinic?lang=en").text
    page = doctor.get(f"{page_of(promised)}?lang=en").text
    assert "Cancel it and tell the patient" in page
    assert "The patient did not come" not in page


def test_cancelling_and_undoing_leave_it_booked(
    room: ConsultingRoom, doctor: Visitor, promised: Appointment
) -> None:
    assert do(doctor, promised, "cancel") == 303
    assert now(room, promised).status == "cancelled"
    assert do(doctor, promised, "undo", 2) == 303
    assert (now(room, promised).status, now(room, promised).version) == ("booked", 3)


def test_nobody_is_missing_before_the_start_and_nobody_cancels_after_it(
    room: ConsultingRoom, doctor: Visitor, promised: Appointment, clock: FakeClock
) -> None:
    assert do(doctor, promised, "no_show") == 409
    clock.forward(build.local(11, 5) - build.NOW)
    assert do(doctor, promised, "cancel") == 409
    assert do(doctor, promised, "no_show") == 303
    assert now(room, promised).status == "noshow"
    clock.forward(timedelta(minutes=20))
    assert do(doctor, promised, "undo", 2) == 409


def test_an_undone_cancellation_whose_time_is_gone_says_so(
    room: ConsultingRoom, doctor: Visitor, promised: Appointment
) -> None:
    do(doctor, promised, "cancel")
    with database.write(room.services.engine) as connection:
        book = Book(connection, lambda *_: None)
        book.book(build.request(build.somebody(book), promised.slot), build.NOW, build.CLERK)
    page = page_of(promised)
    answer = doctor.send(f"{page}/step?lang=en", page, step="undo", version="2")
    assert answer.status_code == 409
    assert "Somebody has just taken this time" in answer.text


def test_it_moves_to_a_time_that_is_free(
    room: ConsultingRoom, doctor: Visitor, promised: Appointment
) -> None:
    page = page_of(promised)
    keys = re.findall(r'name="slot" value="([^"]+)"', doctor.get(page).text)
    assert promised.starts_at.isoformat() not in "".join(keys)
    moved = doctor.send(f"{page}/move", page, slot=keys[-1], version="1")
    assert moved.status_code == 303
    assert now(room, promised).starts_at.isoformat() in keys[-1]
    assert doctor.send(f"{page}/move", page, slot="nonsense", version="2").status_code == 409


@pytest.mark.parametrize("consents", [True, False])
def test_a_move_says_where_to_and_whether_the_patient_hears_of_it(
    room: ConsultingRoom, doctor: Visitor, promised: Appointment, consents: bool
) -> None:
    with room.services.unit(room.reader()) as unit:
        unit.records.consents.add(
            Consent(uuid7(), promised.patient_id, "sms", consents, "bg-2026-11", build.NOW)
        )
    page = page_of(promised)
    assert 'role="status"' not in doctor.get(page).text
    key = re.findall(r'name="slot" value="([^"]+)"', doctor.get(page).text)[-1]
    told = doctor.get(f"{doctor.send(f'{page}/move', page, slot=key, version='1').location}&lang=en").text
    assert "Moved to " in told
    assert ("The patient is told by SMS." in told) is consents
    assert (f"The patient gets no SMS: please call {room.world.patient.phone}." in told) is not consents


def test_who_saw_an_older_version_changes_nothing(
    room: ConsultingRoom, doctor: Visitor, promised: Appointment
) -> None:
    do(doctor, promised, "cancel")
    assert do(doctor, promised, "undo", 1) == 409
    assert now(room, promised).status == "cancelled"
    page = page_of(promised)
    assert doctor.send(f"{page}/step", page, step="undo", version="x").status_code == 400
    assert doctor.send(f"{page}/step", page, step="explode", version="2").status_code == 400


def test_one_more_visit_of_the_kind_can_be_allowed(
    room: ConsultingRoom, doctor: Visitor, promised: Appointment
) -> None:
    page = page_of(promised)
    assert doctor.send(f"{page}/allow", page).status_code == 303
    with database.write(room.services.engine) as connection:
        book = Book(connection, lambda *_: None)
        assert book.allowed_more(promised.patient_id, "consultation") == 1
        second = build.request(promised.patient_id, room.world.slot(build.local(12)))
        assert book.book(second, build.NOW, build.CLERK).nth == 1


def test_another_facilitys_appointment_is_not_there(
    room: ConsultingRoom, house: Flask, doctor: Visitor, promised: Appointment
) -> None:
    stranger = room.browser(house, room.stranger)
    assert stranger.get(page_of(promised)).status_code == 404
    told = stranger.send(f"{page_of(promised)}/step", "/clinic", step="cancel", version="1")
    assert told.status_code == 404
    assert now(room, promised).status == "booked"
    assert doctor.get(f"/clinic/appointments/{UUID(int=7)}").status_code == 404
