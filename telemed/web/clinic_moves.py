"""The doctor's doors beside admitting: to call later, to end a call at once, and to hear that it rings."""

from typing import Any, get_args
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduling import putting_off
from scheduling.waiting import order
from telemed.clerk_calls import SHOWN, ClerkCalls, Why
from telemed.services import Services, View
from telemed.unit import Unit
from telemed.visits import owed
from telemed.visits.later import call_later
from telemed.visits.lines import lines_now
from telemed.visits.stopping import stop_and_call_clerk
from telemed.visits.worklist import Case
from telemed.web.problems import Refusal

LATER = {
    "no_answer": "Nobody answers at the kiosk",
    "other": "Somebody else needs me now",
    "results": "Something is awaited",
    "line": "The line is too bad",
}
"""Why a patient is called later; message ids."""

STOPPED = {
    "collapsed": "The patient has collapsed",
    "danger": "Somebody in the room is in danger",
    "abuse": "Insults or threats",
}
"""Why a call was ended at once; message ids."""

LINES = {
    "video": "Line: sound and picture",
    "audio": "Line: sound, no picture",
    "written": "Line: too weak for a call",
    "": "Line: not known",
}
"""What a kiosk's line carries now; message ids."""


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount `clinic.later`, `.stop_call` and `.rings`."""

    @blueprint.post("/visits/<uuid:visit_id>/later")
    def later(visit_id: UUID) -> ResponseReturnValue:
        minutes, why = request.form.get("minutes", ""), request.form.get("why", "")
        if minutes not in map(str, putting_off.MINUTES) or why not in putting_off.WHYS:
            raise Refusal("bad-request")
        with services.unit(g.reader) as unit:
            call_later(unit, visit_id, _practitioner(), int(minutes), why)
        return redirect(url_for("clinic.today"), code=303)

    @blueprint.post("/visits/<uuid:visit_id>/stop")
    def stop_call(visit_id: UUID) -> ResponseReturnValue:
        found = [each for each in get_args(Why) if each == request.form.get("why")]
        if not found:
            raise Refusal("bad-request")
        with services.unit(g.reader) as unit:
            stop_and_call_clerk(unit, visit_id, _practitioner(), found[0])
        return redirect(url_for("clinic.case", visit_id=visit_id), code=303)

    # Asked every few seconds, also by a page that nobody looks at: tokens only, so no reading is logged.
    @blueprint.get("/rings")
    def rings() -> Response:
        facility_id, mine = g.staff.facility_id, g.staff.practitioner_id
        if facility_id is None or mine is None:
            raise Refusal("wrong-role")
        with services.view() as view:
            rung = [
                each for each in order(view.book.tickets(facility_id=facility_id)) if each.rings_for == mine
            ]
            calls = [each for each in view.emergencies.open_at(facility_id) if each.asked in (mine, None)]
            alarmed = view.alarms.asks(facility_id, mine)
            answered = owed.called(view.connection, view.now, mine, facility_id)
            silent = any(
                each.called_by == mine and view.now - each.called_at < SHOWN
                for each in ClerkCalls(view.connection).unanswered(view.now)
            )
        said = [
            services.texts.translate(g.lang, "It rings for you: {token}", token=each.token) for each in rung
        ]
        if alarmed:
            said.insert(0, services.texts.translate(g.lang, "Value beyond your facility’s limit"))
        if answered:
            said.insert(0, services.texts.translate(g.lang, "A patient has answered in writing"))
        if silent:
            said.insert(0, services.texts.translate(g.lang, "Nobody at the counter has answered"))
        if calls:
            said.insert(0, services.texts.translate(g.lang, "Somebody calls for help at a kiosk"))
        return jsonify(rings=bool(said), said=" · ".join(said))


def mark(view: View, facility_id: UUID) -> str:
    """Changes when somebody is put off no longer, or a line of those who wait carries something else."""
    tickets = view.book.tickets(facility_id=facility_id)
    put_off = sum(putting_off.is_put_off(each, view.now) for each in tickets)
    lines = lines_now(view.connection, view.book, {each.kiosk_id for each in tickets}, view.now)
    carried = sorted((kiosk_id.hex, line.channel) for kiosk_id, line in lines.items() if line)
    return f"{put_off} {carried}"


def shown(unit: Unit, case: Case) -> dict[str, Any]:
    """What the page of a visit shows of these: the line, for whom it rings, and the clerk that was called."""
    kiosk_id, place = case.visit.kiosk_id, case.place
    lines = lines_now(unit.connection, unit.book, [kiosk_id] if kiosk_id else [], unit.now)
    waits = case.visit.status == "waiting"
    may = place is not None and putting_off.may_be_put_off(place)
    mine = case.visit.status == "in_progress" and case.visit.practitioner_id == g.staff.practitioner_id
    written = case.draft is not None or case.visit.rung == "written" or unit.written.count(case.visit.id) > 0
    unmet = mine and not written and case.visit.identity_confirmed_at is None
    return {
        "line_now": lines.get(kiosk_id) if kiosk_id else None,
        "line_words": LINES,
        "rings_for": unit.book.practitioner(place.rings_for) if waits and place and place.rings_for else None,
        "put_off": place if place is not None and putting_off.is_put_off(place, unit.now) else None,
        "may_call_later": may and (waits or unmet),
        "later_minutes": putting_off.MINUTES,
        "later_whys": LATER,
        "stop_whys": STOPPED,
    }


def _practitioner() -> UUID:
    practitioner_id: UUID | None = g.staff.practitioner_id
    if practitioner_id is None:
        raise Refusal("wrong-role")
    return practitioner_id
