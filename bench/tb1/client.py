"""A closed loop over raw sockets: each connection sends its next call when the answer before it is whole."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from bench.tb1.calls import Call

LOST = 0
"""The status of a call whose connection ended before its answer: nobody knows what became of it."""

PATIENCE = 30.0
_KNOCK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one call, and how long it took from sending to the last byte of the body."""

    call: Call
    status: int
    seconds: float
    body: bytes


@dataclass(frozen=True, slots=True)
class Run:
    """Every answer of one run, and how long the run took."""

    answers: list[Answer]
    seconds: float

    @property
    def rate(self) -> float:
        """Good answers in a second."""
        return sum(1 for answer in self.answers if 200 <= answer.status < 300) / self.seconds

    def milliseconds(self, part: float) -> float:
        """The latency below which this part of the good answers came."""
        good = sorted(answer.seconds for answer in self.answers if 200 <= answer.status < 300)
        return good[min(int(len(good) * part), len(good) - 1)] * 1000 if good else float("nan")

    def statuses(self) -> dict[int, int]:
        """How often each status came."""
        counts: dict[int, int] = {}
        for answer in self.answers:
            counts[answer.status] = counts.get(answer.status, 0) + 1
        return counts


class Line(asyncio.Protocol):
    """One keep-alive connection; gives each whole answer to `done`, and status LOST when it breaks."""

    def __init__(self, done: Callable[["Line", int, bytes], None]) -> None:
        self._done = done
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._waiting = False
        self.closing = False

    def send(self, wire: bytes) -> None:
        """Send one request; its answer comes to `done`."""
        assert self._transport is not None
        self._received.clear()
        self._waiting = True
        self._transport.write(wire)

    def hang_up(self) -> None:
        """Close; nothing is waited for any more."""
        self._waiting = False
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Collect until head and body are whole."""
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._received[:end]).lower()
        length = _header(head, b"content-length")
        if length is None:
            # Without a length the end of the connection is the end of the body.
            return
        if len(self._received) - end - 4 >= int(length):
            self._finish(head, end + 4)

    def connection_lost(self, exc: Exception | None) -> None:
        """What was asked and not answered is lost; an answer without a length is whole now."""
        self.closing = True
        if not self._waiting:
            return
        end = self._received.find(b"\r\n\r\n")
        if end >= 0 and _header(bytes(self._received[:end]).lower(), b"content-length") is None:
            self._finish(bytes(self._received[:end]).lower(), end + 4)
        else:
            self._waiting = False
            self._done(self, LOST, b"")

    def _finish(self, head: bytes, body_from: int) -> None:
        self._waiting = False
        self.closing = self.closing or _header(head, b"connection") == b"close"
        self._done(self, int(head[9:12]), bytes(self._received[body_from:]))


class ClosedLoop:
    """`width` connections over these addresses in turn, each always busy until calls or time run out."""

    def __init__(self, ports: Sequence[int], width: int, calls: Iterator[Call], seconds: float) -> None:
        self._ports, self._width, self._calls = ports, width, calls
        self._until = time.perf_counter() + seconds
        self.answers: list[Answer] = []

    async def run(self) -> Run:
        """Send until the time is over, then wait for what is still on its way."""
        started = time.perf_counter()
        ports = [self._ports[number % len(self._ports)] for number in range(self._width)]
        await asyncio.gather(*(self._keep_busy(port) for port in ports))
        return Run(self.answers, time.perf_counter() - started)

    async def _keep_busy(self, port: int) -> None:
        """One connection after another, each used until the server closes it or is not there."""
        more = True
        while more:
            try:
                more = await self._one_connection(port)
            except ConnectionRefusedError:
                if time.perf_counter() > self._until:
                    raise
                await asyncio.sleep(_KNOCK_SECONDS)

    async def _one_connection(self, port: int) -> bool:
        """Callbacks, not tasks, between two calls: the client must not be what is measured."""
        loop = asyncio.get_running_loop()
        over: asyncio.Future[bool] = loop.create_future()
        current: list[tuple[Call, float]] = []

        def send_next(line: Line) -> None:
            call = next(self._calls, None) if time.perf_counter() < self._until else None
            if call is None:
                line.hang_up()
                over.set_result(False)
                return
            wire = call.wire()
            current[:] = [(call, time.perf_counter())]
            line.send(wire)

        def done(line: Line, status: int, body: bytes) -> None:
            call, sent = current[0]
            self.answers.append(Answer(call, status, time.perf_counter() - sent, body))
            if line.closing:
                line.hang_up()
                over.set_result(True)
            else:
                send_next(line)

        _, line = await loop.create_connection(lambda: Line(done), "127.0.0.1", port)
        send_next(line)
        return await over


def drive(ports: Sequence[int], width: int, calls: Iterator[Call], seconds: float) -> Run:
    """Run a closed loop of this width for so many seconds, or until the calls are used up."""
    return asyncio.run(ClosedLoop(ports, width, calls, seconds).run())


def patient_drive(ports: Sequence[int], width: int, calls: Iterator[Call]) -> list[Answer]:
    """Send each call once, however long the servers take to come back."""
    return drive(ports, width, calls, PATIENCE * 10).answers


def burst(ports: Sequence[int], groups: Sequence[Sequence[Call]]) -> list[list[Answer]]:
    """Send the calls of each group at the same moment; the next group waits until all are answered."""
    return asyncio.run(_bursts(ports, groups))


async def _bursts(ports: Sequence[int], groups: Sequence[Sequence[Call]]) -> list[list[Answer]]:
    return [await _together(ports, group) for group in groups]


async def _together(ports: Sequence[int], calls: Sequence[Call]) -> list[Answer]:
    loop = asyncio.get_running_loop()
    answered: list[asyncio.Future[Answer]] = [loop.create_future() for _ in calls]

    def listener(number: int) -> Callable[[Line, int, bytes], None]:
        def done(line: Line, status: int, body: bytes) -> None:
            answered[number].set_result(Answer(calls[number], status, time.perf_counter() - sent, body))

        return done

    lines = []
    for number in range(len(calls)):
        port = ports[number % len(ports)]
        _, line = await loop.create_connection(partial(Line, listener(number)), "127.0.0.1", port)
        lines.append(line)
    wires = [call.wire() for call in calls]
    sent = time.perf_counter()
    for line, wire in zip(lines, wires, strict=True):
        line.send(wire)
    answers = await asyncio.wait_for(asyncio.gather(*answered), PATIENCE)
    for line in lines:
        line.hang_up()
    return list(answers)


def _header(head: bytes, name: bytes) -> bytes | None:
    start = head.find(b"\r\n" + name + b":")
    if start < 0:
        return None
    start += len(name) + 3
    end = head.find(b"\r\n", start)
    return head[start : end if end >= 0 else len(head)].strip()
