"""Questions in writing at the kiosk: one is read, answered by pressing or typing, and filed once."""

from uuid import UUID

from flask import Blueprint, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from telemed.intake.written import LONGEST_ANSWER, Written
from telemed.messages.bridges import Bridges
from telemed.services import Services
from telemed.unit import Unit
from telemed.visits import in_writing
from telemed.visits.in_writing import NotHelped

_STATUS = {"new": 200, "same": 200, "conflict": 409}


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `kiosk_written.question` and `.answer`."""
    blueprint = Blueprint("kiosk_written", __name__, url_prefix="/api/v1")

    @blueprint.get("/visits/<uuid:visit_id>/questions/<uuid:question_id>")
    def question(visit_id: UUID, question_id: UUID) -> Response:
        with services.unit(g.reader) as unit:
            kiosk = unit.book.kiosk(g.kiosk.kiosk_id)
            asked = in_writing.shown_at(unit, visit_id, question_id, kiosk)
        return jsonify(id=asked.id, words=asked.words, choices=asked.choices, longest=LONGEST_ANSWER)

    @blueprint.put("/visits/<uuid:visit_id>/answers/<uuid:answer_id>")
    def answer(visit_id: UUID, answer_id: UUID) -> ResponseReturnValue:
        try:
            told = Written.model_validate_json(request.get_data())
        except ValidationError:
            return jsonify(code="invalid"), 422
        if answer_id.version != 7 or "\0" in told.words:
            return jsonify(code="invalid"), 422
        try:
            with services.unit(g.reader) as unit:
                kiosk = unit.book.kiosk(g.kiosk.kiosk_id)
                found = in_writing.answer(unit, visit_id, answer_id, told, kiosk)
        except NotHelped:
            return jsonify(code="not_assisted"), 422
        return jsonify(code=found), _STATUS[found]

    return blueprint


def shown_here(unit: Unit, visit_id: UUID) -> dict[str, object]:
    """The visit's `rung`, how far a call by `phone` is, and the `question` to show: {id} or null."""
    asked = in_writing.wanted_at(unit, visit_id)
    held = unit.records.encounters.held(visit_id)
    call = Bridges(unit.connection).newest(visit_id)
    phone = call.state if call is not None and held.rung == "phone" else None
    return {"rung": held.rung, "phone": phone, "question": None if asked is None else {"id": str(asked)}}
