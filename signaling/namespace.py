"""The Socket.IO door to the rooms: checks who knocks, and carries out what the rooms answer."""

import threading
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from flask import request
from flask_socketio import Namespace

from signaling import passes, protocol
from signaling.room import Action, Send, refused
from signaling.rooms import Rooms
from signaling.seats import NewestSeats, NoAnswer, Replaced, SeatBook

NAME = "/call"
PACE = "telemed.call_pace"
SOCKET_SETTINGS: dict[str, Any] = {
    # By default messages overtake each other, and the mode depends on what happens to be installed.
    "async_mode": "threading",
    "async_handlers": False,
    "transports": ["websocket"],
    "max_http_buffer_size": protocol.PAYLOAD_LIMIT,
    "manage_session": False,
}


class CallNamespace(Namespace):
    """Both sides of every call come in here; it knows rooms, roles and sessions, and nobody's name."""

    def __init__(
        self,
        key: bytes,
        origins: Collection[str],
        now: Callable[[], datetime],
        book: SeatBook,
        before_join: Callable[[], None] | None = None,
        moved_in: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(NAME)
        self._moved_in = moved_in or (lambda _room: None)
        self._before_join = before_join or (lambda: None)
        self._newest = NewestSeats(book)
        self._key = key
        self._origins = origins
        self._now = now
        self._rooms = Rooms()
        self._paces: dict[str, protocol.Pace] = {}
        self._draining = False
        # Reentrant, because dropping a socket calls on_disconnect on the same thread.
        self._lock = threading.RLock()

    def trigger_event(self, event: str, *args: Any) -> Any:
        """Let through only the words of the protocol, and no faster than its pace."""
        socket = str(args[0])
        # A client can say these words as well; while they are true there is no line.
        real = event in ("connect", "disconnect") and not self._server().manager.is_connected(socket, NAME)
        if real:
            return super().trigger_event(event, *args)
        pace = self._paces.setdefault(socket, protocol.Pace())
        if not pace.allows(self._now().timestamp()):
            self._do([refused(socket, "too_fast")])
            self._hang_up_on(socket)
            return None
        if event not in protocol.FROM_CLIENT:
            return self._do([refused(socket, "bad_message")])
        return super().trigger_event(event, *args)

    def on_connect(self, _auth: object = None) -> bool:
        """Admit a socket of our own pages; it has no seat yet."""
        if request.headers.get("Origin", "").rstrip("/") not in self._origins:
            return False
        with self._lock:
            now = self._now().timestamp()
            # Of the line itself: who leaves and comes again over the same one has said no less for it.
            known: protocol.Pace | None = request.environ.get(PACE)
            if self._draining or (known is not None and not known.allows(now)):
                return False
            self._paces[_socket()] = request.environ[PACE] = known or protocol.Pace(at=now)
            self._do(self._rooms.arrive(_socket()))
        return True

    def on_join(self, *raw: object) -> None:
        """Take a seat with a pass, or come back to it with the seat's own token."""
        now = self._now()
        try:
            join = protocol.read_join(raw[0] if len(raw) == 1 else None)
            claims = passes.check(self._key, join.token, join.nonce, now, join.kind)
            self._look_up(claims, now)
        except passes.BadPass as bad:
            self._do([refused(_socket(), bad.why)])
        except protocol.BadMessage:
            self._do([refused(_socket(), "bad_message")])
        except Replaced:
            self._do([refused(_socket(), "replaced")])
        except NoAnswer:
            self._do([refused(_socket(), "unsure")])
        else:
            seat = passes.issue_seat(self._key, claims)
            with self._lock:
                was_here = self._rooms.is_here(claims.room)
                self._do(self._rooms.join(_socket(), claims, join.page, join.offer, seat, now))
                is_here = self._rooms.is_here(claims.room)
            if is_here and not was_here:
                self._moved_in(claims.room)

    def on_signal(self, *raw: object) -> None:
        """Pass an offer, an answer, candidates or a plea for a restart to the other seat."""
        with self._lock:
            role = self._rooms.role(_socket())
            if role is None:
                return self._do([refused(_socket(), "not_seated")])
            try:
                message = protocol.read_signal(raw[0] if len(raw) == 1 else None, role)
            except protocol.BadMessage:
                return self._do([refused(_socket(), "bad_message")])
            return self._do(self._rooms.relay(_socket(), message, self._now()))

    def on_leave(self, *_raw: object) -> None:
        """Hang up: the seat is free and the other side is told. The visit goes on."""
        with self._lock:
            self._do(self._rooms.leave(_socket(), "hung_up"))

    def on_alive(self, *_raw: object) -> bool:
        """Answer the client's question whether the line to us is still there."""
        return True

    def on_disconnect(self, _reason: str = "") -> None:
        """Keep the seat of a socket that is gone; harmless when said twice."""
        with self._lock:
            self._paces.pop(_socket(), None)
            self._do(self._rooms.leave(_socket()))

    def close_call(self, room: str, until: datetime) -> None:
        """End a call for both sides, because the visit has ended; refuse its passes and seats until then."""
        with self._lock:
            self._do(self._rooms.close(room, until))

    def admit(self, room: str, session: str, until: datetime) -> None:
        """Put out whoever came near this patient and is not the session that admitted."""
        with self._lock:
            self._do(self._rooms.admit(room, session, until))

    def close_session(self, session: str, until: datetime) -> None:
        """Tell and disconnect every socket that came in with a revoked session's pass."""
        with self._lock:
            self._do(self._rooms.close_session(session, until))

    def send_elsewhere(self, room: str) -> None:
        """Another process holds this room now: whoever is still here goes there, so that both meet."""
        with self._lock:
            self._do(self._rooms.drain(room))

    def drain(self) -> None:
        """Send every socket away to come back soon, and let none in: this process is about to end."""
        with self._lock:
            self._draining = True
            self._do(self._rooms.drain())

    def _look_up(self, claims: passes.Claims, now: datetime) -> None:
        """Hear what was closed meanwhile, and whether the seat stands; a seat known here needs no answer."""
        with self._lock:
            known = self._rooms.knows(claims)
        try:
            self._before_join()
            if not known:
                self._newest.check(claims, now)
        except NoAnswer:
            if not known:
                raise

    def _do(self, actions: Sequence[Action]) -> None:
        for action in actions:
            if isinstance(action, Send):
                # Both sides of a call are in this process, so a message queue would only slow them down.
                self._server().emit(
                    action.event, action.body, to=action.to, namespace=NAME, ignore_queue=True
                )
            else:
                self._disconnect(action.to)

    def _disconnect(self, socket: str) -> None:
        self._server().disconnect(socket, namespace=NAME, ignore_queue=True)

    def _hang_up_on(self, socket: str) -> None:
        # A client of ours closes the line itself; a flooding one would go on over it.
        line = self._server().manager.eio_sid_from_sid(socket, NAME)
        self._disconnect(socket)
        if line is not None:
            self._server().eio.disconnect(line)

    def _server(self) -> Any:
        socketio: Any = self.socketio  # type: ignore[attr-defined]  # set by on_namespace, unknown to the stubs
        return socketio.server


def _socket() -> str:
    return str(request.sid)  # type: ignore[attr-defined]  # Flask-SocketIO adds it to the request
