"""Whoever wants no messages, or is somebody else, is left in peace until it is lifted."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError

from scheduling.ids import uuid7
from telemed import database
from telemed.messages.stopped import Stopped
from telemed.messages.tables import stopped_number
from tests.telemed.messages.world import NOW, PHONE

LATER = NOW + timedelta(hours=1)


def test_a_number_is_stopped_for_one_channel_until_it_is_lifted(engine: Engine) -> None:
    with database.write(engine) as connection:
        stopped = Stopped(connection)
        assert stopped.add(PHONE, "sms", "asked", None, NOW)
        assert not stopped.add(PHONE, "sms", "carrier", None, NOW)
        assert stopped.is_stopped(PHONE, "sms")
        assert not stopped.is_stopped(PHONE, "voice")
        assert stopped.lift(PHONE, ("sms", "voice"), "coordinator", "asked for it", LATER) == 1
        assert not stopped.is_stopped(PHONE, "sms")
        assert stopped.add(PHONE, "sms", "asked", None, LATER)


def test_only_what_was_asked_for_is_lifted_where_only_that_may_be(engine: Engine) -> None:
    with database.write(engine) as connection:
        stopped = Stopped(connection)
        stopped.add(PHONE, "sms", "carrier", None, NOW)
        assert stopped.lift(PHONE, ("sms",), "the number itself", "start", LATER, reasons=("asked",)) == 0
        assert stopped.is_stopped(PHONE, "sms")


def test_a_number_is_doubtful_after_somebody_else_answered_it(engine: Engine) -> None:
    with database.write(engine) as connection:
        stopped = Stopped(connection)
        stopped.add(PHONE, "sms", "asked", None, NOW)
        assert not stopped.is_doubtful(PHONE)
        stopped.add(PHONE, "voice", "wrong_person", None, NOW)
        assert stopped.is_doubtful(PHONE)


@pytest.mark.both_databases
def test_the_database_keeps_one_stop_in_force_for_a_number_and_channel(engine: Engine) -> None:
    row = {"address": PHONE, "channel": "sms", "reason": "asked", "at": NOW}
    with database.write(engine) as connection:
        connection.execute(insert(stopped_number).values(id=uuid7(), **row, lifted_at=NOW))
        connection.execute(insert(stopped_number).values(id=uuid7(), **row))
    with pytest.raises(IntegrityError), database.write(engine) as connection:
        connection.execute(insert(stopped_number).values(id=uuid7(), **row))
