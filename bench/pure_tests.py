"""How many tests that need nothing but Python run in a second."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bench.figure import Figure
from bench.imports import pure_modules

ROOT = Path(__file__).resolve().parents[1]
GOAL = 1000.0
NEEDS_MORE = {
    "database_url",
    "engine",
    "postgres",
    "redis_server",
    "browser",
    "chromium_path",
    "tmp_path",
    "services",
}
FOLDERS = ("tests/scheduling", "tests/signaling", "tests/telemed")


class Watch:
    """A pytest plugin that keeps the pure tests only and takes the time from first to last."""

    def __init__(self) -> None:
        self.started = self.ended = 0.0
        self.passed = 0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what asks for no server, no browser and no example generator."""
        items[:] = [item for item in items if self._pure(item)]

    def pytest_runtest_logstart(self) -> None:
        """Take the time of the first test's start."""
        self.started = self.started or time.perf_counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the time of the last test's end."""
        if report.when == "teardown":
            self.ended = time.perf_counter()
        elif report.when == "call" and report.passed:
            self.passed += 1

    @staticmethod
    def _pure(item: pytest.Item) -> bool:
        function, cls = getattr(item, "function", None), getattr(item, "cls", None)
        generated = getattr(function, "is_hypothesis_test", False) or hasattr(cls, "settings")
        return not generated and meets_only_rules(Path(item.path))


@cache
def meets_only_rules(path: Path) -> bool:
    """Whether a test file imports nothing of ours but pure modules and their makers."""
    statement = r"^(?:from|import) ((?:scheduling|signaling|telemed|tests)\S*)(?: import)?(.*)"
    lines = re.findall(statement, path.read_text(), re.MULTILINE)
    pure = {*pure_modules(), "tests.build"}
    named = (f"{module}.{name}" for module, rest in lines for name in re.findall(r"\w+", rest) or [""])
    return bool(lines) and all(any(f"{name}.".startswith(f"{rule}.") for rule in pure) for name in named)


def figures() -> Iterator[Figure]:
    """One run in a process of its own."""
    command = [sys.executable, "-m", "bench.pure_tests"]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    passed, seconds = map(float, said.split()[-2:])
    yield Figure(f"pure tests per second ({passed:.0f} tests)", passed / seconds, "/s", GOAL, at_least=True)


def main() -> None:
    """Run the pure tests and print how many passed in how many seconds."""
    os.chdir(ROOT)
    watch = Watch()
    folders = [folder for folder in FOLDERS if Path(folder).exists()]
    code = pytest.main(["-q", "-p", "no:xdist", "-p", "no:randomly", *folders], plugins=[watch])
    if code:
        sys.exit(int(code))
    print(watch.passed, watch.ended - watch.started)


if __name__ == "__main__":
    main()
