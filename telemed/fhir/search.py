"""Reads the parameters of a search: dates with prefixes, references, tokens, paging; strict or lenient."""

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from telemed.fhir.ids import FHIR_ID
from telemed.fhir.reading import Malformed, is_text, read_day, read_instant, read_uuid
from telemed.fhir.table import CONTROLS, Served

PAGE = 50
LARGEST_PAGE = 500

_DATE = re.compile(r"(?P<prefix>[a-z]{2})?(?P<when>[0-9].{3,40})")
_MINUTES = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class Window:
    """From one moment up to, not including, another; None leaves a side open."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked: values by parameter, page size, cursor, and the parameters nobody here knows."""

    values: dict[str, list[str]]
    count: int
    only_count: bool
    cursor: str | None
    ignored: tuple[str, ...] = field(default=())

    def one(self, name: str) -> str | None:
        """The value of a parameter that may stand once."""
        values = self.values.get(name, [])
        if len(values) > 1:
            raise Malformed(name, "stands more than once", "invalid")
        return values[0] if values else None

    def any_of(self, name: str) -> list[str]:
        """The alternatives of a parameter that may stand once: values with commas between them."""
        value = self.one(name)
        return [each for each in value.split(",") if each] if value is not None else []

    def tokens(self, name: str) -> list[str]:
        """The codes asked for, whatever system stands before them."""
        return [each.rpartition("|")[2] for each in self.any_of(name)]

    def reference(self, name: str, kinds: Sequence[str], base: str) -> UUID | None:
        """The UUID of a reference to one of these types."""
        value = self.one(name)
        return reference_id(name, value, kinds, base) if value is not None else None


def read_query(args: Iterable[tuple[str, str]], served: Served, strict: bool) -> Query:
    """Sort a request's parameters; what nobody knows is refused when strict, else left out."""
    values: dict[str, list[str]] = {}
    ignored = []
    known = {param.name for param in served.params} | set(CONTROLS)
    for name, value in args:
        if not is_text(value):
            raise Malformed("parameter", "holds a character that no text has", "value")
        if name in known:
            values.setdefault(name, []).append(value)
        elif strict:
            raise Malformed("parameter", f"{name[:64]} is not supported for {served.type}", "not-supported")
        else:
            ignored.append(name)
    query = Query(values, PAGE, False, None)
    return Query(values, _count(query), _summary(query, strict), query.one("_cursor"), tuple(ignored))


def reference_id(name: str, value: str, kinds: Sequence[str], base: str) -> UUID:
    """The UUID in a reference: Type/id, the whole address, or the id alone."""
    local = value.removeprefix(base + "/")
    kind, slash, target = local.rpartition("/")
    found = read_uuid(target)
    if (slash and kind not in kinds) or found is None:
        raise Malformed(name, f"a reference such as {kinds[0]}/<id> is expected", "value")
    return found


def plain_id(name: str, value: str, kind: str, base: str) -> str:
    """The id in a reference to a type whose ids are not UUIDs."""
    local = value.removeprefix(base + "/").removeprefix(kind + "/")
    if not FHIR_ID.fullmatch(local):
        raise Malformed(name, f"a reference such as {kind}/<id> is expected", "value")
    return local


def window(query: Query, name: str, zone: ZoneInfo) -> Window:
    """What the dates of a parameter leave when all must hold; a date without a time is a day in this zone."""
    since: datetime | None = None
    until: datetime | None = None
    for text in query.values.get(name, []):
        each = _window(name, text, zone)
        since = max(filter(None, (since, each.since)), default=None)
        until = min(filter(None, (until, each.until)), default=None)
    return Window(since, until)


def needs_zone(text: str) -> bool:
    """Whether only a zone says which moment a date parameter means."""
    return not re.search(r"[0-9](Z|[ +-][0-9]{2}:[0-9]{2})$", text)


def cursor(*parts: str) -> str:
    """Where a page ended, in letters nobody needs to understand."""
    return base64.urlsafe_b64encode("|".join(parts).encode()).decode().rstrip("=")


def read_cursor(text: str, parts: int) -> list[str]:
    """What a cursor of ours says."""
    try:
        said = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True).decode().split("|")
    except (binascii.Error, ValueError) as error:
        raise Malformed("_cursor", "is not one of ours", "value") from error
    if len(said) != parts:
        raise Malformed("_cursor", "is not one of ours", "value")
    return said


def _window(name: str, text: str, zone: ZoneInfo) -> Window:
    # In an address a plus sign is read as a space.
    match = _DATE.fullmatch(text.replace(" ", "+"))
    span = _span(match["when"], zone) if match else None
    if match is None or span is None:
        raise Malformed(name, "a date such as ge2026-11-24 is expected", "value")
    first, after = span
    match match["prefix"] or "eq":
        case "eq":
            return Window(first, after)
        case "ge":
            return Window(since=first)
        case "gt" | "sa":
            return Window(since=after)
        case "lt" | "eb":
            return Window(until=first)
        case "le":
            return Window(until=after)
    raise Malformed(name, "the prefixes eq, ge, gt, sa, le, lt and eb are known", "not-supported")


def _span(text: str, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """The first moment that a date or moment covers and the first after it."""
    days = _days(text)
    if days is not None:
        return _midnight(days[0], zone), _midnight(days[1], zone)
    minutes = _MINUTES.fullmatch(text)
    if minutes:
        moment = read_instant(f"{minutes[1]}:00{minutes[2] or 'Z'}")
        if moment is not None and minutes[2] is None:
            moment = moment.replace(tzinfo=zone).astimezone(UTC)
        return (moment, moment + timedelta(minutes=1)) if moment else None
    moment = read_instant(text)
    step = timedelta(microseconds=1) if "." in text else timedelta(seconds=1)
    return (moment, moment + step) if moment else None


def _days(text: str) -> tuple[date, date] | None:
    """The first day of a year, a month or a day, and the first after it."""
    first = read_day(text + "0000-01-01"[len(text) :]) if len(text) in (4, 7, 10) else None
    if first is None:
        return None
    if len(text) == 10:
        return first, first + timedelta(days=1)
    months = 12 if len(text) == 4 else 1
    year, month = divmod(first.month - 1 + months, 12)
    return first, date(first.year + year, month + 1, 1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _count(query: Query) -> int:
    text = query.one("_count")
    if text is None:
        return PAGE
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise Malformed("_count", "a number is expected", "value")
    return min(int(text), LARGEST_PAGE)


def _summary(query: Query, strict: bool) -> bool:
    summary = query.one("_summary")
    if summary not in (None, "count", "false") and strict:
        raise Malformed("_summary", "count and false are known", "not-supported")
    return summary == "count" or query.one("_count") == "0"
