"""What a proxy writes back decides nothing: a visit is kept, and a person hears of it."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, update

from scheduling.booking import Appointment
from telemed import database
from telemed.messages.replies import Meaning
from telemed.messages.tables import message
from tests.telemed.messages.world import World

DAUGHTER = "+359888000002"


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine).settle()


@pytest.fixture
def told(world: World) -> Appointment:
    """The reminder of tomorrow's visit has reached the proxy."""
    booked = world.book(timedelta(days=1))
    reached = {"whom": "proxy", "phone": DAUGHTER, "state": "accepted"}
    with database.write(world.engine) as connection:
        which = message.c.kind == "day_before"
        connection.execute(update(message).where(which).values(state="claimed"))
        connection.execute(update(message).where(which).values(reached))
    return booked


@pytest.mark.parametrize("text", ["1", "2", "да", "не мога", "ще й кажа"])
def test_neither_yes_nor_no_is_a_proxys_to_give(world: World, told: Appointment, text: str) -> None:
    answer = world.answer(text, phone=DAUGHTER)
    assert answer is not None
    assert (answer.meaning, answer.asked_before) == (Meaning.UNCLEAR, True)
    with database.read(world.engine) as connection:
        kinds = set(connection.scalars(select(message.c.kind)))
    assert "help" not in kinds


def test_a_proxy_can_still_say_that_this_is_the_wrong_number(world: World, told: Appointment) -> None:
    answer = world.answer("STOP", phone=DAUGHTER)
    assert answer is not None
    assert answer.meaning is Meaning.STOP
