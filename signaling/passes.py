"""Signed permissions to enter a call: a pass that lives two minutes and a seat that lasts for the window."""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, cast

Role = Literal["patient", "practitioner"]
Kind = Literal["pass", "seat"]

ROLES: tuple[Role, ...] = ("patient", "practitioner")
PASS_LIFE = timedelta(minutes=2)
LONGEST_TOKEN = 1024
LONGEST_NAME = 128
_SHORT = {"k": "kind", "r": "room", "o": "role", "s": "session", "u": "until", "w": "window"}


class BadPass(Exception):
    """Somebody showed a pass or seat that does not open this call; `why` says which of the reasons it was."""

    def __init__(self, why: Literal["forged", "expired"]) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Claims:
    """What a token says: who may sit where in which room, until when, and how long the room stays open.

    `room` and `session` are opaque names; nothing about a person is in a token.
    """

    kind: Kind
    room: str
    role: Role
    session: str
    until: datetime
    window: datetime


def issue_pass(key: bytes, *, room: str, role: Role, session: str, now: datetime, window: datetime) -> str:
    """Sign a pass, shown once at the join within two minutes; `window` is when the room closes for good."""
    until = min(now + PASS_LIFE, window)
    return _sign(key, Claims("pass", room, role, session, until, window))


def issue_seat(key: bytes, claims: Claims) -> str:
    """Sign the seat that whoever joined shows to come back, until the window ends."""
    return _sign(key, Claims("seat", claims.room, claims.role, claims.session, claims.window, claims.window))


def check(key: bytes, token: str, now: datetime, kind: Kind) -> Claims:
    """Return what a genuine, unexpired token of this kind claims; refuse everything else."""
    payload, _, signature = token.partition(".")
    if len(token) > LONGEST_TOKEN or not hmac.compare_digest(
        _mac(key, payload), signature.encode("utf-8", "replace")
    ):
        raise BadPass("forged")
    claims = _read(payload)
    if claims.kind != kind:
        raise BadPass("forged")
    if now >= claims.until:
        raise BadPass("expired")
    return claims


def _sign(key: bytes, claims: Claims) -> str:
    for name in (claims.room, claims.session):
        if not 0 < len(name) <= LONGEST_NAME:
            raise ValueError("room and session are names of 1 to 128 characters")
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
        values = {long: body[short] for short, long in _SHORT.items()}
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise BadPass("forged") from error
    return Claims(
        kind=cast(Kind, values["kind"]),
        room=str(values["room"]),
        role=cast(Role, values["role"]),
        session=str(values["session"]),
        until=datetime.fromtimestamp(values["until"], UTC),
        window=datetime.fromtimestamp(values["window"], UTC),
    )


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
