"""Who holds a bearer token: looked up at most every five seconds, so that revoking works within that time."""

import re
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Engine

from telemed import clock, database
from telemed.accounts.clients import ClientStore, Grant

REMEMBERED = timedelta(seconds=4)
_MOST = 10_000
_BEARER = re.compile(r"[Bb]earer ([A-Za-z0-9\-._~+/]{20,200}=*)")


class Bearers:
    """Tokens that were good a moment ago; one that was not is always asked for again."""

    def __init__(self, engine: Engine, seconds: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        # No clock that anybody can set: going back, it would let a revoked system in for longer.
        self._seconds = seconds
        self._known: dict[str, tuple[float, Grant]] = {}
        self._lock = threading.Lock()

    def grant(self, header: str | None) -> Grant | None:
        """What the bearer of this Authorization header may do."""
        match = _BEARER.fullmatch(header or "")
        if match is None:
            return None
        token = match[1]
        known = self._known.get(token)
        if known is not None and known[0] > self._seconds() and known[1].expires_at > clock.real_now():
            return known[1]
        return self._look_up(token)

    def _look_up(self, token: str) -> Grant | None:
        asked_at = self._seconds()
        with database.read(self._engine) as connection:
            grant = ClientStore(connection).grant(token, clock.real_now())
        with self._lock:
            if grant is None:
                self._known.pop(token, None)
                return None
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[token] = (asked_at + REMEMBERED.total_seconds(), grant)
        return grant
