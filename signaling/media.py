"""The media process: a browser's line is tried against an aiortc peer that counts, fills and sends back.

It listens on loopback only, to whoever knows its token; the web process proves who asks and passes the
question on. What a line carries is told by data channels, which go the same way through the same doors as
sound: so nothing is ever encoded or decoded here, and an offer with sound or picture is refused.
"""

import asyncio
import hmac
import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from json import JSONDecodeError
from time import monotonic

from aiohttp import web
from aiortc import RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.exceptions import InvalidStateError

from signaling.protocol import SDP_LIMIT
from signaling.sdp import description_problem

WORDS = "probe"
"""The label of the reliable channel: words, and what fills the line."""
DATAGRAMS = "probe-datagrams"
"""The label of the channel on which nothing is sent twice."""
PIECE = 1100
FILL_AT_MOST = 64 * 1024
DATAGRAM_AT_MOST = 64
BYTES_AT_MOST = 1_000_000
"""What one probe may send and ask for, all told."""
IDLE_SECONDS = 15.0
LONGEST_SECONDS = 120.0
REQUEST_LIMIT = 32 * 1024
AGAIN_SECONDS = 10

_HIDDEN = re.compile(r"^a=(?:end-of-candidates|candidate:.*\.local\b)")

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Probe:
    """One browser that tries its line; `asker` is an opaque name of whoever asked."""

    peer: RTCPeerConnection
    asker: str
    started: float
    heard: float
    arrivals: list[float] = field(default_factory=list)
    filled: int = 0
    spent: int = 0
    datagrams: int = 0


class Probes:
    """All echoes of this process, never more than `limit`; the silent and the very long are closed."""

    def __init__(
        self,
        limit: int,
        now: Callable[[], float] = monotonic,
        idle_seconds: float = IDLE_SECONDS,
        longest_seconds: float = LONGEST_SECONDS,
    ) -> None:
        self._limit = limit
        self._now = now
        self._idle_seconds = idle_seconds
        self._longest_seconds = longest_seconds
        self._probes: set[Probe] = set()

    def __len__(self) -> int:
        return len(self._probes)

    async def answer(self, offer: RTCSessionDescription, asker: str) -> RTCSessionDescription | None:
        """Answer an offer, or return nothing when all places are taken; nobody has two."""
        for other in [each for each in self._probes if asker and each.asker == asker]:
            await self._close(other)
        if len(self._probes) >= self._limit:
            return None
        # Without servers of its own: aiortc would otherwise ask a stranger for its address.
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        probe = Probe(peer, asker, self._now(), self._now())
        self._probes.add(probe)
        self._listen(probe)
        try:
            await peer.setRemoteDescription(offer)
            await peer.setLocalDescription(await peer.createAnswer())
        except BaseException:  # a cancelled request is none of Exception's kind
            # Also when the asker has gone and the request is cancelled: the place must be free again.
            await self._close(probe)
            raise
        return peer.localDescription

    async def sweep(self) -> None:
        """Close what has been silent too long, or has been here too long at all."""
        now = self._now()
        for probe in list(self._probes):
            if now - probe.heard > self._idle_seconds or now - probe.started > self._longest_seconds:
                await self._close(probe)

    async def close(self) -> None:
        """Close all."""
        for probe in list(self._probes):
            await self._close(probe)

    def _listen(self, probe: Probe) -> None:
        peer = probe.peer

        @peer.on("datachannel")
        def opened(channel: RTCDataChannel) -> None:
            heard = {WORDS: self._heard, DATAGRAMS: self._echo}.get(channel.label)

            @channel.on("message")
            async def said(message: str | bytes) -> None:
                probe.heard = self._now()
                probe.spent += len(message)
                if heard is None or probe.spent > BYTES_AT_MOST:
                    await self._close(probe)
                elif channel.readyState == "open":
                    heard(probe, channel, message)

        @peer.on("connectionstatechange")
        async def changed() -> None:
            probe.heard = self._now()
            if peer.connectionState in ("failed", "closed"):
                await self._close(probe)

    def _heard(self, probe: Probe, channel: RTCDataChannel, message: str | bytes) -> None:
        """Count what fills the line upwards, tell the count, or fill the line downwards."""
        if isinstance(message, bytes):
            probe.arrivals.append(self._now())
            probe.filled += len(message)
            return
        word, size = _word(message)
        if word == "fill":
            size = min(size, FILL_AT_MOST, BYTES_AT_MOST - probe.spent)
            probe.spent += size
            for start in range(0, size, PIECE):
                channel.send(bytes(min(PIECE, size - start)))
        elif word == "tell":
            first = probe.arrivals[0] if probe.arrivals else 0.0
            at = [round(1000 * (each - first)) for each in probe.arrivals]
            channel.send(json.dumps({"is": "told", "bytes": probe.filled, "at": at}))
            probe.arrivals, probe.filled = [], 0

    def _echo(self, probe: Probe, channel: RTCDataChannel, message: str | bytes) -> None:
        """Send a datagram back with the number of all that have come: so each direction has its own loss."""
        if isinstance(message, bytes) and len(message) <= DATAGRAM_AT_MOST:
            probe.datagrams += 1
            channel.send(message + probe.datagrams.to_bytes(4, "big"))

    async def _close(self, probe: Probe) -> None:
        self._probes.discard(probe)
        await probe.peer.close()


def make_application(probes: Probes, token: str) -> web.Application:
    """The two addresses of the process: POST /probe for whoever shows the token, and GET /health."""

    async def probe(request: web.Request) -> web.Response:
        shown = request.headers.get("Authorization", "")
        if not hmac.compare_digest(shown.encode(), f"Bearer {token}".encode()):
            return web.json_response({"error": "not for you"}, status=401)
        body = await _body(request)
        offer = _offer(body)
        if offer is None:
            return web.json_response({"error": "not an offer"}, status=400)
        try:
            answer = await probes.answer(offer, _asker(body))
        except (ValueError, InvalidStateError, IndexError, KeyError, AssertionError) as error:
            # What aiortc's parser raises on a description that only looks like one.
            log.warning("probe refused: %s", type(error).__name__)
            return web.json_response({"error": "not an offer"}, status=400)
        if answer is None:
            again = {"Retry-After": str(AGAIN_SECONDS)}
            return web.json_response({"error": "all places are taken"}, status=503, headers=again)
        return web.json_response({"sdp": answer.sdp, "type": answer.type})

    async def health(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "probes": len(probes)})

    application = web.Application(client_max_size=REQUEST_LIMIT)
    application.router.add_post("/probe", probe)
    application.router.add_get("/health", health)
    return application


async def serve(host: str, port: int, limit: int, token: str) -> None:
    """Answer probes until cancelled; then close every peer."""
    probes = Probes(limit)
    runner = web.AppRunner(make_application(probes, token), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        while True:
            await asyncio.sleep(1)
            await probes.sweep()
    finally:
        await probes.close()
        await runner.cleanup()


async def _body(request: web.Request) -> object:
    try:
        body: object = await request.json()
    except (JSONDecodeError, UnicodeDecodeError):
        return None
    return body


def _offer(body: object) -> RTCSessionDescription | None:
    if not isinstance(body, dict) or body.get("type") != "offer":
        return None
    sdp = body.get("sdp")
    # Each candidate is knocked at: so many, and such, as a call may have.
    if not isinstance(sdp, str) or len(sdp) > SDP_LIMIT or description_problem(sdp) is not None:
        return None
    if {line.split()[0] for line in re.findall(r"^m=.*$", sdp, re.M)} != {"m=application"}:
        return None
    # Names are never looked up here, and there may be candidates that come by themselves: never "no more".
    lines = [line for line in sdp.splitlines() if not _HIDDEN.search(line)]
    return RTCSessionDescription(sdp="\r\n".join(lines) + "\r\n", type="offer")


def _asker(body: object) -> str:
    asker = body.get("asker") if isinstance(body, dict) else None
    return asker[:64] if isinstance(asker, str) else ""


def _word(message: str) -> tuple[str, int]:
    """The word, and how many bytes it asks for; an empty word when it is none."""
    try:
        said = json.loads(message)
        return str(said["is"]), max(0, int(said.get("bytes", 0)))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return "", 0
