"""When an operator must look: fewer arrive than should, and enough were sent to say so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.messages.delivery import FEWEST, Counts, counted, has_fallen

USUAL = Counts(arrived=970, lost=30)


def test_what_has_not_ended_counts_for_nothing() -> None:
    ends = [("accepted", 50), ("delivered", 8), ("failed", 1), ("undelivered", 1), ("due", 3)]
    assert counted(ends) == Counts(arrived=8, lost=2)


def test_before_any_carrier_has_said_a_word_there_is_no_share() -> None:
    assert Counts().share is None
    assert not has_fallen(Counts(), USUAL)


@pytest.mark.parametrize(
    ("arrived", "lost", "fallen"),
    [(95, 5, False), (81, 19, True), (83, 17, False), (79, 21, True), (0, 100, True), (0, 19, False)],
)
def test_beside_what_is_usual(arrived: int, lost: int, fallen: bool) -> None:
    assert has_fallen(Counts(arrived, lost), USUAL) is fallen


def test_without_a_usual_share_four_in_five_must_arrive() -> None:
    assert not has_fallen(Counts(80, 20), Counts())
    assert has_fallen(Counts(79, 21), Counts())


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_one_more_that_arrives_never_raises_the_alarm(arrived: int, lost: int, usual: int) -> None:
    before = has_fallen(Counts(arrived, lost), Counts(usual, 20))
    after = has_fallen(Counts(arrived + 1, lost), Counts(usual, 20))
    assert before or not after or arrived + lost < FEWEST
