"""What the kiosk's script asks for: file an intake, free times, arrive, a call's pass, the visit's state."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scheduling.visit_types import CONSULTATION
from telemed import clock
from telemed.clerk_calls import ClerkCalls
from telemed.intake import submission
from telemed.services import Services
from telemed.visits import kiosk as verbs
from telemed.visits.kiosk import Conflict
from telemed.visits.worklist import patient_summary
from telemed.web import kiosk_again, kiosk_visit, kiosk_written
from telemed.web.calls import asked_nonce, issue_pass
from telemed.web.kiosk_slots import free_days
from telemed.web.kiosk_times import REFUSALS, refusal_code
from telemed.web.kiosk_visit import Refused
from telemed.web.moments import Moments
from telemed.web.packing import pack
from telemed.web.problems import Refusal

# Long enough to print; afterwards the paper is to be had from the doctor.
SUMMARY_OFFERED = timedelta(minutes=30)


class Arriving(BaseModel):
    """What somebody types who comes back with a slip."""

    model_config = ConfigDict(strict=True)

    code: str = Field(max_length=40)


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `kiosk_api.file`, `.slots`, `.arrive`, `.call_pass`, `.state`, `.leave` and `.summary`."""
    blueprint = Blueprint("kiosk_api", __name__, url_prefix="/api/v1")
    _add_filing(blueprint, services)
    _add_visits(blueprint, services)
    return blueprint


def _add_filing(blueprint: Blueprint, services: Services) -> None:
    @blueprint.put("/intakes/<uuid:intake_id>")
    def file(intake_id: UUID) -> ResponseReturnValue:
        if intake_id.version != 7:
            return _refused(422, "invalid")
        try:
            body = submission.read(request.get_data()).measured_later(services.clock.ahead())
        except ValidationError:
            return _refused(422, "invalid")
        if body.language not in services.texts.languages:
            return _refused(422, "invalid")
        try:
            filed = kiosk_visit.file(services, intake_id, body, _told_in(services, body.language))
        except REFUSALS as refusal:
            return _refused(409, refusal_code(refusal), "slot")
        if isinstance(filed, Refused):
            return _refused(422, filed.code, filed.step)
        if isinstance(filed, Conflict):
            return _refused(409, "conflict")
        return jsonify(filed._asdict())

    @blueprint.get("/slots")
    def slots() -> Response:
        kind = request.args.get("type", CONSULTATION)
        after = request.args.get("from", "")
        free = free_days(services, g.kiosk.site_id, g.kiosk.kiosk_id, g.lang, kind, after)
        told = [{**day._asdict(), "times": [time._asdict() for time in day.times]} for day in free.days]
        said = [remark._asdict() for remark in free.remarks]
        return pack(jsonify(days=told, remarks=said, later=free.later, first=free.first))

    @blueprint.post("/arrivals")
    def arrive() -> ResponseReturnValue:
        try:
            offered = Arriving.model_validate_json(request.get_data())
        except ValidationError:
            return _refused(422, "code_unknown", "arrive")
        came = kiosk_visit.arrive(services, offered.code)
        if came is None:
            return _refused(422, "code_unknown", "arrive")
        if came.over:
            return _refused(422, f"code_{came.over}", "arrive")
        when = kiosk_visit.moment_here(services, came.starts_at, g.lang)
        return jsonify(visit=came.visit_id, too_early=came.too_early, when=when)


def _add_visits(blueprint: Blueprint, services: Services) -> None:
    @blueprint.post("/visits/<uuid:visit_id>/pass")
    def call_pass(visit_id: UUID) -> Response:
        with services.unit(g.reader) as unit:
            visit = verbs.of_kiosk(unit, visit_id, unit.book.kiosk(g.kiosk.kiosk_id))
            if not visit.active:
                raise Refusal("wrong-state")
        asked = request.get_json(silent=True)
        nonce_hash = asked_nonce(asked.get("nonce") if isinstance(asked, dict) else None)
        return jsonify(
            issue_pass(
                services,
                room=visit.room,
                role="patient",
                session=f"kiosk:{g.kiosk.id}",
                nonce_hash=nonce_hash,
                now_real=clock.real_now(),
            )
        )

    @blueprint.get("/visits/<uuid:visit_id>")
    def state(visit_id: UUID) -> Response:
        # Asked every few seconds: only how far the visit is leaves the store, so no reading is logged.
        with services.unit(g.reader) as unit:
            status = unit.records.encounters.status_at(visit_id, g.kiosk.kiosk_id)
            rings = unit.records.encounters.rings(visit_id, g.kiosk.kiosk_id)
            again = kiosk_again.wanted_here(unit, visit_id, g.kiosk.kiosk_id)
            below = kiosk_written.shown_here(unit, visit_id)
            clerk = ClerkCalls(unit.connection).comes_to(visit_id, unit.now)
        return jsonify(state=status, rings=rings, again=again, clerk=clerk, **below)

    @blueprint.post("/visits/<uuid:visit_id>/leave")
    def leave(visit_id: UUID) -> ResponseReturnValue:
        with services.unit(g.reader) as unit:
            verbs.leave(unit, visit_id, unit.book.kiosk(g.kiosk.kiosk_id))
        return "", 204

    @blueprint.get("/visits/<uuid:visit_id>/summary")
    def summary(visit_id: UUID) -> str:
        reader = g.reader.with_purpose("printing the summary")
        with services.unit(reader) as unit:
            visit = verbs.of_kiosk(unit, visit_id, unit.book.kiosk(g.kiosk.kiosk_id))
            if visit.signed_at is None or unit.now - visit.signed_at > SUMMARY_OFFERED:
                raise Refusal("gone")
            found = patient_summary(unit, visit_id)
        g.lang = found.patient.language
        return render_template(
            "clinic/paper.html",
            summary=found,
            said=Moments(services.texts, g.lang, found.zone),
            emergency_number=services.country.emergency_number,
        )


def _told_in(services: Services, chosen: str) -> str:
    """The language for slip and messages: nobody is refused because one was taken back meanwhile."""
    offered = services.kiosk_languages
    return chosen if chosen in offered else next(iter((*offered, *services.country.languages)))


def _refused(status: int, code: str, step: str | None = None) -> ResponseReturnValue:
    """Say what is wrong and at which question; the words for it are in that question's page."""
    answer = jsonify(type=f"urn:telemed:{code}", code=code, step=step, status=status)
    answer.mimetype = "application/problem+json"
    return answer, status
