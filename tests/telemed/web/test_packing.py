"""Answers are sent as small as the browser can unpack, and what everybody asks for is compressed once."""

import gzip

import brotli
import pytest
from flask import Flask, Response

from telemed.web.packing import pack, pack_for_everybody, packed_once

WORDS = "Какво ви води тук днес? " * 40


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/mine", "mine", lambda: pack(Response(WORDS)))
    app.add_url_rule("/all", "all", lambda: pack_for_everybody(Response(WORDS), 300))
    return app


@pytest.mark.parametrize("address", ["/mine", "/all"])
@pytest.mark.parametrize(
    "accepts, encoding, unpack",
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("", None, bytes),
    ],
)
def test_the_smallest_that_the_browser_takes(
    app: Flask, address: str, accepts: str, encoding: str | None, unpack: type[bytes]
) -> None:
    answer = app.test_client().get(address, headers={"Accept-Encoding": accepts})
    assert answer.headers.get("Content-Encoding") == encoding
    assert unpack(answer.data).decode() == WORDS
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_a_page_that_has_not_changed_is_not_sent_again(app: Flask) -> None:
    browser, takes = app.test_client(), {"Accept-Encoding": "br"}
    first = browser.get("/all", headers=takes)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = browser.get("/all", headers={**takes, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    plain = browser.get("/all", headers={"If-None-Match": first.headers["ETag"]})
    assert plain.status_code == 200, "the tag belongs to one encoding"


def test_a_page_for_everybody_is_compressed_once(app: Flask) -> None:
    packed_once.cache_clear()
    for _ in range(3):
        app.test_client().get("/all", headers={"Accept-Encoding": "br"})
    assert packed_once.cache_info().misses == 1
    app.test_client().get("/mine", headers={"Accept-Encoding": "br"})
    assert packed_once.cache_info().currsize == 1, "what is one patient's is not kept"
