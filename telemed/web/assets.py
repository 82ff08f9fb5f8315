"""The files browsers load: which hashed file stands for a name, and the door that serves it compressed."""

import json
import mimetypes
import re
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request

from telemed.web.headers import NOTHING_LOADS

STATIC = Path(__file__).parent / "static"
PREFIX = "/assets"
YEAR = 365 * 24 * 3600

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_HASHED = re.compile(r"[A-Za-z0-9_.-]+-[A-Z0-9]{8}\.[a-z0-9]+")
_PACKED = {"br": ".br", "gzip": ".gz"}
_TYPES = {".js": "text/javascript", ".css": "text/css", ".txt": "text/plain", ".woff2": "font/woff2"}


class AssetMissing(LookupError):
    """The operator must build the assets: no file stands for this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no asset {name!r} in the manifest; run: python3 dev.py setup")


class Assets:
    """The manifest of one build, read once."""

    def __init__(self, folder: Path = STATIC) -> None:
        self.folder = folder
        manifest = folder / "manifest.json"
        self._files: dict[str, str] = json.loads(manifest.read_text("utf-8")) if manifest.exists() else {}

    def url(self, name: str) -> str:
        """The address of the current build of, say, "kiosk.js"."""
        try:
            return f"{PREFIX}/{self._files[name]}"
        except KeyError:
            raise AssetMissing(name) from None

    def path(self, name: str) -> Path | None:
        """The stored file a browser may ask for by this name, if there is one."""
        path = self.folder / name
        return path if _NAME.fullmatch(name) and path.is_file() else None


def make_blueprint(assets: Assets) -> Blueprint:
    """The one door, endpoint `assets.file`."""
    blueprint = Blueprint("assets", __name__, url_prefix=PREFIX)

    @blueprint.get("/<name>")
    def file(name: str) -> Response:
        path = assets.path(name)
        if path is None:
            abort(404)
        return _answer(path)

    return blueprint


def register(app: Flask, assets: Assets) -> None:
    """Mount the door and give templates `asset("kiosk.js")`."""
    app.register_blueprint(make_blueprint(assets))
    app.jinja_env.globals["asset"] = assets.url


def _answer(path: Path) -> Response:
    encoding = request.accept_encodings.best_match([*_PACKED, "identity"], default="identity")
    packed = path.with_name(path.name + _PACKED.get(encoding or "", ""))
    if packed == path or not packed.is_file():
        packed, encoding = path, "identity"
    response = Response(packed.read_bytes(), content_type=_content_type(path))
    if encoding != "identity":
        response.content_encoding = encoding
    response.headers["Content-Security-Policy"] = NOTHING_LOADS
    response.vary.add("Accept-Encoding")
    response.set_etag(f"{path.name}.{encoding}")
    if _HASHED.fullmatch(path.name):
        response.cache_control.public = True
        response.cache_control.max_age = YEAR
        response.cache_control.immutable = True
    else:
        # The name says nothing about the content, so neither may the tag.
        response.add_etag(overwrite=True)
        response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


def _content_type(path: Path) -> str:
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
