"""A line as a process: two TUN devices, and between them a loop that delays and loses as its profile says.

The kernels we run on have no netem. `python -m tests.netlab.wire LEFT RIGHT SEED` makes both devices; whoever
started it moves them into namespaces, which leaves the files open here. One JSON order a line comes in, one
answer a line goes out: {"profile": "3g"}, {"outage": 10}, {"counted": true}.
"""

import fcntl
import heapq
import json
import os
import select
import struct
import sys
import time
from dataclasses import asdict
from itertools import count
from random import Random
from typing import Any

from tests.netlab.profiles import PROFILES
from tests.netlab.shaper import Counted, Lane

_SET_INTERFACE = 0x400454CA
_TUN_WITHOUT_HEADER = 0x0001 | 0x1000
_LONGEST = 65_536


def open_tun(name: str) -> int:
    """Make a TUN device and return its file."""
    file = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(file, _SET_INTERFACE, struct.pack("16sH", name.encode(), _TUN_WITHOUT_HEADER))
    return file


class Line:
    """Both directions between two files, until the orders end."""

    def __init__(self, left: int, right: int, seed: int) -> None:
        good = PROFILES["good"]
        self._lanes = {left: Lane(good, Random(seed)), right: Lane(good, Random(seed + 1))}
        self._far = {left: right, right: left}
        # A number of its own for each packet: equal moments keep their order.
        self._under_way: list[tuple[float, int, int, bytes]] = []
        self._numbers = count()

    def run(self) -> None:
        """Carry packets and take orders."""
        print("ready", flush=True)
        orders = sys.stdin.fileno()
        while True:
            wait = max(0.0, self._under_way[0][0] - time.monotonic()) if self._under_way else None
            readable, _, _ = select.select([*self._lanes, orders], [], [], wait)
            self._deliver()
            for source in readable:
                if source == orders:
                    order = sys.stdin.readline()
                    if not order:
                        return
                    print(json.dumps(self._obey(json.loads(order))), flush=True)
                else:
                    self._take_in(source)

    def _take_in(self, source: int) -> None:
        lane, far = self._lanes[source], self._far[source]
        while True:
            try:
                packet = os.read(source, _LONGEST)
            except BlockingIOError:
                return
            now = time.monotonic()
            out = lane.take(len(packet), now)
            if out is not None:
                heapq.heappush(self._under_way, (out, next(self._numbers), far, packet))

    def _deliver(self) -> None:
        now = time.monotonic()
        while self._under_way and self._under_way[0][0] <= now:
            _, _, far, packet = heapq.heappop(self._under_way)
            try:
                os.write(far, packet)
            except OSError:
                # The far device is down: somebody has pulled its plug.
                continue

    def _obey(self, order: dict[str, Any]) -> dict[str, Any]:
        lanes = list(self._lanes.values())
        if "profile" in order:
            for lane in lanes:
                lane.change(PROFILES[order["profile"]])
        if "outage" in order:
            for lane in lanes:
                lane.cut(time.monotonic() + order["outage"])
        answer = {"up": asdict(lanes[0].counted), "down": asdict(lanes[1].counted)}
        if order.get("afresh"):
            for lane in lanes:
                lane.counted = Counted()
        return answer


if __name__ == "__main__":
    try:
        # A late packet would be a line's jitter that nobody ordered.
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(10))
    except PermissionError:
        print("no real-time scheduling: figures are noisier", file=sys.stderr)
    Line(open_tun(sys.argv[1]), open_tun(sys.argv[2]), int(sys.argv[3])).run()
