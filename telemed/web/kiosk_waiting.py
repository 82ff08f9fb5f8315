"""What the kiosk's script asks for while a patient waits: how long it takes, to wait at home, to be here."""

from uuid import UUID

from flask import Blueprint, Response, g, jsonify, request
from flask.typing import ResponseReturnValue

from scheduling.putting_off import is_put_off, minutes_left
from telemed.records.presence import COMPANY
from telemed.services import Services
from telemed.visits import board, queue
from telemed.visits import kiosk as verbs
from telemed.visits.presence import say_here
from telemed.visits.queue import NoTelephone, TurnIsNear
from telemed.web.packing import pack
from telemed.web.problems import Refusal
from telemed.web.wait_words import ahead_words, later_words, wait_words


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `kiosk_waiting.wait`, `.go_home` and `.here`."""
    blueprint = Blueprint("kiosk_waiting", __name__, url_prefix="/api/v1")

    # Asked every minute: tokens and numbers only, so no reading is logged.
    @blueprint.get("/wait")
    def wait() -> Response:
        return pack(jsonify(waiting_here(services, g.kiosk.kiosk_id, g.lang)))

    @blueprint.post("/visits/<uuid:visit_id>/home")
    def go_home(visit_id: UUID) -> ResponseReturnValue:
        try:
            with services.unit(g.reader) as unit:
                kiosk = unit.book.kiosk(g.kiosk.kiosk_id)
                token = queue.go_home(unit, verbs.of_kiosk(unit, visit_id, kiosk), kiosk)
        except NoTelephone:
            return jsonify(code="no_phone"), 422
        except TurnIsNear:
            return jsonify(code="turn_near"), 409
        return jsonify(token=token)

    @blueprint.post("/visits/<uuid:visit_id>/here")
    def here(visit_id: UUID) -> ResponseReturnValue:
        said = request.get_json(silent=True)
        company = said.get("company") if isinstance(said, dict) else None
        if company is not None and company not in COMPANY:
            raise Refusal("invalid")
        with services.unit(g.reader) as unit:
            say_here(unit, visit_id, unit.book.kiosk(g.kiosk.kiosk_id), company)
        return "", 204

    return blueprint


def waiting_here(services: Services, kiosk_id: UUID, language: str) -> dict[str, str]:
    """Token, place and wait of whoever waits at this kiosk, in words, and `home` where they may go."""
    with services.view() as view:
        found = board.of_kiosk(view.book, kiosk_id, view.now)
        may = found is not None and queue.may_go_home(view.book, found.ticket, view.now)
        later = found is not None and is_put_off(found.ticket, view.now)
        now = view.now
    if found is None:
        return {"token": "", "ahead": "", "wait": "", "home": ""}
    if later:
        minutes = minutes_left(found.ticket, now)
        ahead, wait = "", later_words(services.texts, language, minutes)
    else:
        ahead = ahead_words(services.texts, language, found.ahead)
        wait = wait_words(services.texts, language, found.interval)
    return {
        "token": found.ticket.token,
        "ahead": ahead,
        "wait": wait,
        "home": "yes" if may else "",
    }
