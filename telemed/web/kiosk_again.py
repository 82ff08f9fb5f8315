"""The kiosk's answer to a doctor who asks for a reading again: filed beside the intake, once."""

from uuid import UUID

from flask import Blueprint, g, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from telemed.intake.asked_again import Answered
from telemed.services import Services
from telemed.unit import Unit
from telemed.visits import measuring_again
from telemed.visits.measuring import READINGS_KEY, note_filed

STEPS = {
    "pressure": "pressure",
    "pulse": "pulse_reading",
    "oxygen": "oxygen_reading",
    "temperature": "temperature_reading",
    "breathing": "breathing_count",
    "weight": "weight_reading",
    "height": "height_reading",
    "glucose": "glucose_reading",
}
"""The question of the kiosk's own way that takes such a reading."""

_STATUS = {"new": 200, "same": 200, "conflict": 409, "unfit": 422}


def make_blueprint(services: Services) -> Blueprint:
    """Endpoint `kiosk_again.answer`."""
    blueprint = Blueprint("kiosk_again", __name__, url_prefix="/api/v1")

    @blueprint.put("/visits/<uuid:visit_id>/again/<uuid:answer_id>")
    def answer(visit_id: UUID, answer_id: UUID) -> ResponseReturnValue:
        try:
            told = Answered.model_validate_json(request.get_data())
        except ValidationError:
            return jsonify(code="invalid"), 422
        # Who has helped is known for an intake only; nobody is named here on a browser's word.
        by_itself = all(each.typed_by == "patient" and not each.assisted_by for each in told.measurements)
        if answer_id.version != 7 or not by_itself:
            return jsonify(code="invalid"), 422
        told = told.measured_later(services.clock.ahead())
        with services.unit(g.reader) as unit:
            kiosk = unit.book.kiosk(g.kiosk.kiosk_id)
            found = measuring_again.answer(unit, visit_id, answer_id, told, kiosk)
            if found == "new":
                key = services.settings.key(READINGS_KEY)
                note_filed(unit, kiosk, answer_id, told.readings(), key)
        return jsonify(code=found), _STATUS[found]

    return blueprint


def wanted_here(unit: Unit, visit_id: UUID, kiosk_id: UUID) -> dict[str, str] | None:
    """What the kiosk of a visit is asked to measure: the request, its kind and the question that takes it."""
    asked = measuring_again.wanted_at(unit, visit_id, kiosk_id)
    return None if asked is None else {"id": str(asked.id), "kind": asked.kind, "step": STEPS[asked.kind]}
