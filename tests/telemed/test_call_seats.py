"""The book of call seats: numbers never repeat, and the newest seat is known."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from signaling.seats import NoAnswer
from telemed import call_seats, database
from telemed.call_seats import CallSeats

NOW = datetime(2026, 3, 3, 9, 40, tzinfo=UTC)

pytestmark = pytest.mark.both_databases


@pytest.fixture
def seats(engine: Engine) -> CallSeats:
    return CallSeats(engine)


def test_a_room_nobody_has_entered_has_no_newest_seat(seats: CallSeats) -> None:
    assert seats.newest("room-a") == {"patient": 0, "practitioner": 0}


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


def test_only_a_newer_seat_takes_the_place_of_the_newest(seats: CallSeats) -> None:
    for _ in range(3):
        seats.give("room-a", "patient", NOW)
    assert seats.newest("room-a")["patient"] == 0
    for number in (2, 3, 1):
        seats.taken("room-a", "patient", number)
    assert seats.newest("room-a") == {"patient": 3, "practitioner": 0}
    assert seats.newest("room-b")["patient"] == 0


def test_a_database_that_is_away_is_no_answer_and_never_a_no() -> None:
    away = CallSeats(database.connect("sqlite:////nowhere/at/all.db"))
    with pytest.raises(NoAnswer):
        away.newest("room-a")
    with pytest.raises(NoAnswer):
        away.taken("room-a", "patient", 1)


def test_calls_long_over_are_forgotten(seats: CallSeats, engine: Engine) -> None:
    seats.give("old", "patient", NOW - timedelta(days=2))
    seats.give("new", "patient", NOW)
    with database.write(engine) as connection:
        call_seats.forget_before(connection, NOW - timedelta(days=1))
    assert (seats.give("old", "patient", NOW), seats.give("new", "patient", NOW)) == (1, 2)
