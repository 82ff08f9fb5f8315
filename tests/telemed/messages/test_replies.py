"""Answers are understood in both languages and scripts, and never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.messages.replies import Meaning, meaning


@pytest.mark.parametrize("text", ["1", " 1 ", "1.", "Да", "ДА!", "da", "yes", "Ok", "Да, да", "１"])
def test_yes(text: str) -> None:
    assert meaning(text) is Meaning.CONFIRM


@pytest.mark.parametrize("text", ["2", "2!", "не", "НЕ", "no", "Отказ", "otkaz", "СТОП", "stop", "cancel"])
def test_no(text: str) -> None:
    assert meaning(text) is Meaning.CANCEL


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "?",
        "12",
        "1 2",
        "да не",
        "не знам",
        "да, но в 11",
        "3",
        "21",
        "когато и да е",
        "1 " * 20,
        "не мога ли друг ден",
    ],
)
def test_everything_else_is_for_a_person(text: str) -> None:
    assert meaning(text) is Meaning.HELP


@given(st.text(max_size=500))
def test_any_text_has_a_meaning(text: str) -> None:
    assert meaning(text) in Meaning


@given(st.text(min_size=21, max_size=200))
def test_a_long_text_is_never_a_yes_or_a_no(text: str) -> None:
    assert meaning(text) is Meaning.HELP
