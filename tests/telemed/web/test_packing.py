"""Answers are sent as small as the browser can unpack, and what everybody asks for is compressed once."""

import gzip

import brotli
import pytest
from flask import Flask, Response

from telemed.web.packing import pack, pack_for_everybody, pack_for_one_person, packed_once

WORDS = "Какво ви води тук днес? " * 40
TAKES = {"Accept-Encoding": "br"}
OURS = {**TAKES, "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/mine", "mine", lambda: pack(Response(WORDS)))
    app.add_url_rule("/all", "all", lambda: pack_for_everybody(Response(WORDS), 300))
    app.add_url_rule("/one", "one", lambda: pack_for_one_person(Response(WORDS, mimetype="text/html")))
    app.add_url_rule("/data", "data", lambda: pack_for_one_person(Response(WORDS, mimetype="text/plain")))
    app.add_url_rule("/no", "no", lambda: pack_for_one_person(Response(WORDS, 404, mimetype="text/html")))
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


@pytest.mark.parametrize("asked_by", ["same-origin", "none"])
@pytest.mark.parametrize(
    "accepts, encoding, unpack",
    [("gzip, br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress), ("identity", None, bytes)],
)
def test_a_persons_page_is_small_when_they_or_we_asked_for_it(
    app: Flask, asked_by: str, accepts: str, encoding: str | None, unpack: type[bytes]
) -> None:
    headers = {"Sec-Fetch-Site": asked_by, "Accept-Encoding": accepts}
    answer = app.test_client().get("/one", headers=headers)
    assert answer.headers.get("Content-Encoding") == encoding
    assert unpack(answer.data).decode() == WORDS


@pytest.mark.parametrize("asked_by", ["cross-site", "same-site", "", None])
def test_a_persons_page_that_another_site_may_have_caused_is_never_compressed(
    app: Flask, asked_by: str | None
) -> None:
    said = {} if asked_by is None else {"Sec-Fetch-Site": asked_by}
    answer = app.test_client().get("/one", headers={**TAKES, **said})
    assert "Content-Encoding" not in answer.headers
    assert answer.text == WORDS


def test_what_came_in_the_address_may_stand_in_the_page_so_it_is_not_compressed(app: Flask) -> None:
    assert "Content-Encoding" not in app.test_client().get("/one?guess=a", headers=OURS).headers


def test_nobody_who_keeps_answers_mistakes_one_for_the_other(app: Flask) -> None:
    for asked_by in ("same-origin", "cross-site"):
        answer = app.test_client().get("/one", headers={**TAKES, "Sec-Fetch-Site": asked_by})
        assert set(answer.vary) == {"Accept-Encoding", "Sec-Fetch-Site"}


@pytest.mark.parametrize("address", ["/data", "/no"])
def test_of_a_persons_answers_only_whole_pages_are_compressed(app: Flask, address: str) -> None:
    assert "Content-Encoding" not in app.test_client().get(address, headers=OURS).headers
