"""The book of call seats: numbers never repeat, and the newest seat is known."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from signaling.seats import NoAnswer
from telemed import call_seats, database
from telemed.call_seats import CallSeats
from telemed.notices import Notices

NOW = datetime(2026, 3, 3, 9, 40, tzinfo=UTC)

pytestmark = pytest.mark.both_databases


@pytest.fixture
def seats(engine: Engine) -> CallSeats:
    return CallSeats(engine)


def test_two_who_ask_at_once_never_get_the_same_number(seats: CallSeats) -> None:
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda _: seats.give("room-a", "patient", NOW), range(24)))
    assert sorted(given) == list(range(1, 25))
    assert seats.give("room-a", "practitioner", NOW) == 1


def test_a_seat_is_of_the_session_that_was_given_the_last_pass(seats: CallSeats, engine: Engine) -> None:
    def whose(room: str) -> str | None:
        with database.read(engine) as connection:
            return call_seats.session_of(connection, room, "practitioner")

    assert whose("room-a") is None
    for session in ("one", "two"):
        seats.give("room-a", "practitioner", NOW, session)
        assert whose("room-a") == session
    seats.give("room-a", "patient", NOW, "kiosk")
    assert (whose("room-a"), whose("room-b")) == ("two", None)


def test_only_the_newest_seat_of_a_side_stands(seats: CallSeats) -> None:
    for _ in range(3):
        seats.give("room-a", "patient", NOW)
        seats.give("room-b", "patient", NOW)
    assert [seats.take("room-a", "patient", number, NOW) for number in (2, 2, 1, 3, 2)] == [
        True,
        True,
        False,
        True,
        False,
    ]
    assert seats.take("room-b", "patient", 1, NOW)


def test_a_seat_nobody_was_given_is_none(seats: CallSeats) -> None:
    assert not seats.take("room-a", "practitioner", 1, NOW)


def test_of_seats_taken_at_once_the_newest_stays(seats: CallSeats) -> None:
    newest = max(seats.give("room-a", "patient", NOW) for _ in range(16))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: seats.take("room-a", "patient", number, NOW), range(1, newest + 1)))
    stands = [seats.take("room-a", "patient", number, NOW) for number in range(1, newest + 1)]
    assert stands == [False] * (newest - 1) + [True]


def test_other_processes_hear_where_a_room_is_only_from_a_seat_that_stands(
    seats: CallSeats, engine: Engine
) -> None:
    for _ in range(2):
        seats.give("room-a", "patient", NOW)
    seats.take("room-a", "patient", 2, NOW, "one")
    seats.take("room-a", "patient", 1, NOW, "other")
    seats.take("room-a", "patient", 2, NOW)
    with database.read(engine) as connection:
        said = Notices(connection).after(NOW - timedelta(seconds=1))
    assert [(notice.kind, notice.subject) for notice in said] == [("room-here", "one room-a")]


def test_a_database_that_is_away_is_no_answer_and_never_a_no() -> None:
    away = CallSeats(database.connect("sqlite:////nowhere/at/all.db"))
    with pytest.raises(NoAnswer):
        away.take("room-a", "patient", 1, NOW)


def test_calls_long_over_are_forgotten(seats: CallSeats, engine: Engine) -> None:
    seats.give("old", "patient", NOW - timedelta(days=2))
    seats.give("new", "patient", NOW)
    with database.write(engine) as connection:
        call_seats.forget_before(connection, NOW - timedelta(days=1))
    assert (seats.give("old", "patient", NOW), seats.give("new", "patient", NOW)) == (1, 2)
