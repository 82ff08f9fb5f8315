"""The next free times of a site as large buttons: a few days, a few times each, said in words."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.calendar import Slot
from scheduling.places import Site
from scheduling.visit_types import CONSULTATION
from telemed.services import Services
from telemed.texts import Texts

SEARCH_DAYS = 14
DAYS_SHOWN = 3
TIMES_SHOWN = 8


class Time(NamedTuple):
    """One free time; ``value`` is what the slot question is answered with."""

    words: str
    value: str


class Day(NamedTuple):
    """The free times of one day."""

    words: str
    times: tuple[Time, ...]


def free_days(services: Services, site_id: UUID, kiosk_id: UUID, language: str) -> list[Day]:
    """Return the next free times at a site, at this very kiosk where it has one free."""
    with services.view() as view:
        site = view.book.site(site_id)
        zone = ZoneInfo(site.time_zone)
        today = view.now.astimezone(zone).date()
        slots = view.book.free_slots(site_id, None, CONSULTATION, today, SEARCH_DAYS, view.now)
        now = view.now
    return days_of(services.texts, site, _one_for_each_time(slots, kiosk_id), language, now)


def days_of(texts: Texts, site: Site, slots: Iterable[Slot], language: str, now: datetime) -> list[Day]:
    """Group slots by local day, thin each day out evenly and say everything in words."""
    zone = ZoneInfo(site.time_zone)
    days: list[Day] = []
    for local, group in groupby(slots, key=lambda slot: slot.starts_at.astimezone(zone).date()):
        times = tuple(
            Time(texts.time(language, slot.starts_at, zone), _value(slot)) for slot in _thinned(list(group))
        )
        away = (local - now.astimezone(zone).date()).days
        name = texts.day(language, datetime.combine(local, datetime.min.time(), zone), zone)
        near = {0: "Today, {day}", 1: "Tomorrow, {day}"}.get(away)
        days.append(Day(texts.translate(language, near, day=name) if near else name, times))
        if len(days) == DAYS_SHOWN:
            break
    return days


def when_in_words(texts: Texts, language: str, moment: datetime, time_zone: str) -> str:
    """Say a moment as the slip does."""
    return texts.when(language, moment, ZoneInfo(time_zone))


def _one_for_each_time(slots: Iterable[Slot], kiosk_id: UUID) -> list[Slot]:
    chosen: dict[datetime, Slot] = {}
    for slot in slots:
        held = chosen.get(slot.starts_at)
        if held is None or (held.kiosk_id != kiosk_id and slot.kiosk_id == kiosk_id):
            chosen[slot.starts_at] = slot
    return [chosen[starts_at] for starts_at in sorted(chosen)]


def _thinned(slots: list[Slot]) -> list[Slot]:
    if len(slots) <= TIMES_SHOWN:
        return slots
    step = timedelta(minutes=60)
    kept: list[Slot] = []
    for slot in slots:
        if not kept or slot.starts_at - kept[-1].starts_at >= step:
            kept.append(slot)
    return kept[:TIMES_SHOWN]


def _value(slot: Slot) -> str:
    return f"{slot.practitioner_id}|{slot.kiosk_id}|{slot.starts_at.isoformat()}"
