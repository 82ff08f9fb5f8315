"""What a row of pieces and datagrams says of a line, and the verdict in which both pages and kiosks agree."""

import json
from pathlib import Path
from typing import Any

import pytest

from scheduling.lines import NEEDS
from tests.signaling.client.bundled import said_by

SCRIPT = Path(__file__).with_name("line_figures.mjs")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(said_by(SCRIPT, tmp_path_factory.mktemp("figures")))
    return said


@pytest.mark.parametrize("kbps", [64, 256, 512])
def test_a_steady_line_is_told_within_a_twentieth(told: dict[str, Any], kbps: int) -> None:
    assert told["rates"][str(kbps)] == pytest.approx(kbps, rel=0.05)


def test_a_far_line_is_not_taken_for_a_slow_one_while_the_sender_feels_its_way(told: dict[str, Any]) -> None:
    assert told["far"] == pytest.approx(512, rel=0.1)


def test_pieces_that_come_all_at_once_are_a_fast_line_and_too_few_say_nothing(told: dict[str, Any]) -> None:
    assert told["burst"] > 1000
    assert told["few"] == [None, None]


def test_a_clean_line_loses_nothing_and_is_calm(told: dict[str, Any]) -> None:
    assert told["clean"] == {"rtt": 80, "jitter": 0, "lossUp": 0, "lossDown": 0}


def test_each_direction_has_its_own_loss(told: dict[str, Any]) -> None:
    assert (told["up"]["lossUp"], told["up"]["lossDown"]) == (10, 0)
    # The last datagrams that came back are not the last that arrived.
    assert told["down"]["lossUp"] <= 1
    assert told["down"]["lossDown"] == pytest.approx(20, abs=1)


def test_what_comes_in_now_earlier_now_later_varies(told: dict[str, Any]) -> None:
    assert told["restless"]["jitter"] == 20


def test_what_never_came_back_is_unknown_and_not_zero(told: dict[str, Any]) -> None:
    assert set(told["silent"].values()) == {None}


def test_the_verdict_takes_all_that_a_visit_needs(told: dict[str, Any]) -> None:
    assert told["verdicts"] == {
        "good": "video",
        "slow": "audio",
        "far": "audio",
        "lossy": "audio",
        "thin": "weak",
        "holes": "weak",
        "nothing": "none",
    }


def test_the_script_judges_by_what_booking_goes_by() -> None:
    for channel, need in NEEDS.items():
        rule = f"{{ kbps: {need.kbps}, rtt_ms: {need.rtt_ms}, loss_percent: {need.loss_percent:.0f} }}"
        assert f"{channel}: {rule}" in SCRIPT.read_text()


def test_calls_go_freely_by_udp_narrowly_by_tcp_and_not_at_all_without_either(told: dict[str, Any]) -> None:
    assert told["ways"] == ["open", "open", "narrow", "blocked", "unknown"]


def test_a_relays_address_says_how_it_is_reached(told: dict[str, Any]) -> None:
    assert told["transports"] == ["udp", "udp", "tcp", "tls", None]
