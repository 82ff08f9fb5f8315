"""What each part of the tests takes: the short tier once, its seconds summed by folder."""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

from bench.figure import Figure

ROOT = Path(__file__).resolve().parents[1]
GOAL_SECONDS = 600.0


def figures() -> Iterator[Figure]:
    """One figure for each folder, then the whole run as a person waits for it."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            str(min(4, (os.cpu_count() or 1) + 1)),
            "--dist",
            "loadfile",
            "--no-loadscope-reorder",
            f"--junitxml={report}",
        ]
        started = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
        waited = time.perf_counter() - started
        yield from by_folder(report)
    yield Figure("short tier, from start to summary", waited, "s", GOAL_SECONDS)


def by_folder(report: Path) -> Iterator[Figure]:
    """Sum what the report says about each test."""
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    for case in ElementTree.parse(report).iter("testcase"):
        seconds[part(case.get("classname", ""))].append(float(case.get("time", "0")))
    for folder, took in sorted(seconds.items(), key=lambda item: -sum(item[1])):
        yield Figure(f"{folder} ({len(took)} tests)", sum(took), "s")


def part(module: str) -> str:
    """The folder a test module belongs to, one level deeper inside telemed."""
    folders = list(takewhile(lambda word: not word.startswith("test_"), module.split(".")))
    return "/".join(folders[:3])
