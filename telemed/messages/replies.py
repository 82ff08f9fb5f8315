"""What an answer by SMS means: yes, no or something a person must look at."""

import unicodedata
from enum import StrEnum


class Meaning(StrEnum):
    """The three things we understand."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    HELP = "help"


# Every language is understood, whatever language we wrote in: people answer as they speak.
_WORDS: dict[Meaning, frozenset[str]] = {
    Meaning.CONFIRM: frozenset({"1", "да", "da", "yes", "y", "ok", "ок", "добре", "потвърждавам"}),
    Meaning.CANCEL: frozenset(
        {
            "2",
            "не",
            "ne",
            "no",
            "n",
            "отказ",
            "otkaz",
            "отказвам",
            "otkazvam",
            "отмени",
            "cancel",
            "стоп",
            "stop",
        }
    ),
}
_SHORT = 20


def meaning(text: str) -> Meaning:
    """Read one answer; anything that is not plainly a yes or a no is ``HELP``, never a guess."""
    words = _words(text)
    for verdict, known in _WORDS.items():
        if words and len(text) <= _SHORT and all(word in known for word in words):
            return verdict
    return Meaning.HELP


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter if letter.isalnum() else " " for letter in plain).split()
