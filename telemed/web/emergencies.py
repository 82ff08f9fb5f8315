"""Two doors to one call for help: what the kiosk's script sends, and a button that needs no script."""

from typing import Literal
from uuid import UUID

from flask import Blueprint, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, ValidationError

from scheduling.ids import uuid7
from telemed.intake.emergency_calls import Why
from telemed.services import Services
from telemed.visits import emergencies
from telemed.visits.emergencies import Answer
from telemed.web.kiosk_beginning import in_address


class Pressed(BaseModel):
    """What the script sends: an id of its own, so that sending again is the same call."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    why: Literal["pressed", "danger"]


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `emergencies.call` and `emergencies.press`."""
    blueprint = Blueprint("emergencies", __name__)

    @blueprint.post("/api/v1/emergencies")
    def call() -> ResponseReturnValue:
        try:
            pressed = Pressed.model_validate_json(request.get_data())
        except ValidationError:
            return jsonify(code="invalid"), 422
        if pressed.id.version != 7:
            return jsonify(code="invalid"), 422
        return jsonify(called=call_here(services, pressed.why, pressed.id))

    @blueprint.post(f"/kiosk/{in_address(services.texts)}/call-for-help")
    def press(lang: str) -> ResponseReturnValue:
        return to_emergency_page(lang, call_here(services, "pressed"))

    return blueprint


def call_here(services: Services, why: Why, call_id: UUID | None = None) -> Answer:
    """Call the doctor on duty to this kiosk, and say whether there is one."""
    with services.unit(g.reader) as unit:
        kiosk = unit.book.kiosk(g.kiosk.kiosk_id)
        return emergencies.call_for_help(unit, call_id or uuid7(), why, kiosk)


def to_emergency_page(lang: str, called: Answer) -> ResponseReturnValue:
    """Lead a browser without script to the page with the number, which says whether a doctor was called."""
    return redirect(url_for("kiosk.step", lang=lang, key="emergency", called=called), code=303)
