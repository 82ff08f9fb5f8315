"""A list asks as often for twenty lines as for one, and says of each what it says of one."""

from collections.abc import Callable

import pytest
from sqlalchemy import event

from telemed.services import Services
from telemed.unit import Unit
from telemed.visits import clinic, worklist
from telemed.visits.hopes import hopes
from telemed.visits.waiting_list import offer_news
from tests.fakes import FakeClock
from tests.telemed.consulting_room import ConsultingRoom, open_room
from tests.telemed.hoping import works_until

MANY = 20


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


def statements(room: ConsultingRoom, look: Callable[[Unit], object]) -> int:
    """How many statements it takes to look."""
    asked: list[str] = []
    with room.services.unit(room.reader()) as unit:
        event.listen(unit.connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        look(unit)
        return len(asked)


def the_day(room: ConsultingRoom) -> Callable[[Unit], worklist.Day]:
    return lambda unit: worklist.day(unit, room.world.facility.id, room.doctor_id)


def the_hopes(room: ConsultingRoom) -> Callable[[Unit], object]:
    return lambda unit: hopes(unit, room.world.facility.id)


def test_of_those_who_wait(room: ConsultingRoom) -> None:
    room.books_and_arrives()
    few = statements(room, the_day(room))
    for number in range(MANY):
        room.comes(red_flag=number % 5 == 0)
    assert statements(room, the_day(room)) == few
    with room.services.unit(room.reader()) as unit:
        day = the_day(room)(unit)
    assert len(day.waiting) == MANY + 1
    assert sum(line.entry.emergency for line in day.waiting) == 4
    (booked,) = [line for line in day.waiting if line.appointment]
    assert booked.practitioner == room.world.practitioner
    assert all(line.intake and line.patient.id == line.visit.patient_id for line in day.waiting)


def test_of_those_who_are_seen_and_those_who_left(room: ConsultingRoom) -> None:
    seen, left, waits = (room.comes().visit_id for _ in range(3))
    with room.services.unit(room.reader()) as unit:
        clinic.admit(unit, seen, room.doctor_id)
        unit.connection.exec_driver_sql("UPDATE encounter SET status = 'cancelled' WHERE id = ?", (left.hex,))
        day = the_day(room)(unit)
    assert [line.visit.id for line in day.in_progress] == [seen]
    assert [line.visit.id for line in day.waiting] == [waits]


def test_of_those_who_hope(room: ConsultingRoom) -> None:
    first = room.comes(choice={"kind": "wish", "days": 7})
    works_until(room, 17)
    with room.services.unit(room.reader()) as unit:
        assert offer_news(unit, first.intake_id) == 1
    few = statements(room, the_hopes(room))
    for _ in range(MANY):
        room.comes(choice={"kind": "wish", "days": 7})
    assert statements(room, the_hopes(room)) == few
    with room.services.unit(room.reader()) as unit:
        lines = hopes(unit, room.world.facility.id)
    assert [line.offer is not None for line in lines] == [True] + [False] * MANY
    assert len({line.patient.id for line in lines}) == MANY + 1
