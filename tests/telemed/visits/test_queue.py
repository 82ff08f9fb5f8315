"""The queue over a whole service: it rings, is passed on, sends home, calls and takes back."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from scheduling import tables
from scheduling.errors import WrongState
from scheduling.people import Practitioner
from scheduling.ringing import Patience
from scheduling.waiting import QueueEntry
from telemed import database
from telemed.messages.tables import message
from telemed.records.tables import access_entry
from telemed.services import Services
from telemed.unit import Unit
from telemed.visits import clinic, queue
from telemed.visits.queue import NoTelephone, TurnIsNear
from telemed.visits.replies import take_reply
from tests import build
from tests.fakes import FakeClock
from tests.telemed.consulting_room import ConsultingRoom, open_room

MINUTE = timedelta(minutes=1)
PATIENCE = Patience(emergency=MINUTE, others=3 * MINUTE)
PHONE = "+359888123456"


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


def within(room: ConsultingRoom, act: Callable[[Unit], object]) -> object:
    with room.services.unit(room.reader()) as unit:
        return act(unit)


def entry_of(room: ConsultingRoom, visit_id: UUID) -> QueueEntry:
    with room.services.unit(room.reader()) as unit:
        visit = unit.records.encounters.get(visit_id)
        assert visit.queue_entry_id is not None
        return unit.book.queue_entry(visit.queue_entry_id)


def ring(room: ConsultingRoom) -> int:
    with room.services.unit(room.reader()) as unit:
        return queue.ring_due(unit, room.world.facility.id, PATIENCE)


def call_near(room: ConsultingRoom) -> int:
    with room.services.unit(room.reader()) as unit:
        return queue.call_near(unit, room.world.facility.id)


def colleague(room: ConsultingRoom) -> Practitioner:
    """Another doctor on duty at the same facility."""
    second = build.practitioner(room.world.facility.id, name="д-р Втора")
    with room.services.unit(room.reader()) as unit:
        unit.book.add_practitioner(second)
        for shift in build.roster(second):
            unit.book.add_shift(shift)
        unit.book.set_offers(second.id, ["consultation"])
    return second


def send_home(room: ConsultingRoom, visit_id: UUID) -> None:
    with room.services.unit(room.reader()) as unit:
        queue.go_home(unit, unit.records.encounters.get(visit_id), room.world.kiosk)


def is_admitted(room: ConsultingRoom, visit_id: UUID) -> None:
    within(room, lambda unit: clinic.admit(unit, visit_id, room.doctor_id))


def kinds(room: ConsultingRoom) -> list[str]:
    with database.read(room.services.engine) as connection:
        return list(connection.execute(select(message.c.kind).order_by(message.c.id)).scalars())


def readings(room: ConsultingRoom) -> int:
    with database.read(room.services.engine) as connection:
        return connection.execute(select(func.count()).select_from(access_entry)).scalar_one()


class TestRinging:
    def test_a_patient_rings_for_the_doctor_on_duty_once(self, room: ConsultingRoom) -> None:
        visit_id = room.comes().visit_id
        assert (ring(room), ring(room)) == (1, 0)
        assert entry_of(room, visit_id).rings_for == room.doctor_id

    def test_unanswered_it_rings_for_the_next(self, room: ConsultingRoom) -> None:
        second = colleague(room)
        visit_id = room.comes().visit_id
        ring(room)
        first = entry_of(room, visit_id).rings_for
        room.clock.forward(3 * MINUTE)
        assert ring(room) == 1
        entry = entry_of(room, visit_id)
        assert {first, entry.rings_for} == {room.doctor_id, second.id}
        assert entry.escalations == 1
        with database.read(room.services.engine) as connection:
            events = select(tables.event.c.kind).where(tables.event.c.subject_id == entry.id)
            assert "queue.escalated" in connection.execute(events).scalars().all()

    def test_an_emergency_rings_through_to_a_doctor_with_a_patient(self, room: ConsultingRoom) -> None:
        first = room.comes().visit_id
        within(room, lambda unit: clinic.admit(unit, first, room.doctor_id))
        calm, urgent = room.comes().visit_id, room.comes(red_flag=True).visit_id
        ring(room)
        assert entry_of(room, urgent).rings_for == room.doctor_id
        assert entry_of(room, calm).rings_for is None

    def test_once_taken_in_nobody_rings_any_more(self, room: ConsultingRoom) -> None:
        visit_id = room.comes().visit_id
        ring(room)
        within(room, lambda unit: clinic.admit(unit, visit_id, room.doctor_id))
        room.clock.forward(10 * MINUTE)
        assert ring(room) == 0

    def test_at_night_when_nobody_is_on_duty_nothing_rings(self, room: ConsultingRoom) -> None:
        room.clock.forward(timedelta(hours=12))
        room.comes()
        assert ring(room) == 0

    def test_a_tick_that_changes_nothing_reads_nobodys_record(self, room: ConsultingRoom) -> None:
        room.comes()
        ring(room)
        before = readings(room)
        ring(room)
        assert readings(room) == before


class TestPriority:
    def test_moves_a_patient_forward(self, room: ConsultingRoom) -> None:
        first, second = room.comes().visit_id, room.comes().visit_id
        within(room, lambda unit: queue.prioritise(unit, second, room.doctor_id, 2))
        with room.services.unit(room.reader()) as unit:
            order = [entry.id for entry in unit.book.queue(room.world.facility.id)]
        assert order == [entry_of(room, each).id for each in (second, first)]
        assert entry_of(room, second).priority_by == room.doctor_id

    def test_the_same_again_changes_nothing(self, room: ConsultingRoom) -> None:
        visit_id = room.comes().visit_id
        for _ in range(2):
            within(room, lambda unit: queue.prioritise(unit, visit_id, room.doctor_id, 3))
        assert entry_of(room, visit_id).version == 2


class TestGoingHome:
    def test_keeps_the_place_and_is_called_when_the_turn_is_near(self, room: ConsultingRoom) -> None:
        first, *_, mine = (room.comes().visit_id for _ in range(4))
        send_home(room, mine)
        assert call_near(room) == 0
        is_admitted(room, first)
        assert call_near(room) == 1
        assert call_near(room) == 0
        assert kinds(room) == ["come_now"]

    def test_is_not_for_somebody_who_would_be_called_at_once(self, room: ConsultingRoom) -> None:
        third = [room.comes().visit_id for _ in range(3)][-1]
        with pytest.raises(TurnIsNear):
            send_home(room, third)
        assert not entry_of(room, third).at_home

    def test_needs_a_telephone_and_consent(self, room: ConsultingRoom) -> None:
        visit_id = room.comes(phone=None, sms=False).visit_id
        with pytest.raises(NoTelephone):
            send_home(room, visit_id)

    def test_is_not_for_an_emergency(self, room: ConsultingRoom) -> None:
        visit_id = room.comes(red_flag=True).visit_id
        with pytest.raises(WrongState):
            send_home(room, visit_id)

    def test_ends_at_any_kiosk_with_the_same_place(self, room: ConsultingRoom) -> None:
        *before, visit_id, later = (room.comes().visit_id for _ in range(5))
        send_home(room, visit_id)
        other = build.kiosk(room.world.site.id, label="Гише 2")
        within(room, lambda unit: unit.book.add_kiosk(other))
        with room.services.unit(room.reader()) as unit:
            visit = queue.come_back(unit, unit.records.encounters.get(visit_id), other)
            order = [entry.id for entry in unit.book.queue(room.world.facility.id)]
        assert visit.kiosk_id == other.id
        assert order == [entry_of(room, each).id for each in (*before, visit_id, later)]
        assert not entry_of(room, visit_id).at_home

    def test_somebody_who_answers_no_gives_up_the_place(self, room: ConsultingRoom) -> None:
        first, *_, visit_id = (room.comes().visit_id for _ in range(4))
        send_home(room, visit_id)
        is_admitted(room, first)
        call_near(room)
        with room.services.unit(room.reader()) as unit:
            unit.connection.execute(message.update().values(state="claimed"))
            unit.connection.execute(message.update().values(state="accepted"))
        with room.services.unit(room.reader()) as unit:
            take_reply(unit, "fake", "in-1", PHONE, "2")
        assert entry_of(room, visit_id).status == "left"
