"""The demo has a line to look at: good in the morning, thin in the afternoon."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from scheduling.store import Book
from telemed import database
from telemed.demo.places import HOME
from tests.telemed.demo.conftest import NOW, TUESDAY


def test_one_line_is_too_thin_in_the_afternoon_and_one_was_never_measured(demo_engine: Engine) -> None:
    zone = ZoneInfo("Europe/Sofia")
    with database.read(demo_engine) as connection:
        book = Book(connection, lambda *_: None)
        home = next(site for site in book.sites() if site.settlement_code == HOME)
        [shown] = [kiosk.id for kiosk in book.kiosks(home.id)]
        travelling = {stop.kiosk_id for stop in book.stops()}
        weeks = book.line_weeks(
            {kiosk.id: zone for kiosk in book.kiosks() if kiosk.id not in travelling}, NOW
        )
    ten, three = (datetime.combine(TUESDAY, time(hour), zone) for hour in (10, 15))
    offers = [weeks[shown].offer(("video", "audio"), at, at + timedelta(minutes=20)) for at in (ten, three)]
    assert offers == [("video", "carried"), ("audio", "no_video")]
    assert sum(1 for week in weeks.values() if not week.hours) == 1
