"""Who is told that something in writing waits for a doctor: when, in which order, and each once."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.intake.written_due import PATIENCE, TOLD, Dialogue, Told, Wait, Why, due, due_at, wait_of
from tests.build import NOW

MINUTE = timedelta(minutes=1)


def at(minutes: float) -> datetime:
    return NOW + minutes * MINUTE


def told_at(
    minutes: float, why: Why = "answer", *told: Told, there: bool = True, others: bool = True
) -> list[Told]:
    return list(due(Wait(why, NOW), told, at(minutes), there=there, others=others))


class TestWhatWaits:
    def test_the_first_answer_since_the_doctor_last_did_something(self) -> None:
        dialogue = Dialogue(True, at(10), (at(5), at(14), at(12)))
        assert wait_of(dialogue) == Wait("answer", at(12))

    def test_what_was_read_waits_no_more_yet_the_promise_still_does(self) -> None:
        assert wait_of(Dialogue(True, at(15), (at(12),))) == Wait("promise", at(15))

    def test_an_answer_waits_also_where_nothing_was_promised(self) -> None:
        assert wait_of(Dialogue(False, at(10), (at(12),))) == Wait("answer", at(12))
        assert wait_of(Dialogue(False, at(15), (at(12),))) is None

    def test_what_was_answered_while_they_talked_waits_from_the_end_of_the_talk(self) -> None:
        assert wait_of(Dialogue(False, at(0), (at(3), at(24)), talked_at=at(25))) == Wait("answer", at(25))
        assert wait_of(Dialogue(False, at(0), (at(27),), talked_at=at(25))) == Wait("answer", at(27))
        assert wait_of(Dialogue(True, at(26), (at(24),), talked_at=at(25))) == Wait("promise", at(26))


class TestWhoIsTold:
    def test_an_answer_calls_its_doctor_then_another_then_the_coordinator(self) -> None:
        assert told_at(4.9) == []
        assert told_at(5) == ["promised"]
        assert told_at(15, "answer", "promised") == ["another"]
        assert told_at(30, "answer", "promised", "another") == ["coordinator"]

    def test_a_promise_waits_longer(self) -> None:
        assert told_at(59, "promise") == []
        assert told_at(60, "promise") == ["promised"]
        assert told_at(120, "promise", "promised") == ["another"]
        assert told_at(180, "promise", "promised", "another") == ["coordinator"]

    def test_of_a_doctor_who_is_away_a_colleague_is_told_as_early(self) -> None:
        assert told_at(5, there=False) == ["promised", "another"]

    def test_where_no_colleague_is_there_the_coordinator_is_told_as_early_as_they_would_be(self) -> None:
        assert told_at(15, "answer", "promised", others=False) == ["coordinator"]
        assert told_at(5, there=False, others=False) == ["promised", "coordinator"]

    def test_the_colleague_who_comes_in_the_morning_is_told_then(self) -> None:
        assert told_at(600, "answer", "promised", "coordinator", others=False) == []
        assert told_at(600, "answer", "promised", "coordinator") == ["another"]

    def test_nobody_waits_for_a_clock_that_was_set_back(self) -> None:
        assert told_at(-1) == list(TOLD)

    @pytest.mark.parametrize("why", PATIENCE)
    def test_until_when_a_doctor_answers_is_the_moment_they_are_told(self, why: Why) -> None:
        wait = Wait(why, NOW)
        last = due_at(wait)
        assert due(wait, (), last - timedelta(microseconds=1), there=True, others=True) == ()
        assert due(wait, (), last, there=True, others=True) == ("promised",)

    @pytest.mark.parametrize("why", PATIENCE)
    def test_each_step_comes_later_than_the_one_before(self, why: Why) -> None:
        assert list(PATIENCE[why]) == sorted(set(PATIENCE[why]))


@given(
    st.lists(st.integers(0, 400), max_size=20),
    st.sampled_from(list(PATIENCE)),
    st.lists(st.tuples(st.booleans(), st.booleans()), min_size=20, max_size=20),
)
def test_however_often_one_looks_nobody_is_told_twice_and_after_hours_all_were(
    looks: list[int], why: Why, duty: list[tuple[bool, bool]]
) -> None:
    told: list[Told] = []
    for minutes, (there, others) in zip(sorted(looks), duty, strict=False):
        told += told_at(minutes, why, *told, there=there, others=others)
    told += told_at(500, why, *told)
    assert sorted(told) == sorted(TOLD)
