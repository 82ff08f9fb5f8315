"""FHIR's Schedule and Slot: which times there are and which are free, straight from the calendar."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, g, request

from scheduling.calendar import Slot, Span
from scheduling.errors import NotFound, NotOffered
from telemed.fhir import search, times
from telemed.fhir.answers import Resource
from telemed.fhir.ids import ScheduleKey, minute_of, read_schedule_id, read_slot_id
from telemed.fhir.reading import Malformed, read_day
from telemed.fhir.search import Query, Window
from telemed.fhir.table import served
from telemed.services import View
from telemed.visits import exchange
from telemed.visits.directory import Directory
from telemed.visits.exchange_booking import HORIZON
from telemed.web.fhir_exchange import Exchange, Views
from telemed.web.fhir_outcomes import answer

LONGEST = timedelta(days=62)
USUAL = timedelta(days=31)
_MINUTE = timedelta(minutes=1)

Times = list[tuple[Slot, bool]]


class Actors:
    """Who offers what, and where, for many schedules at once: three statements, however many there are."""

    def __init__(self, view: View, facility_id: UUID | None) -> None:
        self.offers = view.book.offers()
        self.people = {each.id: each for each in view.book.practitioners(facility_id)}
        self.sites = {each.id: each.name for each in view.book.sites()}


class Calendar:
    """What the doors ask about one schedule, inside one view."""

    def __init__(self, ex: Exchange, directory: Directory) -> None:
        self._ex = ex
        self._directory = directory

    def key(self, view: View, schedule: ScheduleKey | None) -> ScheduleKey:
        """The schedule, if its practitioner is one of the asking facility's."""
        if schedule is None:
            raise NotFound("Schedule")
        facility_id = g.reader.facility_id
        if facility_id is not None and facility_id != self._directory.facility_of(
            view.book, schedule.practitioner_id
        ):
            raise NotFound("Schedule")
        return schedule

    def zone(self, view: View, key: ScheduleKey) -> ZoneInfo:
        """The zone in which the schedule's days begin."""
        if key.site_id is None:
            return ZoneInfo(self._ex.services.settings.time_zone)
        return view.book.zone_of(key.site_id)

    def slots(self, view: View, key: ScheduleKey, window: Span) -> Times:
        """Every slot of a schedule that starts in a window, each with whether it is free."""
        visit_type_id = self._directory.visit_type(view.book, key.type_code, view.real_now).id
        try:
            return view.book.practitioner_slots(
                key.practitioner_id, visit_type_id, window, view.now, key.site_id
            )
        except NotOffered as error:
            raise NotFound("Schedule") from error

    def days(self, view: View, key: ScheduleKey, window: Span, zone: ZoneInfo) -> dict[date, tuple[int, int]]:
        """How many slots of a schedule are free and how many there are, for each local day of a window."""
        visit_type_id = self._directory.visit_type(view.book, key.type_code, view.real_now).id
        try:
            return view.book.practitioner_days(
                key.practitioner_id, visit_type_id, window, view.now, zone, key.site_id
            )
        except NotOffered as error:
            raise NotFound("Schedule") from error

    def schedule(self, view: View, key: ScheduleKey, actors: Actors) -> Resource:
        """The schedule as a resource."""
        visit_type_id = self._directory.visit_type(view.book, key.type_code, view.real_now).id
        who = actors.people.get(key.practitioner_id)
        site = actors.sites.get(key.site_id) if key.site_id else None
        if who is None or (key.site_id and site is None):
            raise NotFound("Schedule")
        if visit_type_id not in actors.offers.get(who.id, ()):
            raise NotFound("Schedule")
        until = (view.now + HORIZON).date()
        return times.schedule(key, visit_type_id, who.specialty, who.name, site, until)


def views(ex: Exchange, directory: Directory) -> Views:
    """Every view of Schedule and Slot, by type and what it does."""
    calendar = Calendar(ex, directory)
    find_schedules, find_slots = _schedule_search(ex, calendar), _slot_search(ex, calendar)
    return {
        ("Schedule", "read"): lambda id: answer(_schedule(ex, calendar, id)),
        ("Schedule", "search"): find_schedules,
        ("Schedule", "find"): find_schedules,
        ("Schedule", "days"): lambda id: answer(_days(ex, calendar, id)),
        ("Slot", "read"): lambda id: answer(_slot(ex, calendar, id)),
        ("Slot", "search"): find_slots,
        ("Slot", "find"): find_slots,
    }


def _schedule(ex: Exchange, calendar: Calendar, text: str) -> Resource:
    with ex.services.view() as view:
        key = calendar.key(view, read_schedule_id(text))
        return calendar.schedule(view, key, Actors(view, g.reader.facility_id))


def _schedule_search(ex: Exchange, calendar: Calendar) -> Callable[[], Response]:
    kind = served("Schedule")

    def view_of() -> Response:
        query = ex.query(kind)
        with ex.services.view() as view:
            actors = Actors(view, g.reader.facility_id)
            keys = sorted(_keys(ex, calendar, view, query, actors), key=lambda each: each.id)
            if query.only_count:
                return ex.page(kind, query, (), len(keys), None)
            [last] = search.read_cursor(query.cursor, 1) if query.cursor else [""]
            rest = [each for each in keys if each.id > last]
            shown = rest[: query.count]
            found = [calendar.schedule(view, each, actors) for each in shown]
        more = len(rest) > len(shown)
        return ex.page(kind, query, found, len(keys), search.cursor(shown[-1].id) if more else None)

    return view_of


def _keys(ex: Exchange, calendar: Calendar, view: View, query: Query, known: Actors) -> list[ScheduleKey]:
    ids = query.any_of("_id")
    actors = query.values.get("actor", [])
    if not ids and not actors:
        raise Malformed("actor", "name a Practitioner or a Location", "required")
    if ids:
        keys = [calendar.key(view, read_schedule_id(each)) for each in ids]
        return [each for each in keys if calendar.schedule(view, each, known)]
    who: UUID | None = None
    where: UUID | None = None
    for actor in actors:
        value = search.reference_id("actor", actor, ("Practitioner", "Location"), ex.base)
        if "Location/" in actor:
            where = value
        else:
            who = value
    return list(exchange.schedules(view.book, g.reader.facility_id, who, where, query.tokens("service-type")))


def _slot_search(ex: Exchange, calendar: Calendar) -> Callable[[], Response]:
    kind = served("Slot")

    def view_of() -> Response:
        query = ex.query(kind)
        wanted = _statuses(query)
        with ex.services.view() as view:
            key = calendar.key(view, _schedule_asked(ex, query))
            window = _window(calendar, view, key, query)
            found = calendar.slots(view, key, window) if window.starts_at < window.ends_at else []
        chosen = [(slot, free) for slot, free in found if free in wanted]
        if query.only_count:
            return ex.page(kind, query, (), len(chosen), None)
        return _slot_page(ex, query, key, chosen)

    return view_of


def _slot_page(ex: Exchange, query: Query, key: ScheduleKey, chosen: Times) -> Response:
    rest = chosen
    if query.cursor is not None:
        [after] = search.read_cursor(query.cursor, 1)
        rest = [each for each in chosen if minute_of(each[0].starts_at) > after]
    shown = rest[: query.count]
    made = times.slots(key, ((slot.starts_at, slot.ends_at, free) for slot, free in shown))
    after_this = search.cursor(minute_of(shown[-1][0].starts_at)) if len(rest) > len(shown) else None
    return ex.page(served("Slot"), query, made, len(chosen), after_this)


def _schedule_asked(ex: Exchange, query: Query) -> ScheduleKey | None:
    asked = query.one("schedule")
    ids = query.any_of("_id")
    if asked is None and len(ids) == 1:
        key = read_slot_id(ids[0])
        return key.schedule if key else None
    if asked is None:
        raise Malformed("schedule", "name one Schedule", "required")
    return read_schedule_id(search.plain_id("schedule", asked, "Schedule", ex.base))


def _window(calendar: Calendar, view: View, key: ScheduleKey, query: Query) -> Span:
    """What was asked, else the time from now on; never more than can be looked at in one go."""
    if ids := query.any_of("_id"):
        slot = read_slot_id(ids[0])
        starts_at = slot.starts_at if slot and slot.schedule == key else view.now
        return Span(starts_at, starts_at + _MINUTE)
    texts = query.values.get("start", [])
    zone = calendar.zone(view, key) if any(search.needs_zone(text) for text in texts) else ZoneInfo("UTC")
    asked: Window = search.window(query, "start", zone)
    since = asked.since or (min(view.now, asked.until) if asked.until else view.now)
    until = asked.until or since + USUAL
    if until - since > LONGEST:
        raise Malformed("start", "at most 62 days can be asked for at once", "too-costly")
    return Span(since, until)


def _slot(ex: Exchange, calendar: Calendar, text: str) -> Resource:
    wanted = read_slot_id(text)
    if wanted is None:
        raise NotFound("Slot")
    with ex.services.view() as view:
        key = calendar.key(view, wanted.schedule)
        found = calendar.slots(view, key, Span(wanted.starts_at, wanted.starts_at + _MINUTE))
    made = times.slots(key, ((slot.starts_at, slot.ends_at, free) for slot, free in found))
    if not made or made[0]["id"] != text:
        raise NotFound("Slot")
    return made[0]


def _days(ex: Exchange, calendar: Calendar, text: str) -> Resource:
    number = _number(request.args.get("days", "30"))
    asked = request.args.get("start")
    first = read_day(asked) if asked is not None else None
    if asked is not None and first is None:
        raise Malformed("start", "a date such as 2026-11-24 is expected", "value")
    with ex.services.view() as view:
        key = calendar.key(view, read_schedule_id(text))
        zone = calendar.zone(view, key)
        first = first or view.now.astimezone(zone).date()
        after = first + timedelta(days=number)
        window = Span(*(datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, after)))
        counts = calendar.days(view, key, window, zone)
    days = [first + timedelta(days=each) for each in range(number)]
    return times.days([(day, *counts.get(day, (0, 0))) for day in days])


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:9]) <= LONGEST.days:
        raise Malformed("days", "a number from 1 to 62 is expected", "value")
    return int(text)


def _statuses(query: Query) -> set[bool]:
    asked = query.tokens("status")
    known = {"free": True, "busy": False}
    return {known[each] for each in asked if each in known} if asked else {True, False}
