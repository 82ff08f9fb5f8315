"""Forged requests: a token bound to the session cookie, and a check of where the request comes from."""

import hashlib
import hmac
from collections.abc import Collection

from flask import Request

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD = "csrf_token"
HEADER = "X-CSRF-Token"


def token_for(key: bytes, cookie: str) -> str:
    """The form token of one session cookie: not to be made without our key, nor used with another cookie."""
    return hmac.new(key, cookie.encode(), hashlib.sha256).hexdigest()


def carries_token(request: Request, key: bytes, cookie: str | None) -> bool:
    """Whether an unsafe request brings the token of its own cookie."""
    offered = request.headers.get(HEADER) or request.form.get(FIELD, "")
    return cookie is not None and hmac.compare_digest(offered.encode(), token_for(key, cookie).encode())


def same_origin(request: Request, origins: Collection[str]) -> bool:
    """Whether the browser says that one of our own pages sent this; silence is a no."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None and not (origin == "null" and site is not None):
        return origin in origins
    return site is not None
