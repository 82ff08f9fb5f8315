"""Signed permissions to enter a call: a pass that lives two minutes and a seat that lasts for the window.

Both belong to one page: it makes up a nonce, shows its hash when it asks for the pass, and the nonce itself
at the door. A copied pass opens nothing.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, cast

Role = Literal["patient", "practitioner"]
Kind = Literal["pass", "seat"]

ROLES: tuple[Role, ...] = ("patient", "practitioner")
PASS_LIFE = timedelta(minutes=2)
LONGEST_TOKEN = 1024
LONGEST_NAME = 128
_HASHED = 43
_SHORT = {
    "k": "kind",
    "r": "room",
    "o": "role",
    "s": "session",
    "u": "until",
    "w": "window",
    "n": "nonce_hash",
    "g": "generation",
    "a": "near",
}


class BadPass(Exception):
    """Somebody showed a pass or seat that does not open this call; `why` says which of the reasons it was."""

    def __init__(self, why: Literal["forged", "expired"]) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Claims:
    """What a token says: who may sit where in which room, until when, and how long the room stays open.

    `room` and `session` are opaque names; nothing about a person is in a token. Of two seats of one side the
    one of the newer `generation` stands.
    """

    kind: Kind
    room: str
    role: Role
    session: str
    until: datetime
    window: datetime
    nonce_hash: str
    generation: int
    # Near: in silence beside a waiting patient. It ends when somebody else is the one who admits.
    near: bool = False


def hashed(nonce: str) -> str:
    """Return what a page shows of its nonce before it is let in: SHA-256, base64url without padding."""
    return _encode(hashlib.sha256(nonce.encode()).digest())


def is_nonce_hash(text: str) -> bool:
    """Tell whether this can be the hash of a nonce."""
    return re.fullmatch(rf"[A-Za-z0-9_-]{{{_HASHED}}}", text) is not None


def issue_pass(
    key: bytes,
    *,
    room: str,
    role: Role,
    session: str,
    now: datetime,
    window: datetime,
    nonce_hash: str,
    generation: int,
    near: bool = False,
) -> str:
    """Sign a pass, shown at the join within two minutes; `window` is when the room closes for good."""
    until = min(now + PASS_LIFE, window)
    return _sign(key, Claims("pass", room, role, session, until, window, nonce_hash, generation, near))


def issue_seat(key: bytes, claims: Claims) -> str:
    """Sign the seat that whoever joined shows to come back, until the window ends."""
    return _sign(key, replace(claims, kind="seat", until=claims.window))


def check(key: bytes, token: str, nonce: str, now: datetime, kind: Kind) -> Claims:
    """Return what a genuine, unexpired token of this kind claims, shown by the page it was made for."""
    payload, _, signature = token.partition(".")
    if len(token) > LONGEST_TOKEN or not hmac.compare_digest(
        _mac(key, payload), signature.encode("utf-8", "replace")
    ):
        raise BadPass("forged")
    claims = _read(payload)
    if claims.kind != kind or not hmac.compare_digest(claims.nonce_hash, hashed(nonce)):
        raise BadPass("forged")
    if now >= claims.until:
        raise BadPass("expired")
    return claims


def _sign(key: bytes, claims: Claims) -> str:
    for name in (claims.room, claims.session):
        if not 0 < len(name) <= LONGEST_NAME:
            raise ValueError("room and session are names of 1 to 128 characters")
    if not is_nonce_hash(claims.nonce_hash):
        raise ValueError("not the hash of a nonce")
    body = {
        short: value.timestamp() if isinstance(value := getattr(claims, long), datetime) else value
        for short, long in _SHORT.items()
    }
    payload = _encode(json.dumps(body, separators=(",", ":")).encode())
    return f"{payload}.{_mac(key, payload).decode()}"


def _mac(key: bytes, payload: str) -> bytes:
    digest = hmac.new(key, b"telemed call v1\n" + payload.encode("utf-8", "replace"), hashlib.sha256)
    return _encode(digest.digest()).encode()


def _read(payload: str) -> Claims:
    # Only tokens with our signature get here, so a strange one is another version's.
    try:
        body = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        values = {long: body[short] for short, long in _SHORT.items() if short != "a"}
        # Tokens of before this field was signed are still about.
        near = body.get("a") is True
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadPass("forged") from error
    return Claims(
        kind=cast(Kind, values["kind"]),
        room=str(values["room"]),
        role=cast(Role, values["role"]),
        session=str(values["session"]),
        until=datetime.fromtimestamp(values["until"], UTC),
        window=datetime.fromtimestamp(values["window"], UTC),
        nonce_hash=str(values["nonce_hash"]),
        generation=int(values["generation"]),
        near=near,
    )


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
