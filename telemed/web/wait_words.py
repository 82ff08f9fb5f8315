"""A wait in words: "about 20 to 45 minutes", or that nobody can say yet."""

from scheduling.wait_estimate import Interval
from telemed.texts import Texts


def wait_words(texts: Texts, language: str, told: Interval | None) -> str:
    """Say an interval as a person would."""
    if told is None:
        return texts.translate(language, "We can't say yet how long it takes.")
    if told.low == 0:
        return texts.translate(language, "Up to {high} minutes", high=told.high)
    return texts.translate(language, "About {low} to {high} minutes", low=told.low, high=told.high)


def later_words(texts: Texts, language: str, minutes: int) -> str:
    """Say when the doctor calls whom they have put off."""
    return texts.translate(language, "The doctor will call you in about {minutes} minutes.", minutes=minutes)


def ahead_words(texts: Texts, language: str, ahead: int) -> str:
    """Say how many are before somebody."""
    if ahead == 0:
        return texts.translate(language, "You are next.")
    if ahead == 1:
        return texts.translate(language, "One person is before you.")
    return texts.translate(language, "{number} people are before you.", number=ahead)
