"""One server of calls with its key and clock, and pages that come in."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask_socketio import SocketIO, SocketIOTestClient

from signaling import namespace, passes
from signaling.namespace import NAME, CallNamespace
from signaling.seats import NoAnswer
from tests.signaling.conftest import NONCE, SDP

ORIGIN = "https://telemed.example"
OFFER = {"leg": "leg-0001", "sdp": SDP}


class Hands:
    """A clock set by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Book:
    """The seats as every process knows them; may give no answer."""

    def __init__(self) -> None:
        self.seats: dict[tuple[str, passes.Role], int] = {}
        self.away = False
        self.asked = 0
        self.opened: list[str] = []

    def take(self, room: str, role: passes.Role, generation: int, opens: bool) -> bool:
        self.asked += 1
        if self.away:
            raise NoAnswer
        if generation < self.seats.get((room, role), 0):
            return False
        self.seats[room, role] = generation
        if opens:
            self.opened.append(room)
        return True


class House:
    """One server with its key and clock, and pages that come in."""

    def __init__(self, key: bytes, now: datetime, book: Book | None = None) -> None:
        self.key = key
        self.book = book or Book()
        self.given = 0
        self.clock = Hands(now)
        self.looked = 0
        self.app = Flask(__name__)
        self.socketio = SocketIO(self.app, cors_allowed_origins=[ORIGIN], **namespace.SOCKET_SETTINGS)
        self.calls = CallNamespace(key, [ORIGIN], self.clock, self.book, self._look)
        server: Any = self.socketio.server  # type: ignore[attr-defined]  # unknown to the stubs
        server.register_namespace(self.calls)

    def _look(self) -> None:
        self.looked += 1
        if self.book.away:
            raise NoAnswer

    def page(self, origin: str | None = ORIGIN) -> "Page":
        headers = {"Origin": origin} if origin else {}
        return Page(self.socketio.test_client(self.app, namespace=NAME, headers=headers))

    def pass_for(self, role: passes.Role, room: str = "room-a", session: str = "session-1") -> str:
        self.given += 1
        return passes.issue_pass(
            self.key,
            room=room,
            role=role,
            session=session,
            now=self.clock.now,
            window=self.clock.now + timedelta(hours=4),
            nonce_hash=passes.hashed(NONCE),
            generation=self.given,
        )

    def seated(
        self, role: passes.Role, room: str = "room-a", session: str = "session-1", **more: Any
    ) -> "Page":
        page = self.page()
        page.say(
            "join",
            {"pass": self.pass_for(role, room, session), "nonce": NONCE, "page": f"page-of-{role}"} | more,
        )
        return page


class Page:
    """A browser page's end of the socket."""

    def __init__(self, client: SocketIOTestClient) -> None:
        self.client = client
        self.all: list[tuple[str, Any]] = []

    @property
    def connected(self) -> bool:
        return bool(self.client.is_connected(NAME))

    def say(self, event: str, *body: object) -> None:
        self.client.emit(event, *body, namespace=NAME)

    def heard(self) -> list[tuple[str, Any]]:
        new = [(event["name"], (event["args"] or [None])[0]) for event in self._received()]
        self.all += new
        return new

    def _received(self) -> list[dict[str, Any]]:
        # After a disconnect the test client refuses to be read, though its queue is still there.
        queue = self.client.queue  # type: ignore[attr-defined]  # unknown to the stubs
        got, queue[:] = list(queue), []
        return got
