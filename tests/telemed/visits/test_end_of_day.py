"""Places in the queue end with the day: with a reason, for the doctor's list and for who comes back later."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from scheduling import tables
from scheduling.ringing import Patience
from telemed import database
from telemed.jobs import piece_by_piece
from telemed.run.web import create_app
from telemed.run.worker import QUEUE, waiting_rounds
from telemed.services import Services
from telemed.visits import kiosk as kiosk_verbs
from telemed.visits import queue
from telemed.visits.kiosk import Arrival, Receipt
from tests.build import local
from tests.fakes import FakeClock
from tests.telemed.conftest import BuiltAssets, browsable
from tests.telemed.consulting_room import KIOSK, NAME, ConsultingRoom, open_room


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


@pytest.fixture
def app(room: ConsultingRoom) -> Flask:
    return browsable(create_app(room.services, BuiltAssets()))


def evening(room: ConsultingRoom, hour: int = 17) -> int:
    """The clock strikes, and the worker looks."""
    room.clock.moment = local(hour)
    name = "queue.end_day"
    ending, _ = waiting_rounds(Patience(), timedelta(seconds=5))[name]
    return piece_by_piece(name, ending, QUEUE)(room.services)


def at_home(room: ConsultingRoom) -> Receipt:
    """The last of four waits at home."""
    receipt = [room.comes() for _ in range(4)][-1]
    with room.services.unit(KIOSK) as unit:
        queue.go_home(unit, unit.records.encounters.get(receipt.visit_id), room.world.kiosk)
    return receipt


def arrives(room: ConsultingRoom, receipt: Receipt) -> Arrival | None:
    with room.services.unit(KIOSK) as unit:
        return kiosk_verbs.arrive(unit, receipt.code, room.world.kiosk)


def why_left(room: ConsultingRoom) -> list[tuple[UUID, str]]:
    """Which places were left, and why."""
    columns = tables.event.c
    with database.read(room.services.engine) as connection:
        query = select(columns.subject_id, columns.why).where(columns.kind == "queue.left")
        return [(row.subject_id, row.why) for row in connection.execute(query)]


def test_who_waits_at_home_waits_no_longer_when_the_site_has_closed(room: ConsultingRoom) -> None:
    receipt = at_home(room)
    assert (evening(room, 16), evening(room), evening(room)) == (0, 1, 0)
    with room.services.unit(room.reader()) as unit:
        visit = unit.records.encounters.get(receipt.visit_id)
        assert (visit.status, len(unit.book.queue(room.world.facility.id))) == ("cancelled", 3)
    assert why_left(room) == [(visit.queue_entry_id, "the day is over")]


def test_who_comes_back_with_the_slip_later_is_told_why(room: ConsultingRoom) -> None:
    receipt = at_home(room)
    evening(room)
    came = arrives(room, receipt)
    assert came is not None
    assert (came.visit_id, came.over) == (None, "day_over")


def test_who_gave_the_place_up_is_not_told_that_the_day_was_over(room: ConsultingRoom) -> None:
    receipt = room.comes()
    with room.services.unit(KIOSK) as unit:
        visit = unit.records.encounters.get(receipt.visit_id)
        assert visit.queue_entry_id is not None
        queue.give_up_place(unit, visit.queue_entry_id)
    came = arrives(room, receipt)
    assert came is not None
    assert came.over == "cancelled"


def test_the_doctors_list_says_how_many_without_saying_who(room: ConsultingRoom, app: Flask) -> None:
    at_home(room)
    evening(room)
    evening(room, 23)
    page = room.browser(app).get("/clinic?lang=en").text
    assert "Not seen: the day was over" in page
    assert page.count("waited at home since") == 1
    assert page.count("waited since") == 3
    assert NAME not in page
    room.clock.forward(timedelta(days=1, minutes=1))
    assert "Not seen" not in room.browser(app).get("/clinic?lang=en").text


def test_with_the_place_of_a_booked_patient_the_appointment_ends(room: ConsultingRoom) -> None:
    receipt = room.books_and_arrives()
    assert (evening(room), evening(room, 23)) == (0, 1)
    with room.services.unit(room.reader()) as unit:
        booked = unit.book.appointments_on(local(11), local(12))
    assert [each.status for each in booked] == ["cancelled"]
    came = arrives(room, receipt)
    assert came is not None
    assert came.over == "day_over"


def test_an_emergency_is_never_ended_by_the_clock(room: ConsultingRoom) -> None:
    room.comes(red_flag=True)
    assert evening(room, 23) == 0
