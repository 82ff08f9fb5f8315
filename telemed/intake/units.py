"""From the unit a value came in to the unit it is kept in (UCUM): exact factors, rounded once."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

from telemed.intake.vitals import VITALS, ImpossibleMeasurementError, Measurement

_GLUCOSE_MOLAR_MASS = Decimal("180.156")
# To kept unit: value * factor + shift. Sources: BIPM SI brochure; the yard and pound agreement of 1959.
_LINEAR: Mapping[tuple[str, str], tuple[Decimal, Decimal]] = {
    ("kPa", "mm[Hg]"): (1 / Decimal("0.133322387415"), Decimal(0)),
    ("[degF]", "Cel"): (Decimal(5) / 9, Decimal(-160) / 9),
    ("[lb_av]", "kg"): (Decimal("0.45359237"), Decimal(0)),
    ("[in_i]", "cm"): (Decimal("2.54"), Decimal(0)),
    ("m", "cm"): (Decimal(100), Decimal(0)),
    ("mg/dL", "mmol/L"): (10 / _GLUCOSE_MOLAR_MASS, Decimal(0)),
}


def factors(unit: str, kept: str) -> tuple[Decimal, Decimal]:
    """Return by what a value in another unit is multiplied, and what is added, to become the kept one."""
    if (unit, kept) not in _LINEAR:
        raise UnknownUnit(f"{unit} does not become {kept}")
    return _LINEAR[unit, kept]


class UnknownUnit(ValueError):
    """A value in a unit that cannot become the one it is kept in."""


def convert(value: Decimal, unit: str, kept: str, decimals: int) -> Decimal:
    """Return a finite value in the kept unit; one that is in it already keeps every digit it came with.

    Raises UnknownUnit where no conversion is known, and ValueError for what is no finite number.
    """
    if not value.is_finite():
        raise ValueError("not a finite number")
    if unit == kept:
        return value
    factor, shift = factors(unit, kept)
    return (value * factor + shift).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)


def check_entered(reading: Measurement) -> Measurement:
    """Return a reading typed in another unit than the kept one; raises when it is not what was typed."""
    if reading.source == "device" or not (reading.entered or reading.entered_unit):
        return reading
    vital = VITALS.get(reading.code)
    try:
        if vital is None or reading.value is None or reading.entered_unit == vital.ucum:
            raise UnknownUnit(reading.entered_unit)
        kept = convert(Decimal(reading.entered), reading.entered_unit, vital.ucum, vital.decimals)
    except (ArithmeticError, UnknownUnit) as wrong:
        raise ImpossibleMeasurementError(f"{reading.code}: no unit that is typed") from wrong
    if kept != reading.value:
        raise ImpossibleMeasurementError(f"{reading.code}: not what was typed")
    return reading
