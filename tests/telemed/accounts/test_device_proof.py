"""A kiosk's signature: it counts for one request, from one key, for one minute."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from telemed.accounts.device_proof import BadKey, DeviceProof, holds, message, parse, read_key

NOW = datetime(2025, 12, 2, 9, 40, tzinfo=UTC)
KIOSK = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
PRIVATE = ec.generate_private_key(ec.SECP256R1())
PATH = "/api/v1/intakes/01890a5d-ac96-774b-bcce-b302099a8058"
BODY = b'{"complaint":"dizzy"}'


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def jwk(key: ec.EllipticCurvePrivateKey = PRIVATE) -> dict[str, str]:
    numbers = key.public_key().public_numbers()
    x, y = (encoded(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def signed(method: str = "PUT", path: str = PATH, body: bytes = BODY, at: datetime = NOW) -> DeviceProof:
    seconds = int(at.timestamp())
    r, s = decode_dss_signature(PRIVATE.sign(message(method, path, seconds, body), ec.ECDSA(hashes.SHA256())))
    return DeviceProof(KIOSK, seconds, r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def header(proof: DeviceProof) -> str:
    return f"v1 {proof.kiosk_id} {proof.seconds} {encoded(proof.signature)}"


def test_the_kiosks_own_signature_holds() -> None:
    assert holds(signed(), jwk(), "PUT", PATH, BODY, NOW)


def test_a_header_is_read_as_it_was_written() -> None:
    proof = signed()
    assert parse(header(proof)) == proof


@pytest.mark.parametrize(
    "request_of_somebody_else",
    [("POST", PATH, BODY), ("PUT", PATH + "x", BODY), ("PUT", PATH, BODY + b" "), ("PUT", PATH, b"")],
)
def test_it_counts_for_this_request_only(request_of_somebody_else: tuple[str, str, bytes]) -> None:
    assert not holds(signed(), jwk(), *request_of_somebody_else, NOW)


@pytest.mark.parametrize("seconds", [61, -61, 86400])
def test_it_counts_for_a_minute_only(seconds: int) -> None:
    assert not holds(signed(), jwk(), "PUT", PATH, BODY, NOW + timedelta(seconds=seconds))
    assert holds(signed(), jwk(), "PUT", PATH, BODY, NOW + timedelta(seconds=59))


def test_the_time_cannot_be_moved_without_the_key() -> None:
    later = NOW + timedelta(hours=1)
    moved = replace(signed(), seconds=int(later.timestamp()))
    assert not holds(moved, jwk(), "PUT", PATH, BODY, later)


def test_another_kiosks_key_does_not_fit() -> None:
    other = jwk(ec.generate_private_key(ec.SECP256R1()))
    assert not holds(signed(), other, "PUT", PATH, BODY, NOW)


@given(st.integers(0, 63), st.integers(1, 255))
def test_no_changed_byte_of_the_signature_passes(place: int, change: int) -> None:
    proof = signed()
    forged = bytearray(proof.signature)
    forged[place] ^= change
    assert not holds(replace(proof, signature=bytes(forged)), jwk(), "PUT", PATH, BODY, NOW)


@pytest.mark.parametrize("signature", [bytes(64), b"\xff" * 64])
def test_degenerate_signatures_are_refused(signature: bytes) -> None:
    assert not holds(replace(signed(), signature=signature), jwk(), "PUT", PATH, BODY, NOW)


@given(st.text(max_size=200))
def test_any_other_header_is_no_proof(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "v1",
        f"v2 {KIOSK} 1 {encoded(bytes(64))}",
        f"v1 kiosk 1 {encoded(bytes(64))}",
        f"v1 {KIOSK} -1 {encoded(bytes(64))}",
        f"v1 {KIOSK} ٣ {encoded(bytes(64))}",
        f"v1 {KIOSK} 1 {encoded(bytes(63))}",
        f"v1 {KIOSK} 1 {encoded(bytes(64))} more",
        f"v1 {KIOSK} 1 {'é' * 86}",
    ],
)
def test_a_malformed_header_is_no_proof(text: str | None) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    "change",
    [{"crv": "P-384"}, {"kty": "RSA"}, {"x": "AAAA"}, {"y": encoded(bytes(32))}, {"d": "secret"}, {"x": "*"}],
)
def test_only_a_public_key_on_p256_is_taken(change: dict[str, str]) -> None:
    with pytest.raises(BadKey):
        read_key({**jwk(), **change})


def test_a_key_survives_being_stored_as_text() -> None:
    assert holds(signed(), json.loads(json.dumps(jwk())), "PUT", PATH, BODY, NOW)
