"""The page that says what each file is for says so of every file, in the file's own words."""

import ast
import re

from tests.whole.tree import ROOT

PACKAGES = ("scheduling", "signaling", "telemed")
ROW = re.compile(r"^\| `([^`]+\.py)` \| (.+) \|$", re.MULTILINE)


def jobs_in_the_code() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if path.name != "__init__.py" and "/versions/" not in name:
                found[name] = (ast.get_docstring(ast.parse(path.read_text())) or "").split("\n")[0]
    return found


def test_every_file_is_listed_with_its_own_first_sentence() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    listed = dict(ROW.findall(page.split("## Every file and its job")[1]))
    assert listed == jobs_in_the_code()
