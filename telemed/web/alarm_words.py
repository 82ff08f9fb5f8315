"""Values beyond a limit as lines of a page, and limits as the two ends that people read and write."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal

from telemed.intake.limits import Beyond, Limit
from telemed.intake.vitals import VITALS
from telemed.texts import locale_of


@dataclass(frozen=True)
class BeyondLine:
    """One value beyond its limit; name and unit are message ids."""

    name: str
    value: str
    unit: str
    limit: str


def beyond_lines(values: Iterable[Beyond], language: str) -> list[BeyondLine]:
    """The values that raised an alarm, each with the end it has reached."""
    return [
        BeyondLine(
            name=VITALS[each.code].name if each.code in VITALS else each.code,
            value=number(each.value, language),
            unit=VITALS[each.code].unit if each.code in VITALS else "",
            limit=number(each.end, language),
        )
        for each in values
    ]


def ends(limit: Limit | None, language: str) -> tuple[str, str]:
    """Both ends of a limit in the reader's digits; an end that is not there is empty."""
    if limit is None:
        return "", ""
    low, high = limit.low, limit.high
    return (
        "" if low is None else number(low, language),
        "" if high is None else number(high, language),
    )


def number(value: Decimal, language: str) -> str:
    """A number in the reader's digits."""
    return format_decimal(value, locale=locale_of(language), decimal_quantization=False)
