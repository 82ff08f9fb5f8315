"""Which prompts a voice call is made of, and the whole list of prompts that a build must have."""

from datetime import datetime
from typing import Literal

from telemed.prompts import clock_words, day_words, numerals
from telemed.prompts.prompt import Clip, Prompt
from telemed.prompts.sentences import CALLS

News = Literal["reminder", "moved", "cancelled", "offer"]
Reply = Literal[
    "hello",
    "come_now",
    "choose",
    "confirmed",
    "freed",
    "stopped",
    "person",
    "again",
    "goodbye",
    "late",
    "call",
    "counter",
]


def about(language: str, news: News, starts_at: datetime, now: datetime) -> tuple[Prompt, ...]:
    """Return what is said about an appointment; both times in the zone of its place."""
    words = CALLS[language]
    texts = (
        words.hello,
        getattr(words, news),
        *day_words.day(language, starts_at.date(), now.date()),
        *clock_words.time(language, starts_at.hour, starts_at.minute),
    )
    return tuple(Prompt(language, text) for text in texts)


def sentence(language: str, which: Reply) -> Prompt:
    """Return one fixed sentence."""
    return Prompt(language, getattr(CALLS[language], which))


def number(language: str, digits: str) -> tuple[Prompt, ...]:
    """Say a telephone number, digit by digit."""
    return tuple(Prompt(language, numerals.whole(language, int(digit))) for digit in digits)


def every_prompt() -> tuple[Prompt, ...]:
    """Return everything that a call can say, in every language: what is built, and nothing else."""
    return tuple(Prompt(language, text) for language in CALLS for text in sorted(_texts(language)))


def every_clip() -> tuple[Clip, ...]:
    """Return every prompt of a call in the form that telephones carry."""
    return tuple(Clip(prompt, "wav") for prompt in every_prompt())


def _texts(language: str) -> set[str]:
    digits = {numerals.whole(language, digit) for digit in range(10)}
    return {*CALLS[language], *digits, *clock_words.every_time(language), *day_words.every_day(language)}
