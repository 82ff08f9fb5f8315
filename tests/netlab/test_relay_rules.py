"""The relay as we ship it: a call's credentials open it until they expire, and no private network ever."""

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from aioice import stun, turn

from signaling import ice
from tests import servers
from tests.missing import miss
from tests.netlab.relay import answers
from tests.netlab.world import ROOT

SECRET = "a secret of this test only, long enough"
DENIED = [
    "10.0.0.7",
    "100.64.0.7",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.7",
    "172.31.255.254",
    "192.0.2.7",
    "192.168.1.1",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.7",
    "255.255.255.255",
    "0.0.0.0",
]
PUBLIC = "192.0.3.7"


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Our own file with the lines that an operator fills in, on a free port of loopback."""
    if shutil.which("turnserver") is None:
        miss("coturn (Debian: coturn)")
    folder, port = tmp_path_factory.mktemp("relay"), servers.free_port()
    ours = (ROOT / "deploy/coturn.conf").read_text("utf-8")
    filled = ours.replace("listening-ip=0.0.0.0", "listening-ip=127.0.0.1\nrelay-ip=127.0.0.1").replace(
        "#static-auth-secret=", f"static-auth-secret={SECRET}"
    )
    assert filled.count(SECRET) == 1
    file = folder / "coturn.conf"
    file.write_text(filled)
    process = subprocess.Popen(
        [
            "turnserver",
            *(
                "-c",
                file,
                "-p",
                str(port),
                "--no-tls",
                "--no-dtls",
                f"--log-file={folder / 'log'}",
                "--simple-log",
            ),
            f"--pidfile={folder / 'pid'}",
        ],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    servers.wait_until(lambda: answers("127.0.0.1", port), process)
    yield port
    process.kill()
    process.wait()


def credentials(valid_for: timedelta = timedelta(hours=4), secret: str = SECRET) -> tuple[str, str]:
    return ice.credentials("room-a", secret, datetime.now(UTC) + valid_for)


async def allocated(port: int, username: str, password: str) -> turn.TurnTransport:
    transport, _ = await turn.create_turn_endpoint(
        asyncio.DatagramProtocol, ("127.0.0.1", port), username, password
    )
    return transport


async def asks_for(port: int, peer: str) -> int:
    """The error with which the relay refuses to send to a peer; 0 when it agrees."""
    transport = await allocated(port, *credentials())
    inner = transport._TurnTransport__inner_protocol  # type: ignore[attr-defined]  # no public way to ask
    request = stun.Message(message_method=stun.Method.CHANNEL_BIND, message_class=stun.Class.REQUEST)
    request.attributes["CHANNEL-NUMBER"] = 0x4000
    request.attributes["XOR-PEER-ADDRESS"] = (peer, 9)
    try:
        await inner.request_with_retry(request)
    except stun.TransactionFailed as failed:
        return int(failed.response.attributes["ERROR-CODE"][0])
    finally:
        transport.close()
    return 0


@pytest.mark.parametrize("peer", DENIED)
def test_nobody_is_let_into_a_network_that_is_not_public(relay: int, peer: str) -> None:
    assert asyncio.run(asks_for(relay, peer)) == 403


def test_a_public_address_may_be_spoken_to(relay: int) -> None:
    assert asyncio.run(asks_for(relay, PUBLIC)) == 0


@pytest.mark.parametrize(
    ("valid_for", "secret"),
    [
        pytest.param(timedelta(seconds=-5), SECRET, id="expired"),
        pytest.param(timedelta(hours=1), "another", id="another secret"),
    ],
)
def test_credentials_expired_or_of_another_secret_open_nothing(
    relay: int, valid_for: timedelta, secret: str
) -> None:
    with pytest.raises(stun.TransactionFailed):
        asyncio.run(allocated(relay, *credentials(valid_for, secret)))
