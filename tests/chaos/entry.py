"""A worker or a web process as an operator runs it, but by the clock of the test."""

import os
import sys
from dataclasses import replace
from pathlib import Path

from telemed import logs, settings
from telemed import services as wiring
from telemed.run import worker
from telemed.run.server import Server
from telemed.run.web import create_app
from telemed.services import Services
from tests.chaos.clockwork import SharedClock

CLOCK = "CHAOS_CLOCK"


def main() -> None:
    """Run the process that is named on the command line."""
    ours = settings.read(os.environ)
    logs.configure(ours.log_level, sys.argv[1])
    if sys.argv[1] == "worker":
        worker.work(house(ours))
    else:
        Server(ours, ours.port, lambda: create_app(house(ours))).run()


def house(ours: settings.Settings) -> Services:
    """The services, with the clock that the test moves."""
    return replace(wiring.build(ours), clock=SharedClock(Path(os.environ[CLOCK])))


if __name__ == "__main__":
    main()
