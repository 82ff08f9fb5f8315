"""What the other page says is taken at a person's pace; what is too much is dropped, and both are told."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.signaling.client.bundled import said_by


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return json.loads(said_by(Path(__file__).with_name("channel.mjs"), tmp_path_factory.mktemp("bundle")))


def test_of_a_flood_so_many_words_are_taken_as_the_pace_allows(told: Any) -> None:
    at_once, per_second = told["limits"]
    assert told["flood"]["texts"] == at_once
    assert told["flood"]["after"] == 3 * per_second


def test_both_are_told_once_in_a_while_that_something_is_missing(told: Any) -> None:
    assert told["flood"]["told"] == [{"is": "dropped", "word": "text"}]
    assert told["flood"]["own"] == [{"word": "text"}]
    assert told["flood"]["toldAgain"] == 1


def test_a_flood_of_one_word_keeps_no_other_from_being_heard(told: Any) -> None:
    assert told["flood"]["others"] == [1, 1]


def test_who_takes_an_agreement_back_is_always_heard(told: Any) -> None:
    assert told["taking_back"] == {"heard": 100, "said": []}


def test_two_pages_do_not_tell_each_other_without_end_what_they_dropped(told: Any) -> None:
    assert told["echo"] == []


def test_a_quick_hand_is_never_too_quick(told: Any) -> None:
    assert told["hand"] == {"heard": 120, "said": []}


def test_what_is_no_word_of_ours_is_passed_over(told: Any) -> None:
    assert told["nonsense"] == []
