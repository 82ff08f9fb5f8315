"""What a text on the screen sounds like: its digits and signs in words, and the names of letters."""

import re
from contextlib import suppress

from telemed.prompts import clock_words
from telemed.prompts.numerals import NotSpoken, whole
from telemed.prompts.sign_words import SIGNS
from telemed.prompts.value_words import WORDS
from telemed.prompts.values import say_value

# A digit said alone.
_DIGITS = {"bg": {1: "едно", 2: "две"}}
_LATIN_NAMES = {
    "bg": (
        *("а", "бе", "це", "де", "е", "еф", "же", "ха", "и", "йот", "ка", "ел", "ем", "ен", "о", "пе"),
        *("ку", "ер", "ес", "те", "у", "ве", "дубъл ве", "хикс", "игрек", "зет"),
    ),
    "uk": (
        *("а", "бе", "це", "де", "е", "еф", "же", "аш", "і", "йот", "ка", "ель", "ем", "ен", "о", "пе"),
        *("ку", "ер", "ес", "те", "у", "ве", "дубль ве", "ікс", "ігрек", "зет"),
    ),
    "ru": (
        *("а", "бэ", "цэ", "дэ", "е", "эф", "жэ", "аш", "и", "йот", "ка", "эль", "эм", "эн", "о", "пэ"),
        *("ку", "эр", "эс", "тэ", "у", "вэ", "дубль вэ", "икс", "игрек", "зет"),
    ),
    "uz": ("", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "dabl ve"),
}
_SIGN_NAMES = {
    "bg": {"Ъ": "ер голям", "Ь": "ер малък", "Й": "и кратко"},
    "uk": {"Ь": "м'який знак", "ʼ": "апостроф"},
    "ru": {"Ъ": "твёрдый знак", "Ь": "мягкий знак", "Й": "и краткое", "Ы": "ы"},
    "uz": {"ʼ": "tutuq belgisi", "Ъ": "ayirish belgisi", "Ь": "yumshatish belgisi"},
}
_TIME = re.compile(r"\b(\d{1,2}):(\d{2})\b")
_PRESSURE = re.compile(r"\b(\d{2,3})/(\d{2,3})\b")
_PERCENT = re.compile(r"(\d+)\s*%")
_DECIMAL = re.compile(r"\b(\d{1,3})[.,](\d)\b(?![.,]?\d)")
_NUMBER = re.compile(r"\d+")
_QUIET = re.compile(r"[“”„\"«»←→·()‹›/]")
_LATIN = re.compile(r"[A-Za-z]")
_CYRILLIC_VOICES = ("bg", "uk", "ru")
_SHORT = 3


def aloud(voice: str, text: str) -> str | None:
    """Return a text in words alone; None when this voice would read it in another language."""
    for sign, words in SIGNS[voice].items():
        if sign in text:
            text = re.sub(rf"(?<!\w){re.escape(sign)}(?!\w)", words, text)
    text = _TIME.sub(lambda found: " ".join(clock_words.time(voice, int(found[1]), int(found[2]))), text)
    text = _PRESSURE.sub(lambda found: " ".join(say_value(voice, "pressure", found[0])), text)
    text = _PERCENT.sub(lambda found: " ".join(say_value(voice, "oxygen", found[1])), text)
    text = text.replace("%", percent(voice))
    text = _DECIMAL.sub(lambda found: _decimal(voice, found[0]), text)
    text = _NUMBER.sub(lambda found: _number(voice, found[0]), text)
    text = _QUIET.sub(" ", text).replace("…", ".").replace("ʻ", "'").replace("’", "'")
    if voice in _CYRILLIC_VOICES and _LATIN.search(text):
        return None
    return " ".join(text.split())


def percent(voice: str) -> str:
    """Return the word for the sign %, where it stands alone."""
    words = WORDS[voice]
    counted = words.units.get("oxygen")
    return counted.get("one", counted["other"]) if counted else words.before["oxygen"]


def digit(voice: str, number: int) -> str:
    """Return the name of a digit, as in a telephone number."""
    return _DIGITS.get(voice, {}).get(number) or whole(voice, number)


def digits(voice: str, number: str) -> str:
    """Return a number that is no amount, digit by digit."""
    return " ".join(digit(voice, int(each)) for each in number)


def letter(voice: str, sign: str) -> str:
    """Return the name of a letter or digit of a name, a code or a number."""
    if sign.isdecimal():
        return digit(voice, int(sign))
    big = sign.upper()
    named = _SIGN_NAMES.get(voice, {}).get(big)
    if named is None and _LATIN.fullmatch(big) and voice in _LATIN_NAMES:
        named = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", _LATIN_NAMES[voice], strict=False)).get(big)
    return named or big.replace("ʻ", "'")


def _decimal(voice: str, number: str) -> str:
    try:
        return " ".join(say_value(voice, "temperature", number))
    except NotSpoken:
        return _number(voice, number[:-2])


def _number(voice: str, written: str) -> str:
    # A number that begins with zero, or a long one, is no amount.
    if len(written) <= _SHORT and (written == "0" or not written.startswith("0")):
        with suppress(NotSpoken):
            return whole(voice, int(written))
    return digits(voice, written)
