"""The next free times of a site as large buttons: a few days, a few times each, said in words."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby, islice
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.calendar import Slot
from scheduling.lines import Offer
from scheduling.places import Site
from telemed.services import Services, View
from telemed.texts import Texts
from telemed.visits.lines import offers
from telemed.web.line_words import SAID, Remark, remarks
from telemed.web.place_names import place_names
from telemed.web.spoken_times import say_day, say_time

SEARCH_DAYS = 14
HORIZON = timedelta(days=60)
DAYS_SHOWN = 3
TIMES_SHOWN = 8


class Time(NamedTuple):
    """One free time; ``value`` is what the slot question is answered with.

    A channel other than video is named, and its sign drawn, beside the time; ``say`` is how it is spoken.
    """

    words: str
    value: str
    channel: str = ""
    said: str = ""
    say: str = ""


class Day(NamedTuple):
    """The free times of one day."""

    words: str
    times: tuple[Time, ...]
    say: str = ""


class FreeTimes(NamedTuple):
    """What the slot question offers, and what must be said about the line.

    ``later`` is the day on which the next page of times begins, ``first`` whether this one is the first.
    """

    days: list[Day]
    remarks: list[Remark]
    later: str
    first: bool


Offered = tuple[Slot, Offer]


def free_days(
    services: Services, site_id: UUID, kiosk_id: UUID, language: str, visit_type_id: str, after: str = ""
) -> FreeTimes:
    """Return the next free times at a site, by what its line carries; at this kiosk where it has one free.

    They begin on the day ``after``, or today; when none is near, those of the nearest other place.
    """
    with services.view() as view:
        zone = ZoneInfo(view.book.site(site_id).time_zone)
        today = view.now.astimezone(zone).date()
        begins = _begins(after, today)
        slots = _search(view, site_id, visit_type_id, begins, today + HORIZON)
        shown_days = _days(slots, zone)
        later = shown_days[DAYS_SHOWN:]
        if begins == today and (not slots or shown_days[0] >= today + timedelta(days=SEARCH_DAYS)):
            near = view.book.free_near(site_id, visit_type_id, view.now)
            slots, later = (near, shown_days) if near else (slots, later)
        site = view.book.site(slots[0].site_id if slots else site_id)
        zone = ZoneInfo(site.time_zone)
        now = view.now
        shown = _shown(_one_for_each_time(slots, kiosk_id), zone)
        channels = view.book.visit_type(visit_type_id).channels
        carried = offers(view.book, view.lines, shown, channels, zone, now)
        name = place_names(services.texts, language, view.book, [site])(site)
    offered = [(slot, offer) for slot, offer in zip(shown, carried, strict=True) if offer.channel]
    texts = services.texts
    days = days_of(texts, site, offered, language, now)
    if site.id != site_id:
        days = [day._replace(words=f"{name} · {day.words}") for day in days]
    return FreeTimes(
        days,
        remarks((offer for _, offer in offered), texts, language),
        later[0].isoformat() if later else "",
        begins == today,
    )


def days_of(texts: Texts, site: Site, offered: Iterable[Offered], language: str, now: datetime) -> list[Day]:
    """Group slots by local day and say everything in words."""
    zone = ZoneInfo(site.time_zone)
    days: list[Day] = []
    for local, group in groupby(offered, key=lambda each: each[0].starts_at.astimezone(zone).date()):
        times = tuple(_time(texts, language, slot, offer, zone) for slot, offer in group)
        today = now.astimezone(zone).date()
        away = (local - today).days
        name = texts.day(language, datetime.combine(local, datetime.min.time(), zone), zone)
        near = {0: "Today, {day}", 1: "Tomorrow, {day}"}.get(away)
        words = texts.translate(language, near, day=name) if near else name
        days.append(Day(words, times, say_day(language, local, today)))
    return days


def when_in_words(texts: Texts, language: str, moment: datetime, time_zone: str) -> str:
    """Say a moment as the slip does."""
    return texts.when(language, moment, ZoneInfo(time_zone))


def _begins(after: str, today: date) -> date:
    """The day that an address asks for, as far as it can be shown."""
    try:
        asked = date.fromisoformat(after)
    except ValueError:
        return today
    return min(max(asked, today), today + HORIZON)


def _search(view: View, site_id: UUID, visit_type_id: str, begins: date, last: date) -> list[Slot]:
    """The free times from a day on, until there are more days than are shown, or the horizon is reached."""
    zone = ZoneInfo(view.book.site(site_id).time_zone)
    found: list[Slot] = []
    while begins <= last and len(_days(found, zone)) <= DAYS_SHOWN:
        days = min(SEARCH_DAYS, (last - begins).days + 1)
        found += view.book.free_slots(site_id, None, visit_type_id, begins, days, view.now)
        begins += timedelta(days=days)
    return found


def _days(slots: Iterable[Slot], zone: ZoneInfo) -> list[date]:
    return sorted({slot.starts_at.astimezone(zone).date() for slot in slots})


def _one_for_each_time(slots: Iterable[Slot], kiosk_id: UUID) -> list[Slot]:
    chosen: dict[datetime, Slot] = {}
    for slot in slots:
        held = chosen.get(slot.starts_at)
        if held is None or (held.kiosk_id != kiosk_id and slot.kiosk_id == kiosk_id):
            chosen[slot.starts_at] = slot
    return [chosen[starts_at] for starts_at in sorted(chosen)]


def _time(texts: Texts, language: str, slot: Slot, offer: Offer, zone: ZoneInfo) -> Time:
    words, said = texts.time(language, slot.starts_at, zone), SAID.get(offer.channel or "")
    say = say_time(language, slot.starts_at.astimezone(zone))
    if said is None:
        return Time(words, _value(slot), say=say)
    return Time(words, _value(slot), offer.channel or "", texts.translate(language, said), say)


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
