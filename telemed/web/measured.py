"""Measurements as lines of a page: a value with its unit and source, or the reason why there is none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from babel.numbers import format_decimal

from telemed.intake.vitals import VITALS, Measurement
from telemed.texts import locale_of

PRESSURE = ("systolic", "diastolic")

REASONS = {
    "not_measured": "not measured",
    "failed": "could not be measured",
    "refused": "the patient did not want it measured",
}
SOURCES = {"patient": "typed by the patient", "clerk": "typed by the clerk"}


@dataclass(frozen=True)
class Line:
    """One line; texts are message ids, except the value. Either `value` or `reason` is there, never both."""

    name: str
    value: str | None
    unit: str
    reason: str | None
    source: str | None
    taken_at: datetime | None


def lines(measurements: Iterable[Measurement], language: str) -> list[Line]:
    """One line for each kind of measurement, also for those that nobody tried, and for kinds of old."""
    taken = {measurement.code: measurement for measurement in measurements}
    upper, lower = (taken.get(code) for code in PRESSURE)
    found = [_pressure(upper, lower, language)]
    codes = dict.fromkeys((*VITALS, *taken))
    return found + [_line(code, taken.get(code), language) for code in codes if code not in PRESSURE]


def _pressure(upper: Measurement | None, lower: Measurement | None, language: str) -> Line:
    # Two numbers of one reading stand together, as they are written everywhere.
    line = _line(PRESSURE[0], upper, language)
    value = line.value
    if upper is not None and lower is not None and upper.value is not None and lower.value is not None:
        value = f"{_number(upper.value, language)}/{_number(lower.value, language)}"
    return Line("Blood pressure", value, line.unit, line.reason, line.source, line.taken_at)


def _line(code: str, taken: Measurement | None, language: str) -> Line:
    vital = VITALS.get(code)
    name, unit = (vital.name, vital.unit) if vital else (code, "")
    if taken is None:
        return Line(name, None, unit, REASONS["not_measured"], None, None)
    source = SOURCES.get(taken.typed_by)
    if taken.value is None:
        reason = REASONS.get(taken.reason or "not_measured", REASONS["not_measured"])
        return Line(name, None, unit, reason, source, taken.taken_at)
    return Line(name, _number(taken.value, language), unit, None, source, taken.taken_at)


def _number(value: Decimal, language: str) -> str:
    return format_decimal(value, locale=locale_of(language), decimal_quantization=False)
