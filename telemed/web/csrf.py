"""Forged requests: a token bound to the session cookie, and a check of where the request comes from."""

import hashlib
import hmac
import secrets
from collections.abc import Collection

from flask import Request

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
_LENGTH = hashlib.sha256().digest_size


def token_for(key: bytes, cookie: str) -> str:
    """The form token of one session cookie: not to be made without our key, nor used with another cookie.

    Each has a mask of its own, so that the size of compressed pages tells nothing about it. Within one answer
    the same may stand in every form.
    """
    mask = secrets.token_bytes(_LENGTH)
    return (mask + _masked(_proof(key, cookie), mask)).hex()


def carries_token(request: Request, key: bytes, cookie: str | None) -> bool:
    """Whether an unsafe request brings the token of its own cookie."""
    offered = request.headers.get(HEADER) or request.form.get(FIELD, "")
    try:
        brought = bytes.fromhex(offered)
    except ValueError:
        return False
    if cookie is None or len(brought) != 2 * _LENGTH:
        return False
    told = _masked(brought[_LENGTH:], brought[:_LENGTH])
    return hmac.compare_digest(told, _proof(key, cookie))


def _proof(key: bytes, cookie: str) -> bytes:
    return hmac.new(key, cookie.encode(), hashlib.sha256).digest()


def _masked(proof: bytes, mask: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(proof, mask, strict=True))


def same_origin(request: Request, origins: Collection[str]) -> bool:
    """Whether the browser says that one of our own pages sent this; silence is a no."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None and not (origin == "null" and site is not None):
        return origin in origins
    return site is not None
