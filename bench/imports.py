"""How long a process takes to import all pure modules of one package, over a bare start of Python."""

import resource
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 7
GOAL_MS = 50.0
STANDARD = ("dataclasses", "enum", "typing", "uuid", "zoneinfo")
CONTRACT = "Pure rules meet no framework"


def figures() -> Iterator[Figure]:
    """One figure per package, and the bare start they were measured against in the same run."""
    bare = best("pass")
    yield Figure("python starts and imports nothing", bare, "ms")
    # Says how fast this machine is just now; any module with a dataclass pays it.
    yield Figure(f"import of {', '.join(STANDARD)} only", best(f"import {', '.join(STANDARD)}") - bare, "ms")
    for package in ("scheduling", "signaling", "telemed"):
        modules = [name for name in pure_modules() if name.split(".")[0] == package]
        ours = "; ".join(f"import {name}" for name in modules)
        # Python's own modules cannot be made faster here; what they take is the floor of the goal.
        floor = best("import " + ", ".join(standard(ours))) - bare
        yield Figure(f"import of Python's own modules that {package}'s pure modules need", floor, "ms")
        yield Figure(f"import of {package}'s {len(modules)} pure modules", best(ours) - bare, "ms", GOAL_MS)


def pure_modules() -> list[str]:
    """The modules that the import contracts keep pure."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return next(contract["source_modules"] for contract in contracts if contract["name"] == CONTRACT)


def standard(code: str) -> list[str]:
    """The modules of Python's own library that are loaded after this code."""
    show = "import sys; print(*(n for n in sys.modules if n.split('.')[0] in sys.stdlib_module_names))"
    command = [sys.executable, "-c", f"{code}; {show}"]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in said.split() if not name.startswith("_") and name != "site"]


def best(code: str) -> float:
    """The shortest of several runs in milliseconds: what the machine does undisturbed."""
    return min(once(code) for _ in range(ROUNDS))


def once(code: str) -> float:
    """The processor time of one run, which other work on this machine hardly changes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000
