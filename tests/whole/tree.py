"""The files of the repository as git sees them, for the tests that read all of them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("telemed", "signaling", "scheduling")
CODE = (*PACKAGES, "tests", "bench")


@cache
def files() -> tuple[Path, ...]:
    """Every file that is or will be in the repository, by path from its top."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = (Path(name) for name in sorted(listed.split("\0")) if name)
    return tuple(path for path in paths if (ROOT / path).is_file())


def under(folders: tuple[str, ...], *endings: str) -> list[Path]:
    """The files in these top-level folders with one of these endings."""
    return [path for path in files() if path.parts[0] in folders and path.suffix in endings]


@cache
def text(path: Path) -> str:
    """What a file says."""
    return (ROOT / path).read_text("utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """A Python file, parsed."""
    return ast.parse(text(path), str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a Python file, methods and inner ones too."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines a function takes."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def strings(path: Path) -> set[str]:
    """Every string constant of a Python file, adjacent literals joined."""
    constants = (node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)}
