"""A kiosk's line through the week as a table: which hours carry what, told from what was measured."""

from datetime import time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import get_day_names

from scheduling.lines import Hour
from telemed.texts import Texts, locale_of
from telemed.visits.lines import KioskLine

# What a cell says; message ids.
CELLS = {"video": "video", "audio": "voice only", "written": "in writing", "few": "too few readings"}


class Cell(NamedTuple):
    """One hour of one weekday: what it carries, or why that is not known."""

    kind: str
    words: str
    readings: int


class Chart(NamedTuple):
    """One kiosk's line; no rows while nothing was measured."""

    label: str
    last: str
    days: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]


def chart(texts: Texts, language: str, line: KioskLine, zone: ZoneInfo, label: str) -> Chart:
    """Turn a kiosk's line into a table of the weekdays and hours in which it was ever measured."""
    hours = line.week.hours
    weekdays = sorted({weekday for weekday, _ in hours})
    names = get_day_names("abbreviated", context="stand-alone", locale=locale_of(language))
    rows = tuple(
        (_span(hour), tuple(_cell(texts, language, hours.get((weekday, hour))) for weekday in weekdays))
        for hour in sorted({hour for _, hour in hours})
    )
    last = texts.when(language, line.last, zone) if line.last else ""
    return Chart(label, last, tuple(names[weekday] for weekday in weekdays), rows)


def _cell(texts: Texts, language: str, hour: Hour | None) -> Cell | None:
    if hour is None:
        return None
    if not hour.good | hour.bad:
        kind = "few"
    elif "video" in hour.good:
        kind = "video"
    else:
        kind = "audio" if "audio" in hour.good else "written"
    return Cell(kind, texts.translate(language, CELLS[kind]), hour.readings)


def _span(hour: int) -> str:
    return f"{time(hour):%H:%M}–{time((hour + 1) % 24):%H:%M}"
