"""Values beyond a limit as lines of a page, and limits as the two ends that people read and write."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal

from telemed.intake.limits import Beyond, Limit
from telemed.intake.vitals import ABOVE_RANGE, BELOW_RANGE, CODED, VITALS
from telemed.texts import locale_of


@dataclass(frozen=True)
class BeyondLine:
    """One value beyond its limit; name, unit and what was said for want of a number are message ids."""

    name: str
    value: str
    unit: str
    limit: str
    said: str = ""


SAID = {BELOW_RANGE: "LO: below what the device can show", ABOVE_RANGE: "HI: above what the device can show"}
"""What a device shows instead of a number."""
_WORDS = {**SAID, **{value: words for coded in CODED.values() for value, words in coded.answers.items()}}


def beyond_lines(values: Iterable[Beyond], language: str) -> list[BeyondLine]:
    """The values that raised an alarm, each with the end it has reached."""
    return [_line(each, language) for each in values]


def _line(each: Beyond, language: str) -> BeyondLine:
    vital, coded = VITALS.get(each.code), CODED.get(each.code)
    kind = vital or coded
    name = kind.name if kind else each.code
    if each.value is None:
        limit = "" if coded else number(each.end, language)
        return BeyondLine(
            name, "", vital.unit if vital and not coded else "", limit, _WORDS.get(each.said, each.said)
        )
    return BeyondLine(
        name, number(each.value, language), vital.unit if vital else "", number(each.end, language)
    )


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
