"""Which rung a line is given: the browser's own rules over lines as they are, and over random ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.signaling.client.bundled import said_by

RUNS = 150


@pytest.fixture(scope="module")
def ladder(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        said_by(Path(__file__).with_name("ladder.mjs"), tmp_path_factory.mktemp("ladder"), str(RUNS))
    )
    return told


def test_a_line_of_64_kbit_is_on_stills_within_five_seconds_and_stays(ladder: dict[str, Any]) -> None:
    assert 0 < ladder["stills_after_s"] <= 5
    assert (ladder["sixty_four_ends_on"], ladder["sixty_four_changes"]) == ("stills", 1)


def test_a_good_line_gets_the_full_picture_in_seconds(ladder: dict[str, Any]) -> None:
    assert 0 < ladder["good_full_after_s"] <= 10
    assert ladder["good_why"] == "well"


def test_loss_in_bursts_alone_takes_no_picture_away(ladder: dict[str, Any]) -> None:
    assert ladder["bursts_rungs"] == ["video"]


def test_speech_that_waits_takes_the_picture_away_only_when_the_way_has_become_longer(
    ladder: dict[str, Any],
) -> None:
    assert ladder["waits_rungs"] == ["video", "stills"]


def test_what_a_thin_line_has_taken_in_may_come_out_before_it_is_judged_again(ladder: dict[str, Any]) -> None:
    assert ladder["drained_rungs"] == ["stills"]


def test_a_train_that_comes_after_the_call_has_begun_decides_at_once(ladder: dict[str, Any]) -> None:
    assert (ladder["late_word"]["level"], ladder["late_word"]["why"]) == (4, "slow")


def test_a_line_that_sinks_is_followed_in_seconds(ladder: dict[str, Any]) -> None:
    assert 0 < ladder["sinks_after_s"] <= 3


def test_a_line_that_was_away_is_not_judged_by_its_absence(ladder: dict[str, Any]) -> None:
    assert ladder["away_rungs"] == ["video"]
    # But whoever waits for long is shown the telephone.
    assert ladder["away_proposals"] is True


def test_the_picture_comes_back_when_the_line_has_proved_itself(ladder: dict[str, Any]) -> None:
    assert ladder["recovered_rung"] == "video"


def test_a_call_begins_where_the_line_is_known_to_be(ladder: dict[str, Any]) -> None:
    assert ladder["starts"] == {
        "20": "audio",
        "50": "stills",
        "128": "video",
        "300": "video",
        "5000": "video",
    }


def test_each_failed_climb_waits_longer_for_the_next(ladder: dict[str, Any]) -> None:
    waits = ladder["waits_between_climbs"]
    assert len(waits) >= 3
    assert waits == sorted(waits)
    assert waits[-1] > 300


def test_a_line_that_carries_no_speech_leads_to_the_telephone_and_then_to_paper(
    ladder: dict[str, Any],
) -> None:
    assert 10 <= ladder["phone_after_s"] <= 20
    assert 60 <= ladder["written_after_s"] <= 75


def test_no_line_makes_it_flap(ladder: dict[str, Any]) -> None:
    assert ladder["steps"] == RUNS * 240
    assert ladder["most_in_a_minute"] <= 5
    assert ladder["most_climbs_in_a_minute"] <= 4


@pytest.mark.parametrize("what", ["worse_is_higher", "raised_in_silence"])
def test_a_worse_look_or_none_never_gives_more(ladder: dict[str, Any], what: str) -> None:
    assert ladder[what] == []


@pytest.mark.parametrize("what", ["hand_lost", "not_lower", "sides_differ", "begun_by_line"])
def test_both_sides_do_what_a_person_chose_or_else_the_lower(ladder: dict[str, Any], what: str) -> None:
    assert ladder[what] == []


def test_who_insists_on_a_picture_gets_the_smallest(ladder: dict[str, Any]) -> None:
    assert ladder["insisted"]["bits"] <= 50_000


def test_on_the_telephone_nothing_is_sent_beside_it(ladder: dict[str, Any]) -> None:
    assert ladder["on_the_phone"] == {"video": None, "audio": None, "stills": None}
