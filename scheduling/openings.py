"""When a site is open and its kiosks can be used: weekly hours, special days, holidays, stops, outages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.hours import Span, Stretch, common, local_days, local_span, merged, stretch, without
from scheduling.places import Outage, Site, SpecialDay, Stop
from scheduling.visit_types import VisitType

HolidayName = Callable[[date], str | None]
"""The name of the holiday that closes what keeps holidays on this day, or None."""

_DAYS_REMEMBERED = 512
_WINDOWS_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class PlacedKiosk:
    """A kiosk that is at a site always, or, with `stops`, only at these."""

    kiosk_id: UUID
    version: int
    travels: bool = False
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True, eq=False)
class SiteCalendar:
    """Everything that decides when one site can be used, at one version."""

    site: Site
    version: int
    holiday_name: HolidayName
    kiosks: tuple[PlacedKiosk, ...] = ()
    special_days: Mapping[date, Sequence[SpecialDay]] = field(default_factory=dict)
    stops: tuple[Stop, ...] = ()
    outages: tuple[Outage, ...] = ()
    _known: dict[tuple[date, UUID | None, bool, bool], tuple[Span, ...]] = field(
        default_factory=dict, repr=False
    )
    _stretches: dict[tuple[Span, UUID | None, bool, bool], Sequence[Stretch]] = field(
        default_factory=dict, repr=False
    )

    def spans(self, window: Span, visit_type: VisitType, kiosk_id: UUID | None = None) -> list[Span]:
        """When such a visit can take place here, or at this kiosk, on the local days of the window."""
        needs = (kiosk_id, visit_type.needs_clerk, visit_type.needs_line)
        return [span for day in local_days(window, self._zone) for span in self._on((day, *needs))]

    def stretches(self, window: Span, visit_type: VisitType, kiosk_id: UUID | None) -> Sequence[Stretch]:
        """The same in seconds since 1970, remembered: the same days are asked for again and again."""
        key = (window, kiosk_id, visit_type.needs_clerk, visit_type.needs_line)
        known = self._stretches.get(key)
        if known is None:
            if len(self._stretches) >= _WINDOWS_REMEMBERED:
                self._stretches.clear()
            spans = self.spans(window, visit_type, kiosk_id)
            known = self._stretches[key] = [stretch(span) for span in spans]
        return known

    def kiosk(self, kiosk_id: UUID) -> PlacedKiosk | None:
        """The kiosk, when it belongs here."""
        return next((kiosk for kiosk in self.kiosks if kiosk.kiosk_id == kiosk_id), None)

    def opening(self, day: date) -> list[Span]:
        """When the site is open on a local day, whatever may be out of order."""
        spans = (local_span(day, *hours, self._zone) for hours in self._hours(day))
        return merged(span for span in spans if span is not None)

    def closed_because(self, day: date) -> str | None:
        """Why a day does not keep the weekly hours: the note, the holiday's name, or None when it does."""
        if day in self.special_days:
            return "; ".join(each.note for each in self.special_days[day])
        return self.holiday_name(day) if self.site.keeps_holidays else None

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.site.time_zone)

    def _on(self, key: tuple[date, UUID | None, bool, bool]) -> tuple[Span, ...]:
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _DAYS_REMEMBERED:
                self._known.clear()
            known = self._known[key] = tuple(self._usable(*key))
        return known

    def _usable(self, day: date, kiosk_id: UUID | None, clerk: bool, line: bool) -> list[Span]:
        spans = self.opening(day)
        kiosk = None if kiosk_id is None else self.kiosk(kiosk_id)
        if kiosk_id is not None and kiosk is None:
            return []
        if kiosk is not None and kiosk.travels:
            spans = common(spans, self._stopping(day, kiosk.stops))
        stopping = {"maintenance"} | ({"clerk_away"} if clerk else set()) | ({"line"} if line else set())
        lacking = [
            Span(outage.starts_at, outage.ends_at)
            for outage in self.outages
            if outage.kind in stopping and outage.kiosk_id in (None, kiosk_id)
        ]
        return without(spans, merged(lacking)) if lacking else spans

    def _hours(self, day: date) -> list[tuple[time, time]]:
        special = self.special_days.get(day)
        if special is not None:
            hours = [(each.opens, each.closes) for each in special if each.opens and each.closes]
            return self._narrowed(day, hours) if self.site.kind == "route_stop" else hours
        if self.site.keeps_holidays and self.holiday_name(day) is not None:
            return []
        if self.site.kind == "route_stop":
            return [(stop.arrives, stop.leaves) for stop in self.stops if stop.falls_on(day)]
        return [
            (opening.opens, opening.closes) for opening in self.site.hours if opening.weekday == day.weekday()
        ]

    def _narrowed(self, day: date, hours: list[tuple[time, time]]) -> list[tuple[time, time]]:
        stops = [(stop.arrives, stop.leaves) for stop in self.stops if stop.falls_on(day)]
        both = [
            (max(opens, arrives), min(closes, leaves)) for opens, closes in hours for arrives, leaves in stops
        ]
        return [(starts, ends) for starts, ends in both if starts < ends]

    def _stopping(self, day: date, stops: Sequence[Stop]) -> list[Span]:
        spans = (
            local_span(day, stop.arrives, stop.leaves, self._zone) for stop in stops if stop.falls_on(day)
        )
        return merged(span for span in spans if span is not None)
