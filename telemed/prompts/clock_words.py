"""The time of day and the day as people say them: "в девет и двадесет", "at nine twenty in the morning"."""

from collections.abc import Callable
from typing import NamedTuple

from telemed.prompts.numerals import whole


class Time(NamedTuple):
    """How a language says a time: the full hour, or the hour, then the minutes, then the part of the day."""

    full: Callable[[int], str]
    hour: Callable[[int], str]
    minute: Callable[[int], str]
    part: Callable[[int], str] = lambda hour: ""


_UK_HOURS = (
    *("нульовій", "першій", "другій", "третій", "четвертій", "п'ятій", "шостій", "сьомій", "восьмій"),
    *("дев'ятій", "десятій", "одинадцятій", "дванадцятій", "тринадцятій", "чотирнадцятій"),
    *("п'ятнадцятій", "шістнадцятій", "сімнадцятій", "вісімнадцятій", "дев'ятнадцятій"),
    *("двадцятій", "двадцять першій", "двадцять другій", "двадцять третій"),
)
# The ending "at" of each Turkish numeral, by its last word.
_TR_AT = {
    **{word: word + "da" for word in ("sıfır", "altı", "dokuz", "on", "otuz")},
    **{word: word + "de" for word in ("bir", "iki", "yedi", "sekiz", "yirmi", "elli")},
    **{word: word + "te" for word in ("üç", "dört", "beş")},
    "kırk": "kırkta",
}


def _bg_full(hour: int) -> str:
    return f"в {whole('bg', hour)} часа"


def _en_part(hour: int) -> str:
    if hour < 12:
        return "in the morning" if hour >= 5 else "at night"
    return "in the afternoon" if hour < 18 else "in the evening"


def _en_hour(hour: int) -> str:
    return f"at {whole('en', hour % 12 or 12)}"


def _en_full(hour: int) -> str:
    return "at noon" if hour == 12 else f"{_en_hour(hour)} o'clock {_en_part(hour)}"


def _en_minute(minute: int) -> str:
    return whole("en", minute) if minute > 9 else f"oh {whole('en', minute)}"


def _tr_at(number: int) -> str:
    *before, last = whole("tr", number).split()
    return " ".join([*before, _TR_AT[last]])


def _tr_minute(minute: int) -> str:
    return _tr_at(minute) if minute > 9 else f"sıfır {_tr_at(minute)}"


def _uk_hour(hour: int) -> str:
    return f"{'об' if hour == 11 else 'о'} {_UK_HOURS[hour]}"


def _uk_minute(minute: int) -> str:
    return whole("uk", minute) if minute > 9 else f"нуль {whole('uk', minute)}"


def _ru_counted(number: int, one: str, few: str, many: str) -> str:
    last = number % 10 if number not in range(11, 15) else 0
    return one if last == 1 else few if last in (2, 3, 4) else many


def _ru_hour(hour: int) -> str:
    return f"в {whole('ru', hour)} {_ru_counted(hour, 'час', 'часа', 'часов')}"


def _ru_minute(minute: int) -> str:
    # Minutes are feminine: одна, две.
    said = whole("ru", minute)
    if minute % 10 in (1, 2) and minute not in (11, 12):
        said = said.removesuffix("один").removesuffix("два") + ("одна" if minute % 10 == 1 else "две")
    return f"{said} {_ru_counted(minute, 'минута', 'минуты', 'минут')}"


TIMES = {
    "bg": Time(_bg_full, lambda h: f"в {whole('bg', h)}", lambda m: f"и {whole('bg', m)}"),
    "en": Time(_en_full, _en_hour, _en_minute, _en_part),
    "tr": Time(lambda h: f"saat {_tr_at(h)}", lambda h: f"saat {whole('tr', h)}", _tr_minute),
    "uk": Time(lambda h: f"{_uk_hour(h)} годині", _uk_hour, _uk_minute),
    "ru": Time(_ru_hour, _ru_hour, _ru_minute),
    "uz": Time(
        lambda h: f"soat {whole('uz', h)}da",
        lambda h: f"soat {whole('uz', h)}",
        lambda m: f"{whole('uz', m)}da" if m > 9 else f"nol {whole('uz', m)}da",
    ),
    "vi": Time(
        lambda h: f"lúc {whole('vi', h)} giờ",
        lambda h: f"lúc {whole('vi', h)} giờ",
        lambda m: f"{whole('vi', m)} phút",
    ),
}


def time(language: str, hour: int, minute: int) -> tuple[str, ...]:
    """Say a time of day, in pieces that are spoken one after the other."""
    said = TIMES[language]
    if not minute:
        return (said.full(hour),)
    pieces = (said.hour(hour), said.minute(minute), said.part(hour))
    return tuple(piece for piece in pieces if piece)


def every_time(language: str) -> set[str]:
    """Return every piece that any time of day needs."""
    times = {piece for hour in range(24) for piece in time(language, hour, 0)}
    times |= {piece for hour in range(24) for piece in time(language, hour, 1)}
    return times | {piece for minute in range(1, 60) for piece in time(language, 9, minute)}
