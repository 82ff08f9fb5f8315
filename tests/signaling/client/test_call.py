"""Only of two who talk is a broken connection an interruption, in which pictures and words still go out."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.signaling.client.bundled import said_by


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return json.loads(said_by(Path(__file__).with_name("call.mjs"), tmp_path_factory.mktemp("bundle")))


def test_before_anybody_is_admitted_a_broken_connection_interrupts_nothing(said: Any) -> None:
    assert said["silent"] == ["held", "connecting", "connecting"]


def test_nonsense_of_the_other_page_interrupts_nothing_before_it_admits(said: Any) -> None:
    assert said["nonsense"] == ["held", "connecting"]


def test_who_takes_the_agreement_back_while_the_line_is_away_is_held_at_once(said: Any) -> None:
    assert said["talking"] == ["connected", "interrupted", "held"]
