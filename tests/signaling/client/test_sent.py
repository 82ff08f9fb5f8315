"""What goes over the line beside the film, and what is counted of it: whatever is lost, late or nonsense."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.signaling.client.bundled import said_by


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        said_by(Path(__file__).with_name("sent.mjs"), tmp_path_factory.mktemp("sent"))
    )
    return told


def test_any_one_piece_may_be_lost_and_the_others_come_in_any_order(sent: dict[str, Any]) -> None:
    assert sent["lossless"] == []


def test_what_is_no_piece_is_no_picture(sent: dict[str, Any]) -> None:
    assert set(sent["nonsense"]) == {None}


def test_an_older_picture_never_comes_after_a_newer_one(sent: dict[str, Any]) -> None:
    assert set(sent["older"]) == {None}


def test_pieces_that_come_an_eighth_of_a_second_apart_are_a_line_of_64_kbit(sent: dict[str, Any]) -> None:
    assert sent["carried"] == 64


def test_of_too_few_pieces_nobody_says_how_fast_the_line_is(sent: dict[str, Any]) -> None:
    assert sent["few"] == [None, None, 64, 64, None]


def test_only_a_small_picture_is_decoded(sent: dict[str, Any]) -> None:
    decoded = {name: kind for name, kind in sent["pictures"].items() if kind}
    assert decoded == {"webp": "image/webp", "jpeg": "image/jpeg"}
    assert len(sent["pictures"]) == 11


def test_speech_is_packed_as_the_level_says_and_back_again(sent: dict[str, Any]) -> None:
    assert sent["thin"] == ["m=audio 9 X 63 111 9", "a=ptime:60"]
    assert sent["back"] is True


def test_beside_a_small_film_lost_speech_is_asked_for_once_more(sent: dict[str, Any]) -> None:
    assert sent["small"] == ["m=audio 9 X 63 111 9", "a=rtcp-fb:111 nack", "a=ptime:40"]


def test_without_film_the_browser_does_not_feel_its_way_to_more(sent: dict[str, Any]) -> None:
    assert sent["quiet"] == [
        "a=fmtp:96 x-google-start-bitrate=60;x-google-max-bitrate=60",
        "a=fmtp:102 packetization-mode=1;x-google-start-bitrate=60;x-google-max-bitrate=60",
    ]
    assert sent["loud"] == [
        "a=fmtp:96 x-google-start-bitrate=200",
        "a=fmtp:102 packetization-mode=1;x-google-start-bitrate=200",
    ]
    assert (sent["again"], sent["apt"]) == (True, True)


def test_without_film_nothing_is_agreed_that_packets_of_nothing_need(sent: dict[str, Any]) -> None:
    assert [line.split("/")[-1].split(":")[-1] for line in sent["untimed"]] == [
        "toffset",
        "abs-send-time",
        "draft-holmer-rmcat-transport-wide-cc-extensions-01",
        "96 goog-remb",
        "96 transport-cc",
    ]


def test_counts_become_measures_of_the_time_between_two_looks(sent: dict[str, Any]) -> None:
    assert sent["before"] is None
    sample, heard = sent["look"]["sample"], sent["look"]["heard"]
    assert (sample["room"], sample["rtt"], sample["alive"]) == (120, 300, True)
    assert sample["sent"] == pytest.approx((1000 + 28 * 10) * 8 / 1000)
    assert sample["lost"] == pytest.approx(0.1)
    assert heard == {"waits": 100, "concealed": 0.05, "frozen": 0}
    assert sent["look"]["frames"] == 8


def test_where_nothing_came_nothing_is_known(sent: dict[str, Any]) -> None:
    assert sent["alive"] is False
    assert sent["silent"] == [None, None, None, None]


def test_a_picture_that_stands_while_packets_come_is_frozen(sent: dict[str, Any]) -> None:
    assert sent["stands"] == 1000


def test_the_time_without_film_is_no_freeze_when_it_comes_back_and_a_gap_in_it_is_one(
    sent: dict[str, Any],
) -> None:
    assert sent["paused"] == [0, 0, 0, 0, 0, 0]
    assert sent["broken"] == [0, 0, 0, 1000]


def test_ready_answers_are_read_by_the_doctor_alone(sent: dict[str, Any]) -> None:
    assert sent["answers"] == [{"text": None, "answer": "unheard"}, None]


def test_what_is_written_is_read_only_as_words_and_never_longer_than_a_line_may_be(
    sent: dict[str, Any],
) -> None:
    assert set(sent["odd"]) == {None}
    assert sent["long"] == 1_000


def test_words_of_the_other_side_are_taken_only_as_far_as_they_make_sense(sent: dict[str, Any]) -> None:
    assert sent["wish"] == [
        {"rung": "stills", "why": "slow", "hand": None},
        None,
        {"rung": "audio", "why": "well", "hand": None},
    ]
    assert sent["heard"] == {"waits": None, "concealed": 1, "frozen": 0, "carried": 1_000_000}
