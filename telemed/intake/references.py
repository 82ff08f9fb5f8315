"""Between which ends values of adults usually lie: drawn behind a trend for orientation, no judgement."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple


class Reference(NamedTuple):
    """Both ends of the usual, and where they come from."""

    low: Decimal
    high: Decimal
    source: str


ADULT_FROM = 18
_NEWS2 = "NEWS2, RCP 2017: 0 points"
_ESH = "ESH 2023: below grade 1"


def _reference(low: str, high: str, source: str) -> Reference:
    return Reference(Decimal(low), Decimal(high), source)


ADULTS: Mapping[str, Reference] = {
    "systolic": _reference("90", "139", _ESH),
    "diastolic": _reference("60", "89", _ESH),
    "pulse": _reference("51", "90", _NEWS2),
    "oxygen": _reference("96", "100", _NEWS2),
    "breathing": _reference("12", "20", _NEWS2),
    "temperature": _reference("36.1", "38.0", _NEWS2),
    "glucose": _reference("3.9", "7.7", "WHO/IDF 2006: below impaired tolerance"),
}
"""No child has a reference here; weight, height and pain have none either."""
