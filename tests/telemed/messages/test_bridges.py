"""Two telephones joined: how far a call is by what is known of both, and that none rings twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from scheduling.ids import uuid7
from telemed import database
from telemed.messages.bridges import Bridge, Bridges, Leg, Who, standing
from telemed.messages.tables import LEG_STEPS
from tests import build
from tests.telemed.call_looks import visit_and_doctor

KIOSK, DOCTOR = "+35932000001", "+359888000009"


def leg(who: Who, state: str, reason: str | None = None) -> Leg:
    return Leg(uuid7(), uuid7(), who, "", state, reason, None, build.NOW)


@pytest.mark.parametrize(
    ("doctor", "kiosk", "state", "reason"),
    [
        (("due",), ("due",), "ringing", None),
        (("joined",), ("ringing",), "ringing", None),
        (("joined",), ("joined",), "talking", None),
        (("joined",), ("failed", "no-answer"), "failed", "kiosk_silent"),
        (("joined",), ("failed", "busy"), "failed", "kiosk_busy"),
        (("failed", "machine"), ("ringing",), "failed", "doctor_silent"),
        (("failed", "http-500"), ("ringing",), "failed", "doctor_failed"),
        (("over",), ("ringing",), "over", None),
        (("unknown",), ("joined",), "ringing", None),
    ],
)
def test_both_telephones_say_how_far_a_call_is(
    doctor: tuple[str, ...], kiosk: tuple[str, ...], state: str, reason: str | None
) -> None:
    legs = [leg("doctor", *doctor), leg("kiosk", *kiosk)]
    assert standing("ringing", legs) == (state, reason)


def test_who_has_talked_has_not_failed_and_what_is_over_stays_over() -> None:
    for doctor, kiosk in product(LEG_STEPS, LEG_STEPS):
        legs = [leg("doctor", doctor), leg("kiosk", kiosk)]
        assert standing("talking", legs)[0] in ("talking", "over")
        assert standing("over", legs)[0] == "over"
        assert standing("failed", legs)[0] == "failed"


pytestmark = pytest.mark.both_databases


@pytest.fixture
def visit(engine: Engine) -> tuple[UUID, UUID]:
    return visit_and_doctor(engine)


@contextmanager
def bridges(engine: Engine) -> Iterator[Bridges]:
    with database.write(engine) as connection:
        yield Bridges(connection)


def asked(engine: Engine, visit: tuple[UUID, UUID]) -> Bridge:
    with bridges(engine) as calls:
        return calls.open(*visit, {"doctor": DOCTOR, "kiosk": KIOSK}, build.NOW)


def test_a_second_press_rings_nothing_and_a_call_that_failed_may_be_made_anew(
    engine: Engine, visit: tuple[UUID, UUID]
) -> None:
    first = asked(engine, visit)
    assert asked(engine, visit) == first
    with bridges(engine) as calls:
        legs = calls.claim(build.NOW)
        assert {(each.who, each.phone) for each in legs} == {("doctor", DOCTOR), ("kiosk", KIOSK)}
        assert calls.claim(build.NOW) == []
        calls.move(legs[0].id, "failed", build.NOW, reason="busy")
    assert asked(engine, visit).id != first.id


def test_the_numbers_are_gone_with_the_call(engine: Engine, visit: tuple[UUID, UUID]) -> None:
    asked(engine, visit)
    with bridges(engine) as calls:
        one, other = calls.claim(build.NOW)
        calls.move(one.id, "failed", build.NOW, reason="busy")
        calls.move(other.id, "over", build.NOW)
    with database.read(engine) as connection:
        assert connection.execute(text("SELECT DISTINCT phone FROM phone_leg")).scalars().all() == [""]


def test_what_was_not_rung_yet_is_never_rung_once_the_visit_is_over(
    engine: Engine, visit: tuple[UUID, UUID]
) -> None:
    asked(engine, visit)
    with bridges(engine) as calls:
        calls.end(visit[0], build.NOW)
        assert calls.claim(build.NOW + timedelta(seconds=5)) == []
        ended = calls.newest(visit[0])
        assert ended is not None
        assert ended.state == "over"


@pytest.mark.parametrize("back", ["due", "claimed", "ringing"])
def test_the_database_itself_lets_no_telephone_ring_again(
    engine: Engine, visit: tuple[UUID, UUID], back: str
) -> None:
    asked(engine, visit)
    with bridges(engine) as calls:
        one = calls.claim(build.NOW)[0]
        calls.move(one.id, "joined", build.NOW)
    with pytest.raises(DBAPIError), database.write(engine) as connection:
        connection.execute(text(f"UPDATE phone_leg SET state = '{back}' WHERE state = 'joined'"))
