"""One form for what people type: no capitals, no diacritics, Cyrillic or Latin, no letters held too long."""

import re
import unicodedata
from functools import cache

# Latin letters that people type for one Cyrillic letter, in the four Cyrillic languages we read; й is here и.
_LATIN = {
    "а": "a",
    "б": "b",
    "в": "[vw]",
    "г": "[gh]",
    "ґ": "g",
    "д": "d",
    "е": "(?:e|ye|ie|je|yo|jo)",
    "є": "(?:e|ye|ie|je)",
    "ж": "(?:zh|j|g|z)",
    "з": "z",
    "и": "(?:i|y|j)",
    "і": "(?:i|y)",
    "к": "[kc]",
    "л": "l",
    "м": "m",
    "н": "n",
    "о": "o",
    "п": "p",
    "р": "r",
    "с": "[sc]",
    "т": "t",
    "у": "[uy]",
    "ф": "f",
    "х": "(?:kh|h|x)",
    "ц": "(?:ts|tz|c)",
    "ч": "(?:ch|4|c|q)",
    "ш": "(?:sh|6|s|w)",
    "щ": "(?:sht|6t|st|shch|sch|sh|6)",
    "ъ": "(?:a|u|y|i|)",
    "ы": "[yi]",
    "ь": "(?:j|y|i|)",
    "э": "e",
    "ю": "(?:yu|iu|ju|u|y)",
    "я": "(?:ya|ia|ja|q|a)",
}
_UZBEK = dict(
    zip(
        "абвгғдеёжзийклмнопрстуўфхҳцчшъьэюяқ",
        (
            *("a", "b", "v", "g", "g", "d", "e", "yo", "j", "z", "i", "y", "k", "l", "m", "n", "o", "p"),
            *("r", "s", "t", "u", "o", "f", "x", "h", "s", "ch", "sh", "", "", "e", "yu", "ya", "q"),
        ),
        strict=True,
    )
)
_APOSTROPHES = re.compile("['`´‘’ʻʼʹ′]")
_HELD = re.compile(r"([^\W\d_])\1+")
# What makes a sign out of a letter or digit: keycaps, variants, skin tones.
_DRESSING = re.compile("[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]")


def plain(text: str) -> str:
    """Return the text in small letters, without apostrophes, dressed-up signs and letters held too long."""
    undressed = _DRESSING.sub("", unicodedata.normalize("NFKC", text))
    # Turkish ı and İ are only an i to whoever has no Turkish keyboard.
    small = undressed.replace("İ", "i").casefold().replace("ı", "i")
    return _HELD.sub(r"\1", unicodedata.normalize("NFC", _APOSTROPHES.sub("", small)))


def bare(word: str) -> str:
    """Return a word without its diacritics; й becomes и as well."""
    marks = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return _HELD.sub(r"\1", "".join(sign for sign in marks if unicodedata.category(sign) != "Mn"))


def uzbek_latin(text: str) -> str:
    """Return Uzbek Cyrillic in the Latin letters of Uzbek."""
    return "".join(_UZBEK.get(letter, letter) for letter in text)


def spellings(word: str) -> tuple[str, str]:
    """Return how a word of a phrase is written, with its diacritics and without; `=`: never without."""
    exact = plain(word.strip("*="))
    return exact, exact if word.startswith("=") else bare(exact)


@cache
def in_latin(word: str) -> re.Pattern[str]:
    """Return what a Cyrillic word of a phrase may look like in Latin letters; `*` at its end: any ending."""
    letters = "".join(_LATIN.get(letter, letter) for letter in spellings(word)[1])
    return re.compile(letters + (r"\w*" if word.endswith("*") else ""))


@cache
def latin_initials(letter: str) -> frozenset[str]:
    """Return the Latin letters with which a word may begin that begins with this Cyrillic one."""
    written = _LATIN.get(letter, "")
    many = written.startswith("(")
    return (
        frozenset(way[0] for way in written.strip("(?:)").split("|") if way)
        if many
        else frozenset(written.strip("[]"))
    )
