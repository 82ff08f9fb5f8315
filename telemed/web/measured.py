"""Measurements as lines of a page: what counts, every reading with its source, or the reason why not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from telemed.intake.devices import MeasuringDevice
from telemed.intake.vitals import CODED, PRESSURE, VITALS, Measurement, Result, off_scale
from telemed.visits.measured import Measured
from telemed.web.alarm_words import number
from telemed.web.device_words import FLAG_WORDS

REASONS = {
    "not_measured": "not measured",
    "failed": "could not be measured",
    "refused": "the patient did not want it measured",
}
FLAGS: Mapping[str, str] = {
    **FLAG_WORDS,
    "not_rested": "measured without the rest before it",
    "short_pause": "measured again without a pause",
    "clock_doubtful": "the kiosk’s clock was doubtful",
}
DETAILS = {
    "fasting": "fasting",
    "random": "not fasting",
    "armpit": "in the armpit",
    "ear": "in the ear",
    "eardrum": "in the ear",
    "mouth": "in the mouth",
    "forehead": "on the forehead",
    "rectum": "in the rectum",
    "finger": "on the finger",
}
UNITS = {"[degF]": "°F", "[lb_av]": "lb", "mg/dL": "mg/dl"}
"""How people write what is sent in another unit than the kept one; other units write themselves."""
# A clock a little off is every clock.
_SAME_TIME = timedelta(minutes=5)
_BOTH = "Blood pressure"

Way = Literal["device", "person"]
Parts = tuple[tuple[Measurement, ...], ...]


@dataclass(frozen=True)
class Source:
    """Who or what a reading comes from: a device or a person, a message id, its name, a device's calibration.

    ``helper`` is who held the device for the patient, as far as somebody did.
    """

    way: Way
    text: str
    name: str = ""
    calibrated_to: date | None = None
    helper: str = ""


@dataclass(frozen=True)
class Reading:
    """One reading: its number or its reason, and how it came about; texts are message ids, except numbers."""

    value: str | None
    reason: str | None
    at: datetime
    source: Source
    flags: tuple[str, ...]
    detail: str | None
    entered: str
    # The device's own clock, where it says another time.
    device_clock: datetime | None
    # A doctor asked for it; the others were taken before.
    asked: bool


@dataclass(frozen=True)
class Line:
    """One kind of measurement: the number that counts, an answer in words, or a reason; never two of them."""

    code: str
    name: str
    value: str | None
    words: str | None
    unit: str
    reason: str | None
    # Of how many readings the number is the mean; 1 is no mean.
    mean_of: int
    # What was said of the reading that counts; a message id.
    detail: str | None
    readings: tuple[Reading, ...]
    flags: tuple[str, ...]
    beyond: bool


@dataclass(frozen=True)
class Table:
    """The lines of one visit, and the names of what nobody tried to measure."""

    lines: tuple[Line, ...]
    untried: tuple[str, ...]


def table(found: Measured, language: str, zone: ZoneInfo, beyond: Collection[str] = ()) -> Table:
    """The readings of a visit as lines; `beyond` are the kinds of its alarm."""
    counted = {each.code: each for each in found.results}
    write = _Writer(found.devices, found.helpers, language, zone, frozenset(beyond))
    order = dict.fromkeys((*PRESSURE, *VITALS, *CODED, *counted))
    pressure = tuple(counted[code] for code in PRESSURE if code in counted)
    lines = [write.pressure(pressure, found.taken(*PRESSURE))] if pressure else []
    lines += [
        write.line(counted[code], found.taken(code))
        for code in order
        if code in counted and code not in PRESSURE
    ]
    untried = [_name(code) for code in order if code not in counted and code not in PRESSURE]
    return Table(tuple(lines), tuple(untried if pressure else (_BOTH, *untried)))


@dataclass(frozen=True)
class _Writer:
    devices: Mapping[UUID, MeasuringDevice]
    helpers: Mapping[UUID, str]
    language: str
    zone: ZoneInfo
    beyond: frozenset[str]

    def line(self, result: Result, parts: Parts) -> Line:
        """One kind by itself."""
        value = None if result.value is None else number(result.value, self.language)
        readings = [
            self._reading(each, self._said(each), asked=place > 0)
            for place, part in enumerate(parts)
            for each in part
        ]
        return self._line((result,), value, readings)

    def pressure(self, results: tuple[Result, ...], parts: Parts) -> Line:
        """Two numbers of one reading stand together, as they are written everywhere."""
        pairs: dict[tuple[int, int], dict[str, Measurement]] = {}
        for place, part in enumerate(parts):
            for each in part:
                pairs.setdefault((place, each.number), {})[each.code] = each
        readings = [
            self._reading(next(iter(pair.values())), self._both(pair), asked=place > 0)
            for (place, _), pair in sorted(pairs.items())
        ]
        values = [each.value for each in results if each.value is not None]
        value = "/".join(number(each, self.language) for each in values) if len(values) > 1 else None
        return self._line(results, value, readings)

    def _line(self, results: tuple[Result, ...], value: str | None, readings: list[Reading]) -> Line:
        first = results[0]
        vital = VITALS.get(first.code)
        words = CODED[first.code].answers.get(first.coded, first.coded) if first.coded else None
        reason = None if value is not None or words else _why_not(first)
        return Line(
            code=first.code,
            name=_BOTH if first.code in PRESSURE else _name(first.code),
            value=value,
            words=words,
            unit=vital.unit if vital else "",
            reason=reason,
            mean_of=len(first.of) if first.code in PRESSURE and value is not None else 1,
            detail=DETAILS.get(first.of[-1].detail) if first.of and reason is None else None,
            readings=tuple(readings),
            flags=tuple(dict.fromkeys(flag for each in readings for flag in each.flags)),
            beyond=any(each.code in self.beyond for each in results),
        )

    def _said(self, each: Measurement) -> str | None:
        return None if each.value is None else number(each.value, self.language)

    def _both(self, pair: Mapping[str, Measurement]) -> str | None:
        said = [self._said(pair[code]) for code in PRESSURE if code in pair]
        return "/".join(each for each in said if each) if len(said) > 1 and all(said) else None

    def _reading(self, each: Measurement, value: str | None, *, asked: bool) -> Reading:
        clock = each.device_time
        here = each.taken_at.astimezone(self.zone).replace(tzinfo=None)
        differs = clock is not None and abs(clock - here) > _SAME_TIME
        return Reading(
            value=value,
            reason=None if value or each.coded else REASONS.get(each.reason or "", REASONS["not_measured"]),
            at=each.taken_at,
            source=self._source(each),
            flags=tuple(FLAGS.get(flag, flag) for flag in each.flags),
            detail=DETAILS.get(each.detail),
            entered=f"{each.entered} {UNITS.get(each.entered_unit, each.entered_unit)}"
            if _is_other(each)
            else "",
            device_clock=clock if differs else None,
            asked=asked,
        )

    def _source(self, each: Measurement) -> Source:
        device = self.devices.get(each.device_id) if each.device_id else None
        helper = self.helpers.get(each.assisted_by, "") if each.assisted_by else ""
        if each.source == "device":
            if device is None:
                return Source("device", "a device that is not in the list of this table", helper=helper)
            named = f"{device.name} {device.serial}".strip()
            return Source("device", "{name}", named, device.calibrate_by, helper)
        if each.source == "counted":
            by = "counted for a minute by {name}" if helper else "counted for a minute"
            return Source("person", by, helper)
        by_clerk = helper or each.typed_by == "clerk"
        if each.source == "observed" and by_clerk:
            return Source("person", "seen by {name}" if helper else "seen by the clerk", helper)
        if by_clerk:
            return Source("person", "typed by {name}" if helper else "typed by the clerk", helper)
        if each.source == "observed" or each.code == "pain":
            return Source("person", "said by the patient")
        return Source("person", "typed twice by the patient")


def _why_not(result: Result) -> str:
    if result.of and "used_before" in result.of[-1].flags:
        return FLAGS["used_before"]
    said = off_scale(result.of[-1]) if result.of else ""
    return FLAGS[said] if said else REASONS.get(result.reason or "", REASONS["failed"])


def _is_other(each: Measurement) -> bool:
    vital = VITALS.get(each.code)
    return bool(each.entered) and vital is not None and each.entered_unit not in ("", vital.ucum)


def _name(code: str) -> str:
    known = VITALS.get(code) or CODED.get(code)
    return known.name if known else code
