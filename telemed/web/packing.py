"""Sends answers small, and never so that the size tells a secret to whoever can cause many of them.

What holds a secret is compressed only if no stranger's page can have asked for it (decisions/0012).
"""

import gzip
import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache

import brotli
from flask import Response, request

# About as many pages as a kiosk has in all its languages.
KEPT = 700
TAG_LETTERS = 12
OUR_OWN = frozenset({"same-origin", "none"})
"""What a browser says of a request that our own page has caused, or the person who sits before it."""


def _brotli(body: bytes, quality: int = 11) -> bytes:
    small: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=quality)
    return small


def _gzip(body: bytes, level: int = 9) -> bytes:
    return gzip.compress(body, level, mtime=0)


# In the order in which they are preferred: a kiosk page is a fifth smaller by the first than by the second.
PACKERS: Mapping[str, Callable[[bytes], bytes]] = {"br": _brotli, "gzip": _gzip}
# For what is made anew each time: an eighth larger than the best, in a hundredth of its time.
QUICK: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda body: _brotli(body, 6),
    "gzip": lambda body: _gzip(body, 6),
}


@lru_cache(maxsize=KEPT)
def packed_once(body: bytes, encoding: str) -> bytes:
    """Return a body that many ask for in one of ``PACKERS``, compressed once and not for each of them."""
    return PACKERS[encoding](body)


def pack(response: Response) -> Response:
    """Compress an answer without anything personal when the browser can unpack it."""
    return _in_what_they_take(response, lambda body, encoding: PACKERS[encoding](body))


def pack_for_everybody(response: Response, seconds: int) -> Response:
    """Compress an answer that is the same for everybody and let it be kept for a while."""
    _in_what_they_take(response, packed_once)
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    # The usual tag costs a thin line three times as much and says no more.
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:TAG_LETTERS])
    response.make_conditional(request)
    return response


def pack_for_one_person(response: Response) -> Response:
    """Compress a signed-in person's page if they or a page of ours asked for it, never for another site.

    Only for pages that repeat nothing of a form that was sent; with anything in its query a page stays as it
    is. Masked tokens, and a browser that says who asked, are what the rest hangs on (decisions/0012).
    """
    if response.status_code != 200 or response.mimetype != "text/html":
        return response
    response.vary.add("Sec-Fetch-Site")
    if request.query_string or request.headers.get("Sec-Fetch-Site") not in OUR_OWN:
        response.vary.add("Accept-Encoding")
        return response
    return _in_what_they_take(response, lambda body, encoding: QUICK[encoding](body))


def _in_what_they_take(response: Response, packed: Callable[[bytes, str], bytes]) -> Response:
    response.vary.add("Accept-Encoding")
    encoding = request.accept_encodings.best_match([*PACKERS, "identity"], default="identity")
    if encoding in PACKERS:
        response.set_data(packed(response.get_data(), encoding))
        response.content_encoding = encoding
    return response
