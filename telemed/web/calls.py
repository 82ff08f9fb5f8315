"""The door helpers of the call: passes for the two pages, and the socket that both pages talk through.

The routes that hand out passes belong to their audiences (kiosk, clinic), because each proves its reader in
its own way; both call `issue_pass` and answer with what it returns, as JSON.
"""

import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

import structlog
from flask import Flask
from flask_socketio import SocketIO
from sqlalchemy.exc import SQLAlchemyError

from signaling import namespace, passes, websocket
from signaling.seats import NoAnswer
from telemed import clock
from telemed.call_seats import CallSeats
from telemed.logs import describe_error
from telemed.notices import Notice
from telemed.relays.stock import CALL_WINDOW
from telemed.services import Services
from telemed.settings import Settings
from telemed.web.problems import Refusal
from telemed.web.relays import of_call

WINDOW = CALL_WINDOW
OVERLAP = timedelta(seconds=30)
LOOK_SECONDS = 1.0
KEY = "call-pass"
EXTENSION = "telemed-calls"
LOOPBACK = ("127.0.0.1", "localhost")

log = structlog.get_logger()


def issue_pass(
    services: Services,
    *,
    room: str,
    role: passes.Role,
    session: str,
    nonce_hash: str,
    now_real: datetime,
    near: bool = False,
) -> dict[str, object]:
    """Return what a page needs to enter a call, ready for `jsonify`; `mountCall`'s `getPass` fetches it.

    `room` is the encounter's random room, `session` an opaque reference to the staff session or the kiosk:
    a notice `close-session` with the same reference closes its sockets; `nonce_hash` is what `asked_nonce`
    found in the request; `near` is for a doctor who has not admitted yet. Call it only for whoever may enter
    this visit now. Keys: `pass` (lives 2 minutes), `room`, `ice` (relays with credentials), `url` (of the
    socket), `seat_until` (ISO).
    """
    settings = services.settings
    until = now_real + WINDOW
    token = passes.issue_pass(
        settings.key(KEY),
        room=room,
        role=role,
        session=session,
        now=now_real,
        window=until,
        nonce_hash=nonce_hash,
        generation=services.call_seats.give(room, role, now_real, session),
        near=near,
    )
    return {
        "pass": token,
        "room": room,
        "ice": of_call(services, room, now_real, until),
        "url": settings.public_origin.rstrip("/") + namespace.NAME,
        "seat_until": until.isoformat(),
    }


def asked_nonce(given: object) -> str:
    """Return the hash of the nonce that a page asks its pass with; without one it gets none."""
    if not isinstance(given, str) or not passes.is_nonce_hash(given):
        raise Refusal("bad-request")
    return given


def mount(app: Flask, services: Services, beside_others: bool = False) -> SocketIO:
    """Serve the call namespace on this application; its rooms live in this process and name nobody.

    `beside_others`: there are more such processes, which must know where a room is.
    """
    own = origins(services.settings)
    socketio = SocketIO(app, cors_allowed_origins=own, **namespace.SOCKET_SETTINGS)
    process = secrets.token_hex(4)
    watch = NoticeWatch(lambda since: _notices(services, since), clock.real_now, process=process)
    book = SeatsHere(services.call_seats, process if beside_others else None)
    calls = namespace.CallNamespace(services.settings.key(KEY), own, clock.real_now, book, watch.before_join)
    watch.tell(calls)
    server: Any = socketio.server  # type: ignore[attr-defined]  # unknown to the stubs
    server.register_namespace(calls)
    websocket.read_in_place(server.eio)
    app.extensions[EXTENSION] = calls
    return socketio


def drain(app: Flask) -> None:
    """Send every call socket of this application away, because its process ends."""
    calls: namespace.CallNamespace | None = app.extensions.get(EXTENSION)
    if calls is not None:
        calls.drain()


def origins(settings: Settings) -> list[str]:
    """The origins whose pages may open a socket: the public one, and in a demo both names of this machine."""
    public = settings.public_origin.rstrip("/")
    parts = urlsplit(public)
    if not settings.demo or parts.hostname not in LOOPBACK:
        return [public]
    port = f":{parts.port}" if parts.port else ""
    return [f"{parts.scheme}://{name}{port}" for name in LOOPBACK]


class SeatsHere:
    """The book of seats as one process writes in it: beside others it says where it opens a room."""

    def __init__(self, seats: CallSeats, process: str | None) -> None:
        self._seats = seats
        self._process = process

    def take(self, room: str, role: passes.Role, generation: int, opens: bool) -> bool:
        """Write down that a seat is taken; False when a newer one of its side was. Raises NoAnswer."""
        return self._seats.take(room, role, generation, clock.real_now(), self._process if opens else None)


class Door(Protocol):
    """What can close calls: the namespace, or a fake."""

    def close_call(self, room: str, until: datetime) -> None:
        """End a call for both sides."""

    def close_session(self, session: str, until: datetime) -> None:
        """Put a session's sockets out."""

    def admit(self, room: str, session: str, until: datetime) -> None:
        """Put out whoever is near and did not admit."""

    def send_elsewhere(self, room: str) -> None:
        """Send a room's sockets after it."""


class NoticeWatch:
    """Carries out other processes' notices: at the first join, and every second from then on.

    A process that starts anew reads the whole window, so a closed room stays closed.
    """

    def __init__(
        self,
        read: Callable[[datetime], list[Notice]],
        now: Callable[[], datetime],
        look_seconds: float = LOOK_SECONDS,
        process: str = "",
    ) -> None:
        self._read = read
        self._process = process
        self._now = now
        self._look_seconds = look_seconds
        self._since = now() - WINDOW
        self._looked: datetime | None = None
        self._done: set[int] = set()
        self._calls: Door | None = None
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def tell(self, calls: Door) -> None:
        """Name who closes rooms and sessions."""
        self._calls = calls

    def catch_up(self) -> None:
        """Do what was asked since the last look."""
        with self._lock:
            now = self._now()
            for notice in self._read(self._since):
                if notice.id not in self._done:
                    self._carry_out(notice, now + WINDOW)
                    self._done.add(notice.id)
            self._since = max(self._since, now - OVERLAP)
            self._looked = now
            if self._thread is None:
                self._thread = threading.Thread(target=self._look_again, daemon=True, name="call-notices")
                self._thread.start()

    def before_join(self) -> None:
        """The same for whoever wants a seat, unless just done; raises NoAnswer while there is no answer."""
        if self._looked is not None and self._now() - self._looked < timedelta(seconds=self._look_seconds):
            return
        try:
            self.catch_up()
        except SQLAlchemyError as away:
            raise NoAnswer from away

    def stop(self) -> None:
        """End the looking."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _carry_out(self, notice: Notice, until: datetime) -> None:
        if self._calls is None:
            return
        if notice.kind == "close-room":
            self._calls.close_call(notice.subject, until)
        elif notice.kind == "close-session":
            self._calls.close_session(notice.subject, until)
        elif notice.kind == "admitted":
            room, _, session = notice.subject.partition(" ")
            self._calls.admit(room, session, until)
        elif notice.kind == "room-here":
            process, _, room = notice.subject.partition(" ")
            if process != self._process:
                self._calls.send_elsewhere(room)

    def _look_again(self) -> None:
        while not self._stop.wait(self._look_seconds):
            try:
                self.catch_up()
            except SQLAlchemyError as error:  # the database may be away for a moment
                log.error("calls.notices", **describe_error(error))


def _notices(services: Services, since: datetime) -> list[Notice]:
    with services.view() as view:
        return view.notices.after(since)
