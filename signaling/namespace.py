"""The Socket.IO door to the rooms: checks who knocks, and carries out what the rooms answer."""

import threading
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from socketio import Namespace
from socketio.packet import Packet

from signaling import passes, protocol
from signaling.protocol import Why
from signaling.room import Action, Send, refused
from signaling.rooms import Rooms
from signaling.seats import NoAnswer, SeatBook

NAME = "/call"
PACE = "telemed.call_pace"


class WordsOnly(Packet):
    """A packet in which nobody looks for bytes: every message of ours is JSON."""

    uses_binary_events = False


SOCKET_SETTINGS: dict[str, Any] = {
    # By default messages overtake each other, and the mode depends on what happens to be installed.
    "async_mode": "threading",
    "async_handlers": False,
    "transports": ["websocket"],
    "max_http_buffer_size": protocol.PAYLOAD_LIMIT,
    "manage_session": False,
    "serializer": WordsOnly,
}


class CallNamespace(Namespace):
    """Both sides of every call come in here; it knows rooms, roles and sessions, and nobody's name.

    Socket.IO's own namespace, without Flask's request around each message: nothing here asks for one.
    """

    def __init__(
        self,
        key: bytes,
        origins: Collection[str],
        now: Callable[[], datetime],
        book: SeatBook,
        before_join: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(NAME)
        self._before_join = before_join or (lambda: None)
        self._book = book
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
        real = event in ("connect", "disconnect") and not self.server.manager.is_connected(socket, NAME)
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

    def on_connect(self, socket: str, environ: dict[str, Any], _auth: object = None) -> bool:
        """Admit a socket of our own pages; it has no seat yet."""
        if environ.get("HTTP_ORIGIN", "").rstrip("/") not in self._origins:
            return False
        with self._lock:
            now = self._now().timestamp()
            # Of the line itself: who leaves and comes again over the same one has said no less for it.
            known: protocol.Pace | None = environ.get(PACE)
            if self._draining or (known is not None and not known.allows(now)):
                return False
            self._paces[socket] = environ[PACE] = known or protocol.Pace(at=now)
            self._do(self._rooms.arrive(socket))
        return True

    def on_join(self, socket: str, *raw: object) -> None:
        """Take a seat with a pass, or come back to it with the seat's own token."""
        now = self._now()
        try:
            join = protocol.read_join(raw[0] if len(raw) == 1 else None)
            claims = passes.check(self._key, join.token, join.nonce, now, join.kind)
        except passes.BadPass as bad:
            return self._do([refused(socket, bad.why)])
        except protocol.BadMessage:
            return self._do([refused(socket, "bad_message")])
        if why := self._obstacle(socket, claims, now):
            return self._do([refused(socket, why)])
        seat = passes.issue_seat(self._key, claims)
        with self._lock:
            return self._do(self._rooms.join(socket, claims, join.page, join.offer, seat, now))

    def on_signal(self, socket: str, *raw: object) -> None:
        """Pass an offer, an answer, candidates or a plea for a restart to the other seat."""
        role = self._rooms.role(socket)
        if role is None:
            return self._do([refused(socket, "not_seated")])
        try:
            message = protocol.read_signal(raw[0] if len(raw) == 1 else None, role)
        except protocol.BadMessage:
            return self._do([refused(socket, "bad_message")])
        with self._lock:
            return self._do(self._rooms.relay(socket, message, self._now()))

    def on_leave(self, socket: str, *_raw: object) -> None:
        """Hang up: the seat is free and the other side is told. The visit goes on."""
        with self._lock:
            self._do(self._rooms.leave(socket, "hung_up"))

    def on_alive(self, _socket: str, *_raw: object) -> bool:
        """Answer the client's question whether the line to us is still there."""
        return True

    def on_disconnect(self, socket: str, _reason: str = "") -> None:
        """Keep the seat of a socket that is gone; harmless when said twice."""
        with self._lock:
            self._paces.pop(socket, None)
            self._do(self._rooms.leave(socket))

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

    def _obstacle(self, socket: str, claims: passes.Claims, now: datetime) -> Why | None:
        """Hear what was closed meanwhile, and whether the seat stands; a seat known here needs no answer."""
        with self._lock:
            known, here = self._rooms.knows(claims), self._rooms.is_here(claims.room)
        try:
            self._before_join()
            with self._lock:
                self._do(self._rooms.sweep(now))
                why = self._rooms.obstacle(socket, claims)
            if why or (known and here):
                return why
            stands = self._book.take(claims.room, claims.role, claims.generation, opens=not here)
        except NoAnswer:
            return None if known else "unsure"
        return None if stands else "replaced"

    def _do(self, actions: Sequence[Action]) -> None:
        for action in actions:
            if isinstance(action, Send):
                # Both sides of a call are in this process, so a message queue would only slow them down.
                self.server.emit(action.event, action.body, to=action.to, namespace=NAME, ignore_queue=True)
            else:
                self._disconnect(action.to)

    def _disconnect(self, socket: str) -> None:
        self.server.disconnect(socket, namespace=NAME, ignore_queue=True)

    def _hang_up_on(self, socket: str) -> None:
        # A client of ours closes the line itself; a flooding one would go on over it.
        line = self.server.manager.eio_sid_from_sid(socket, NAME)
        self._disconnect(socket)
        if line is not None:
            self.server.eio.disconnect(line)
