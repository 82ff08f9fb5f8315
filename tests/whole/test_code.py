"""Rules about our own code that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.whole import tree

LONGEST_MODULE = 300
MEDIAN_MODULE = 120
NINE_TENTHS_OF_FUNCTIONS = 25
# A clone must start with nothing but Python and this one file; a migration is a schema written out.
MAY_BE_LONG = {Path("dev.py"), Path("telemed/migrations/versions")}
DRAWERS = {"utils", "util", "helpers", "helper", "common", "core", "base", "misc", "manager"}
# A door answers for whatever goes wrong behind it; everything else names what it expects.
DOORS = {
    "telemed/jobs.py": "one failing tick must not end the worker",
    "telemed/web/errors.py": "the last page a person can be shown",
    "signaling/media.py": "closes the peer, then raises the same error again",
}

PYTHON = tree.under(tree.CODE, ".py")
OWN = tree.under(tree.PACKAGES, ".py")
SOURCES = [*PYTHON, *tree.under(tree.CODE, ".ts", ".mjs"), Path("dev.py")]


def named(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=str)


def test_no_file_or_folder_is_a_drawer() -> None:
    assert [
        path for path in tree.files() if {Path(part).stem.lstrip("_") for part in path.parts} & DRAWERS
    ] == []


def test_modules_stay_short() -> None:
    lengths = {path: tree.text(path).count("\n") for path in SOURCES if not {path, path.parent} & MAY_BE_LONG}
    assert {str(path): length for path, length in lengths.items() if length > LONGEST_MODULE} == {}
    own = sorted(lengths[path] for path in OWN if path in lengths)
    assert own[len(own) // 2] <= MEDIAN_MODULE


def test_nine_functions_of_ten_stay_short() -> None:
    lengths = sorted(tree.lines(function) for path in OWN for function in tree.functions(path))
    assert lengths[len(lengths) * 9 // 10] <= NINE_TENTHS_OF_FUNCTIONS


def test_every_module_says_in_its_docstring_what_it_is() -> None:
    ours = [*OWN, *tree.under(("bench",), ".py"), Path("dev.py")]
    with_content = [path for path in ours if tree.text(path).strip()]
    assert [str(path) for path in with_content if not ast.get_docstring(tree.tree(path))] == []


def test_no_import_of_ours_is_deferred() -> None:
    deferred = [
        f"{path}:{node.lineno}"
        for path in PYTHON
        for function in tree.functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and imported(node) & set(tree.CODE)
    ]
    assert deferred == []


def imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    """The top-level packages that an import statement names."""
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return {name.split(".")[0] for name in names}


def test_only_doors_catch_everything() -> None:
    broad = {
        str(path)
        for path in [*PYTHON, Path("dev.py")]
        for node in ast.walk(tree.tree(path))
        if isinstance(node, ast.ExceptHandler) and catches_everything(node)
    }
    assert broad - set(DOORS) == set()


def catches_everything(node: ast.ExceptHandler) -> bool:
    """Whether a handler is bare or names Exception itself."""
    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(each is None or ast.unparse(each) in ("Exception", "BaseException") for each in caught)


def test_every_silenced_warning_says_why() -> None:
    paths = [*PYTHON, Path("dev.py")]
    assert [where for path in paths for where in silenced_without_reason(path)] == []


def silenced_without_reason(path: Path) -> Iterator[str]:
    """Where a checker is told to be quiet, and neither this line nor a comment above it says why."""
    silenced = re.compile(r"#\s*(noqa|type:\s*ignore)(:\s*[A-Z0-9, ]+|\[[a-z-]+(, ?[a-z-]+)*\])?(?P<why>.*)")
    lines = tree.text(path).splitlines()
    for number, line in enumerate(lines, 1):
        found = silenced.search(line)
        explained_above = number > 1 and lines[number - 2].lstrip().startswith("#")
        if found and len(found["why"].strip(" -#")) < 8 and not explained_above:
            yield f"{path}:{number}"


def test_no_test_replaces_a_name_by_its_dotted_path() -> None:
    dotted = re.compile(r"\b(patch|setattr)\(\s*[\"'][a-z_]+\.")
    assert [str(path) for path in PYTHON if dotted.search(tree.text(path))] == []


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TO" + "DO|FIX" + r"ME|X{3})\b")
    readable = [*SOURCES, *tree.under(("templates", "docs", "deploy"), ".html", ".md", ".txt", ".conf")]
    assert [str(path) for path in readable if later.search(tree.text(path))] == []


@named([path for path in tree.files() if path.parts[0] == "tests" and path.name.startswith("test_")])
def test_no_test_asserts_a_duration(path: Path) -> None:
    clocks = {"perf_counter", "monotonic", "process_time"}
    asserted = [
        ast.unparse(node)
        for node in ast.walk(tree.tree(path))
        if isinstance(node, ast.Assert)
        and {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)} & clocks
    ]
    # A deadline only ends a wait that would never end.
    assert [each for each in asserted if "() < until" not in each] == []
