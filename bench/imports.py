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
        took = best("; ".join(f"import {name}" for name in modules)) - bare
        yield Figure(f"import of {package}'s {len(modules)} pure modules", took, "ms", GOAL_MS)


def pure_modules() -> list[str]:
    """The modules that the import contracts keep pure."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return next(contract["source_modules"] for contract in contracts if contract["name"] == CONTRACT)


def best(code: str) -> float:
    """The shortest of several runs in milliseconds: what the machine does undisturbed."""
    return min(once(code) for _ in range(ROUNDS))


def once(code: str) -> float:
    """The processor time of one run, which other work on this machine hardly changes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000
