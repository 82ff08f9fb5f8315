"""A picture that was taken back is seen by nobody, and none stays that no page of the doctor's knows of."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.signaling.client.bundled import said_by


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("pictures")
    return json.loads(said_by(Path(__file__).with_name("call_pictures.mjs"), folder))


def test_a_picture_that_came_after_it_was_taken_back_is_taken_back_once_more(said: Any) -> None:
    assert said["doctor"]["meant"] == "picture_shown"
    assert said["doctor"]["after"] == ""
    assert said["doctor"]["said"] == [["picture", {"state": "away"}]] * 2


def test_a_picture_of_which_the_other_side_says_nothing_is_not_on_its_way_for_ever(said: Any) -> None:
    assert said["silence"]["going"]
    assert said["silence"]["words"] == "picture_stuck"
    # Should it be seen after all, it is taken away: the doctor knows of none.
    assert [each for each in said["silence"]["said"] if each != ["stopped"]] == [
        ["picture", {"state": "away"}]
    ] * 2


def test_a_sharp_picture_that_comes_no_further_is_asked_for_no_more(said: Any) -> None:
    assert (said["unanswered"]["words"], said["unanswered"]["bar"]) == ("sharp_bad", True)
    assert said["unanswered"]["said"] == [["sharp", {"ask": True}], ["sharp", {"ask": False}]]


def test_with_the_connection_the_picture_leaves_the_kiosk(said: Any) -> None:
    assert said["closed"]
