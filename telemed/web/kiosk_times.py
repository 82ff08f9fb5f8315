"""The kiosk's choice of a time: which kind of visit, and a slot that is kept while the patient goes on."""

from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from scheduling.errors import LawForbids, NotOffered, PatientMustChoose, SchedulingError, SlotTaken
from scheduling.visit_types import VisitType
from telemed.intake.answers import WISH, slot_choice
from telemed.intake.submission import SlotChoice
from telemed.services import Services
from telemed.visits import booking
from telemed.web.packing import pack

REFUSALS = (PatientMustChoose, NotOffered, LawForbids)
"""After these the patient chooses another time."""


class Kind(NamedTuple):
    """One type of visit as a button; ``value`` is what the question is answered with."""

    words: str
    value: str
    hint: str


class Wanted(SlotChoice):
    """A slot to be kept, perhaps in place of the one kept before."""

    instead_of: UUID | None = None


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `kiosk_times.types`, `.hold` and `.release`."""
    blueprint = Blueprint("kiosk_times", __name__, url_prefix="/api/v1")

    @blueprint.get("/visit-types")
    def types() -> Response:
        return pack(jsonify(types=[kind._asdict() for kind in kinds(services, g.lang)]))

    @blueprint.post("/holds")
    def hold() -> ResponseReturnValue:
        try:
            wanted = Wanted.model_validate_json(request.get_data())
        except ValidationError:
            return jsonify(code="invalid"), 422
        try:
            kept = keep(services, wanted, wanted.instead_of)
        except REFUSALS as refusal:
            return jsonify(code=refusal_code(refusal), step="slot"), 409
        return jsonify(id=str(kept)), 201

    @blueprint.delete("/holds/<uuid:hold_id>")
    def release(hold_id: UUID) -> ResponseReturnValue:
        give_back(services, hold_id)
        return "", 204

    return blueprint


def kinds(services: Services, language: str) -> list[Kind]:
    """The types of visits to choose from, in words."""
    with services.view() as view:
        offered = booking.types_at_kiosks(view.book, services.country.forbidden_services)
    return [
        Kind(
            name_of(each, language),
            each.id,
            services.texts.translate(language, "{number} minutes", number=each.minutes),
        )
        for each in offered
    ]


def name_of(kind: VisitType, language: str) -> str:
    """What a type of visit is called in a language, or else in English."""
    return kind.names.get(language) or kind.names.get("en") or kind.id


def kind_words(services: Services, language: str, visit_type_id: str) -> str:
    """A type of visit by its name."""
    return next((kind.words for kind in kinds(services, language) if kind.value == visit_type_id), "")


def keep_answer(
    services: Services, answer: str, visit_type_id: str, instead_of: str | None
) -> tuple[str | None, str | None]:
    """Keep the slot of an answer to the slot question; the hold, or else the code of what is wrong."""
    before = UUID(instead_of) if instead_of else None
    if answer.startswith(WISH):
        if before is not None:
            give_back(services, before)
        return None, None
    choice = SlotChoice.model_validate({**slot_choice(answer), "visit_type_id": visit_type_id})
    try:
        return str(keep(services, choice, before)), None
    except REFUSALS as refusal:
        return None, refusal_code(refusal)


def keep(services: Services, choice: SlotChoice, instead_of: UUID | None) -> UUID:
    """Keep a slot for whoever stands at this kiosk."""
    with services.unit(g.reader) as unit:
        kiosk = unit.book.kiosk(g.kiosk.kiosk_id)
        return booking.keep_slot(unit, choice, kiosk, instead_of).id


def give_back(services: Services, hold_id: UUID) -> None:
    """Give a kept slot back."""
    with services.unit(g.reader) as unit:
        booking.give_back(unit, hold_id, unit.book.kiosk(g.kiosk.kiosk_id))


def refusal_code(refusal: SchedulingError) -> str:
    """What the slot question says when its answer cannot be had."""
    return "slot_taken" if isinstance(refusal, SlotTaken) else "not_to_be_had"
