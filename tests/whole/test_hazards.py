"""Each hazard names the tests that hold it, and each named test exists."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.whole import tree

HAZARDS: list[dict[str, Any]] = tomllib.loads(tree.text(Path("docs/safety/hazards.toml")))["hazard"]
SAID = ("hazard", "cause", "effect", "control")


def missing(named: list[str]) -> list[str]:
    """The names of tests that nobody has written."""
    return [name for name in named if name.rpartition("::")[2] not in written(Path(name.partition("::")[0]))]


def written(path: Path) -> set[str]:
    return {node.name for node in tree.functions(path)} if path in tree.files() else set()


@pytest.mark.parametrize("hazard", HAZARDS, ids=[each["id"] for each in HAZARDS])
def test_a_hazard_is_held_by_tests_that_exist(hazard: dict[str, Any]) -> None:
    assert missing(hazard.get("tests", [])) == []
    assert hazard.get("tests") or hazard.get("open")
    assert all(hazard[part].strip() for part in SAID)
    before, after = hazard["likelihood"]
    assert 1 <= after <= before <= 5
    assert 1 <= hazard["severity"] <= 5


def test_no_two_hazards_share_an_id() -> None:
    ids = [each["id"] for each in HAZARDS]
    assert len(ids) == len(set(ids))


def test_a_test_that_nobody_has_written_is_found() -> None:
    here = "tests/whole/test_hazards.py"
    named = [
        f"{here}::test_no_two_hazards_share_an_id",
        f"{here}::test_of_dreams",
        "tests/no_file.py::test_it",
    ]
    assert missing(named) == named[1:]
