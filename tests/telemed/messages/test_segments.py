"""Segments are counted as the network counts and bills them."""

import pytest

from telemed.messages.segments import is_gsm7, segments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("я" * 134, 2),
        ("я" * 135, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" * 5, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_lengths_at_the_edges(text: str, expected: int) -> None:
    assert segments(text) == expected


def test_an_escape_pair_is_not_torn_between_two_parts() -> None:
    # 152 letters leave one septet in the first part; the euro needs two and starts the second.
    assert segments("a" * 152 + "€" + "a" * 152) == 3
    assert segments("a" * 151 + "€" + "a" * 153) == 2


def test_a_surrogate_pair_is_not_torn_between_two_parts() -> None:
    assert segments("я" * 66 + "😀" + "я" * 66) == 3
    assert segments("я" * 65 + "😀" + "я" * 67) == 2


@pytest.mark.parametrize("letter", ["я", "ç", "ı", "ş", "ʻ", "’", "№", "…", "–", "\t", "\u00a0", "`"])
def test_one_foreign_letter_makes_the_whole_text_short(letter: str) -> None:
    assert not is_gsm7(letter)
    assert segments(letter + "a" * 70) == 2


@pytest.mark.parametrize("letter", ["Ç", "ö", "ü", "@", "_", "é", "\n"])
def test_letters_inside_the_alphabet(letter: str) -> None:
    assert is_gsm7(letter)
