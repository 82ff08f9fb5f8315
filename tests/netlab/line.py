"""A line as the lab holds it: orders to the process that carries its packets, and what it has counted."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


class Line:
    """One access line: behaves as a profile says, may be cut, and counts."""

    def __init__(self, near: str, far: str, seed: int, root: Path) -> None:
        command = [sys.executable, "-m", "tests.netlab.wire", near, far, str(seed)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
        )
        if self._hear().strip() != "ready":
            raise RuntimeError("the line's process did not start")

    def behave(self, profile: str) -> None:
        """Be another line from now on."""
        self._order(profile=profile)

    def cut(self, seconds: float) -> None:
        """Carry nothing for a while."""
        self._order(outage=seconds)

    def counted(self, afresh: bool = False) -> dict[str, Any]:
        """What went up and came down since the last time it was counted afresh."""
        return self._order(counted=True, afresh=afresh)

    def end(self) -> None:
        """End its process, and with it both of its devices."""
        self._process.kill()
        self._process.communicate()

    def _order(self, **order: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._hear())
        return answer

    def _hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()
