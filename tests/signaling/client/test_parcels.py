"""A picture that one page shows the other: whole and once, small enough, and never in the way of speech."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.signaling.client.bundled import said_by


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("parcels")
    said: dict[str, Any] = json.loads(said_by(Path(__file__).with_name("parcels.mjs"), folder))
    return said


def test_a_picture_comes_whole_and_once_and_both_see_it_grow(told: dict[str, Any]) -> None:
    assert told["whole"]["got"] == [["image/webp", 30_000]]
    for shares in (told["whole"]["gone"], told["whole"]["coming"]):
        assert shares == sorted(shares)
    assert told["whole"]["gone"].count(1) == 1


def test_what_nobody_may_see_yet_is_let_fall(told: dict[str, Any]) -> None:
    assert (told["unasked"]["got"], told["unasked"]["coming"]) == ([], [])


@pytest.mark.parametrize("what", ["page", "giant"])
def test_what_is_no_picture_of_the_agreed_size_is_refused_before_it_is_decoded(
    told: dict[str, Any], what: str
) -> None:
    assert (told[what]["got"], told[what]["bad"]) == ([], 1)


def test_of_what_weighs_too_much_nothing_is_kept(told: dict[str, Any]) -> None:
    assert (told["heavy"]["got"], told["heavy"]["coming"]) == ([], [])


def test_a_picture_begins_anew_on_the_next_connection(told: dict[str, Any]) -> None:
    assert told["lost"] == [["image/webp", 9_000]]


def test_little_stands_before_the_channel_and_nothing_more_goes_after_a_stop(told: dict[str, Any]) -> None:
    assert told["stuck"]["waiting"] <= 4 * 1_106
    assert (told["stuck"]["after"], told["stuck"]["gone"]) == (0, False)


def test_pieces_in_any_order_and_any_number_make_one_picture(told: dict[str, Any]) -> None:
    assert told["disordered"] == told["repeated"] == [["image/webp", 5_000]]
    assert told["partly"]["got"] == []


def test_nonsense_shows_nothing(told: dict[str, Any]) -> None:
    assert (told["nonsense"]["got"], told["nonsense"]["bad"]) == ([], 0)


def test_the_less_a_line_carries_the_smaller_the_picture_and_the_slower_its_pieces(
    told: dict[str, Any],
) -> None:
    assert told["gaps"] == [50, 150, 400, 800, 800, 900]
    assert told["sides"] == [[1024, 1280], [1024, 1280], *[[640, 800]] * 4]


def test_a_picture_is_made_as_small_as_it_must_be_and_never_larger(told: dict[str, Any]) -> None:
    assert told["fits"] == [
        {"wide": 1024, "high": 768},
        {"wide": 2, "high": 640},
        {"wide": 20, "high": 10},
    ]
    light, heavy, hopeless = told["shrunk"]
    assert 0 < light <= 120_000
    assert 0 < heavy <= 120_000
    assert hopeless is None
    assert told["failed"] is None
