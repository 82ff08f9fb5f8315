"""Trying the line before a call: who may, over which relays, and the offer handed on to the media process."""

import hashlib
import http.client
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from flask import Blueprint, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from scheduling.lines import NEEDS
from signaling.protocol import SDP_LIMIT
from telemed import clock
from telemed.services import Services
from telemed.settings import Settings
from telemed.web.problems import Refusal
from telemed.web.relays import of_trying
from telemed.web.sessions import stored

PATIENCE_SECONDS = 5
AGAIN_SECONDS = "10"
BY_ITSELF_EVERY = timedelta(minutes=30)


class Answer(NamedTuple):
    """What the media process said: an HTTP status, and the description when it is 200."""

    status: int
    description: Mapping[str, object]
    again: str = AGAIN_SECONDS


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `line_probe.kiosk`, `.at_kiosk`, `.staff` and `.at_clinic`."""
    blueprint = Blueprint("line_probe", __name__)
    needs = json.dumps({channel: need._asdict() for channel, need in NEEDS.items()})

    @blueprint.post("/api/v1/line-probe")
    def kiosk() -> ResponseReturnValue:
        asked = _asked()
        if asked.get("by_itself") is True and _measured_lately(services):
            return "", 204
        return _try(services, asked, f"kiosk {g.kiosk.kiosk_id}")

    @blueprint.get("/kiosk/try")
    def at_kiosk() -> str:
        return render_template("kiosk/try.html", needs=needs, kiosk_id=g.kiosk.kiosk_id)

    @blueprint.post("/clinic/try/line")
    def staff() -> ResponseReturnValue:
        return _try(services, _asked(), f"session {stored().require_cookie()}")

    @blueprint.get("/clinic/try")
    def at_clinic() -> str:
        return render_template("clinic/try.html", needs=needs)

    return blueprint


def ask_media(settings: Settings, sdp: str, asker: str) -> Answer:
    """Hand an offer to the media process on this machine; one that is not there counts as full."""
    body = json.dumps({"sdp": sdp, "type": "offer", "asker": asker})
    headers = {"Authorization": f"Bearer {settings.media_token()}", "Content-Type": "application/json"}
    line = http.client.HTTPConnection("127.0.0.1", settings.media_port, timeout=PATIENCE_SECONDS)
    try:
        line.request("POST", "/probe", body, headers)
        answer = line.getresponse()
        description = json.loads(answer.read())
        again = answer.getheader("Retry-After", AGAIN_SECONDS)
        return Answer(answer.status, description, again)
    except (OSError, http.client.HTTPException, ValueError):
        return Answer(503, {})
    finally:
        line.close()


def _try(services: Services, asked: Mapping[str, object], who: str) -> ResponseReturnValue:
    """Without an offer the relays, with one the answer; when all places are taken, when to come again."""
    if "sdp" not in asked:
        return jsonify(ice=of_trying(services, clock.real_now()))
    sdp = asked["sdp"]
    if not isinstance(sdp, str) or len(sdp) > SDP_LIMIT:
        raise Refusal("bad-request")
    answer = ask_media(services.settings, sdp, hashlib.sha256(who.encode()).hexdigest()[:32])
    if answer.status == 200:
        return jsonify(answer.description)
    if answer.status == 400:
        raise Refusal("bad-request")
    return jsonify(code="busy"), 503, {"Retry-After": answer.again}


def _measured_lately(services: Services) -> bool:
    with services.view() as view:
        last = view.book.last_reading(g.kiosk.kiosk_id)
        return last is not None and view.now - last < BY_ITSELF_EVERY


def _asked() -> Mapping[str, object]:
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict):
        raise Refusal("bad-request")
    return asked
