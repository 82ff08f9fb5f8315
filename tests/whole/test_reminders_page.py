"""The page about reminders names every step that a message can take, with a test that exists."""

import re
from itertools import product
from pathlib import Path

from telemed.messages.tables import STEPS
from tests.whole import tree
from tests.whole.test_hazards import missing

PAGE = Path("docs/reminders.md")
ROW = re.compile(r"^\| ([a-z_]+) \| ([a-z_, ]+) \| .+ \| `(T/[^`]+)` \|$", re.MULTILINE)
STANDS_FOR = "tests/telemed/messages/"


def rows() -> list[tuple[str, str, str]]:
    return ROW.findall(tree.text(PAGE))


def test_every_step_has_its_row_and_no_row_a_step_that_is_refused() -> None:
    named = {step for before, after, _ in rows() for step in product([before], after.split(", "))}
    # What holds for all states is a row of its own.
    named.discard(("any", "any other"))
    assert named == {(before, after) for before, steps in STEPS.items() for after in steps}


def test_every_row_names_a_test_that_exists() -> None:
    tests = [test.replace("T/", STANDS_FOR) for *_, test in rows()]
    assert len(tests) > 10
    assert missing(tests) == []
