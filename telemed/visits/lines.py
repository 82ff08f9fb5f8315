"""The lines of the kiosks: readings are taken in, and a visit is offered by what the line will carry."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduling import lines
from scheduling.calendar import Slot
from scheduling.errors import NotOffered
from scheduling.ids import uuid7
from scheduling.line_memory import LineMemory
from scheduling.lines import LineNow, LineWeek, Offer, Reading, Source
from scheduling.places import Kiosk
from scheduling.store import Book
from scheduling.visit_types import Channel
from telemed.call_quality import CallQuality, Rung
from telemed.unit import Unit

# A kiosk's clock may go a little fast; a reading of tomorrow is a mistake.
CLOCK_SLACK = timedelta(minutes=5)


IN_CALL = timedelta(minutes=1)
"""So fresh is what a call that goes on tells."""

CARRIED_ON: Mapping[Rung, Channel] = {
    "video": "video",
    "stills": "audio",
    "audio": "audio",
    "phone": "written",
    "written": "written",
}
"""What a line carries whose call is on a rung."""

LinesNow = Mapping[UUID, LineNow | None]
"""What the lines of kiosks carry now; None is not known."""


class Measured(NamedTuple):
    """One look at the line as a kiosk tells it."""

    at: datetime
    up_kbps: int | None
    down_kbps: int | None
    rtt_ms: int | None
    loss_percent: float | None
    source: Source


class KioskLine(NamedTuple):
    """A kiosk's line for the coordinator: what it carries through the week, and when it was last measured."""

    kiosk: Kiosk
    week: LineWeek
    last: datetime | None


def take_readings(unit: Unit, kiosk_id: UUID, told: Iterable[Measured]) -> int:
    """Keep what a kiosk measured; what is too old or lies ahead says nothing. Returns how many were kept."""
    sound = [
        Reading(uuid7(), kiosk_id, *each)
        for each in told
        if unit.now - lines.LOOK_BACK < each.at <= unit.now + CLOCK_SLACK
    ]
    unit.book.add_readings(sound)
    return len(sound)


def offers(
    book: Book,
    memory: LineMemory,
    slots: Sequence[Slot],
    channels: Sequence[Channel],
    zone: ZoneInfo,
    now: datetime,
) -> list[Offer]:
    """For each slot the best of these channels that the line of its kiosk will carry then."""
    kiosks = dict.fromkeys(slot.kiosk_id for slot in slots if slot.kiosk_id is not None)
    weeks = memory.of(book, kiosks, zone, now)
    at_home = Offer(channels[0], "carried")
    return [
        at_home
        if slot.kiosk_id is None
        else weeks[slot.kiosk_id].offer(channels, slot.starts_at, slot.ends_at)
        for slot in slots
    ]


def channel_for(
    unit: Unit, slot: Slot, channels: Sequence[Channel], zone: ZoneInfo, wanted: str | None = None
) -> Channel:
    """The channel in which a visit is booked; NotOffered when the line does not carry it, or none, then."""
    possible = [channel for channel in channels if wanted in (None, channel)]
    if not possible:
        raise NotOffered(f"not by {wanted}")
    [offer] = offers(unit.book, unit.lines, [slot], possible, zone, unit.now)
    if offer.channel is None:
        raise NotOffered("the line there does not carry such a visit at that hour")
    return offer.channel


def lines_now(connection: Connection, book: Book, kiosk_ids: Collection[UUID], now: datetime) -> LinesNow:
    """What the line of each of these kiosks carries now: what its call tells, else the newest reading."""
    fresh = book.fresh_readings(kiosk_ids, now)
    calls = CallQuality(connection).rungs_since(kiosk_ids, now - IN_CALL)
    found = {each: lines.line_now(readings, now) for each, readings in fresh.items()}
    told = {each: LineNow(CARRIED_ON[rung], at) for each, (rung, at) in calls.items()}
    return {**found, **told}


def site_lines(book: Book, site_id: UUID, now: datetime) -> list[KioskLine]:
    """The line of each kiosk of a site, as a coordinator looks at it: freshly read."""
    zone = ZoneInfo(book.site(site_id).time_zone)
    kiosks = book.kiosks(site_id)
    weeks = book.line_weeks({kiosk.id: zone for kiosk in kiosks}, now)
    return [KioskLine(kiosk, weeks[kiosk.id], book.last_reading(kiosk.id)) for kiosk in kiosks]
