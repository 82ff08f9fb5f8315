"""How the files are spread over the workers: all that share one running service go to one of them.

A service is six processes: each worker that needed it would start it anew, which takes as long as a test.
"""

import re
from functools import cache
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

SERVICES = ("quiet_service", "service")
_ASKED = {name: re.compile(rf"\b{name}: Running\b") for name in SERVICES}
SLOW = {"browser", "chaos", "flows", "netlab"}


@cache
def shared(file: Path) -> str | None:
    """The running service that a file's tests ask for: one of two, or none."""
    source = file.read_text("utf-8")
    return next((name for name in SERVICES if _ASKED[name].search(source)), None)


def turn(file: Path) -> int:
    """When a file comes: those with long tests first, or one worker would wait for another's."""
    if shared(file):
        return 0
    return 1 if set(file.parts) & SLOW else 2


def home(file: str, root: Path) -> str:
    """What a file goes together with: its service, or nothing but itself."""
    return shared(root / file) or file


class ByService(LoadFileScheduling):
    """A worker gets whole files, and with the first file of a service all the others of it."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        self._root = config.rootpath

    def _split_scope(self, nodeid: str) -> str:
        return home(super()._split_scope(nodeid), self._root)
