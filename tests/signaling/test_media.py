"""The line probe: a real WebRTC peer fills its line both ways, over real HTTP, and places are limited."""

import asyncio
import json
import re
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from aiortc import RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack

from signaling import media

TOKEN = "the token of this test"


class Steps:
    """A steady clock moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@asynccontextmanager
async def serving(probes: media.Probes) -> AsyncIterator[str]:
    server = TestServer(media.make_application(probes, TOKEN))
    await server.start_server()
    try:
        yield str(server.make_url("/"))
    finally:
        await probes.close()
        await server.close()


@asynccontextmanager
async def caller(
    label: str = media.WORDS, **how: Any
) -> AsyncIterator[tuple[RTCPeerConnection, RTCDataChannel]]:
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    channel = peer.createDataChannel(label, **how)
    try:
        yield peer, channel
    finally:
        await peer.close()


async def offer_of(peer: RTCPeerConnection) -> dict[str, str]:
    await peer.setLocalDescription(await peer.createOffer())
    return {"sdp": peer.localDescription.sdp, "type": peer.localDescription.type}


async def ask(url: str, body: object, token: str = TOKEN) -> tuple[int, dict[str, str]]:
    headers = {"Authorization": f"Bearer {token}"}
    async with ClientSession(headers=headers) as asking, asking.post(url + "probe", json=body) as said:
        return said.status, await said.json()


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(test(), 30)

    asyncio.run(bounded())


async def connected(
    url: str, peer: RTCPeerConnection, channel: RTCDataChannel
) -> "asyncio.Queue[str | bytes]":
    """Open the channel to the probe; what comes over it is in the queue."""
    came: asyncio.Queue[str | bytes] = asyncio.Queue()
    opened = asyncio.Event()
    channel.on("open", opened.set)
    channel.on("message", came.put_nowait)
    status, answer = await ask(url, await offer_of(peer))
    assert (status, answer["type"]) == (200, "answer")
    await peer.setRemoteDescription(RTCSessionDescription(**answer))
    await opened.wait()
    return came


def test_what_fills_the_line_is_counted_and_told_with_its_times() -> None:
    async def test() -> None:
        async with serving(media.Probes(1)) as url, caller() as (peer, channel):
            came = await connected(url, peer, channel)
            for _ in range(5):
                channel.send(bytes(1000))
            channel.send('{"is": "tell"}')
            told = json.loads(await came.get())
            assert (told["is"], told["bytes"], len(told["at"]), told["at"][0]) == ("told", 5000, 5, 0)
            assert told["at"] == sorted(told["at"])
            channel.send('{"is": "tell"}')
            assert json.loads(await came.get())["at"] == []

    run(test)


def test_the_line_is_filled_downwards_as_far_as_asked_and_allowed() -> None:
    async def test() -> None:
        async with serving(media.Probes(1)) as url, caller() as (peer, channel):
            came = await connected(url, peer, channel)
            channel.send(json.dumps({"is": "fill", "bytes": 2500}))
            assert [len(await came.get()) for _ in range(3)] == [1100, 1100, 300]
            channel.send(json.dumps({"is": "fill", "bytes": 10**9}))
            got = 0
            while got < media.FILL_AT_MOST:
                got += len(await came.get())
            assert (got, came.empty()) == (media.FILL_AT_MOST, True)

    run(test)


def test_a_datagram_comes_back_with_the_number_of_all_that_arrived() -> None:
    async def test() -> None:
        how = {"ordered": False, "maxRetransmits": 0}
        async with serving(media.Probes(1)) as url, caller(media.DATAGRAMS, **how) as (peer, channel):
            came = await connected(url, peer, channel)
            for number in range(3):
                channel.send(bytes([number]))
                assert await came.get() == bytes([number, 0, 0, 0, number + 1])

    run(test)


def test_a_probe_that_asks_for_too_much_is_closed() -> None:
    async def test() -> None:
        probes = media.Probes(1)
        async with serving(probes) as url, caller() as (peer, channel):
            await connected(url, peer, channel)
            for _ in range(1 + media.BYTES_AT_MOST // 16_000):
                channel.send(bytes(16_000))
            while channel.readyState == "open":
                await asyncio.sleep(0.05)
            assert len(probes) == 0

    run(test)


@pytest.mark.parametrize(
    "word", ["", "{}", "[]", "7", '{"is": "dance"}', '{"is": "fill", "bytes": "x"}', "[" * 999]
)
def test_words_that_are_none_are_passed_over(word: str) -> None:
    async def test() -> None:
        async with serving(media.Probes(1)) as url, caller() as (peer, channel):
            came = await connected(url, peer, channel)
            channel.send(word)
            channel.send('{"is": "tell"}')
            assert json.loads(await came.get())["is"] == "told"

    run(test)


def test_sound_and_picture_are_refused_so_that_nothing_is_ever_decoded_here() -> None:
    async def test() -> None:
        probes = media.Probes(1)
        async with serving(probes) as url, caller() as (peer, _):
            peer.addTrack(AudioStreamTrack())
            status, _ = await ask(url, await offer_of(peer))
            assert (status, len(probes)) == (400, 0)
        assert "decoder" not in {thread.name for thread in threading.enumerate()}

    run(test)


def test_hidden_names_are_not_looked_up() -> None:
    async def test() -> None:
        name = "0123abcd-0123-0123-0123-0123456789ab.local"
        async with serving(media.Probes(1)) as url, caller() as (peer, _):
            offer = await offer_of(peer)
            offer["sdp"] = re.sub(r"(candidate:\S+ 1 \w+ \d+) \S+", rf"\1 {name}", offer["sdp"])
            assert name in offer["sdp"]
            assert (await ask(url, offer))[0] == 200

    run(test)


@pytest.mark.parametrize("token", ["", "another", TOKEN + "x"])
def test_without_the_token_nobody_is_answered(token: str) -> None:
    async def test() -> None:
        probes = media.Probes(1)
        async with serving(probes) as url, caller() as (peer, _):
            assert (await ask(url, await offer_of(peer), token))[0] == 401
            assert len(probes) == 0

    run(test)


def test_nobody_takes_two_places() -> None:
    async def test() -> None:
        probes = media.Probes(2)
        async with serving(probes) as url, caller() as (one, _), caller() as (two, _), caller() as (other, _):
            for peer, asker in ((one, "kiosk-1"), (two, "kiosk-1"), (other, "kiosk-2")):
                assert (await ask(url, await offer_of(peer) | {"asker": asker}))[0] == 200
            assert len(probes) == 2

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


@pytest.mark.parametrize(
    "addresses",
    [["evil.example"], [f"203.0.113.{number}" for number in range(21)]],
    ids=["a host name", "more than a call may have"],
)
def test_candidates_that_no_call_may_have_are_refused(addresses: list[str]) -> None:
    async def test() -> None:
        probes = media.Probes(1)
        async with serving(probes) as url, caller() as (peer, _):
            offer = await offer_of(peer)
            more = "".join(
                f"a=candidate:1 1 udp 2113937151 {address} 9 typ host\r\n" for address in addresses
            )
            status, _ = await ask(url, offer | {"sdp": offer["sdp"] + more})
            assert (status, len(probes)) == (400, 0)

    run(test)


def test_health_says_how_many_are_here() -> None:
    async def test() -> None:
        async with serving(media.Probes(2)) as url, ClientSession() as asking:
            answer = await asking.get(url + "health")
            assert await answer.json() == {"status": "ok", "probes": 0}

    run(test)


def test_the_process_serves_until_it_is_stopped(free_port: int) -> None:
    async def test() -> None:
        task = asyncio.create_task(media.serve("127.0.0.1", free_port, 1, TOKEN))
        async with ClientSession() as session:
            for _ in range(50):
                try:
                    assert (await session.get(f"http://127.0.0.1:{free_port}/health")).status == 200
                    break
                except OSError:
                    await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(test)
