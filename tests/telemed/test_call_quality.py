"""The log of calls: each look stands once, a flood ends at its cap, and what is old is forgotten."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from scheduling.ids import uuid7
from telemed import database
from telemed.call_quality import MOST, Call, CallQuality, Look, Rung
from tests import build
from tests.telemed.call_looks import look, visit_at

pytestmark = pytest.mark.both_databases


@pytest.fixture
def call(engine: Engine) -> Call:
    return visit_at(engine)


def tell(engine: Engine, call: Call, page: str, *looks: Look) -> int:
    with database.write(engine) as connection:
        return CallQuality(connection).add(call, "patient", page, looks)


def test_what_is_told_twice_stands_once(engine: Engine, call: Call) -> None:
    assert tell(engine, call, "one-page", look(0), look(1)) == 2
    assert tell(engine, call, "one-page", look(1), look(2), look(2)) == 1
    assert tell(engine, call, "reloaded", look(0)) == 1


def test_a_flood_ends_at_the_cap(engine: Engine, call: Call) -> None:
    for start in range(0, MOST, 480):
        assert tell(engine, call, "flooding", *(look(n) for n in range(start, start + 480))) == 480
    assert tell(engine, call, "flooding", look(MOST)) == 0
    assert tell(engine, call, "another-page", look(0)) == 0


def test_nobody_puts_a_look_right_afterwards(engine: Engine, call: Call) -> None:
    tell(engine, call, "one-page", look(0))
    with pytest.raises(DBAPIError), database.write(engine) as connection:
        connection.execute(text("UPDATE call_quality SET rtt_ms = 1"))


def test_what_is_old_is_forgotten(engine: Engine, call: Call) -> None:
    tell(engine, call, "one-page", look(0), look(1, at=build.NOW - timedelta(days=91)))
    with database.write(engine) as connection:
        assert CallQuality(connection).forget_before(build.NOW - timedelta(days=90)) == 1


def test_a_site_hears_of_each_call_by_rung(engine: Engine, call: Call) -> None:
    told: tuple[tuple[Rung, int | None], ...] = (("video", 80), ("video", 120), ("audio", None))
    tell(engine, call, "one-page", *(look(n, rung=rung, rtt_ms=rtt) for n, (rung, rtt) in enumerate(told)))
    with database.read(engine) as connection:
        shares = CallQuality(connection).of_site(call.site_id, build.NOW - timedelta(days=1))
        elsewhere = CallQuality(connection).of_site(uuid7(), build.NOW - timedelta(days=1))
    by_rung = {share.rung: (share.looks, share.sides, share.rtt_ms, share.worst_rtt) for share in shares}
    assert by_rung == {"video": (2, 1, 100.0, 120), "audio": (1, 1, None, None)}
    assert {share.visit_id for share in shares} == {UUID(str(call.visit_id))}
    assert elsewhere == []
