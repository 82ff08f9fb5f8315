"""Alert limits: beyond which values a clinician must look at once, whatever is switched off."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from telemed.intake.vitals import VITALS, Measurement, value_problem


class Limit(NamedTuple):
    """The ends of what may wait: at or below `low`, at or above `high` is beyond. None: no such end."""

    code: str
    low: Decimal | None
    high: Decimal | None


class Beyond(NamedTuple):
    """A value that must be looked at, and the limit it has reached or passed."""

    code: str
    value: Decimal
    limit: Limit

    @property
    def too_low(self) -> bool:
        """Whether it is the lower end that was reached."""
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
# 110 mmHg for a severely raised pressure (ESH 2023, ESC 2024); none for weight. No clinician has
# judged them for any facility: until one signs a table they hold, and every page says so.
PROPOSAL: Limits = {
    limit.code: limit
    for limit in (
        _limit("systolic", "90", "180"),
        _limit("diastolic", None, "110"),
        _limit("pulse", "40", "131"),
        _limit("oxygen", "91", None),
        _limit("temperature", "35.0", "39.1"),
        _limit("weight", None, None),
    )
}


def last_values(measurements: Iterable[Measurement]) -> dict[str, Decimal]:
    """The last number of each kind; a reason takes the place of no number, neither before nor after it."""
    return {each.code: each.value for each in measurements if each.value is not None}


def beyond(measurements: Iterable[Measurement], limits: Limits) -> tuple[Beyond, ...]:
    """Which kinds are beyond their limit by their last number, in the order in which they were taken."""
    found = (
        Beyond(code, value, limits[code])
        for code, value in last_values(measurements).items()
        if code in limits
    )
    return tuple(each for each in found if _reached(each))


def _reached(each: Beyond) -> bool:
    low, high = each.limit.low, each.limit.high
    return (low is not None and each.value <= low) or (high is not None and each.value >= high)


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
