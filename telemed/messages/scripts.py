"""In which letters a text is written: its language's own, or Latin ones for telephones that show no other."""

import re
import unicodedata

from scheduling.classifier import latin

CYRILLIC = ("bg", "uk", "ru")
"""The languages whose own letters are Cyrillic."""

_WORD = re.compile("[\u0400-\u04ff'’ʼ]+")
_SAME = dict(zip("абвдезклмнопрстуф", "abvdezklmnoprstuf", strict=True))
_SAME |= dict(zip("жхцчшщ", ("zh", "kh", "ts", "ch", "sh", "shch"), strict=True))
# Resolution 55 of the Cabinet of Ministers of Ukraine, 2010; at the beginning of a word some differ.
_UKRAINIAN = _SAME | dict(zip("гґиіїй", "hgyiii", strict=True))
_UKRAINIAN |= dict(zip("єюяь'’ʼ", ("ie", "iu", "ia", "", "", "", ""), strict=True))
_AT_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
# ICAO Doc 9303, as in Russian passports.
_RUSSIAN = _SAME | dict(zip("гёийыэ", "geiiye", strict=True))
_RUSSIAN |= dict(zip("ъьюя", ("ie", "", "iu", "ia"), strict=True))
# What Turkish writes and a telephone of GSM-7 letters does not show; ö and ü it does.
_TURKISH = str.maketrans("ıİşŞğĞç", "iIsSgGc")


def written(text: str, language: str, script: str) -> str:
    """Return a text as this language is written in this script, "native" or "latin"."""
    if script != "latin":
        return text
    if language == "vi":
        return _bare(text)
    if language == "tr":
        return text.translate(_TURKISH)
    return in_latin(text, language) if language in CYRILLIC else text


def in_latin(text: str, language: str) -> str:
    """Return Cyrillic words in Latin letters, by the law of the country whose language it is."""
    return _WORD.sub(lambda word: _word(word.group(), language), text)


def _word(word: str, language: str) -> str:
    if language == "uk":
        made = _letters(word.lower().replace("зг", "zgh"), _UKRAINIAN, _AT_FIRST)
    elif language == "ru":
        made = _letters(word, _RUSSIAN, {})
    else:
        return latin(word)
    return made[:1].upper() + made[1:] if word[:1].isupper() else made


def _letters(word: str, table: dict[str, str], at_first: dict[str, str]) -> str:
    small = word.lower()
    first = at_first.get(small[:1], table.get(small[:1], small[:1]))
    return first + "".join(table.get(letter, letter) for letter in small[1:])


def _bare(text: str) -> str:
    marks = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in marks if unicodedata.category(sign) != "Mn")
