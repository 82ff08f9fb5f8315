"""What counts as choosing one of three, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.messages.choosing import NONE_OF_THEM, choice_of
from telemed.messages.reading import LANGUAGES


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(
            (text, 2)
            for text in ("2", " 2. ", "(2)", "２", "2️⃣", "2 моля", "Вариант 2", "номер 2", "№ 2", "да, 2")
        ),
        *((text, 2) for text in ("две", "Втория", "two", "iki", "ikki", "другий", "второй", "hai")),
        *((text, 1) for text in ("1", "първия", "едно", "bir", "một")),
        *((text, 3) for text in ("3", "три", "üç", "uc", "третья")),
        *(
            (text, NONE_OF_THEM)
            for text in ("0", "не", "Не, благодаря", "no", "hayır", "ні", "нет", "yo'q", "không")
        ),
    ],
)
def test_a_number_a_number_word_or_a_plain_no_is_a_choice(text: str, number: int) -> None:
    assert choice_of(text, "bg", 3) == number


@pytest.mark.parametrize(
    "text",
    [
        *("", "4", "9", "12", "1 2", "1 или 2", "2?", "не 2", "2 не", "10:20", "2 часа", "в сряда", "да"),
        *("Няма да дойда", "отказ", "отказвам часа", "друг ден", "cancel", "не мога да дойда", "2 март"),
    ],
)
def test_what_is_not_plainly_one_of_them_is_none(text: str) -> None:
    assert choice_of(text, "bg", 3) is None


def test_a_number_that_was_not_offered_chooses_nothing() -> None:
    for language in ("", *LANGUAGES):
        assert choice_of("3", language, 2) is None
        assert choice_of("3", language, 3) == 3


@given(st.text(max_size=80), st.sampled_from(["", "xx", *LANGUAGES]), st.integers(1, 3))
def test_any_text_chooses_what_was_offered_or_nothing(text: str, language: str, most: int) -> None:
    chosen = choice_of(text, language, most)
    assert chosen is None or NONE_OF_THEM <= chosen <= most
