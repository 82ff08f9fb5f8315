"""An offer that is told by a call: yes takes it in time, and hears when it has gone."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from telemed.countries.packs import country
from telemed.messages.tables import message
from telemed.prompts import calling
from telemed.services import Services
from telemed.visits import phone_calls
from telemed.visits.phone_calls import Desk
from tests.fakes import FakeClock
from tests.telemed.consulting_room import KIOSK, ConsultingRoom, open_room
from tests.telemed.hoping import appointments, freed, hopes, tick

SID = "CA" + "a" * 32
DESK = Desk("", country("bg"))


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


def press(room: ConsultingRoom, digit: str) -> list[str]:
    """Press a digit in the call that tells of the offer, and return what is said then."""
    with room.services.unit(KIOSK) as unit:
        offered = message.c.kind == "offer"
        unit.connection.execute(update(message).where(offered).values(channel="voice"))
        message_id = unit.connection.execute(select(message.c.id).where(offered)).scalar_one()
        said = phone_calls.press(unit, message_id, SID, digit, DESK)
    assert said is not None
    return [prompt.text for prompt in said.prompts]


def words(*which: calling.Reply) -> list[str]:
    return [calling.sentence("bg", each).text for each in which]


def test_yes_in_time_takes_it(room: ConsultingRoom) -> None:
    hopes(room)
    starts_at = freed(room)
    tick(room)
    assert press(room, "1") == words("confirmed", "goodbye")
    assert len(appointments(room, starts_at)) == 1


def test_yes_to_a_time_that_has_gone_hears_so(room: ConsultingRoom) -> None:
    hopes(room)
    starts_at = freed(room)
    tick(room)
    room.clock.forward(timedelta(hours=2))
    assert press(room, "1") == words("late", "counter", "goodbye")
    assert appointments(room, starts_at) == []


def test_no_leaves_it_to_the_next_and_cancels_nothing(room: ConsultingRoom) -> None:
    hopes(room)
    freed(room)
    tick(room)
    assert press(room, "2") == words("goodbye")
