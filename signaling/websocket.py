"""A page's WebSocket (RFC 6455): read by its request's own thread, and no further than a message may be long.

Left to itself the library starts one thread more for each line, which takes in whatever is sent, however
long, and waits for ever for a peer that has lost its power; handing each message over costs more than
reading it.
"""

import struct
from collections.abc import Callable, Iterable
from socket import SO_RCVTIMEO, SOL_SOCKET
from typing import Any, Protocol

import simple_websocket
from wsproto.utilities import LocalProtocolError

from signaling.protocol import PAYLOAD_LIMIT

_SECONDS_AND_MICROSECONDS = "ll"


class Heart(Protocol):
    """What a line needs to know of its Engine.IO server: how often both sides let hear from themselves."""

    ping_interval: float
    ping_timeout: float


class Line(simple_websocket.Server):
    """One WebSocket whose messages come out where they are asked for.

    Whoever sends more than a message may hold is told so (1009) and hears no more; who says nothing at all
    for `silence_seconds`, not even that the line is there, has none.
    """

    def __init__(self, environ: dict[str, Any], silence_seconds: float) -> None:
        super().__init__(environ, max_message_size=PAYLOAD_LIMIT, thread_class=_NoThread)
        # Of the kernel's, because Python's own time-out would let long answers go out in parts.
        patience = struct.pack(_SECONDS_AND_MICROSECONDS, int(silence_seconds), 0)
        self.sock.setsockopt(SOL_SOCKET, SO_RCVTIMEO, patience)

    def receive(self, timeout: float | None = None) -> str | bytes:
        """Return the next message; raises ConnectionClosed when there will be none.

        The time-out is the line's own.
        """
        while self.connected and not self.input_buffer:
            self._read()
        if not self.input_buffer:
            raise simple_websocket.ConnectionClosed(self.close_reason, self.close_message)
        message: str | bytes = self.input_buffer.pop(0)
        return message

    def _read(self) -> None:
        try:
            data = self.sock.recv(self.receive_bytes)
            if data:
                self.ws.receive_data(data)
            self.connected = bool(data) and self._handle_events()
        except (OSError, LocalProtocolError):
            self.connected = False


class Door:
    """What Engine.IO opens for each WebSocket: runs its handler over one line, and closes it afterwards."""

    def __init__(self, handler: Callable[["Door"], object], server: Heart) -> None:
        self._handler = handler
        self._silence = server.ping_interval + server.ping_timeout

    def __call__(self, environ: dict[str, Any], _start_response: object) -> Iterable[bytes]:
        """Serve one line to its end; gunicorn and Werkzeug each want to be told so in a way of its own."""
        self._line = Line(environ, self._silence)
        try:
            self._handler(self)
        finally:
            self._line.sock.close()
        if self._line.mode == "gunicorn":
            raise StopIteration
        raise ConnectionError

    def send(self, message: str | bytes) -> None:
        """Say something; raises OSError when the line is gone."""
        try:
            self._line.send(message)
        except simple_websocket.ConnectionClosed as gone:
            raise OSError from gone

    def wait(self) -> str | bytes | None:
        """The next message, or None when there will be none."""
        try:
            return self._line.receive()
        except simple_websocket.ConnectionClosed:
            return None

    def close(self) -> None:
        """Say goodbye."""
        if self._line.connected:
            self._line.close()


class _NoThread:
    """Stands where the library would start a thread that reads."""

    name = ""

    def __init__(self, target: Callable[[], None]) -> None:
        pass

    def start(self) -> None:
        pass


def read_in_place(engine: Any) -> None:
    """Let an Engine.IO server in threading mode open our doors.

    It has no option for that; `tests/signaling/test_websocket.py` notices when this no longer takes.
    """
    engine._async = {**engine._async, "websocket": Door}
