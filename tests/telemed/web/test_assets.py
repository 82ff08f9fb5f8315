"""Assets: a browser gets the smallest form it understands, and may keep what is named by its content."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from telemed.web.assets import AssetMissing, Assets, register

CODE = b"console.log('plain')"
HASHED = "kiosk-ABCD2345.js"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "manifest.json").write_text(f'{{"kiosk.js": "{HASHED}"}}')
    (tmp_path / HASHED).write_bytes(CODE)
    (tmp_path / f"{HASHED}.br").write_bytes(b"brotli")
    (tmp_path / f"{HASHED}.gz").write_bytes(b"gzip")
    (tmp_path / "plain.txt").write_bytes(b"first")
    return tmp_path


@pytest.fixture
def browser(folder: Path) -> FlaskClient:
    app = Flask(__name__)
    register(app, Assets(folder))
    return app.test_client()


@pytest.mark.parametrize(
    ("accepts", "encoding", "body"),
    [
        ("gzip, deflate, br", "br", b"brotli"),
        ("gzip", "gzip", b"gzip"),
        ("br;q=0.1, gzip", "gzip", b"gzip"),
        ("br;q=0", None, CODE),
        ("identity", None, CODE),
        ("", None, CODE),
    ],
)
def test_the_best_encoding_the_browser_accepts_is_sent(
    browser: FlaskClient, accepts: str, encoding: str | None, body: bytes
) -> None:
    answer = browser.get(f"/assets/{HASHED}", headers={"Accept-Encoding": accepts})
    assert (answer.headers.get("Content-Encoding"), answer.data) == (encoding, body)
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.content_type == "text/javascript; charset=utf-8"


def test_a_name_with_the_contents_hash_is_kept_for_good(browser: FlaskClient) -> None:
    cache = browser.get(f"/assets/{HASHED}").cache_control
    assert (cache.immutable, cache.max_age, cache.public) == (True, 31_536_000, True)


def test_a_name_without_a_hash_is_asked_for_again(browser: FlaskClient, folder: Path) -> None:
    first = browser.get("/assets/plain.txt")
    assert first.cache_control.no_cache
    assert not first.cache_control.immutable
    same = browser.get("/assets/plain.txt", headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    (folder / "plain.txt").write_bytes(b"second")
    changed = browser.get("/assets/plain.txt", headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.data) == (200, b"second")


@pytest.mark.parametrize("name", ["gone.js", "..", "../manifest.json", "%2e%2e%2fsecret", ".hidden", ""])
def test_nothing_else_is_served(browser: FlaskClient, folder: Path, name: str) -> None:
    (folder / ".hidden").write_text("x")
    assert browser.get(f"/assets/{name}").status_code == 404


def test_templates_name_the_file_and_get_its_current_address(folder: Path) -> None:
    app = Flask(__name__)
    register(app, Assets(folder))
    assert app.jinja_env.from_string("{{ asset('kiosk.js') }}").render() == f"/assets/{HASHED}"


def test_a_missing_build_names_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(AssetMissing, match=r"dev\.py setup"):
        Assets(tmp_path).url("kiosk.js")
