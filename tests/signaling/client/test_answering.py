"""What film is measured by stays agreed while none is sent: it comes back without a word to anybody."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.signaling.client.bundled import said_by


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return json.loads(said_by(Path(__file__).with_name("answering.mjs"), tmp_path_factory.mktemp("bundle")))


def test_an_answer_given_without_film_agrees_to_all_that_a_film_is_measured_by(told: Any) -> None:
    assert len(told["whole"]) == 3
    assert told["answers"]["said"] == [{"kind": "answer", "needed": told["whole"]}] * 2


def test_only_once_it_is_given_is_the_offer_read_without_that(told: Any) -> None:
    assert told["answers"]["quiet"] == {"type": "offer", "needed": []}
    assert told["answers"]["again"] == [
        {"type": "offer", "needed": told["whole"]},
        {"type": "offer", "needed": []},
    ]


def test_when_film_comes_back_the_same_description_is_read_whole_and_nothing_is_said(told: Any) -> None:
    assert told["answers"]["film"] == {"type": "offer", "needed": told["whole"]}
    assert told["answers"]["own"] == told["whole"]
    assert told["answers"]["silent"]


def test_the_side_that_offers_names_all_of_it_also_while_it_reads_the_answer_without(told: Any) -> None:
    assert told["offers"]["quiet"] == {"type": "answer", "needed": []}
    assert told["offers"]["film"] == {"type": "answer", "needed": told["whole"]}
    assert told["offers"]["said"] == [{"kind": "offer", "needed": told["whole"]}] * 2
