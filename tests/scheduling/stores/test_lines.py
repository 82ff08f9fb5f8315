"""Readings of the line are kept, told by hour of the week, and forgotten when they say nothing any more."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from scheduling import lines
from scheduling.ids import uuid7
from scheduling.lines import Reading
from scheduling.store import Book
from telemed import database
from tests import build

pytestmark = pytest.mark.both_databases
ZONE = ZoneInfo(build.SOFIA)
WEEK = timedelta(days=7)


def test_the_line_of_each_kiosk_is_told_from_its_own_readings(engine: Engine) -> None:
    with database.write(engine) as connection:
        book = Book(connection, lambda *_: None)
        world = build.world(book)
        quiet = build.kiosk(world.site.id)
        book.add_kiosk(quiet)
        assert book.last_reading(world.kiosk.id) is None
        told = [
            Reading(uuid7(), world.kiosk.id, build.local(11, minute) - n * WEEK, 120, 120, None, 0.0, "probe")
            for n in (1, 2, 3, 9, 10)
            for minute in (0, 30)
        ]
        book.add_readings(told)
        book.add_readings([])
        assert book.last_reading(world.kiosk.id) == build.local(11, 30) - WEEK
        weeks = book.line_weeks({world.kiosk.id: ZONE, quiet.id: ZONE}, build.NOW)
        assert sum(hour.readings for hour in weeks[world.kiosk.id].hours.values()) == 6
        assert weeks[quiet.id].hours == {}
        offers = {
            kiosk_id: week.offer(("video", "audio"), build.local(11), build.local(11, 20))
            for kiosk_id, week in weeks.items()
        }
        assert offers[world.kiosk.id] == ("audio", "no_video")
        assert offers[quiet.id] == ("video", "unmeasured")
        assert book.forget_readings(build.NOW) == 4
        assert book.forget_readings(build.NOW + lines.LOOK_BACK) == 6
