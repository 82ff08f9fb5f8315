"""The doctor's pages: today's list, one case, the call's pass and the printed summary."""

import hashlib
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduling.putting_off import is_put_off
from scheduling.waiting import Away
from telemed import clock
from telemed.accounts.store import Staff
from telemed.intake.intake import COMPLAINTS
from telemed.services import Services, View
from telemed.visits import clinic as verbs
from telemed.visits import in_writing, owed, worklist
from telemed.visits.lines import lines_now
from telemed.web import (
    call_log,
    clinic_alarms,
    clinic_bookings,
    clinic_case,
    clinic_clerk,
    clinic_emergencies,
    clinic_moves,
    clinic_note,
    clinic_owed,
    clinic_phone,
    clinic_queue,
    clinic_rungs,
    clinic_words,
)
from telemed.web.alarm_words import beyond_lines
from telemed.web.calls import asked_nonce, issue_pass
from telemed.web.emergency_words import WHY, where
from telemed.web.moments import Moments, years_between
from telemed.web.packing import pack_for_one_person
from telemed.web.problems import Refusal
from telemed.web.sessions import stored


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints under /clinic, all for doctors."""
    blueprint = Blueprint("clinic", __name__, url_prefix="/clinic")
    _add_list(blueprint, services)
    clinic_case.add(blueprint, services)
    _add_visit(blueprint, services)
    clinic_note.add(blueprint, services)
    _add_call(blueprint, services)
    call_log.add(blueprint, services)
    clinic_queue.add(blueprint, services)
    clinic_moves.add(blueprint, services)
    clinic_clerk.add(blueprint, services)
    clinic_rungs.add(blueprint, services)
    clinic_owed.add(blueprint, services, _call_session)
    clinic_phone.add(blueprint, services)
    clinic_alarms.add(blueprint, services)
    clinic_emergencies.add(blueprint, services)
    clinic_bookings.add(blueprint, services)
    blueprint.after_request(_small)
    return blueprint


def _add_list(blueprint: Blueprint, services: Services) -> None:
    def page(template: str) -> Response:
        # The mark is taken first: what changes in between is shown now and once more, never missed.
        mark = _mark(services, _facility())
        if request.if_none_match.contains(mark):
            return Response(status=304)
        with services.unit(g.reader) as unit:
            day = worklist.day(unit, _facility(), _staff().practitioner_id)
            mine = _staff().practitioner_id
            lines_owed = owed.owed(unit, mine) if mine else []
            places = where(services.texts, g.lang, unit.book, day.emergencies)
            kiosks = {line.entry.kiosk_id for line in day.waiting}
            lines = lines_now(unit.connection, unit.book, kiosks, unit.now)
        said = Moments(services.texts, g.lang, day.zone)
        html = render_template(
            template,
            day=day,
            owed=lines_owed,
            said=said,
            complaints=COMPLAINTS,
            age=years_between,
            mark=mark,
            words=clinic_words,
            lines=lines,
            moves=clinic_moves,
            put_off=is_put_off,
            beyond_lines=beyond_lines,
            why=WHY,
            emergency_number=services.country.emergency_number,
            **places,
        )
        return Response(html, mimetype="text/html", headers={"ETag": f'"{mark}"'})

    @blueprint.get("")
    def today() -> Response:
        return page("clinic/today.html")

    # Asked every few seconds: while nothing has changed nobody's record is read, so nothing is logged.
    @blueprint.get("/list")
    def waiting_list() -> Response:
        return page("clinic/list.html")


def _add_visit(blueprint: Blueprint, services: Services) -> None:
    @blueprint.post("/visits/<uuid:visit_id>/admit")
    def admit(visit_id: UUID) -> ResponseReturnValue:
        try:
            with services.unit(g.reader) as unit:
                visit = verbs.admit(unit, visit_id, _practitioner())
                verbs.put_others_out(unit, visit, _call_session())
                # The page is in the call already, in silence until now.
                if request.form.get("in_call"):
                    verbs.enter_call(unit, visit_id, _practitioner())
        except Away:
            # The page says it.
            return clinic_case.page(services, visit_id), 409
        # Such a page is there and stays, so it gets what is new of it, and no second way there and back.
        if request.form.get("in_call"):
            return pack_for_one_person(Response(clinic_case.admitted(services, visit_id)))
        return redirect(url_for("clinic.case", visit_id=visit_id), code=303)

    @blueprint.post("/visits/<uuid:visit_id>/identity")
    def identity(visit_id: UUID) -> ResponseReturnValue:
        with services.unit(g.reader) as unit:
            found = verbs.confirm_identity(unit, visit_id, _practitioner())
        return redirect(url_for("clinic.case", visit_id=visit_id, identity=found), code=303)

    @blueprint.get("/visits/<uuid:visit_id>/summary")
    def summary(visit_id: UUID) -> str:
        with services.unit(g.reader.with_purpose("printing the summary")) as unit:
            found = worklist.clinic_summary(unit, visit_id)
        # The paper is the patient's, so it speaks their language.
        g.lang = found.patient.language
        return render_template(
            "clinic/summary.html",
            summary=found,
            said=Moments(services.texts, g.lang, found.zone),
            emergency_number=services.country.emergency_number,
        )


def _add_call(blueprint: Blueprint, services: Services) -> None:
    @blueprint.post("/visits/<uuid:visit_id>/pass")
    def call_pass(visit_id: UUID) -> Response:
        with services.unit(g.reader) as unit:
            visit = verbs.come_near(unit, visit_id, _practitioner())
        return jsonify(
            issue_pass(
                services,
                room=visit.room,
                role="practitioner",
                session=_call_session(),
                nonce_hash=asked_nonce(request.form.get("nonce")),
                now_real=clock.real_now(),
                near=visit.status == "waiting",
            )
        )

    # The page of an open call knocks here, so that talking without typing does not end the session.
    @blueprint.post("/in-call")
    def in_call() -> ResponseReturnValue:
        return "", 204

    @blueprint.post("/visits/<uuid:visit_id>/hang-up")
    def hang_up(visit_id: UUID) -> ResponseReturnValue:
        with services.unit(g.reader) as unit:
            verbs.leave_call(unit, visit_id, _practitioner())
        return "", 204


def _small(response: Response) -> Response:
    # The answer to a form may repeat it.
    return pack_for_one_person(response) if request.method == "GET" else response


def _call_session() -> str:
    """How the call's door knows this sign-in."""
    row = stored().row
    assert row is not None
    return str(row.id)


def _mark(services: Services, facility_id: UUID) -> str:
    """Changes when the list of this facility would look different to this doctor."""
    with services.view() as view:
        zone = ZoneInfo(view.book.facility(facility_id).time_zone)
        midnight = datetime.combine(view.now.astimezone(zone).date(), time(), zone)
        mark = view.book.change_mark(facility_id, midnight, midnight + timedelta(days=1))
        moving = clinic_moves.mark(view, facility_id)
        mine = _staff().practitioner_id
        waits = _owed_mark(view, mine, facility_id) if mine else ""
        alarms = f"{view.alarms.mark(facility_id)} {view.emergencies.mark(facility_id)}"
    seen = f"{g.lang} {_staff().id} {midnight.date()} {g.session_ref} {mark} {moving} {alarms} {waits}"
    return hashlib.sha256(seen.encode()).hexdigest()[:32]


def _owed_mark(view: View, practitioner_id: UUID, facility_id: UUID) -> str:
    own = in_writing.mark(view.connection, practitioner_id)
    return f"{own} {owed.mark(view.connection, view.now, practitioner_id, facility_id)}"


def _staff() -> Staff:
    staff: Staff = g.staff
    return staff


def _facility() -> UUID:
    facility_id = _staff().facility_id
    if facility_id is None:
        raise Refusal("wrong-role")
    return facility_id


def _practitioner() -> UUID:
    practitioner_id = _staff().practitioner_id
    if practitioner_id is None:
        raise Refusal("wrong-role")
    return practitioner_id
