"""Answers are understood in seven languages and both scripts, and never guessed."""

from collections import Counter
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.messages.reading import LANGUAGES
from telemed.messages.replies import Meaning, meaning
from tests.telemed.messages.replies.labelled import misses, replies

AT = time(9, 20)


def test_every_practised_reply_is_understood() -> None:
    assert misses("practice") == []


def test_the_held_back_half_stays_at_what_was_measured() -> None:
    """See docs/replies.md: nobody mends the words because of a line in it."""
    missed = misses("held_back")
    assert len(missed) <= len(replies("held_back")) * 2 // 100
    assert [miss for miss in missed if miss.read in (Meaning.CANCEL, Meaning.CONFIRM)] == []


def test_both_halves_hold_every_language_and_every_meaning() -> None:
    for half in ("practice", "held_back"):
        counted = Counter((reply.language, reply.meaning) for reply in replies(half))
        labelled = set(Meaning) - {Meaning.RESUME, Meaning.CHOICE}
        assert set(counted) == {(language, meaning) for language in LANGUAGES for meaning in labelled}
        assert counted.total() >= 350


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *(("bg", text) for text in ("Не отменяйте, ще дойда", "не, ще дойда", "да, ама не", "Не виждам")),
        *(
            ("bg", text)
            for text in ("не разбирам", "за 2", "2 часа", "не 2", "отменен ли е часът?", "не пуша")
        ),
        *(
            ("bg", text)
            for text in ("не мога да отворя съобщението", "нали не е отменен", "не знам дали ще мога")
        ),
        *(("en", text) for text in ("please don't cancel", "no, I will come", "is it cancelled?", "no idea")),
        *(("en", text) for text in ("I will never cancel", "I can't read this", "no 2 bus", "can I cancel?")),
        *(
            ("tr", text)
            for text in ("iptal etmeyin", "iptal mi oldu", "hayır geleceğim", "iki kişi geleceğiz")
        ),
        *(("tr", text) for text in ("ne", "yok yok geliyorum", "gelemem mi sandınız")),
        *(("uk", text) for text in ("не скасовуйте", "ні, я прийду", "чому скасували", "я не відмовляюсь")),
        *(
            ("ru", text)
            for text in ("не отменяйте", "нет, я приду", "почему отменили", "не откажусь", "да нет")
        ),
        *(
            ("uz", text)
            for text in ("bekor qilmang", "yo'q, boraman", "bekor bo'ldimi?", "ikki kishi boramiz")
        ),
        *(("vi", text) for text in ("đừng hủy", "không, tôi sẽ đến", "có bị hủy không?", "hai người sẽ đến")),
        *(("vi", text) for text in ("không quên", "không đọc được", "dung huy")),
    ],
)
def test_a_no_that_is_not_about_the_visit_frees_no_slot(language: str, text: str) -> None:
    assert meaning(text, language, AT) not in (Meaning.CANCEL, Meaning.CONFIRM)


@pytest.mark.parametrize(
    "text", ["", "   ", "?", "12", "1 2", "2 1", "3", "21", "1 " * 20 + "2", "да не", "\x00", "x" * 5_000]
)
def test_what_says_nothing_certain_is_unclear(text: str) -> None:
    for language in LANGUAGES:
        assert meaning(text, language, AT) is Meaning.UNCLEAR


@pytest.mark.parametrize("text", ["1", " 1 ", "1.", "(1)", "１", "1️⃣", "👍🏽", "OK", "okkk", "Yes"])
def test_yes_in_signs_is_yes_everywhere(text: str) -> None:
    for language in ("", *LANGUAGES):
        assert meaning(text, language) is Meaning.CONFIRM


@pytest.mark.parametrize(
    ("language", "text"), [("bg", "evet"), ("en", "да, благодаря"), ("uz", "да"), ("vi", "yes please")]
)
def test_whoever_answers_in_another_language_is_understood(language: str, text: str) -> None:
    assert meaning(text, language) is Meaning.CONFIRM


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "не искам да кажа"), ("vi", "no idea at all"), ("bg", "ben gelemem demedim")],
)
def test_another_language_must_explain_every_word(language: str, text: str) -> None:
    assert meaning(text, language) is Meaning.UNCLEAR


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("bg", "Ще дойда в 9:20"),
        ("bg", "ще дойда в девет и двадесет"),
        ("en", "yes, 9.20"),
        ("tr", "saat dokuz yirmide gelirim"),
        ("vi", "tôi sẽ đến lúc 9h20"),
    ],
)
def test_whoever_names_our_time_comes_and_whoever_names_another_may_not(language: str, text: str) -> None:
    assert meaning(text, language, AT) is Meaning.CONFIRM
    assert meaning(text, language, time(11, 0)) is Meaning.UNCLEAR
    assert meaning(text, language) is Meaning.UNCLEAR


@given(st.text(max_size=400), st.sampled_from(["", "xx", *LANGUAGES]))
def test_any_text_has_a_meaning(text: str, language: str) -> None:
    assert meaning(text, language, AT) in Meaning


_YES = [reply for reply in replies("practice") if reply.meaning is Meaning.CONFIRM]
_NO = [reply for reply in replies("practice") if reply.meaning is Meaning.CANCEL]


@given(st.sampled_from(_YES), st.sampled_from(_NO), st.sampled_from([". ", ", ", " / ", "\n"]), st.booleans())
def test_a_yes_and_a_no_together_never_free_a_slot_unless_asked_for_another_time(
    yes: tuple[str, str, Meaning], no: tuple[str, str, Meaning], between: str, swapped: bool
) -> None:
    first, second = (no, yes) if swapped else (yes, no)
    assert meaning(first[1] + between + second[1], yes[0], AT) is not Meaning.CANCEL


def test_a_short_yes_before_a_no_in_another_language_frees_no_slot() -> None:
    assert meaning("y. Nyama da moga da doyda", "en", AT) is Meaning.UNCLEAR


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *(("bg", text) for text in ("да, Откажете часа моля", "да\nОтмените пожалуйста запись")),
        *(("en", text) for text in ("won't be able to make it / yes", "ne moga / y", "да, cancel it")),
        *(("ru", text) for text in ("НЕ!, приду", "захворіла, не прийду / ДА", "не приду - да")),
        *(("", text) for text in ("2 / da", "y\nnyama da moga da doyda")),
    ],
)
def test_a_comma_or_a_slash_between_a_yes_and_a_no_makes_two_answers(language: str, text: str) -> None:
    assert meaning(text, language, AT) is Meaning.UNCLEAR


@given(st.sampled_from(_NO), st.sampled_from(["", " ", "!", "…", "\n"]))
def test_capitals_and_punctuation_change_nothing(no: tuple[str, str, Meaning], end: str) -> None:
    assert meaning(no[1].upper() + end, no[0], AT) is Meaning.CANCEL


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("START", Meaning.RESUME),
        ("Старт.", Meaning.RESUME),
        ("unstop", Meaning.RESUME),
        ("when does it start", Meaning.HELP),
        ("стартирам колата", Meaning.UNCLEAR),
    ],
)
def test_only_the_bare_word_asks_to_be_written_to_again(text: str, wants: Meaning) -> None:
    assert meaning(text, "bg", AT) in (wants, Meaning.UNCLEAR)
    assert (meaning(text, "bg", AT) is Meaning.RESUME) == (wants is Meaning.RESUME)


def test_the_database_can_keep_every_meaning() -> None:
    assert all(len(meaning) <= 10 for meaning in Meaning)
