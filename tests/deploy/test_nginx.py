"""Two calls processes behind nginx: both sides of a call meet, whichever process lives; the revoked go."""

import asyncio
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import socketio

from signaling import passes
from signaling.namespace import NAME
from telemed import database, services, settings
from telemed.notices import Notices
from telemed.services import Services
from telemed.web import calls
from tests import servers
from tests.deploy.nginx import Nginx, nginx
from tests.missing import miss

ROOT = Path(__file__).parents[2]
NONCE = "what-only-the-page-knows"
ROOMS = 8
PATIENCE = 20.0
REVOKED_WITHIN = 5.0
LOST = "(the line is lost)"


@dataclass
class House:
    """nginx, the two processes behind it by their ports, and the services that hand out passes."""

    nginx: Nginx
    services: Services
    environ: dict[str, str]
    running: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, port: int) -> None:
        """Start the process of this port."""
        command = [sys.executable, "-m", "telemed.run.command", "calls", "--port", str(port)]
        self.running[port] = subprocess.Popen(command, cwd=ROOT, env=self.environ, start_new_session=True)
        servers.wait_until(lambda: _alive(port), self.running[port], 60)

    def pass_for(self, role: passes.Role, room: str, session: str) -> str:
        """A pass as a page gets it from the web process."""
        issued = calls.issue_pass(
            self.services,
            room=room,
            role=role,
            session=session,
            nonce_hash=passes.hashed(NONCE),
            now_real=datetime.now(UTC),
        )
        return str(issued["pass"])

    def say(self, subject: str) -> None:
        """What the web process says when it ends a session."""
        with database.write(self.services.engine) as connection:
            Notices(connection).say("close-session", subject, datetime.now(UTC))


class Page:
    """One side's page, as far as its socket goes: comes back when it is sent away or its line is lost."""

    def __init__(self, house: House, role: passes.Role, room: str, session: str = "") -> None:
        self.house, self.role, self.room = house, role, room
        self.session = session or f"{role}-of-{room}"
        self.heard: list[tuple[str, Any]] = []
        self.token: dict[str, str] = {"pass": house.pass_for(role, room, self.session)}
        self.client = socketio.AsyncClient(reconnection_delay=0.2, reconnection_delay_max=1)
        self.client.on("connect", self._join, namespace=NAME)
        self.client.on("*", self._hear, namespace=NAME)
        self.client.on("disconnect", self._lost, namespace=NAME)

    async def come(self) -> "Page":
        await self.client.connect(
            f"{self.house.nginx.origin}/?call={self.room}",
            headers={"Origin": self.house.nginx.origin},
            transports=["websocket"],
            namespaces=[NAME],
            wait_timeout=10,
        )
        await self.hears("joined")
        return self

    async def _join(self) -> None:
        body = {**self.token, "nonce": NONCE, "page": f"page-of-{self.role}"}
        await self.client.emit("join", body, namespace=NAME)

    async def _hear(self, event: str, body: Any = None) -> None:
        self.heard.append((event, body))
        if event == "joined":
            self.token = {"seat": body["seat"]}

    async def _lost(self, _reason: str = "") -> None:
        self.heard.append((LOST, None))

    async def hears(self, event: str, since: int = 0, seconds: float = PATIENCE) -> Any:
        """Wait for a word that was not there before."""
        until = monotonic() + seconds
        while monotonic() < until:
            for heard, body in self.heard[since:]:
                if heard == event:
                    return body
            await asyncio.sleep(0.02)
        raise AssertionError(f"{self.role} of {self.room} heard {self.heard[since:]} and not {event}")

    async def back_by_itself(self) -> None:
        """After `away` the page leaves and comes again, with its seat."""
        await self.client.disconnect()
        await self.come()

    async def leave(self) -> None:
        await self.client.disconnect()


def _alive(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=2).close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("nginx")
    front, web, one, two = (servers.free_port() for _ in range(4))
    ours = {
        "TELEMED_DATA_DIR": str(folder / "data"),
        "TELEMED_SECRET_KEY": "the same in every process of this test",
        "TELEMED_PUBLIC_ORIGIN": f"http://127.0.0.1:{front}",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TELEMED_")}
    environ = kept | ours
    upgrade = [sys.executable, "-m", "telemed.run.command", "db", "upgrade"]
    subprocess.run(upgrade, cwd=ROOT, env=environ, check=True, capture_output=True)
    found = services.build(settings.read(ours))
    ports = {443: front, 8000: web, 8010: one, 8011: two}
    try:
        with nginx(folder, ports) as server:
            house = House(server, found, environ)
            try:
                for port in (one, two):
                    house.start(port)
                yield house
            finally:
                for process in house.running.values():
                    servers.stop(process, signal.SIGTERM)
    except servers.NotInstalled as lack:
        miss(str(lack))
    finally:
        found.engine.dispose()


@pytest.fixture
def house(built: House) -> House:
    """Both processes run, whatever the test before has done."""
    for port in [port for port, process in built.running.items() if process.poll() is not None]:
        built.start(port)
    return built


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(test(), 120)

    asyncio.run(bounded())


async def pair(house: House, room: str) -> tuple[Page, Page]:
    """Both sides of a room, who have met."""
    patient = await Page(house, "patient", room).come()
    doctor = await Page(house, "practitioner", room).come()
    assert (await doctor.hears("joined"))["peer"] == "page-of-patient"
    assert (await patient.hears("peer"))["here"]
    return patient, doctor


def where(house: House) -> dict[str, set[str]]:
    """The processes that held the sockets of each room, as far as they are closed."""
    found: dict[str, set[str]] = {}
    for path, room, process in house.nginx.went():
        if path == "/socket.io/":
            found.setdefault(room, set()).add(process)
    return found


def test_both_sides_of_each_room_meet_and_the_rooms_are_spread(house: House) -> None:
    async def test() -> None:
        pairs = [await pair(house, f"spread-{number}") for number in range(ROOMS)]
        for page in (page for both in pairs for page in both):
            await page.leave()

    run(test)
    spread = {room: held for room, held in where(house).items() if room.startswith("spread-")}
    assert len(spread) == ROOMS
    assert {len(held) for held in spread.values()} == {1}
    assert len(set.union(*spread.values())) == 2


def test_a_session_ended_by_the_web_process_is_put_out_wherever_it_sits(house: House) -> None:
    async def test() -> None:
        pairs = [await pair(house, f"revoked-{number}") for number in range(ROOMS)]
        began = monotonic()
        for _, doctor in pairs:
            house.say(doctor.session)
        for patient, doctor in pairs:
            assert await doctor.hears("closed", seconds=REVOKED_WITHIN) == {"why": "session_ended"}
            told = [body for event, body in patient.heard if event == "peer"]
            assert told[-1] == {"here": False, "why": "session_ended"}
        assert monotonic() - began < REVOKED_WITHIN
        for page in (page for both in pairs for page in both):
            await page.leave()

    run(test)


@pytest.mark.full
def test_rooms_come_back_with_their_seats_through_the_process_that_is_left(house: House) -> None:
    async def test() -> None:
        pairs = [await pair(house, f"kept-{number}") for number in range(ROOMS)]
        pages = [page for both in pairs for page in both]
        port, dead = next(iter(house.running.items()))
        marks = {page: len(page.heard) for page in pages}
        os.killpg(dead.pid, signal.SIGKILL)
        dead.wait()
        await asyncio.sleep(1)
        gone = [page for page in pages if any(event == LOST for event, _ in page.heard[marks[page] :])]
        assert 0 < len(gone) < len(pages)
        for page in gone:
            assert (await page.hears("joined", marks[page]))["role"] == page.role
        for patient, doctor in pairs:
            if patient in gone:
                await _meet(patient, doctor, marks)
        # The process is there again: whoever comes anew is sent to it, and the other side follows.
        house.start(port)
        marks = {page: len(page.heard) for page in pages}
        for patient, doctor in pairs:
            await doctor.leave()
            await doctor.come()
            if patient in gone:
                await patient.hears("away", marks[patient])
                await patient.back_by_itself()
            await _meet(patient, doctor, marks)
        for page in pages:
            await page.leave()

    run(test)


@pytest.mark.full
def test_a_process_told_to_end_sends_its_sockets_away_first(house: House) -> None:
    async def test() -> None:
        pairs = [await pair(house, f"drained-{number}") for number in range(ROOMS)]
        pages = [page for both in pairs for page in both]
        process = next(iter(house.running.values()))
        marks = {page: len(page.heard) for page in pages}
        process.terminate()
        assert await asyncio.to_thread(process.wait, 10) == 0
        away = [page for page in pages if any(event == "away" for event, _ in page.heard[marks[page] :])]
        assert away
        for page in away:
            await page.back_by_itself()
        for patient, doctor in pairs:
            assert (patient in away) == (doctor in away)
            if patient in away:
                await _meet(patient, doctor, marks)
        for page in pages:
            await page.leave()

    run(test)


async def _meet(patient: Page, doctor: Page, marks: dict[Page, int]) -> None:
    """The two sides know of each other anew: whoever came second found the other, who was told."""
    until = monotonic() + PATIENCE
    while monotonic() < until:
        for one, other in ((patient, doctor), (doctor, patient)):
            joined = [body for event, body in one.heard[marks[one] :] if event == "joined"]
            told = [body for event, body in other.heard[marks[other] :] if event == "peer" and body["here"]]
            if joined and joined[-1]["peer"] and told:
                return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{patient.room}: {patient.heard[marks[patient] :]} {doctor.heard[marks[doctor] :]}")
