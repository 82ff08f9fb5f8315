"""The media process: a browser's line is tried against an aiortc peer that sends everything back.

It listens on loopback only; the web process proves who asks and passes the question on.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from json import JSONDecodeError
from time import monotonic

from aiohttp import web
from aiortc import RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRelay
from aiortc.exceptions import InvalidStateError
from aiortc.mediastreams import MediaStreamTrack

from signaling.protocol import SDP_LIMIT

PROBE = "probe"
IDLE_SECONDS = 15.0
LONGEST_SECONDS = 120.0
REQUEST_LIMIT = 32 * 1024

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Probe:
    """One browser being echoed."""

    peer: RTCPeerConnection
    started: float
    heard: float
    relay: MediaRelay = field(default_factory=MediaRelay)


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

    async def answer(self, offer: RTCSessionDescription) -> RTCSessionDescription | None:
        """Answer an offer and echo what comes, or return nothing when all places are taken."""
        if len(self._probes) >= self._limit:
            return None
        probe = Probe(RTCPeerConnection(), self._now(), self._now())
        self._probes.add(probe)
        self._echo(probe)
        try:
            await probe.peer.setRemoteDescription(offer)
            await probe.peer.setLocalDescription(await probe.peer.createAnswer())
        except BaseException:  # a cancelled request is none of Exception's kind
            # Also when the asker has gone and the request is cancelled: the place must be free again.
            await self._close(probe)
            raise
        return probe.peer.localDescription

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

    def _echo(self, probe: Probe) -> None:
        peer = probe.peer

        @peer.on("datachannel")
        def opened(channel: RTCDataChannel) -> None:
            if channel.label != PROBE:
                return

            @channel.on("message")
            def said(message: str | bytes) -> None:
                probe.heard = self._now()
                if channel.readyState == "open":
                    channel.send(message)

        @peer.on("track")
        def arrived(track: MediaStreamTrack) -> None:
            if track.kind == "audio":
                peer.addTrack(probe.relay.subscribe(track))

        @peer.on("connectionstatechange")
        async def changed() -> None:
            probe.heard = self._now()
            if peer.connectionState in ("failed", "closed"):
                await self._close(probe)

    async def _close(self, probe: Probe) -> None:
        self._probes.discard(probe)
        await probe.peer.close()


def make_application(probes: Probes) -> web.Application:
    """The two addresses of the process: POST /probe and GET /health."""

    async def probe(request: web.Request) -> web.Response:
        offer = _offer(await _body(request))
        if offer is None:
            return web.json_response({"error": "not an offer"}, status=400)
        try:
            answer = await probes.answer(offer)
        except (ValueError, InvalidStateError, IndexError, KeyError, AssertionError) as error:
            # What aiortc's parser raises on a description that only looks like one.
            log.warning("probe refused: %s", type(error).__name__)
            return web.json_response({"error": "not an offer"}, status=400)
        if answer is None:
            return web.json_response(
                {"error": "all places are taken"}, status=503, headers={"Retry-After": "10"}
            )
        return web.json_response({"sdp": answer.sdp, "type": answer.type})

    async def health(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "probes": len(probes)})

    application = web.Application(client_max_size=REQUEST_LIMIT)
    application.router.add_post("/probe", probe)
    application.router.add_get("/health", health)
    return application


async def serve(host: str, port: int, limit: int) -> None:
    """Answer probes until cancelled; then close every peer."""
    probes = Probes(limit)
    runner = web.AppRunner(make_application(probes), access_log=None)
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
    if not isinstance(sdp, str) or len(sdp) > SDP_LIMIT or not sdp.startswith("v=0"):
        return None
    return RTCSessionDescription(sdp=sdp, type="offer")
