"""Which kinds of phrases a text holds, by the words of one language."""

import re
from collections import Counter
from functools import cache
from importlib import import_module
from typing import NamedTuple

from telemed.messages.letters import bare, plain, uzbek_latin
from telemed.messages.reply_words.lexicon import EVERYWHERE, Lexicon
from telemed.messages.vocabulary import Vocabulary
from telemed.prompts.numerals import NUMERALS

LANGUAGES = ("bg", "en", "tr", "uk", "ru", "uz", "vi")
# Vietnamese words differ by their diacritics alone; elsewhere people leave them out as they like.
_MARKED = ("vi",)
# Where "at ten" is one word.
_SUFFIXED, _AT = ("tr", "uz"), ("da", "de", "ta", "te", "a", "e", "ya", "ye")
_GAP = 3
_MENU = ("1", "2")
_TURNABLE = ("comes", "calls_off")
# Torn apart by a comma these may be two answers: "да, откажете" is no "да откажете".
_IN_ONE_CLAUSE = ("stays_away", "calls_off", "no")

_TOKEN = re.compile(r"[👍👌✅✔🆗👎❌🚫]|(?<!\w)\+(?!\w)|\w+|[.,;:!?…\n()/|\\]+|(?<!\w)[-–—]+(?!\w)")
_CLOCK = re.compile(r"(\d{1,2})[hч](\d{2})?")


class _Phrase(NamedTuple):
    tells: str
    words: tuple[str, ...]


class _Token(NamedTuple):
    text: str
    opens: bool


class Reading(NamedTuple):
    """What one language makes of a text: which kinds of phrase it holds, and how much it does not know."""

    found: Counter[str]
    opening: str
    unknown: int
    numbers: frozenset[int]


def read(text: str, language: str) -> Reading:
    """Read a text as one language has it."""
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
    return Reading(found, opening, told.count(""), numbers)


def knows_all(text: str, language: str) -> bool:
    """Tell whether every word of a text is one of the language's words."""
    return all(_fits(_tokens(text, language)[0], language))


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
