"""Opening hours and rosters, written in local time, turned into instants and free slots."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.places import Kiosk, Site

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """One span of local time on one weekday (0 is Monday) in which a practitioner works for a facility."""

    practitioner_id: UUID
    facility_id: UUID
    weekday: int
    starts: time
    ends: time

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"weekday must be 0 (Monday) to 6, not {self.weekday}")
        if self.starts >= self.ends:
            raise ValueError(f"a shift must end after it starts: {self.starts}–{self.ends}")


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which this practitioner and this kiosk are both free."""

    practitioner_id: UUID
    kiosk_id: UUID
    site_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in UTC: the start belongs to it, the end does not."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share any moment."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def contains(self, other: "Span") -> bool:
        """Whether the other lies wholly inside."""
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at


def local_span(day: date, starts: time, ends: time, zone: ZoneInfo) -> Span | None:
    """The instants of a local day's stretch, or None when a clock change leaves nothing of it.

    Where the clock shows a time twice or never, the later reading starts the stretch and the earlier one
    ends it, so every instant inside is inside on the wall clock too.
    """
    starts_at = max(_readings(day, starts, zone))
    ends_at = min(_readings(day, ends, zone))
    return Span(starts_at, ends_at) if starts_at < ends_at else None


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant of a local time, the later one where the clock shows it twice or never."""
    return max(_readings(day, at, zone))


def opening_spans(site: Site, day_from: date, days: int) -> list[Span]:
    """When the site is open on its local days from `day_from`, in order."""
    zone = ZoneInfo(site.time_zone)
    hours = [(opening.weekday, opening.opens, opening.closes) for opening in site.hours]
    return sorted(_weekly(hours, zone, day_from, days), key=_start)


def duty_spans(shift: Shift, zone: ZoneInfo, day_from: date, days: int) -> list[Span]:
    """When the shift is worked on the facility's local days from `day_from`, in order."""
    return list(_weekly([(shift.weekday, shift.starts, shift.ends)], zone, day_from, days))


def shift_covering(
    span: Span, site: Site, shifts: Sequence[Shift], zones: Mapping[UUID, str]
) -> Shift | None:
    """The shift that lets this span be booked at the site, or None when it is closed or nobody works."""
    day_before = span.starts_at.astimezone(ZoneInfo(site.time_zone)).date() - _DAY
    if not any(hours.contains(span) for hours in opening_spans(site, day_before, 3)):
        return None
    for shift in shifts:
        zone = ZoneInfo(zones[shift.facility_id])
        if any(duty.contains(span) for duty in duty_spans(shift, zone, day_before, 3)):
            return shift
    return None


def free_slots(
    site: Site,
    kiosks: Sequence[Kiosk],
    shifts: Sequence[Shift],
    zones: Mapping[UUID, str],
    busy: Mapping[UUID, Sequence[Span]],
    day_from: date,
    days: int,
    length: timedelta,
    now: datetime,
) -> list[Slot]:
    """Every slot of this length at the site from now on: by start, one kiosk for each practitioner.

    `zones` names the time zone of each facility, `busy` what is taken of each practitioner and kiosk.
    """
    found: dict[tuple[datetime, UUID], Slot] = {}
    openings = opening_spans(site, day_from, days)
    for shift in shifts:
        duties = duty_spans(shift, ZoneInfo(zones[shift.facility_id]), day_from - _DAY, days + 2)
        taken = busy.get(shift.practitioner_id, ())
        for span in _grid(_common(openings, duties), length):
            if span.starts_at < now or any(span.overlaps(other) for other in taken):
                continue
            kiosk = _free_kiosk(kiosks, busy, span)
            if kiosk is not None:
                key = (span.starts_at, shift.practitioner_id)
                found[key] = Slot(shift.practitioner_id, kiosk.id, site.id, span.starts_at, span.ends_at)
    return [found[key] for key in sorted(found)]


def nearest(slots: Sequence[Slot], wanted: datetime, count: int) -> tuple[Slot, ...]:
    """The slots closest to the wanted start, the sooner of two equals, one for each time, by time."""
    by_start = {slot.starts_at: slot for slot in reversed(slots)}
    closest = sorted(by_start, key=lambda starts_at: (abs(starts_at - wanted), starts_at))[:count]
    return tuple(by_start[starts_at] for starts_at in sorted(closest))


def _readings(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    local = datetime.combine(day, at, zone)
    return local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC)


def _weekly(
    hours: Sequence[tuple[int, time, time]], zone: ZoneInfo, day_from: date, days: int
) -> Iterator[Span]:
    for number in range(days):
        day = day_from + timedelta(days=number)
        for weekday, starts, ends in hours:
            span = local_span(day, starts, ends, zone) if weekday == day.weekday() else None
            if span is not None:
                yield span


def _common(openings: Sequence[Span], duties: Sequence[Span]) -> Iterator[Span]:
    for duty in duties:
        for opening in openings:
            if opening.starts_at >= duty.ends_at:
                break
            if opening.overlaps(duty):
                yield Span(max(opening.starts_at, duty.starts_at), min(opening.ends_at, duty.ends_at))


def _grid(windows: Iterator[Span], length: timedelta) -> Iterator[Span]:
    for window in windows:
        starts_at = window.starts_at
        while starts_at + length <= window.ends_at:
            yield Span(starts_at, starts_at + length)
            starts_at += length


def _free_kiosk(kiosks: Sequence[Kiosk], busy: Mapping[UUID, Sequence[Span]], span: Span) -> Kiosk | None:
    for kiosk in kiosks:
        if not any(span.overlaps(other) for other in busy.get(kiosk.id, ())):
            return kiosk
    return None


def _start(span: Span) -> datetime:
    return span.starts_at
