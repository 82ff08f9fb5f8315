"""The signature by which an enrolled kiosk proves that a request comes from it and was not changed."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

HEADER = "Telemed-Device"
VERSION = "v1"
SKEW_SECONDS = 60
HALF = 32


class BadKey(ValueError):
    """What a kiosk offered as its public key is not an ECDSA P-256 public key."""


@dataclass(frozen=True)
class DeviceProof:
    """What the header claims: which kiosk, when, and the signature over the request."""

    kiosk_id: UUID
    seconds: int
    signature: bytes


def parse(header: str | None) -> DeviceProof | None:
    """Read the header ``v1 <kiosk_id> <unix seconds> <base64url signature>``; anything else is no proof."""
    parts = (header or "").split(" ")
    if len(parts) != 4 or parts[0] != VERSION or not (parts[2].isascii() and parts[2].isdigit()):
        return None
    try:
        kiosk_id, signature = UUID(parts[1]), _decode(parts[3])
    except ValueError:
        return None
    return DeviceProof(kiosk_id, int(parts[2][:12]), signature) if len(signature) == 2 * HALF else None


def message(method: str, path: str, seconds: int, body: bytes) -> bytes:
    """The bytes a kiosk signs; `path` is the path as sent, without query."""
    return "\n".join([method.upper(), path, str(seconds), hashlib.sha256(body).hexdigest()]).encode()


def holds(
    proof: DeviceProof, public_key: Mapping[str, str], method: str, path: str, body: bytes, now: datetime
) -> bool:
    """Whether the owner of the key made the proof, for exactly this request, within the last minute."""
    if abs(now.timestamp() - proof.seconds) > SKEW_SECONDS:
        return False
    r, s = (int.from_bytes(half, "big") for half in (proof.signature[:HALF], proof.signature[HALF:]))
    try:
        read_key(public_key).verify(
            encode_dss_signature(r, s),
            message(method, path, proof.seconds, body),
            ec.ECDSA(hashes.SHA256()),
        )
    except (InvalidSignature, BadKey):
        return False
    return True


def read_key(jwk: Mapping[str, str]) -> ec.EllipticCurvePublicKey:
    """Read a JSON Web Key; one with a private part, or of another kind or curve, is refused."""
    if "d" in jwk or jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
        raise BadKey("not a public P-256 key")
    try:
        x, y = _decode(jwk["x"]), _decode(jwk["y"])
        if len(x) != HALF or len(y) != HALF:
            raise BadKey("a coordinate has the wrong length")
        numbers = ec.EllipticCurvePublicNumbers(
            int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1()
        )
        return numbers.public_key()
    except (KeyError, ValueError) as error:
        raise BadKey("not a point on P-256") from error


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error
