"""A small SMSC of our own on a loopback port: binds, takes messages, misbehaves as told, brings receipts."""

import socketserver
import struct
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socket import SHUT_RDWR, socket
from threading import Condition, Event, Thread

BIND, SUBMIT, DELIVER, ENQUIRE, ANSWER = 0x09, 0x04, 0x05, 0x15, 0x80000000
HANGS, DROPS, GARBLES = "hangs", "drops", "garbles"


@dataclass
class Submitted:
    """One submit_sm as it came over the wire."""

    source: str
    to: str
    esm_class: int
    receipt: int
    coding: int
    body: bytes


@dataclass
class Smsc:
    """What it was told to do, what came, and who is bound."""

    password: str = "s3cret"
    # What each submit_sm in turn meets: a status, or one of the words above; then everything is taken.
    answers: deque[int | str] = field(default_factory=deque)
    taken: list[Submitted] = field(default_factory=list)
    acknowledged: list[int] = field(default_factory=list)
    binds: int = 0
    port: int = 0
    over: Event = field(default_factory=Event)
    changed: Condition = field(default_factory=Condition)
    lines: list[socket] = field(default_factory=list)

    def deliver(self, body: bytes, source: str, esm_class: int = 0, coding: int = 0) -> int:
        """Bring a receipt or a text over the newest line, and return how it was acknowledged."""
        before = len(self.acknowledged)
        head = b"\0" + b"\1\1" + source.encode() + b"\0" + b"\0\0" + b"Telemed\0"
        told = head + bytes((esm_class, 0, 0)) + b"\0\0" + bytes((0, 0, coding, 0, len(body))) + body
        _write(self.lines[-1], DELIVER, 0, 700 + before, told)
        with self.changed:
            self.changed.wait_for(lambda: len(self.acknowledged) > before, 10)
        return self.acknowledged[before]

    def break_lines(self) -> None:
        """Cut every line."""
        for line in self.lines:
            line.shutdown(SHUT_RDWR)


@contextmanager
def serve(smsc: Smsc) -> Iterator[Smsc]:
    """Serve until the block ends."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while (pdu := _read(self.request)) is not None:
                if not _obey(smsc, self.request, *pdu):
                    return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A line that was cut is no error of ours."""

    with Server(("127.0.0.1", 0), Handler) as server:
        smsc.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield smsc
        finally:
            smsc.over.set()
            server.shutdown()
            thread.join()


def _obey(smsc: Smsc, line: socket, command: int, status: int, sequence: int, body: bytes) -> bool:
    if command == BIND:
        _, password, _ = body.split(b"\0", 2)
        good = password.decode() == smsc.password
        smsc.binds += good
        smsc.lines.append(line)
        _write(line, BIND | ANSWER, 0 if good else 0x0E, sequence, b"smsc\0" if good else b"")
    elif command == SUBMIT:
        return _take(smsc, line, sequence, body)
    elif command == ENQUIRE:
        _write(line, ENQUIRE | ANSWER, 0, sequence, b"")
    elif command == DELIVER | ANSWER:
        with smsc.changed:
            smsc.acknowledged.append(status)
            smsc.changed.notify_all()
    return True


def _take(smsc: Smsc, line: socket, sequence: int, body: bytes) -> bool:
    how = smsc.answers.popleft() if smsc.answers else 0
    if how == 0 or isinstance(how, str):
        smsc.taken.append(_submitted(body))
    if how == HANGS:
        smsc.over.wait(60)
    elif how == GARBLES:
        line.sendall(b"\0\0\0\x12rubbish rubbish")
    elif isinstance(how, int):
        name = f"op-{len(smsc.taken)}\0".encode() if how == 0 else b""
        _write(line, SUBMIT | ANSWER, how, sequence, name)
        return True
    return False


def _submitted(body: bytes) -> Submitted:
    _, rest = body.split(b"\0", 1)
    source, rest = rest[2:].split(b"\0", 1)
    to, rest = rest[2:].split(b"\0", 1)
    esm_class, rest = rest[0], rest[3:]
    for _ in range(2):
        _, rest = rest.split(b"\0", 1)
    receipt, _, coding, _, length = rest[:5]
    return Submitted(source.decode(), to.decode(), esm_class, receipt, coding, rest[5 : 5 + length])


def _read(line: socket) -> tuple[int, int, int, bytes] | None:
    head = _exactly(line, 16)
    if head is None:
        return None
    length, command, status, sequence = struct.unpack(">LLLL", head)
    body = _exactly(line, length - 16) if length > 16 else b""
    return None if body is None else (command, status, sequence, body)


def _exactly(line: socket, size: int) -> bytes | None:
    got = b""
    while len(got) < size:
        try:
            piece = line.recv(size - len(got))
        except OSError:
            return None
        if not piece:
            return None
        got += piece
    return got


def _write(line: socket, command: int, status: int, sequence: int, body: bytes) -> None:
    line.sendall(struct.pack(">LLLL", 16 + len(body), command, status, sequence) + body)
