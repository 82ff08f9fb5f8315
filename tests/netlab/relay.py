"""coturn inside the lab, with credentials by shared secret; TLS on 443 with a certificate of the moment."""

import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.missing import miss
from tests.netlab.world import RELAY, World

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
        self._command = world.inside(
            "relay",
            "turnserver",
            "-n",
            *("-L", RELAY, "-E", RELAY, "--listening-port=3478", "--tls-listening-port=443"),
            *("--use-auth-secret", f"--static-auth-secret={SECRET}", "--realm=lab", "--fingerprint"),
            *("--no-cli", "--stale-nonce=600", f"--log-file={folder / 'relay.log'}", "--simple-log"),
            *certificate(folder),
        )
        self._log = folder / "relay.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it listens."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 20
        while "TLS/TCP listener opened" not in self._said() and time.monotonic() < until:
            time.sleep(0.05)

    def stop(self) -> None:
        """End it as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _said(self) -> str:
        return self._log.read_text("utf-8", "replace") if self._log.exists() else ""


def certificate(folder: Path) -> tuple[str, str]:
    """Make a key and a certificate for the relay's address; returns coturn's options for them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, RELAY)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(RELAY))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    files = {
        "cert": made.public_bytes(serialization.Encoding.PEM),
        "pkey": key.private_bytes(serialization.Encoding.PEM, *plain),
    }
    for option, content in files.items():
        (folder / f"relay-{option}.pem").write_bytes(content)
    return f"--cert={folder / 'relay-cert.pem'}", f"--pkey={folder / 'relay-pkey.pem'}"
