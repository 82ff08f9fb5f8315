"""What can be measured at the table: units, limits beyond which a number is a mistake, and honest gaps."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple, get_args

Reason = Literal["not_measured", "failed", "refused"]
TypedBy = Literal["patient", "clerk"]
REASONS: tuple[str, ...] = get_args(Reason)


class Vital(NamedTuple):
    """One kind of measurement. ``low`` and ``high`` are physical limits, not judgements about health."""

    code: str
    name: str
    unit: str
    ucum: str
    loinc: str
    low: Decimal
    high: Decimal
    decimals: int


def _vital(code: str, name: str, units: tuple[str, str], loinc: str, limits: tuple[str, str, int]) -> Vital:
    low, high, decimals = limits
    return Vital(code, name, units[0], units[1], loinc, Decimal(low), Decimal(high), decimals)


VITALS: Mapping[str, Vital] = {
    vital.code: vital
    for vital in (
        _vital("systolic", "Upper blood pressure", ("mmHg", "mm[Hg]"), "8480-6", ("40", "300", 0)),
        _vital("diastolic", "Lower blood pressure", ("mmHg", "mm[Hg]"), "8462-4", ("20", "200", 0)),
        _vital("pulse", "Pulse", ("beats a minute", "/min"), "8867-4", ("20", "300", 0)),
        _vital("oxygen", "Oxygen in the blood", ("%", "%"), "2708-6", ("50", "100", 0)),
        _vital("temperature", "Temperature", ("°C", "Cel"), "8310-5", ("28", "44", 1)),
        _vital("weight", "Weight", ("kg", "kg"), "29463-7", ("1", "400", 1)),
    )
}


def parse_decimal(typed: str) -> Decimal | None:
    """Read a number as people type it, with a point or a comma; None when it is not a plain number."""
    match = re.fullmatch(r"\s*([0-9]{1,6})(?:[.,]([0-9]{1,6}))?\s*", typed, re.ASCII)
    if match is None:
        return None
    whole, part = match.groups()
    return Decimal(f"{whole}.{part}") if part else Decimal(whole)


def value_problem(vital: Vital, value: Decimal) -> str | None:
    """Say why a number cannot be a reading of this kind, or None."""
    if not value.is_finite():
        return "not_a_number"
    if value < vital.low:
        return "too_low"
    if value > vital.high:
        return "too_high"
    exponent = value.normalize().as_tuple().exponent
    return "too_many_decimals" if isinstance(exponent, int) and -exponent > vital.decimals else None


class ImpossibleMeasurementError(ValueError):
    """A measurement that cannot exist: out of limits, or both a number and a reason, or neither."""


class Measurement(NamedTuple):
    """One reading with its source, or the reason why there is none; a reason is never a number."""

    code: str
    value: Decimal | None
    reason: Reason | None
    typed_by: TypedBy
    taken_at: datetime


def measured(
    code: str, value: Decimal | None, reason: Reason | None, typed_by: TypedBy, taken_at: datetime
) -> Measurement:
    """Return a reading that is new today; one that cannot exist raises."""
    if code not in VITALS or (value is None) == (reason is None):
        raise ImpossibleMeasurementError(code)
    if value is not None and value_problem(VITALS[code], value) is not None:
        raise ImpossibleMeasurementError(code)
    if taken_at.tzinfo is None:
        raise ImpossibleMeasurementError(f"{code}: a time without zone")
    return Measurement(code, value, reason, typed_by, taken_at)


def check_pressure(measurements: Mapping[str, Measurement]) -> None:
    """Refuse a blood pressure of which one half is missing or the upper is not above the lower."""
    pair = (measurements.get("systolic"), measurements.get("diastolic"))
    systolic, diastolic = (reading.value if reading else None for reading in pair)
    if (systolic is None) != (diastolic is None):
        raise ImpossibleMeasurementError("half a blood pressure")
    if systolic is not None and diastolic is not None and systolic <= diastolic:
        raise ImpossibleMeasurementError("systolic not above diastolic")
