"""Readings as devices send them: in the unit they were sent in, with the device's own clock and doubts."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from telemed.intake.medical_float import Value


@dataclass(frozen=True)
class BloodPressure:
    """One reading of a cuff (0x2A35), pressures in `unit` (UCUM), pulse in beats a minute."""

    systolic: Value
    diastolic: Value
    mean: Value
    unit: Literal["mm[Hg]", "kPa"]
    pulse: Value | None
    device_time: datetime | None
    user: int | None
    flags: frozenset[str]


@dataclass(frozen=True)
class Oximetry:
    """One spot check of an oximeter (0x2A5E): per cent, and beats a minute."""

    oxygen: Value
    pulse: Value
    amplitude_index: Value | None
    device_time: datetime | None
    flags: frozenset[str]


@dataclass(frozen=True)
class Temperature:
    """One reading of a thermometer (0x2A1C) in `unit` (UCUM), and where on the body it was taken."""

    value: Value
    unit: Literal["Cel", "[degF]"]
    place: str | None
    device_time: datetime | None
    flags: frozenset[str]


@dataclass(frozen=True)
class Glucose:
    """One record of a glucose meter (0x2A18) in `unit` (UCUM); None: the record holds no concentration.

    Beyond what the meter can measure there is no number: the flags say above-range or below-range.
    """

    sequence: int
    value: Value | None
    unit: Literal["mmol/L", "mg/dL"] | None
    sample: str | None
    location: str | None
    device_time: datetime | None
    flags: frozenset[str]


@dataclass(frozen=True)
class Weight:
    """One reading of a scale (0x2A9D) in `unit` (UCUM); body mass index and height as the scale has them."""

    value: Decimal
    unit: Literal["kg", "[lb_av]"]
    bmi: Decimal | None
    height: Decimal | None
    height_unit: Literal["m", "[in_i]"] | None
    device_time: datetime | None
    user: int | None
    flags: frozenset[str]


@dataclass(frozen=True)
class HeartRate:
    """One notification of a heart rate sensor (0x2A37): beats a minute, and seconds between beats."""

    value: Decimal
    intervals: tuple[Decimal, ...]
    flags: frozenset[str]
