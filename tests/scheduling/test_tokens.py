from hypothesis import given
from hypothesis import strategies as st

from scheduling.tokens import token


def test_the_first_of_the_day_and_the_hundredth() -> None:
    assert [token(number) for number in (1, 17, 99, 100, 198, 199)] == [
        "A 1",
        "A 17",
        "A 99",
        "E 1",
        "E 99",
        "K 1",
    ]


def test_everybody_of_a_long_day_has_another() -> None:
    assert len({token(number) for number in range(1, 595)}) == 594


@given(st.integers(1, 10**6))
def test_is_short_and_spoken_alike_in_both_alphabets(number: int) -> None:
    letter, digits = token(number).split(" ")
    assert letter in "AEKMOT"
    assert 1 <= int(digits) <= 99
