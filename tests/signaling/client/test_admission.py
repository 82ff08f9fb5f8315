"""What the first doctor was allowed is allowed to nobody who comes after: the next page admits by itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.signaling.client.bundled import said_by


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return json.loads(said_by(Path(__file__).with_name("admission.mjs"), tmp_path_factory.mktemp("bundle")))


def test_a_lost_line_takes_no_agreement_away(said: Any) -> None:
    assert said["line"] == {"admitted": True, "open": True, "legs": 1}


@pytest.mark.parametrize("how", ["hung_up", "session_ended", "another"])
def test_another_page_sees_and_hears_nothing_before_it_admits(said: Any, how: str) -> None:
    assert said[how]["admitted"]
    assert not said[how]["open"]
