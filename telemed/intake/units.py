"""From the unit a value came in to the unit it is kept in (UCUM): exact factors, rounded once."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

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
    if (unit, kept) not in _LINEAR:
        raise UnknownUnit(f"{unit} does not become {kept}")
    factor, shift = _LINEAR[unit, kept]
    return (value * factor + shift).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
