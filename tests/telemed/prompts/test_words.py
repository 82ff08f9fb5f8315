"""Numbers, times and days are said as people say them."""

from datetime import date, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from telemed.prompts import calling, clock_words, day_words, numerals
from telemed.prompts.calling import every_prompt
from telemed.prompts.numerals import NotSpoken
from telemed.prompts.prompt import VOICES, Prompt
from telemed.prompts.sentences import CALLS

LANGUAGES = sorted(CALLS)
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("bg", 0, "нула"),
        ("bg", 20, "двадесет"),
        ("bg", 21, "двадесет и един"),
        ("bg", 105, "сто и пет"),
        ("bg", 120, "сто и двадесет"),
        ("bg", 125, "сто двадесет и пет"),
        ("bg", 219, "двеста и деветнадесет"),
        ("bg", 999, "деветстотин деветдесет и девет"),
        ("en", 40, "forty"),
        ("en", 21, "twenty-one"),
        ("en", 300, "three hundred"),
        ("en", 101, "one hundred and one"),
        ("en", 125, "one hundred and twenty-five"),
        ("tr", 45, "kırk beş"),
        ("uk", 59, "п'ятдесят дев'ять"),
        ("ru", 32, "тридцать два"),
        ("uz", 55, "ellik besh"),
        ("vi", 15, "mười lăm"),
        ("vi", 21, "hai mươi mốt"),
        ("vi", 55, "năm mươi lăm"),
        ("vi", 105, "một trăm linh năm"),
        ("tr", 120, "yüz yirmi"),
        ("uk", 299, "двісті дев'яносто дев'ять"),
        ("ru", 340, "триста сорок"),
        ("uz", 101, "bir yuz bir"),
    ],
)
def test_whole_numbers(language: str, number: int, said: str) -> None:
    assert numerals.whole(language, number) == said


def test_what_a_language_lacks_is_not_guessed() -> None:
    with pytest.raises(NotSpoken):
        numerals.whole("tr", 500)
    with pytest.raises(NotSpoken):
        numerals.whole("bg", -1)


@pytest.mark.parametrize(
    ("language", "hour", "minute", "said"),
    [
        ("bg", 9, 20, "в девет и двадесет"),
        ("bg", 9, 0, "в девет часа"),
        ("bg", 13, 5, "в тринадесет и пет"),
        ("bg", 21, 45, "в двадесет и един и четиридесет и пет"),
        ("en", 9, 20, "at nine twenty in the morning"),
        ("en", 9, 5, "at nine oh five in the morning"),
        ("en", 14, 0, "at two o'clock in the afternoon"),
        ("en", 12, 0, "at noon"),
        ("en", 12, 30, "at twelve thirty in the afternoon"),
        ("en", 18, 40, "at six forty in the evening"),
        ("en", 0, 15, "at twelve fifteen at night"),
        ("tr", 9, 20, "saat dokuz yirmide"),
        ("tr", 14, 0, "saat on dörtte"),
        ("tr", 10, 40, "saat on kırkta"),
        ("uk", 9, 20, "о дев'ятій двадцять"),
        ("uk", 11, 0, "об одинадцятій годині"),
        ("ru", 9, 20, "в девять часов двадцать минут"),
        ("ru", 1, 1, "в один час одна минута"),
        ("ru", 22, 42, "в двадцать два часа сорок две минуты"),
        ("ru", 12, 12, "в двенадцать часов двенадцать минут"),
        ("uz", 9, 20, "soat to'qqiz yigirmada"),
        ("uz", 15, 0, "soat o'n beshda"),
        ("vi", 9, 20, "lúc chín giờ hai mươi phút"),
    ],
)
def test_times_of_day(language: str, hour: int, minute: int, said: str) -> None:
    assert " ".join(clock_words.time(language, hour, minute)) == said


@pytest.mark.parametrize(
    ("language", "day", "said"),
    [
        ("bg", date(2026, 11, 24), "днес"),
        ("bg", date(2026, 11, 25), "утре"),
        ("bg", date(2026, 11, 30), "в понеделник"),
        ("bg", date(2026, 12, 1), "на първи декември"),
        ("bg", date(2026, 12, 24), "на двадесет и четвърти декември"),
        ("en", date(2026, 11, 27), "on Friday"),
        ("en", date(2026, 12, 31), "on the thirty-first of December"),
        ("en", date(2026, 12, 20), "on the twentieth of December"),
        ("tr", date(2026, 12, 15), "on beş aralıkta"),
        ("uk", date(2026, 12, 2), "другого грудня"),
        ("ru", date(2027, 3, 30), "тридцатого марта"),
        ("uz", date(2026, 12, 21), "yigirma birinchi dekabrda"),
        ("vi", date(2027, 4, 15), "ngày mười lăm tháng tư"),
    ],
)
def test_days(language: str, day: date, said: str) -> None:
    assert " ".join(day_words.day(language, day, TODAY)) == said


def test_a_call_about_an_appointment_is_said_from_its_pieces() -> None:
    sofia = ZoneInfo("Europe/Sofia")
    starts, now = datetime(2026, 11, 25, 9, 20, tzinfo=sofia), datetime(2026, 11, 24, 17, 0, tzinfo=sofia)
    assert " ".join(prompt.text for prompt in calling.about("bg", "reminder", starts, now)) == (
        "Добър ден. Обажда се Телемед. Напомняме ви, че имате записан час утре в девет и двадесет"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_moment_of_a_year_is_among_the_built_prompts(language: str) -> None:
    built = {prompt.text for prompt in every_prompt() if prompt.language == language}
    for hour in range(24):
        for minute in range(60):
            assert built.issuperset(clock_words.time(language, hour, minute))
    for ordinal in range(TODAY.toordinal(), TODAY.toordinal() + 400):
        assert built.issuperset(day_words.day(language, date.fromordinal(ordinal), TODAY))
    for which in get_args(calling.Reply):
        assert calling.sentence(language, which).text in built


def test_every_language_has_a_voice_and_every_text_only_its_own_letters() -> None:
    assert set(VOICES) == set(CALLS) == set(clock_words.TIMES) == set(day_words.DAYS)
    for prompt in every_prompt():
        assert not any(letter.isdigit() for letter in prompt.text), prompt
        cyrillic = [letter for letter in prompt.text.lower() if "а" <= letter <= "ї"]
        latin = [letter for letter in prompt.text.lower() if letter.isalpha() and letter not in cyrillic]
        assert not (latin if prompt.language in ("bg", "uk", "ru") else cyrillic), prompt


def test_an_address_changes_with_the_words_and_with_the_voice() -> None:
    addresses = {prompt.address for prompt in every_prompt()}
    assert len(addresses) == len(every_prompt())
    assert Prompt("bg", "да").address == Prompt("bg", "да").address
    assert Prompt("bg", "да").address != Prompt("ru", "да").address
