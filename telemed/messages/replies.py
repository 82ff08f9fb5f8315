"""What an answer by SMS means. It is never guessed: whatever a careful clerk would not act on is unclear."""

from collections.abc import Callable
from datetime import time
from enum import StrEnum

from telemed.messages.letters import plain
from telemed.messages.reading import LANGUAGES, Reading, knows_all, read


class Meaning(StrEnum):
    """What somebody wants; the database keeps ten letters of it."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    MOVE = "move"
    STOP = "stop"
    HELP = "help"
    WRONG_NUMBER = "wrong"
    UNCLEAR = "unclear"
    # Takes one of the numbered choices we gave.
    CHOICE = "choice"
    # Wants to be written to again.
    RESUME = "resume"


_LONGEST = 300
_MOST_UNKNOWN = 4
# Nothing longer than the word itself: "start" stands in many a sentence.
_RESUMES = ("start", "старт", "unstop")

_DECISIVE = {
    "wrong_number": Meaning.WRONG_NUMBER,
    "stop": Meaning.STOP,
    "help": Meaning.HELP,
    "move": Meaning.MOVE,
}


def meaning(text: str, language: str = "", at: time | None = None) -> Meaning:
    """Read one answer to a message in this language about an appointment at this local time.

    People answer as they speak, so every language is understood; but where the language of the message does
    not know the words, another one must explain every single one of them.
    """
    if len(text) > _LONGEST:
        return Meaning.UNCLEAR
    if plain(text).strip(" .,!") in _RESUMES:
        return Meaning.RESUME
    said = _said(text, language, at)
    # "да" to an English message is half an answer: no other half may turn it round.
    opposite = {Meaning.CANCEL: _agrees, Meaning.CONFIRM: _refuses}.get(said)
    turned = opposite is not None and _elsewhere(text, language, opposite)
    return Meaning.UNCLEAR if turned else said


def _said(text: str, language: str, at: time | None) -> Meaning:
    asks = "?" in text
    own = read(text, language) if language in LANGUAGES else None
    if own is not None and own.found:
        said = _judge(own, asks, at)
        if said is not Meaning.UNCLEAR or not own.unknown:
            return said
    others = {_foreign(text, other, asks, at) for other in LANGUAGES if other != language}
    certain = others - {Meaning.UNCLEAR}
    if len(certain) == 1:
        return certain.pop()
    wondering = asks and not certain and own is not None and own.unknown and not _weak(own)
    return Meaning.HELP if wondering else Meaning.UNCLEAR


def _elsewhere(text: str, language: str, says: Callable[[Reading], bool]) -> bool:
    """Tell whether another language finds this in a text of which the message's own does not know all."""
    if language in LANGUAGES and not read(text, language).unknown:
        return False
    return any(says(read(text, each)) for each in LANGUAGES)


def _foreign(text: str, language: str, asks: bool, at: time | None) -> Meaning:
    if not knows_all(text, language):
        return Meaning.UNCLEAR
    reading = read(text, language)
    return Meaning.UNCLEAR if reading.unknown else _judge(reading, asks, at)


def _judge(reading: Reading, asks: bool, at: time | None) -> Meaning:
    found = reading.found
    for kind, decided in _DECISIVE.items():
        if found[kind]:
            return decided
    agrees, refuses = _agrees(reading), _refuses(reading) or found["no"]
    if found["when"] and not agrees:
        return Meaning.MOVE
    if agrees and refuses:
        return Meaning.UNCLEAR
    if found["ask"]:
        return Meaning.HELP
    if asks:
        return Meaning.HELP if reading.unknown and not agrees and not refuses else Meaning.UNCLEAR
    doubt = found["maybe"] or found["but"] or found["when"]
    if doubt or not (agrees or refuses) or not _fit(reading.numbers, at):
        return Meaning.UNCLEAR
    said = Meaning.CONFIRM if agrees else Meaning.CANCEL
    if found["comes"] or found["stays_away"] or found["calls_off"] or not reading.unknown:
        return said
    # "No, I am away": a word of its own, then a comma, then a few words that we do not know.
    alone = reading.opening in ("yes", "no") and reading.unknown <= _MOST_UNKNOWN
    return said if alone else Meaning.UNCLEAR


def _agrees(reading: Reading) -> bool:
    return bool(reading.found["yes"] or reading.found["comes"])


def _refuses(reading: Reading) -> bool:
    return bool(reading.found["stays_away"] or reading.found["calls_off"])


def _weak(reading: Reading) -> bool:
    return bool(reading.found["yes"] or reading.found["no"])


def _fit(numbers: frozenset[int], at: time | None) -> bool:
    """Whoever names another time than ours has not answered our question."""
    ours = {at.hour, at.minute, at.hour % 12} if at is not None else set()
    return numbers <= ours
