"""Days and times of visits as the kiosk says them: pieces of speech in one string, for a page to carry."""

from datetime import date, datetime

from telemed.prompts import clock_words, day_words
from telemed.prompts.prompt import voice_of

BETWEEN = "|"


def say_day(language: str, day: date, today: date) -> str:
    """Say a day as somebody would today."""
    return BETWEEN.join(day_words.day(voice_of(language), day, today))


def say_time(language: str, local: datetime) -> str:
    """Say a time of day, given in the zone of its place."""
    return BETWEEN.join(clock_words.time(voice_of(language), local.hour, local.minute))


def say_moment(language: str, local: datetime, today: date) -> str:
    """Say day and time, both in the zone of their place."""
    return BETWEEN.join((say_day(language, local.date(), today), say_time(language, local)))
