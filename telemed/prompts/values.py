"""Measured values as people say them: "сто и двадесет на осемдесет", "деветдесет и седем процента"."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from babel import Locale

from telemed.prompts.numerals import NotSpoken, pieces
from telemed.prompts.prompt import voice_of
from telemed.prompts.value_words import WORDS, Words

# A reading behind which nothing follows: the halves of a blood pressure.
PRESSURE = ("systolic", "diastolic")
_EASY = ("temperature",)
# What the table of whole numbers reaches to; weights end here.
_LARGEST = 400
_VALUE = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]))?")


def say_value(language: str, code: str, value: str | Decimal) -> tuple[str, ...]:
    """Return what is said for a reading, in pieces; of a blood pressure, "120/80", both halves.

    What the words do not reach raises NotSpoken: silence is better than a wrong number.
    """
    voice = voice_of(language)
    if code == "pressure":
        upper, _, lower = str(value).partition("/")
        return (*say_value(voice, "systolic", upper), *say_value(voice, "diastolic", lower))
    match = _VALUE.fullmatch(str(value))
    if match is None:
        raise NotSpoken(f"{value} ({code}) in {language}")
    whole, tenth = int(match[1]), int(match[2] or 0)
    words = WORDS[voice]
    said = (_before(words, code), *_number(voice, code, whole, tenth), _unit(voice, code, whole, tenth))
    return tuple(piece for piece in said if piece)


def every_piece(language: str) -> set[str]:
    """Return every piece that a reading can need."""
    words = WORDS[language]
    numbers = {piece for number in range(_LARGEST + 1) for piece in pieces(language, number)}
    units = {unit for counted in words.units.values() for unit in counted.values()}
    around = {words.upper, words.lower, *words.before.values()}
    return {piece for piece in numbers | units | around | {*words.tenths, *words.easy} if piece}


def table(language: str) -> dict[str, Any]:
    """Return the same rules as tables of pieces, from which a browser says a value without asking for it."""
    voice = voice_of(language)
    words = WORDS[voice]
    return {
        "whole": [pieces(voice, number) for number in range(_LARGEST + 1)],
        "tenths": words.tenths,
        "easy": words.easy or words.tenths,
        "easyFor": _EASY,
        "before": {**words.before, "systolic": words.upper, "diastolic": words.lower},
        "units": words.units,
    }


def _before(words: Words, code: str) -> str:
    halves = dict(zip(PRESSURE, (words.upper, words.lower), strict=True))
    return halves.get(code) or words.before.get(code, "")


def _number(voice: str, code: str, whole: int, tenth: int) -> Iterator[str]:
    if whole > _LARGEST:
        raise NotSpoken(f"{whole} in {voice}")
    yield from pieces(voice, whole)
    words = WORDS[voice]
    if tenth:
        easy = code in _EASY and words.easy and (whole % 10 or whole < 10)
        yield (words.easy if easy else words.tenths)[tenth - 1]


def _unit(voice: str, code: str, whole: int, tenth: int) -> str:
    counted = WORDS[voice].units.get(code, {})
    if tenth and "part" in counted:
        return counted["part"]
    number = Decimal(f"{whole}.{tenth}") if tenth else whole
    return counted.get(Locale(voice).plural_form(number), counted.get("other", ""))
