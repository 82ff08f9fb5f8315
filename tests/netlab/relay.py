"""coturn inside the lab, with credentials by shared secret; TLS on 443 with a certificate of the moment."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path

from aioice import stun

from tests import servers
from tests.missing import miss
from tests.netlab import certificate
from tests.netlab.world import RELAY, ROOT, World

SECRET = "the lab's own secret"
URLS = ",".join(
    (
        f"stun:{RELAY}:3478",
        f"turn:{RELAY}:3478?transport=udp",
        f"turn:{RELAY}:3478?transport=tcp",
        f"turns:{RELAY}:443?transport=tcp",
    )
)


class Relay:
    """A running coturn; `stop` and `start` again is a restart."""

    def __init__(self, world: World, folder: Path) -> None:
        if shutil.which("turnserver") is None:
            miss("coturn (Debian: coturn)")
        files = certificate.make(folder, RELAY)
        self._command = world.inside(
            "relay",
            "turnserver",
            "-n",
            *("-L", RELAY, "-E", RELAY, "--listening-port=3478", "--tls-listening-port=443"),
            *("--use-auth-secret", f"--static-auth-secret={SECRET}", "--realm=lab", "--fingerprint"),
            # Chatty, or it would not say which places it has given.
            *(
                "--no-cli",
                "--stale-nonce=600",
                f"--log-file={folder / 'relay.log'}",
                "--simple-log",
                "--verbose",
            ),
            *(f"--cert={files.cert}", f"--pkey={files.key}"),
        )
        asking = f"import sys; from tests.netlab.relay import answers; sys.exit(not answers('{RELAY}', 3478))"
        self._ask = world.inside("relay", sys.executable, "-c", asking)
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start it, without waiting."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.begin()
        self.wait()

    def wait(self) -> None:
        """Wait until it answers."""
        assert self._process is not None
        servers.wait_until(lambda: subprocess.run(self._ask, cwd=ROOT).returncode == 0, self._process)

    def stop(self) -> None:
        """End it as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def answers(host: str, port: int) -> bool:
    """Whether a relay answers a STUN binding request (RFC 8489)."""
    request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(0.3)
        asking.sendto(bytes(request), (host, port))
        try:
            return bool(asking.recv(500))
        except OSError:
            return False
