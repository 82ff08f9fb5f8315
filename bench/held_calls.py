"""What ten patients cost who wait connected in silence: sockets, places at the relay, bytes a minute."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from tests.netlab.lab import Call, Lab, standing
from tests.servers import chromium_program

PATIENTS = 10
WATCHED = 60.0
SOCKETS = "window.sockets.filter((socket) => socket.readyState === WebSocket.OPEN).length"
ALLOCATED = "ALLOCATE processed, success"


def figures() -> Iterator[Figure]:
    """Watch ten held calls for a minute behind routers that hide ports, so that each leans on the relay."""
    with (
        tempfile.TemporaryDirectory(prefix="telemed-bench-") as folder,
        standing(chromium_program(), Path(folder)) as lab,
    ):
        lab.network(router="symmetric")
        calls = [_held(lab) for _ in range(PATIENTS)]
        line = lab.world.lines["kiosk"]
        line.counted(afresh=True)
        time.sleep(WATCHED)
        carried = line.counted()
        sockets = sum(int(side.page.evaluate(SOCKETS)) for call in calls for side in call.sides)
        places = sum(log.read_text().count(ALLOCATED) for log in Path(folder).glob("relay*.log"))
        minutes = WATCHED / 60 * PATIENTS
        yield Figure(f"{PATIENTS} waiting patients: sockets of both sides", sockets, "open")
        yield Figure(f"{PATIENTS} waiting patients: places at the relay", places, "allocations")
        for way in ("up", "down"):
            kilobytes = carried[way]["bytes"] / 1000 / minutes
            yield Figure(f"a waiting kiosk's line, {way}", kilobytes, "kB/min")


def _held(lab: Lab) -> Call:
    call = lab.call("early&held")
    for side in call.sides:
        side.button("Start the call")
    for side in call.sides:
        side.turns("held")
    return call
