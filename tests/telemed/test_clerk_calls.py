"""A call for the clerk is made once and seen once; the database lets nothing of it be changed."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Executable, delete, update
from sqlalchemy.exc import DBAPIError

from scheduling.errors import NotFound
from telemed import database
from telemed.clerk_calls import ClerkCalls, clerk_call
from telemed.services import Services
from telemed.visits import clinic
from telemed.visits.stopping import stop_and_call_clerk
from tests import build
from tests.fakes import FakeClock
from tests.telemed.consulting_room import ConsultingRoom, open_room


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


def called(room: ConsultingRoom) -> UUID:
    visit_id = room.comes().visit_id
    with room.services.unit(room.reader()) as unit:
        clinic.admit(unit, visit_id, room.doctor_id)
        return stop_and_call_clerk(unit, visit_id, room.doctor_id, "danger").id


def test_another_sites_clerk_finds_no_such_call(room: ConsultingRoom) -> None:
    call_id = called(room)
    with database.write(room.services.engine) as connection, pytest.raises(NotFound):
        ClerkCalls(connection).see(call_id, UUID(int=9), room.doctor.id, build.NOW)


def test_who_went_first_stays(room: ConsultingRoom) -> None:
    call_id = called(room)
    site_id = room.world.site.id
    for minutes in (1, 2):
        with database.write(room.services.engine) as connection:
            moment = build.NOW + timedelta(minutes=minutes)
            ClerkCalls(connection).see(call_id, site_id, room.doctor.id, moment)
    with database.read(room.services.engine) as connection:
        [call] = ClerkCalls(connection).of_site(site_id, build.NOW)
    assert call.seen_at == build.NOW + timedelta(minutes=1)


def test_a_reason_that_is_not_offered_is_refused(room: ConsultingRoom) -> None:
    visit_id = room.comes().visit_id
    with room.services.unit(room.reader()) as unit, pytest.raises(ValueError, match="lunch"):
        stop_and_call_clerk(unit, visit_id, room.doctor_id, "lunch")  # type: ignore[arg-type]  # no reason of ours


@pytest.mark.both_databases
@pytest.mark.parametrize("change", [update(clerk_call).values(why="abuse"), delete(clerk_call)])
def test_nothing_of_it_is_taken_back(room: ConsultingRoom, change: Executable) -> None:
    called(room)
    with pytest.raises(DBAPIError), database.write(room.services.engine) as connection:
        connection.execute(change)
