"""Days as people say them: today, tomorrow, on Monday, and a date further away."""

from datetime import date, timedelta
from typing import NamedTuple

from telemed.prompts.numerals import whole

# From the seventh day on, a weekday alone would mean the nearer one.
_WEEK = 7


class Days(NamedTuple):
    """The words of one language; `ordinals` are 1–19, 20 and 30; without them, days are cardinals."""

    today: str
    tomorrow: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    ordinals: tuple[str, ...] = ()
    day_of_month: str = "{day}"
    joint: str = " "


_UZ_MONTHS = (
    *("yanvar", "fevral", "mart", "aprel", "may", "iyun"),
    *("iyul", "avgust", "sentabr", "oktabr", "noyabr", "dekabr"),
)

DAYS = {
    "bg": Days(
        "днес",
        "утре",
        ("в понеделник", "във вторник", "в сряда", "в четвъртък", "в петък", "в събота", "в неделя"),
        (
            *("януари", "февруари", "март", "април", "май", "юни"),
            *("юли", "август", "септември", "октомври", "ноември", "декември"),
        ),
        (
            *("първи", "втори", "трети", "четвърти", "пети", "шести", "седми", "осми", "девети"),
            *("десети", "единадесети", "дванадесети", "тринадесети", "четиринадесети"),
            *("петнадесети", "шестнадесети", "седемнадесети", "осемнадесети", "деветнадесети"),
            *("двадесети", "тридесети"),
        ),
        "на {day}",
        " и ",
    ),
    "en": Days(
        "today",
        "tomorrow",
        (
            *("on Monday", "on Tuesday", "on Wednesday", "on Thursday"),
            *("on Friday", "on Saturday", "on Sunday"),
        ),
        (
            *("of January", "of February", "of March", "of April", "of May", "of June"),
            *("of July", "of August", "of September", "of October", "of November", "of December"),
        ),
        (
            *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
            *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"),
            *("seventeenth", "eighteenth", "nineteenth", "twentieth", "thirtieth"),
        ),
        "on the {day}",
        "-",
    ),
    "tr": Days(
        "bugün",
        "yarın",
        (
            *("pazartesi günü", "salı günü", "çarşamba günü", "perşembe günü"),
            *("cuma günü", "cumartesi günü", "pazar günü"),
        ),
        (
            *("ocakta", "şubatta", "martta", "nisanda", "mayısta", "haziranda"),
            *("temmuzda", "ağustosta", "eylülde", "ekimde", "kasımda", "aralıkta"),
        ),
    ),
    "uk": Days(
        "сьогодні",
        "завтра",
        ("у понеділок", "у вівторок", "у середу", "у четвер", "у п'ятницю", "у суботу", "у неділю"),
        (
            *("січня", "лютого", "березня", "квітня", "травня", "червня"),
            *("липня", "серпня", "вересня", "жовтня", "листопада", "грудня"),
        ),
        (
            *("першого", "другого", "третього", "четвертого", "п'ятого", "шостого", "сьомого", "восьмого"),
            *("дев'ятого", "десятого", "одинадцятого", "дванадцятого", "тринадцятого", "чотирнадцятого"),
            *("п'ятнадцятого", "шістнадцятого", "сімнадцятого", "вісімнадцятого", "дев'ятнадцятого"),
            *("двадцятого", "тридцятого"),
        ),
    ),
    "ru": Days(
        "сегодня",
        "завтра",
        ("в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу", "в воскресенье"),
        (
            *("января", "февраля", "марта", "апреля", "мая", "июня"),
            *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
        ),
        (
            *("первого", "второго", "третьего", "четвёртого", "пятого", "шестого", "седьмого", "восьмого"),
            *("девятого", "десятого", "одиннадцатого", "двенадцатого", "тринадцатого", "четырнадцатого"),
            *("пятнадцатого", "шестнадцатого", "семнадцатого", "восемнадцатого", "девятнадцатого"),
            *("двадцатого", "тридцатого"),
        ),
    ),
    "uz": Days(
        "bugun",
        "ertaga",
        (
            *("dushanba kuni", "seshanba kuni", "chorshanba kuni", "payshanba kuni"),
            *("juma kuni", "shanba kuni", "yakshanba kuni"),
        ),
        tuple(f"{month}da" for month in _UZ_MONTHS),
        (
            *("birinchi", "ikkinchi", "uchinchi", "to'rtinchi", "beshinchi", "oltinchi", "yettinchi"),
            *("sakkizinchi", "to'qqizinchi", "o'ninchi", "o'n birinchi", "o'n ikkinchi", "o'n uchinchi"),
            *("o'n to'rtinchi", "o'n beshinchi", "o'n oltinchi", "o'n yettinchi", "o'n sakkizinchi"),
            *("o'n to'qqizinchi", "yigirmanchi", "o'ttizinchi"),
        ),
    ),
    "vi": Days(
        "hôm nay",
        "ngày mai",
        ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật"),
        (
            *("tháng một", "tháng hai", "tháng ba", "tháng tư", "tháng năm", "tháng sáu", "tháng bảy"),
            *("tháng tám", "tháng chín", "tháng mười", "tháng mười một", "tháng mười hai"),
        ),
        day_of_month="ngày {day}",
    ),
}


def day(language: str, when: date, today: date) -> tuple[str, ...]:
    """Say a day as somebody would who speaks today, in pieces that are spoken one after the other."""
    words = DAYS[language]
    ahead = (when - today).days
    if ahead in (0, 1):
        return ((words.today, words.tomorrow)[ahead],)
    if 1 < ahead < _WEEK:
        return (words.weekdays[when.weekday()],)
    return (_day_of_month(language, when.day), words.months[when.month - 1])


def every_day(language: str) -> set[str]:
    """Return every piece that any day needs."""
    # Seen from a leap year's first day, the days behind the week name every date; those within it, weekdays.
    today = date(2028, 1, 1)
    dates = {
        piece for ahead in range(_WEEK, 366 + _WEEK) for piece in day(language, _on(today, ahead), today)
    }
    words = DAYS[language]
    return {words.today, words.tomorrow, *words.weekdays, *dates}


def _on(today: date, ahead: int) -> date:
    return today + timedelta(days=ahead)


def _day_of_month(language: str, number: int) -> str:
    words = DAYS[language]
    if not words.ordinals:
        return words.day_of_month.format(day=whole(language, number))
    ten, unit = divmod(number, 10)
    if number < 20:
        said = words.ordinals[number - 1]
    elif unit == 0:
        said = words.ordinals[17 + ten]
    else:
        said = whole(language, ten * 10) + words.joint + words.ordinals[unit - 1]
    return words.day_of_month.format(day=said)
