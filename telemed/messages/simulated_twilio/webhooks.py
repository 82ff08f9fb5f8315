"""Webhooks as Twilio sends them: signed, at their time, and out of order when told so."""

import base64
import hashlib
import heapq
import hmac
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http.client import HTTPException
from itertools import count
from threading import Lock
from urllib.parse import urlencode, urlsplit

# Address, fields, headers → status and body; status 0 when nobody is there.
Post = Callable[[str, Mapping[str, str], Mapping[str, str]], tuple[int, str]]
Act = Callable[[], None]

_TIMEOUT = 15


def signature(token: str, url: str, fields: Mapping[str, str]) -> str:
    """Return X-Twilio-Signature: HMAC-SHA1 over the address and every field, sorted, without separators."""
    text = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def post_over_http(reached_at: str = "") -> Post:
    """Return a sender over real sockets; `reached_at` stands behind the public address, as behind a proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def post(url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str]:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        target = reached_at.rstrip("/") + path if reached_at else url
        request = urllib.request.Request(
            target,
            urlencode(fields).encode() if fields else None,
            {**headers, "Host": parts.netloc, "User-Agent": "TwilioProxy/1.1"},
        )
        try:
            with opener.open(request, timeout=_TIMEOUT) as answer:
                return answer.status, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, ""
        except (urllib.error.URLError, OSError, HTTPException):
            return 0, ""

    return post


class Agenda:
    """What is still to happen, by the domain's time; whoever runs it does so in order of time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._order = count()
        self._waiting: list[tuple[datetime, int, Act]] = []

    def at(self, moment: datetime, act: Act) -> None:
        """Let something happen at this moment."""
        with self._lock:
            heapq.heappush(self._waiting, (moment, next(self._order), act))

    def run(self, now: datetime) -> int:
        """Do everything that is due, in order; returns how much that was."""
        done = 0
        while (act := self._pop(now)) is not None:
            act()
            done += 1
        return done

    def late(self, now: datetime) -> timedelta:
        """Return for how long the first thing that is due has been waiting to be done."""
        with self._lock:
            return max(now - self._waiting[0][0], timedelta(0)) if self._waiting else timedelta(0)

    def _pop(self, now: datetime) -> Act | None:
        with self._lock:
            if not self._waiting or self._waiting[0][0] > now:
                return None
            return heapq.heappop(self._waiting)[2]
