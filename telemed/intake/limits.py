"""Alert limits: beyond which values a clinician must look at once, whatever is switched off."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from telemed.intake.vitals import (
    ABOVE_RANGE,
    BELOW_RANGE,
    CODED,
    VITALS,
    Measurement,
    Result,
    off_scale,
    results,
    value_problem,
)


class Limit(NamedTuple):
    """The ends of what may wait: at or below `low`, at or above `high` is beyond. None: no such end."""

    code: str
    low: Decimal | None
    high: Decimal | None


class Beyond(NamedTuple):
    """A value that must be looked at, and the limit it has reached or passed.

    ``said`` stands where there is no number: a flag of a meter off its scale, or a coded answer.
    """

    code: str
    value: Decimal | None
    limit: Limit
    said: str = ""

    @property
    def too_low(self) -> bool:
        """Whether it is the lower end that was reached."""
        if self.value is None:
            return self.said == BELOW_RANGE
        return self.limit.low is not None and self.value <= self.limit.low

    @property
    def end(self) -> Decimal:
        """The end that was reached."""
        reached = self.limit.low if self.too_low else self.limit.high
        assert reached is not None
        return reached


Limits = Mapping[str, Limit]


def _limit(code: str, low: str | None, high: str | None) -> Limit:
    return Limit(code, None if low is None else Decimal(low), None if high is None else Decimal(high))


# The outermost bands of NEWS2 (RCP 2017: pulse, oxygen scale 1, systolic below, temperature), with 180 and
# 110 mmHg for a severely raised pressure (ESH 2023, ESC 2024); glucose below 3.0 (ADA level 2) or from 20.
# None for weight, height and pain. No clinician has
# judged them for any facility: until one signs a table they hold, and every page says so.
PROPOSAL: Limits = {
    limit.code: limit
    for limit in (
        _limit("systolic", "90", "180"),
        _limit("diastolic", None, "110"),
        _limit("pulse", "40", "131"),
        _limit("oxygen", "91", None),
        _limit("temperature", "35.0", "39.1"),
        _limit("breathing", "8", "25"),
        _limit("weight", None, None),
        _limit("height", None, None),
        _limit("glucose", "2.9", "20"),
        _limit("pain", None, None),
    )
}


# Whoever is not awake and clear is looked at: no facility moves that (NEWS2 gives any other answer 3).
_NOT_USUAL = Decimal(1)


def beyond(measurements: Iterable[Measurement], limits: Limits) -> tuple[Beyond, ...]:
    """Which kinds are beyond their limit by what counts of them, in the order in which they were taken."""
    found = (_beyond(result, limits) for result in results(measurements))
    return tuple(each for each in found if each is not None)


def _beyond(result: Result, limits: Limits) -> Beyond | None:
    if result.coded:
        limit = Limit(result.code, None, _NOT_USUAL)
        usual = next(iter(CODED[result.code].answers))
        return None if result.coded == usual else Beyond(result.code, None, limit, result.coded)
    if (held := limits.get(result.code)) is None:
        return None
    if result.value is not None:
        return Beyond(result.code, result.value, held) if reached(held, result.value) else None
    said = off_scale(result.of[-1])
    end = {BELOW_RANGE: held.low, ABOVE_RANGE: held.high}.get(said)
    return None if end is None else Beyond(result.code, None, held, said)


def reached(limit: Limit, value: Decimal) -> bool:
    """Whether a number has reached or passed one of the ends."""
    return (limit.low is not None and value <= limit.low) or (limit.high is not None and value >= limit.high)


def tightest(tables: Iterable[Limits]) -> Limits:
    """The narrowest ends of all these tables: a kiosk measures again what any facility would look at."""
    found: dict[str, Limit] = {}
    for each in (limit for table in tables for limit in table.values()):
        held = found.get(each.code, Limit(each.code, None, None))
        lows = [end for end in (held.low, each.low) if end is not None]
        highs = [end for end in (held.high, each.high) if end is not None]
        found[each.code] = Limit(each.code, max(lows, default=None), min(highs, default=None))
    return found


def limit_problem(limit: Limit) -> str | None:
    """Say why nobody can sign this limit, or None: no device can show it, or nothing is left between."""
    vital = VITALS.get(limit.code)
    if vital is None:
        return "unknown"
    for end in (limit.low, limit.high):
        if end is not None and (problem := value_problem(vital, end)) is not None:
            return problem
    if limit.low is not None and limit.high is not None and limit.low >= limit.high:
        return "crossed"
    return None


def lacking(limits: Limits) -> tuple[str, ...]:
    """Kinds that the proposal watches and these limits do not: none is left out by accident."""
    return tuple(code for code, each in PROPOSAL.items() if _ends(each) and not _ends(limits.get(code)))


def _ends(limit: Limit | None) -> bool:
    return limit is not None and (limit.low is not None or limit.high is not None)
