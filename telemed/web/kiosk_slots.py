"""The next free times of a site as large buttons: a few days, a few times each, said in words."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.calendar import Slot
from scheduling.lines import Offer
from scheduling.places import Site
from telemed.services import Services
from telemed.texts import Texts
from telemed.visits.lines import offers
from telemed.web.line_words import SAID, Remark, remarks

SEARCH_DAYS = 14
DAYS_SHOWN = 3
TIMES_SHOWN = 8


class Time(NamedTuple):
    """One free time; ``value`` is what the slot question is answered with.

    A channel other than video is named, and its sign drawn, beside the time.
    """

    words: str
    value: str
    channel: str = ""
    said: str = ""


class Day(NamedTuple):
    """The free times of one day."""

    words: str
    times: tuple[Time, ...]


class FreeTimes(NamedTuple):
    """What the slot question offers, and what must be said about the line."""

    days: list[Day]
    remarks: list[Remark]


Offered = tuple[Slot, Offer]


def free_days(
    services: Services, site_id: UUID, kiosk_id: UUID, language: str, visit_type_id: str
) -> FreeTimes:
    """Return the next free times at a site, by what its line carries; at this kiosk where it has one free.

    When there is none, those of the nearest other place that has some.
    """
    with services.view() as view:
        today = view.now.astimezone(ZoneInfo(view.book.site(site_id).time_zone)).date()
        slots = view.book.free_slots(site_id, None, visit_type_id, today, SEARCH_DAYS, view.now)
        slots = slots or view.book.free_near(site_id, visit_type_id, view.now)
        site = view.book.site(slots[0].site_id if slots else site_id)
        zone = ZoneInfo(site.time_zone)
        now = view.now
        shown = _shown(_one_for_each_time(slots, kiosk_id), zone)
        channels = view.book.visit_type(visit_type_id).channels
        carried = offers(view.book, view.lines, shown, channels, zone, now)
    offered = [(slot, offer) for slot, offer in zip(shown, carried, strict=True) if offer.channel]
    texts = services.texts
    days = days_of(texts, site, offered, language, now)
    if site.id != site_id:
        days = [Day(f"{site.name} · {day.words}", day.times) for day in days]
    return FreeTimes(days, remarks((offer for _, offer in offered), texts, language))


def days_of(texts: Texts, site: Site, offered: Iterable[Offered], language: str, now: datetime) -> list[Day]:
    """Group slots by local day and say everything in words."""
    zone = ZoneInfo(site.time_zone)
    days: list[Day] = []
    for local, group in groupby(offered, key=lambda each: each[0].starts_at.astimezone(zone).date()):
        times = tuple(_time(texts, language, slot, offer, zone) for slot, offer in group)
        away = (local - now.astimezone(zone).date()).days
        name = texts.day(language, datetime.combine(local, datetime.min.time(), zone), zone)
        near = {0: "Today, {day}", 1: "Tomorrow, {day}"}.get(away)
        days.append(Day(texts.translate(language, near, day=name) if near else name, times))
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


def _time(texts: Texts, language: str, slot: Slot, offer: Offer, zone: ZoneInfo) -> Time:
    words, said = texts.time(language, slot.starts_at, zone), SAID.get(offer.channel or "")
    if said is None:
        return Time(words, _value(slot))
    return Time(words, _value(slot), offer.channel or "", texts.translate(language, said))


def _shown(slots: Iterable[Slot], zone: ZoneInfo) -> list[Slot]:
    """The times of the first few days, each day thinned out evenly."""
    by_day = groupby(slots, key=lambda slot: slot.starts_at.astimezone(zone).date())
    return [slot for _, day in islice(by_day, DAYS_SHOWN) for slot in _thinned(list(day))]


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
