"""The line probe: a real WebRTC peer hears itself back, over real HTTP, and places are limited."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from aiortc import RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamTrack

from signaling import media


class Steps:
    """A steady clock moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@asynccontextmanager
async def serving(probes: media.Probes) -> AsyncIterator[str]:
    server = TestServer(media.make_application(probes))
    await server.start_server()
    try:
        yield str(server.make_url("/"))
    finally:
        await probes.close()
        await server.close()


@asynccontextmanager
async def caller() -> AsyncIterator[tuple[RTCPeerConnection, RTCDataChannel]]:
    peer = RTCPeerConnection()
    peer.addTrack(AudioStreamTrack())
    channel = peer.createDataChannel(media.PROBE)
    try:
        yield peer, channel
    finally:
        await peer.close()


async def offer_of(peer: RTCPeerConnection) -> dict[str, str]:
    await peer.setLocalDescription(await peer.createOffer())
    description = peer.localDescription
    return {"sdp": description.sdp, "type": description.type}


async def ask(url: str, body: object) -> tuple[int, dict[str, str]]:
    async with ClientSession() as session, session.post(url + "probe", json=body) as response:
        return response.status, await response.json()


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(test(), 30)

    asyncio.run(bounded())


def test_what_is_said_comes_back_as_data_and_as_sound() -> None:
    async def test() -> None:
        async with serving(media.Probes(1)) as url, caller() as (peer, channel):
            echoed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            frames: asyncio.Future[MediaStreamTrack] = asyncio.get_running_loop().create_future()
            channel.on("open", lambda: channel.send("how long is the line?"))
            channel.on("message", echoed.set_result)
            peer.on("track", frames.set_result)
            status, answer = await ask(url, await offer_of(peer))
            assert (status, answer["type"]) == (200, "answer")
            await peer.setRemoteDescription(RTCSessionDescription(**answer))
            assert await echoed == "how long is the line?"
            track = await frames
            frame = await track.recv()
            assert (track.kind, frame.pts is not None) == ("audio", True)

    run(test)


def test_a_full_house_says_so_and_a_place_left_is_a_place_free() -> None:
    async def test() -> None:
        clock = Steps()
        probes = media.Probes(1, clock)
        async with serving(probes) as url, caller() as (one, _), caller() as (two, _):
            assert (await ask(url, await offer_of(one)))[0] == 200
            assert (await ask(url, await offer_of(two)))[0] == 503
            clock.seconds = media.IDLE_SECONDS + 1
            await probes.sweep()
            assert (await ask(url, await offer_of(two)))[0] == 200

    run(test)


def test_even_a_talkative_probe_ends() -> None:
    async def test() -> None:
        clock = Steps()
        probes = media.Probes(1, clock, idle_seconds=float("inf"), longest_seconds=60)
        async with serving(probes) as url, caller() as (peer, _):
            await ask(url, await offer_of(peer))
            clock.seconds = 59
            await probes.sweep()
            assert len(probes) == 1
            clock.seconds = 61
            await probes.sweep()
            assert len(probes) == 0

    run(test)


@pytest.mark.parametrize(
    "body",
    [
        [],
        "offer",
        {"type": "answer", "sdp": "v=0\r\n"},
        {"type": "offer", "sdp": 7},
        {"type": "offer", "sdp": "hello"},
        {"type": "offer", "sdp": "v=0\r\nm=nonsense\r\n"},
        {"type": "offer", "sdp": "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP 0\r\n"},
        {"type": "offer", "sdp": "v=0" + "x" * 30_000},
    ],
)
def test_what_is_no_offer_is_refused_and_takes_no_place(body: object) -> None:
    async def test() -> None:
        probes = media.Probes(1)
        async with serving(probes) as url:
            status, _ = await ask(url, body)
            assert (status, len(probes)) == (400, 0)

    run(test)


def test_health_says_how_many_are_here() -> None:
    async def test() -> None:
        async with (
            serving(media.Probes(2)) as url,
            ClientSession() as session,
            session.get(url + "health") as response,
        ):
            assert await response.json() == {"status": "ok", "probes": 0}

    run(test)


def test_the_process_serves_until_it_is_stopped(free_port: int) -> None:
    async def test() -> None:
        task = asyncio.create_task(media.serve("127.0.0.1", free_port, 1))
        async with ClientSession() as session:
            for _ in range(50):
                try:
                    async with session.get(f"http://127.0.0.1:{free_port}/health") as response:
                        assert response.status == 200
                        break
                except OSError:
                    await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(test)
