"""Which of a few numbered choices an answer takes: only what is plainly one of them counts."""

import re

from telemed.messages.letters import bare, plain
from telemed.messages.reading import LANGUAGES, read
from telemed.messages.replies import Meaning, meaning

NONE_OF_THEM = 0
"""The choice of leaving everything as it is."""

_DIGITS = re.compile(r"\d+")
_NAMED = re.compile(r"\b(?:номер|номерът|вариант|опция|number|option|no|nr|№|variant|numara|raqam|số|so)\b")
# A time of day, not a choice.
_HOUR = re.compile(r"\d+\s*(?:час|ч\b|h\b|год|saat|soat|gio|giờ|o.?clock|am\b|pm\b|:|\.\d)")
_WORDS = (
    "нула 0 zero sıfır нуль ноль nol no",
    "едно един първи първия първият първото първата edno one first bir birinci birinchi один одна перший"
    " перша перше первый первая первое một",
    "две два втори втория вторият второто втората dve dva two second iki ikinci ikki ikkinchi дві другий"
    " друга друге второй вторая второе hai",
    "три трети третия третият третото третата tri three third üç üçüncü uch uchinchi третій третя третє"
    " третий третья третье ba",
)
_SPELLED = {
    spelling: number
    for number, words in enumerate(_WORDS)
    for word in words.split()
    for spelling in (plain(word), bare(plain(word)))
}


def choice_of(text: str, language: str, most: int) -> int | None:
    """Return the number that is chosen, NONE_OF_THEM, or None when it is neither.

    "2" chooses here what elsewhere would cancel, so a plain "no" leaves everything as it is, and whoever
    says that they do not come at all has not answered the question.
    """
    said = plain(text).strip()
    digits = _DIGITS.findall(said)
    if not digits:
        spelled = _SPELLED.get(said.strip(" .,!()"))
        chosen = spelled if spelled is not None else _refused(text, language)
    elif len(digits) == 1 and not _unsure(said) and _is_harmless(_DIGITS.sub(" ", said), language):
        chosen = int(digits[0]) if len(digits[0]) == 1 else None
    else:
        chosen = None
    return chosen if chosen is not None and chosen <= most else None


def _unsure(said: str) -> bool:
    return "?" in said or _HOUR.search(said) is not None


def _refused(text: str, language: str) -> int | None:
    if meaning(text, language) is not Meaning.CANCEL:
        return None
    own = [language] if language in LANGUAGES else []
    for each in (*own, *LANGUAGES):
        found = read(text, each)
        if set(found.found) == {"no"} and not found.unknown:
            return NONE_OF_THEM
    return None


def _is_harmless(rest: str, language: str) -> bool:
    words = _NAMED.sub(" ", rest)
    return any(
        set(found.found) <= {"yes"} and not found.unknown
        for found in (
            read(words, each) for each in dict.fromkeys((language, *LANGUAGES)) if each in LANGUAGES
        )
    )
