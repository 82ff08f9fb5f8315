"""Who asked for it hears that their record was read; summaries and closed queues are told to everybody."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from telemed import database
from telemed.messages.tables import message
from telemed.records.access_log import Reader
from telemed.records.notes import NoteText
from telemed.services import Services
from telemed.unit import Unit
from telemed.visits import clinic, queue
from telemed.visits.telling_owners import tell_owners, wish
from tests.build import local
from tests.fakes import FakeClock
from tests.telemed.consulting_room import KIOSK, ConsultingRoom, open_room

TEXT = NoteText("BP 168/95", "Високо кръвно", "Почивайте", "Елате след седмица")
JOB = Reader("job", "messages", None, "", "sending messages", "job")


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


def within(room: ConsultingRoom, act: Callable[[Unit], object], reader: Reader | None = None) -> object:
    with room.services.unit(reader or room.reader()) as unit:
        return act(unit)


def told(room: ConsultingRoom, *kinds: str) -> list[str]:
    """Which of these kinds of message were promised."""
    with database.read(room.services.engine) as connection:
        found = select(message.c.kind).where(message.c.kind.in_(kinds)).order_by(message.c.id)
        return list(connection.execute(found).scalars())


def visit(room: ConsultingRoom) -> tuple[UUID, UUID]:
    """A visit, and whose it is."""
    visit_id = room.comes().visit_id
    with room.services.unit(KIOSK) as unit:
        return visit_id, unit.records.encounters.get(visit_id).patient_id


def asks(room: ConsultingRoom, patient_id: UUID, wanted: bool = True) -> None:
    owner = Reader("patient", str(patient_id), None, "", "own record", "patient")
    within(room, lambda unit: wish(unit, patient_id, wanted, "bg-2026-11"), owner)


def reads(room: ConsultingRoom, patient_id: UUID, what: str = "intake", reader: Reader | None = None) -> None:
    within(room, lambda unit: unit.sightings(patient_id, what), reader)


def test_a_reading_is_told_once_a_day_to_who_asked_for_it(room: ConsultingRoom) -> None:
    _, patient_id = visit(room)
    reads(room, patient_id)
    assert told(room, "record_read") == []
    asks(room, patient_id)
    reads(room, patient_id)
    reads(room, patient_id, "note")
    assert told(room, "record_read") == ["record_read"]
    room.clock.forward(timedelta(days=1))
    reads(room, patient_id)
    assert told(room, "record_read") == ["record_read"] * 2


def test_who_asks_no_more_is_told_no_more(room: ConsultingRoom) -> None:
    _, patient_id = visit(room)
    asks(room, patient_id)
    room.clock.forward(timedelta(seconds=1))
    asks(room, patient_id, wanted=False)
    reads(room, patient_id)
    assert told(room, "record_read") == []


@pytest.mark.parametrize(
    "reader",
    [KIOSK, JOB, Reader("patient", "p", None, "", "own record", "patient")],
    ids=lambda each: each.kind,
)
def test_ones_own_readings_a_kiosks_and_a_jobs_are_no_news(room: ConsultingRoom, reader: Reader) -> None:
    _, patient_id = visit(room)
    asks(room, patient_id)
    reads(room, patient_id, reader=reader)
    assert told(room, "record_read") == []


@pytest.mark.parametrize("what", ["patient", "appointment", "queue entry", "message", "visit"])
def test_arranging_a_visit_is_not_reading_the_record(room: ConsultingRoom, what: str) -> None:
    _, patient_id = visit(room)
    asks(room, patient_id)
    reads(room, patient_id, what)
    assert told(room, "record_read") == []


def test_two_who_read_at_the_same_moment_promise_one_message_and_neither_fails(room: ConsultingRoom) -> None:
    _, patient_id = visit(room)
    asks(room, patient_id)
    with room.services.unit(room.reader()) as unit:
        unit.sightings(patient_id, "intake")
        tell_owners(unit)
        tell_owners(unit)
    assert told(room, "record_read") == ["record_read"]


def test_a_signed_visit_tells_that_its_summary_is_ready_and_a_correction_does_not(
    room: ConsultingRoom,
) -> None:
    visit_id, _ = visit(room)
    within(room, lambda unit: clinic.admit(unit, visit_id, room.doctor_id))
    assert told(room, "summary") == []
    within(room, lambda unit: clinic.sign_note(unit, visit_id, room.doctor_id, TEXT, 0))
    assert told(room, "summary") == ["summary"]
    with room.services.unit(room.reader()) as unit:
        draft = clinic.start_correction(unit, visit_id, room.doctor_id)
        clinic.sign_note(unit, visit_id, room.doctor_id, TEXT, draft.version)
    assert told(room, "summary") == ["summary"]


def test_without_consent_to_messages_nothing_of_this_is_told(room: ConsultingRoom) -> None:
    visit_id = room.comes(sms=False, phone=None).visit_id
    with room.services.unit(KIOSK) as unit:
        patient_id = unit.records.encounters.get(visit_id).patient_id
    asks(room, patient_id)
    within(room, lambda unit: clinic.admit(unit, visit_id, room.doctor_id))
    within(room, lambda unit: clinic.sign_note(unit, visit_id, room.doctor_id, TEXT, 0))
    reads(room, patient_id)
    assert told(room, "summary", "record_read") == []


def test_who_waits_at_home_when_the_site_closes_is_told_to_come_another_day(room: ConsultingRoom) -> None:
    *_, last = (room.comes() for _ in range(4))
    with room.services.unit(KIOSK) as unit:
        here = unit.records.encounters.get(last.visit_id)
        queue.go_home(unit, here, room.world.kiosk)
    entry_id = here.queue_entry_id
    assert entry_id is not None
    room.clock.moment = local(17)
    within(room, lambda unit: queue.end_day(unit, entry_id), JOB)
    assert told(room, "day_over") == ["day_over"]
