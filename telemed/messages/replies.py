"""What an answer by SMS means. It is never guessed: whatever a careful clerk would not act on is unclear."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import time
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import NamedTuple

from telemed.messages.letters import bare, plain, uzbek_latin
from telemed.messages.reply_words.lexicon import EVERYWHERE, Lexicon
from telemed.messages.vocabulary import Vocabulary
from telemed.prompts.numerals import NUMERALS


class Meaning(StrEnum):
    """What somebody wants; the database keeps ten letters of it."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    MOVE = "move"
    STOP = "stop"
    HELP = "help"
    WRONG_NUMBER = "wrong"
    UNCLEAR = "unclear"


LANGUAGES = ("bg", "en", "tr", "uk", "ru", "uz", "vi")
# Vietnamese words differ by their diacritics alone; elsewhere people leave them out as they like.
_MARKED = ("vi",)
# Where "at ten" is one word.
_SUFFIXED, _AT = ("tr", "uz"), ("da", "de", "ta", "te", "a", "e", "ya", "ye")
_LONGEST = 300
_MOST_UNKNOWN = 4
_GAP = 3
_MENU = ("1", "2")
_TURNABLE = ("comes", "calls_off")
# Torn apart by a comma these may be two answers: "да, откажете" is no "да откажете".
_IN_ONE_CLAUSE = ("stays_away", "calls_off", "no")

_TOKEN = re.compile(r"[👍👌✅✔🆗👎❌🚫]|(?<!\w)\+(?!\w)|\w+|[.,;:!?…\n()/|\\]+|(?<!\w)[-–—]+(?!\w)")
_CLOCK = re.compile(r"(\d{1,2})[hч](\d{2})?")
_DECISIVE = {
    "wrong_number": Meaning.WRONG_NUMBER,
    "stop": Meaning.STOP,
    "help": Meaning.HELP,
    "move": Meaning.MOVE,
}


class _Phrase(NamedTuple):
    tells: str
    words: tuple[str, ...]


class _Token(NamedTuple):
    text: str
    opens: bool


class _Reading(NamedTuple):
    """What one language makes of a text: which kinds of phrase it holds, and how much it does not know."""

    found: Counter[str]
    opening: str
    unknown: int
    numbers: frozenset[int]


def meaning(text: str, language: str = "", at: time | None = None) -> Meaning:
    """Read one answer to a message in this language about an appointment at this local time.

    People answer as they speak, so every language is understood; but where the language of the message does
    not know the words, another one must explain every single one of them.
    """
    if len(text) > _LONGEST:
        return Meaning.UNCLEAR
    said = _said(text, language, at)
    # "да" to an English message is half an answer: no other half may turn it round.
    opposite = {Meaning.CANCEL: _agrees, Meaning.CONFIRM: _refuses}.get(said)
    turned = opposite is not None and _elsewhere(text, language, opposite)
    return Meaning.UNCLEAR if turned else said


def _said(text: str, language: str, at: time | None) -> Meaning:
    asks = "?" in text
    own = _read(text, language) if language in LANGUAGES else None
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


def _elsewhere(text: str, language: str, says: Callable[[_Reading], bool]) -> bool:
    """Tell whether another language finds this in a text of which the message's own does not know all."""
    if language in LANGUAGES and not _read(text, language).unknown:
        return False
    return any(says(_read(text, each)) for each in LANGUAGES)


def _foreign(text: str, language: str, asks: bool, at: time | None) -> Meaning:
    if not all(_fits(_tokens(text, language)[0], language)):
        return Meaning.UNCLEAR
    reading = _read(text, language)
    return Meaning.UNCLEAR if reading.unknown else _judge(reading, asks, at)


def _judge(reading: _Reading, asks: bool, at: time | None) -> Meaning:
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


def _agrees(reading: _Reading) -> bool:
    return bool(reading.found["yes"] or reading.found["comes"])


def _refuses(reading: _Reading) -> bool:
    return bool(reading.found["stays_away"] or reading.found["calls_off"])


def _weak(reading: _Reading) -> bool:
    return bool(reading.found["yes"] or reading.found["no"])


def _fit(numbers: frozenset[int], at: time | None) -> bool:
    """Whoever names another time than ours has not answered our question."""
    ours = {at.hour, at.minute, at.hour % 12} if at is not None else set()
    return numbers <= ours


def _read(text: str, language: str) -> _Reading:
    tokens, numbers = _tokens(text, language)
    told: list[str] = [""] * len(tokens)
    fits = _fits(tokens, language)
    known = [place for place, words in enumerate(fits) if words]
    negations = _negations(language)
    negating = [bool(words & negations) for words in fits]
    for phrase in _phrases(language):
        for start in known:
            places = _match(phrase, tokens, fits, told, start)
            turned = phrase.tells in _TURNABLE and places and _negated(places[0], tokens, told, negating)
            for place in places:
                told[place] = "maybe" if turned else phrase.tells
    for place, token in enumerate(tokens):
        if token.text.isdecimal() and not told[place]:
            # Whether it is our time or another one is judged apart.
            told[place] = "fill"
    # A small word inside a sentence may be a mere particle ("искам да…"); it counts where a clause begins.
    if "" in told:
        for place, kind in enumerate(told):
            if kind in ("yes", "no") and not tokens[place].opens:
                told[place] = "fill"
    opening = told[0] if told and (len(tokens) == 1 or tokens[1].opens) else ""
    found = Counter(kind for kind in told if kind not in ("", "fill"))
    return _Reading(found, opening, told.count(""), numbers)


def _tokens(text: str, language: str) -> tuple[list[_Token], frozenset[int]]:
    tokens: list[_Token] = []
    numbers: set[int] = set()
    spoken = _spoken_numbers(language)
    opens = True
    for written in _TOKEN.findall(_prepared(text, language)):
        clock = _CLOCK.fullmatch(written)
        if not written[0].isalnum() and written[0] not in "👍👌✅✔🆗👎❌🚫+":
            opens = True
            continue
        if clock or (written.isdecimal() and written not in _MENU):
            numbers |= {int(part) for part in (clock.groups() if clock else (written,)) if part}
            if not clock and len(written) <= 2:
                tokens.append(_Token(written, opens))
        else:
            numbers |= {spoken[written]} if written in spoken else set()
            tokens.append(_Token(written, opens))
        opens = False
    return tokens, frozenset(numbers)


def _prepared(text: str, language: str) -> str:
    small = plain(text)
    if language == "uz":
        small = uzbek_latin(small)
    return small if language in _MARKED else bare(small)


def _match(
    phrase: _Phrase, tokens: list[_Token], fits: list[frozenset[str]], told: list[str], start: int
) -> list[int]:
    """Return where the words of a phrase stand, the first at `start`; empty when they do not."""
    places: list[int] = []
    at, gap = start, 0
    for word in phrase.words:
        if word == "~":
            gap = _GAP
            continue
        while not (at < len(fits) and not told[at] and word in fits[at]):
            if not gap or at >= len(fits):
                return []
            at, gap = at + 1, gap - 1
        places.append(at)
        at, gap = at + 1, 0
    torn = any(tokens[place].opens for place in range(start + 1, at))
    return [] if torn and phrase.tells in _IN_ONE_CLAUSE else places


def _fits(tokens: list[_Token], language: str) -> list[frozenset[str]]:
    """Return for each token the words of the language's phrases that it can be."""
    words = {token.text: _words_of(token.text, language) for token in tokens}
    return [words[token.text] for token in tokens]


def _words_of(token: str, language: str) -> frozenset[str]:
    if token.isdecimal():
        return frozenset({"#", "@", token} if token in _MENU else {"#"})
    return _vocabulary(language).words(token)


def _negated(start: int, tokens: list[_Token], told: list[str], negating: list[bool]) -> bool:
    """Tell whether a loose "not" stands close before, in the same clause: "please do not cancel"."""
    place = start
    while place > max(0, start - _GAP) and not tokens[place].opens:
        place -= 1
        if negating[place] and told[place] in ("", "no", "fill", "maybe"):
            return True
    return False


@cache
def _lexicon(language: str) -> Lexicon:
    made: Lexicon = import_module(f"telemed.messages.reply_words.{language}").LEXICON
    return made


@cache
def _spoken_numbers(language: str) -> dict[str, int]:
    """Hours and minutes as words; in Vietnamese they mean too much else (ba: three, and father)."""
    if language in _MARKED:
        return {}
    words = NUMERALS[language]
    values = {bare(plain(word)): number for number, word in enumerate(words.small) if number > 2}
    values |= {bare(plain(word)): 20 + 10 * place for place, word in enumerate(words.tens)}
    if language in _SUFFIXED:
        values |= {word + ending: number for word, number in values.items() for ending in _AT}
    return values


@cache
def _vocabulary(language: str) -> Vocabulary:
    phrases = {word for phrase in _phrases(language) for word in phrase.words}
    return Vocabulary((phrases | _negations(language)) - {"#", "@", "~"})


@cache
def _negations(language: str) -> frozenset[str]:
    return frozenset(word.strip() for word in _lexicon(language).negates.split(";"))


@cache
def _phrases(language: str) -> tuple[_Phrase, ...]:
    """All phrases of a language, the longest first, so that "няма проблем" is no "няма"."""
    phrases = [
        _Phrase(tells, tuple(phrase.split()))
        for lexicon in (_lexicon(language), EVERYWHERE)
        for tells, written in lexicon._asdict().items()
        if tells != "negates"
        for phrase in written.split(";")
        if phrase.strip()
    ]
    return tuple(sorted(phrases, key=lambda phrase: phrase.words.count("~") - len(phrase.words)))
