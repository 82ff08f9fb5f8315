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


def test_with_the_connection_the_picture_leaves_the_kiosk(said: Any) -> None:
    assert said["closed"]
