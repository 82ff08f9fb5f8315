"""What was measured before and now as a small drawing: points by time, gaps where nothing is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from telemed.intake.references import ADULTS, Reference
from telemed.intake.vitals import PRESSURE, VITALS
from telemed.visits.measured import Taken
from telemed.web.alarm_words import number
from telemed.web.measured import REASONS

WIDTH, HEIGHT = 320, 96
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 312, 14, 82
_ROUNDS = 12
"""More than the newest of them no small drawing shows."""


class Point(NamedTuple):
    """A number at its place in the drawing."""

    x: float
    y: float
    value: str


@dataclass(frozen=True)
class Series:
    """One line of a drawing: stretches of points without a gap between them."""

    stretches: tuple[tuple[Point, ...], ...]

    @property
    def last(self) -> Point:
        """The newest point."""
        return self.stretches[-1][-1]


@dataclass(frozen=True)
class Band:
    """Where values of adults usually lie, as far as it is within the drawing."""

    y: float
    height: float
    low: str
    high: str
    source: str


class Cell(NamedTuple):
    """One round in the table beside the drawing: the value, or the reason why there is none."""

    at: datetime
    value: str | None
    reason: str | None


@dataclass(frozen=True)
class Trend:
    """One kind of value over time, as drawing and as table; name and unit are message ids."""

    code: str
    name: str
    unit: str
    series: tuple[Series, ...]
    bands: tuple[Band, ...]
    gaps: tuple[float, ...]
    cells: tuple[Cell, ...]
    first: datetime
    last: datetime


def trends(rounds: Sequence[Taken], language: str, adult: bool) -> tuple[Trend, ...]:
    """A drawing for each kind of which there are two numbers or more; a child's has no band."""
    kinds: list[tuple[str, ...]] = [PRESSURE, *((code,) for code in VITALS if code not in PRESSURE)]
    drawn = (_trend(codes, rounds, language, adult) for codes in kinds)
    return tuple(each for each in drawn if each is not None)


def _trend(codes: tuple[str, ...], rounds: Sequence[Taken], language: str, adult: bool) -> Trend | None:
    asked = [each for each in rounds if codes[0] in each.results][-_ROUNDS:]
    known = [each for each in asked if each.results[codes[0]].value is not None]
    if len(known) < 2:
        return None
    bands = {code: ADULTS[code] for code in codes if adult and code in ADULTS}
    scale = _Scale.over(asked, codes, bands)
    vital = VITALS[codes[0]]
    return Trend(
        code=codes[0],
        name="Blood pressure" if codes == PRESSURE else vital.name,
        unit=vital.unit,
        series=tuple(_series(code, asked, scale, language) for code in codes),
        bands=tuple(_band(each, scale, language) for each in bands.values()),
        gaps=tuple(scale.x(each.at) for each in asked if each not in known),
        cells=tuple(_cell(each, codes, language) for each in reversed(asked)),
        first=asked[0].at,
        last=asked[-1].at,
    )


@dataclass(frozen=True)
class _Scale:
    starts: datetime
    seconds: float
    low: Decimal
    high: Decimal

    @classmethod
    def over(cls, asked: Sequence[Taken], codes: tuple[str, ...], bands: Mapping[str, Reference]) -> "_Scale":
        found = (each.results[code].value for each in asked for code in codes if code in each.results)
        values = [each for each in found if each is not None]
        ends = [*values, *(end for band in bands.values() for end in (band.low, band.high))]
        room = max((max(ends) - min(ends)) / 10, Decimal(1))
        seconds = (asked[-1].at - asked[0].at).total_seconds()
        return cls(asked[0].at, seconds, min(ends) - room, max(ends) + room)

    def x(self, at: datetime) -> float:
        share = (at - self.starts).total_seconds() / self.seconds if self.seconds else 0.5
        return round(_LEFT + share * (_RIGHT - _LEFT), 1)

    def y(self, value: Decimal) -> float:
        share = float((value - self.low) / (self.high - self.low))
        return round(_BOTTOM - share * (_BOTTOM - _TOP), 1)


def _series(code: str, asked: Sequence[Taken], scale: _Scale, language: str) -> Series:
    stretches: list[list[Point]] = [[]]
    for each in asked:
        result = each.results.get(code)
        if result is None or result.value is None:
            # Nothing is known: the line ends here and begins anew.
            stretches.append([])
            continue
        stretches[-1].append(Point(scale.x(each.at), scale.y(result.value), number(result.value, language)))
    return Series(tuple(tuple(each) for each in stretches if each))


def _band(reference: Reference, scale: _Scale, language: str) -> Band:
    top, bottom = scale.y(reference.high), scale.y(reference.low)
    low, high = number(reference.low, language), number(reference.high, language)
    return Band(top, round(bottom - top, 1), low, high, reference.source)


def _cell(each: Taken, codes: tuple[str, ...], language: str) -> Cell:
    values = [each.results[code].value for code in codes if code in each.results]
    numbers = [number(value, language) for value in values if value is not None]
    if len(numbers) == len(codes):
        return Cell(each.at, "/".join(numbers), None)
    return Cell(each.at, None, REASONS.get(each.results[codes[0]].reason or "", REASONS["failed"]))
