"""Lines are read in place: what a page says comes out in order, and what is too long or silent is cut off."""

import base64
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import simple_websocket
from flask import Flask
from flask_socketio import SocketIO
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Event, Request, TextMessage
from wsproto.extensions import PerMessageDeflate

from signaling import namespace, websocket
from signaling.protocol import PAYLOAD_LIMIT

TOO_BIG = 1009
ENVIRON = {
    "HTTP_HOST": "telemed.example",
    "HTTP_UPGRADE": "websocket",
    "HTTP_CONNECTION": "Upgrade",
    "HTTP_SEC_WEBSOCKET_VERSION": "13",
    "HTTP_SEC_WEBSOCKET_KEY": base64.b64encode(b"0123456789abcdef").decode(),
}


class Counted:
    """A socket that counts what was read from it."""

    def __init__(self, real: socket.socket) -> None:
        self._real = real
        self.taken = 0

    def recv(self, most: int) -> bytes:
        data = self._real.recv(most)
        self.taken += len(data)
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class Peer:
    """The other end: a client that may say anything."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end
        self.end.settimeout(20)
        self.ws = WSConnection(ConnectionType.CLIENT)

    def says(self, *parts: str) -> None:
        for number, part in enumerate(parts, 1):
            self.end.sendall(self.ws.send(TextMessage(part, message_finished=number == len(parts))))

    def hears(self) -> list[Event]:
        self.ws.receive_data(self.end.recv(65536))
        return list(self.ws.events())


def opened(silence: float = 30) -> tuple[websocket.Line, Peer, Counted]:
    ours, theirs = socket.socketpair()
    peer, counted = Peer(theirs), Counted(ours)
    request = peer.ws.send(Request(host="telemed.example", target="/", extensions=[PerMessageDeflate()]))
    headers = dict(line.split(": ", 1) for line in request.decode().split("\r\n")[1:] if ": " in line)
    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    line = websocket.Line(environ | {"gunicorn.socket": counted}, silence)
    assert [type(event) for event in peer.hears()] == [AcceptConnection]
    return line, peer, counted


@pytest.fixture
def pair() -> Iterator[tuple[websocket.Line, Peer, Counted]]:
    line, peer, counted = opened()
    yield line, peer, counted
    line.sock.close()
    peer.end.close()


def test_what_a_page_says_comes_out_whole_and_in_order_without_a_thread_of_its_own(
    pair: tuple[websocket.Line, Peer, Counted],
) -> None:
    line, peer, _ = pair
    before = threading.active_count()
    peer.says("one")
    peer.says("two ", "and a half")
    peer.says("ж" * 3000)
    assert [line.receive() for _ in range(3)] == ["one", "two and a half", "ж" * 3000]
    assert threading.active_count() == before


def test_a_message_that_never_ends_is_cut_off_while_it_comes(
    pair: tuple[websocket.Line, Peer, Counted],
) -> None:
    line, peer, counted = pair
    speaking = threading.Thread(target=_say_for_ever, args=(peer,), daemon=True)
    speaking.start()
    with pytest.raises(simple_websocket.ConnectionClosed):
        line.receive()
    line.sock.close()
    speaking.join()
    assert counted.taken < 4 * PAYLOAD_LIMIT


def _say_for_ever(peer: Peer) -> None:
    try:
        while True:
            peer.end.sendall(peer.ws.send(TextMessage("x" * 4096, message_finished=False)))
    except OSError:
        pass


def test_what_grows_when_it_is_unpacked_is_cut_off_as_well(
    pair: tuple[websocket.Line, Peer, Counted],
) -> None:
    line, peer, counted = pair
    peer.says("0" * 20 * PAYLOAD_LIMIT)
    with pytest.raises(simple_websocket.ConnectionClosed):
        line.receive()
    assert counted.taken < PAYLOAD_LIMIT
    closing = [event for event in peer.hears() if isinstance(event, CloseConnection)]
    assert [event.code for event in closing] == [TOO_BIG]


def test_a_page_that_says_goodbye_or_is_gone_is_heard_no_more(
    pair: tuple[websocket.Line, Peer, Counted],
) -> None:
    line, peer, _ = pair
    peer.says("last")
    peer.end.sendall(peer.ws.send(CloseConnection(1000)))
    assert line.receive() == "last"
    with pytest.raises(simple_websocket.ConnectionClosed):
        line.receive()


def test_a_peer_that_has_lost_its_power_keeps_no_thread() -> None:
    line, peer, _ = opened(silence=1)
    with pytest.raises(simple_websocket.ConnectionClosed):
        line.receive()
    line.sock.close()
    peer.end.close()


def test_the_server_of_calls_opens_its_lines_this_way() -> None:
    socketio = SocketIO(Flask(__name__), **namespace.SOCKET_SETTINGS)
    server: Any = socketio.server  # type: ignore[attr-defined]  # unknown to the stubs
    websocket.read_in_place(server.eio)
    ours, theirs = socket.socketpair()
    peer = Peer(theirs)
    asked = peer.ws.send(Request(host="telemed.example", target="/socket.io/"))
    environ = ENVIRON | {
        "HTTP_SEC_WEBSOCKET_KEY": asked.decode().split("Sec-WebSocket-Key: ")[1].split("\r\n")[0],
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": "EIO=4&transport=websocket",
        "gunicorn.socket": ours,
        "wsgi.url_scheme": "http",
    }
    request = threading.Thread(target=_serve, args=(server.eio, environ), daemon=True)
    request.start()
    heard = peer.hears()
    while not any(isinstance(event, TextMessage) for event in heard):
        heard += peer.hears()
    reading = [thread for thread in threading.enumerate() if "simple_websocket" in thread.name]
    assert reading == []
    peer.says("0" * 2 * PAYLOAD_LIMIT)
    while not any(isinstance(event, CloseConnection) for event in heard):
        heard += peer.hears()
    assert [event.code for event in heard if isinstance(event, CloseConnection)] == [TOO_BIG]
    theirs.close()
    request.join()


def _serve(engine: Any, environ: dict[str, Any]) -> None:
    with pytest.raises(StopIteration):
        engine.handle_request(environ, lambda *_: None)
