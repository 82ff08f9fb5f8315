"""What can be measured at the table: units, limits beyond which a number is a mistake, and honest gaps."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple, get_args
from uuid import UUID

Reason = Literal["not_measured", "failed", "refused"]
TypedBy = Literal["patient", "clerk"]
Source = Literal["typed", "device", "counted", "observed"]
REASONS: tuple[str, ...] = get_args(Reason)
PRESSURE = ("systolic", "diastolic")
BELOW_RANGE, ABOVE_RANGE = "below-range", "above-range"
"""Flags of a device that shows LO or HI: an answer, never a number."""

SAID_BY_KIOSK = frozenset({"not_rested", "short_pause"})
"""Flags of how somebody measured, which only the kiosk knows."""
DECIDED = frozenset({"seen_before", "used_before", "calibration_overdue", "strips_expired", "clock_wrong"})
"""Flags that the server gives when a reading is filed; a browser's word for them counts nothing."""


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


class Coded(NamedTuple):
    """Something that is seen and no number; ``answers`` go from the usual to the gravest."""

    code: str
    name: str
    loinc: str
    answers: Mapping[str, str]


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
        _vital("breathing", "Breathing", ("breaths a minute", "/min"), "9279-1", ("3", "80", 0)),
        _vital("weight", "Weight", ("kg", "kg"), "29463-7", ("1", "400", 1)),
        _vital("height", "Height", ("cm", "cm"), "8302-2", ("30", "250", 0)),
        _vital("glucose", "Blood sugar", ("mmol/l", "mmol/L"), "14743-9", ("0.6", "40", 1)),
        _vital("pain", "Pain from 0 to 10", ("of 10", "{score}"), "72514-3", ("0", "10", 0)),
    )
}

CODED: Mapping[str, Coded] = {
    coded.code: coded
    for coded in (
        Coded(
            "consciousness",
            "Consciousness",
            "67775-7",
            {
                "alert": "Awake and clear",
                "confused": "Newly confused",
                "voice": "Answers only when spoken to",
                "pain": "Answers only to pain",
                "unresponsive": "Does not answer at all",
            },
        ),
    )
}

MEALS = ("fasting", "random")
"""What somebody says of the meal before a blood sugar; no device knows it."""


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
    """One reading with its source, or the reason why there is none; a reason is never a number.

    ``number`` counts the readings of one kind in one intake. ``entered`` is what was typed or sent in another
    unit than the kept one. ``raw`` are a device's bytes in hexadecimal digits and ``device_time`` its own
    clock, which has no zone. ``detail`` is the place on the body, the sample, or whether it was fasting.
    """

    code: str
    value: Decimal | None
    reason: Reason | None
    typed_by: TypedBy
    taken_at: datetime
    number: int = 1
    source: Source = "typed"
    coded: str = ""
    entered: str = ""
    entered_unit: str = ""
    device_id: UUID | None = None
    characteristic: str = ""
    raw: str = ""
    device_time: datetime | None = None
    flags: tuple[str, ...] = ()
    detail: str = ""
    assisted_by: UUID | None = None


class Result(NamedTuple):
    """What counts of all readings of one kind, and of which readings it was made."""

    code: str
    value: Decimal | None
    coded: str
    reason: Reason | None
    of: tuple[Measurement, ...]


def checked(reading: Measurement) -> Measurement:
    """Return a reading that is new today; one that cannot exist raises."""
    if not _fits(reading):
        raise ImpossibleMeasurementError(reading.code)
    if reading.taken_at.tzinfo is None:
        raise ImpossibleMeasurementError(f"{reading.code}: a time without zone")
    if reading.device_time is not None and reading.device_time.tzinfo is not None:
        raise ImpossibleMeasurementError(f"{reading.code}: a device's clock has no zone")
    return reading


def _fits(reading: Measurement) -> bool:
    coded, vital = CODED.get(reading.code), VITALS.get(reading.code)
    if coded is not None:
        known = reading.coded in ("", *coded.answers)
        return known and reading.value is None and (reading.coded == "") == (reading.reason is not None)
    if vital is None or reading.coded or (reading.value is None) == (reading.reason is None):
        return False
    return reading.value is None or value_problem(vital, reading.value) is None


def measured(
    code: str, value: Decimal | None, reason: Reason | None, typed_by: TypedBy, taken_at: datetime
) -> Measurement:
    """Return a plain typed reading that is new today; one that cannot exist raises."""
    return checked(Measurement(code, value, reason, typed_by, taken_at))


def check_pressure(measurements: Iterable[Measurement]) -> None:
    """Refuse a blood pressure of which one half is missing or the upper is not above the lower."""
    halves: dict[int, dict[str, Decimal]] = {}
    for each in measurements:
        if each.code in PRESSURE and each.value is not None:
            halves.setdefault(each.number, {})[each.code] = each.value
    for pair in halves.values():
        if len(pair) == 1:
            raise ImpossibleMeasurementError("half a blood pressure")
        if pair["systolic"] <= pair["diastolic"]:
            raise ImpossibleMeasurementError("systolic not above diastolic")


def results(measurements: Iterable[Measurement]) -> tuple[Result, ...]:
    """What counts, one of each kind, in the order in which the kinds were first taken.

    Of pressures the mean of the last two, of everything else the last number; a reason takes the place of no
    number, wherever it stands.
    """
    kinds: dict[str, list[Measurement]] = {}
    for each in measurements:
        kinds.setdefault(each.code, []).append(each)
    return tuple(_result(code, sorted(taken, key=lambda each: each.number)) for code, taken in kinds.items())


def off_scale(reading: Measurement) -> str:
    """Return by which flag a device has said LO or HI instead of a number, or nothing."""
    said = next((flag for flag in reading.flags if flag in (BELOW_RANGE, ABOVE_RANGE)), "")
    return said if reading.value is None and reading.code not in PRESSURE else ""


def _result(code: str, taken: list[Measurement]) -> Result:
    told = [each for each in taken if each.value is not None or each.coded or off_scale(each)]
    of = (told or taken)[-2 if code in PRESSURE and told else -1 :]
    numbers = [each.value for each in of if each.value is not None]
    if not numbers and not of[-1].coded:
        return Result(code, None, "", of[-1].reason or "not_measured", tuple(of))
    return Result(code, _mean(code, numbers) if numbers else None, of[-1].coded, None, tuple(of))


def _mean(code: str, numbers: list[Decimal]) -> Decimal:
    if len(numbers) == 1:
        return numbers[0]
    places = Decimal(1).scaleb(-VITALS[code].decimals if code in VITALS else 0)
    # Half a unit goes up, so that what lies beyond an upper limit is not rounded to within it.
    return (sum(numbers, Decimal(0)) / len(numbers)).quantize(places, ROUND_HALF_UP)
