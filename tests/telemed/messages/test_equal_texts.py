"""Two equal texts to one number are two messages, also when two workers settle them at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine, insert, select

from scheduling.ids import uuid7
from telemed import database
from telemed.messages.fakes import Forgetful
from telemed.messages.port import Found
from telemed.messages.sending import send_due
from telemed.messages.tables import message
from telemed.messages.unknowns import Question
from tests.telemed.messages.test_sending import HOURS_3
from tests.telemed.messages.world import QUIET, World, sender

pytestmark = pytest.mark.both_databases


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine).settle()


def two_unknown(world: World) -> list[Question]:
    world.book(HOURS_3)
    send_due(sender(world, Forgetful(lambda: world.now)))
    with database.write(world.engine) as connection:
        one = connection.execute(select(message).where(message.c.kind == "booked")).one()._asdict()
        connection.execute(insert(message).values(one | {"id": uuid7(), "version": 9}))
    with world.unit() as unit:
        return unit.outbox.unknowns.questions(world.now, unit.book, QUIET)


def names(world: World) -> dict[UUID, str | None]:
    with database.read(world.engine) as connection:
        rows = connection.execute(select(message).where(message.c.kind == "booked"))
        return {row.id: row.sid for row in rows}


def test_a_name_in_the_providers_list_goes_to_one_of_them(world: World) -> None:
    questions, barrier = two_unknown(world), Barrier(2)

    def settle(question: Question) -> bool:
        barrier.wait(10)
        with world.unit() as unit:
            return unit.outbox.unknowns.found(question.claim, Found("SM1", "accepted"), world.now)

    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(settle, questions))
    assert sorted(taken) == [False, True]
    assert sorted(names(world).values(), key=str) == [None, "SM1"]


def test_the_other_is_found_by_the_other_name(world: World) -> None:
    first, second = two_unknown(world)
    with world.unit() as unit:
        unknowns = unit.outbox.unknowns
        assert unknowns.found(first.claim, Found("SM1", "accepted"), world.now)
        assert not unknowns.found(second.claim, Found("SM1", "accepted"), world.now)
        assert unknowns.found(second.claim, Found("SM2", "accepted"), world.now)
    assert names(world) == {first.claim.id: "SM1", second.claim.id: "SM2"}
