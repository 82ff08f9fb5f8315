"""A server of its own for the call tests: one page with the real panel, the real socket door, nothing else.

It is a process, so that a test can kill it in the middle of a call:
python -m tests.browser.call_page ORIGIN FOLDER [RELAYS SECRET [CERTIFICATE KEY]]
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from ssl import SSLSocket
from types import SimpleNamespace
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, render_template, request, send_from_directory
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader, StrictUndefined
from werkzeug.serving import WSGIRequestHandler, make_server

from signaling.passes import ROLES, Role
from telemed import settings
from telemed.notices import Notice
from telemed.texts import Texts
from telemed.web import calls, headers

ROOT = Path(__file__).parents[2]
PAGE = """<!doctype html>
<html lang="{{ lang }}">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ call_role }}</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/built/page.css">
<body data-role="{{ call_role }}"><main><h1>{{ t("Video call") }}</h1>{% include "call/panel.html" %}</main>
<script type="module" src="/built/page.js"></script></body></html>"""


class Numbers:
    """Seats are numbered by the moment they are given, so that a restart takes nothing back."""

    def give(self, _room: str, _role: Role, real_now: datetime, _session: str = "") -> int:
        return int(real_now.timestamp() * 1000)

    def take(self, _room: str, _role: Role, _generation: int, _at: datetime, _process: str | None) -> bool:
        return True


class Board:
    """The notices of one test, in memory; enough of the services for the call's door."""

    def __init__(self, origin: str, folder: Path, relays: str, secret: str) -> None:
        self.settings = settings.read(
            {
                "TELEMED_DATA_DIR": str(folder),
                "TELEMED_SECRET_KEY": "the same after every restart of this server",
                "TELEMED_PUBLIC_ORIGIN": origin,
                "TELEMED_TURN_URLS": relays,
                "TELEMED_TURN_SECRET": secret,
            }
        )
        self.said: list[Notice] = []
        self.call_seats = Numbers()

    @contextmanager
    def view(self) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(notices=SimpleNamespace(after=lambda _since: self.said))


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log(self, type: str, message: str, *args: object) -> None:
        pass


def create(origin: str, folder: Path, relays: str = "", secret: str = "") -> Flask:
    """The page, its pass, and the end of the visit."""
    board, texts = Board(origin, folder, relays, secret), Texts()
    app = Flask("call_page", static_folder=None)
    app.jinja_loader = ChoiceLoader([DictLoader({"page": PAGE}), FileSystemLoader(ROOT / "templates")])
    app.jinja_env.undefined = StrictUndefined
    headers.register(app, board.settings.public_origin)

    @app.get("/<role>")
    def page(role: str) -> str:
        language = request.args.get("lang", "en")
        return render_template(
            "page",
            call_role=role,
            demo="demo" in request.args,
            lang=language,
            t=lambda text: texts.translate(language, text),
            tc=lambda context, text: texts.translate(language, text, context),
        )

    @app.get("/built/<name>")
    def built(name: str) -> Response:
        return send_from_directory(folder, name)

    @app.post("/pass/<room>/<role>")
    def issue(room: str, role: str) -> Response:
        return jsonify(
            calls.issue_pass(
                board,  # type: ignore[arg-type]  # all the door needs of the services
                room=room,
                role=_role(role),
                session=f"{role}-of-{room}",
                nonce_hash=calls.asked_nonce(request.form.get("nonce")),
                now_real=datetime.now(UTC),
            )
        )

    @app.post("/say/<kind>/<subject>")
    def say(kind: str, subject: str) -> str:
        board.said.append(Notice(len(board.said) + 1, kind, subject))
        return "said"

    @app.post("/drain")
    def drain() -> str:
        calls.drain(app)
        return "drained"

    calls.mount(app, board)  # type: ignore[arg-type]  # as above
    return app


def _role(word: str) -> Role:
    return next(role for role in ROLES if role == word)


if __name__ == "__main__":
    address = urlsplit(sys.argv[1])
    app = create(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:5])
    here = (address.hostname or "", address.port or (443 if sys.argv[5:] else 80))
    tls = (sys.argv[5], sys.argv[6]) if sys.argv[5:] else None
    server = make_server(*here, app, threaded=True, request_handler=Quiet, ssl_context=tls)
    if isinstance(server.socket, SSLSocket):
        # Greeted by the thread that serves it: one caller on a slow line must not keep all others waiting.
        server.socket.do_handshake_on_connect = False  # type: ignore[attr-defined]  # not in its stub
    server.serve_forever()
