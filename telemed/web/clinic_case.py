"""The page of one visit: what was told and measured, its scores if any, and readings asked for again."""

import hashlib
from typing import Any, Protocol
from uuid import UUID

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from telemed.accounts.store import Staff
from telemed.intake.asked_again import KINDS
from telemed.intake.intake import COMPLAINTS
from telemed.intake.references import ADULT_FROM
from telemed.records.notes import LONGEST, NoteText
from telemed.services import Services
from telemed.visits import measuring_again, worklist
from telemed.visits.worklist import Case
from telemed.web import clinic_clerk, clinic_moves, clinic_rungs, clinic_scores, clinic_words, measured
from telemed.web.alarm_words import beyond_lines
from telemed.web.moments import Moments, years_between
from telemed.web.problems import Refusal
from telemed.web.told_words import told_lines
from telemed.web.trend_chart import HEIGHT, WIDTH, trends

ASKED = {code: kind for kind, codes in KINDS.items() for code in codes}
"""What is asked for when a value's line is pressed."""

KIND_WORDS = {
    "pressure": "Blood pressure",
    "pulse": "Pulse",
    "oxygen": "Oxygen in the blood",
    "temperature": "Temperature",
    "breathing": "Breathing",
    "weight": "Weight",
    "height": "Height",
    "glucose": "Blood sugar",
}


class Typed(Protocol):
    """Words of a note that are on their way."""

    def text(self) -> NoteText:
        """The words of the note."""


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the page, the part that keeps itself fresh, the request for a reading and the scores' form."""

    @blueprint.get("/visits/<uuid:visit_id>")
    def case(visit_id: UUID) -> str:
        return page(services, visit_id)

    # Asked every few seconds: while nothing has changed nobody's record is read, so nothing is logged.
    @blueprint.get("/visits/<uuid:visit_id>/measured")
    def measured_now(visit_id: UUID) -> Response:
        mark = _mark(services, visit_id)
        if request.if_none_match.contains(mark):
            return Response(status=304)
        html = render_template("clinic/measured.html", **_shown(services, visit_id))
        return Response(html, mimetype="text/html", headers={"ETag": f'"{mark}"'})

    @blueprint.post("/visits/<uuid:visit_id>/again")
    def ask_again(visit_id: UUID) -> ResponseReturnValue:
        practitioner_id, kind = _staff().practitioner_id, request.form.get("kind", "")
        if practitioner_id is None:
            raise Refusal("wrong-role")
        if kind not in KINDS:
            raise Refusal("bad-request")
        with services.unit(g.reader) as unit:
            measuring_again.ask(unit, visit_id, practitioner_id, kind)
        return redirect(url_for("clinic.case", visit_id=visit_id, _anchor="measured"), code=303)

    # What a clinician adds is for this look only, so it is in no address and is not kept.
    @blueprint.post("/visits/<uuid:visit_id>/scores")
    def scores(visit_id: UUID) -> str:
        if not clinic_scores.turned_on(services.settings):
            raise Refusal("not-found")
        return page(services, visit_id)


def page(
    services: Services, visit_id: UUID, *, typed: Typed | None = None, trouble: str | None = None
) -> str:
    """The whole page; `typed` are words that another window would overwrite."""
    return _drawn("clinic/case.html", services, visit_id, typed, trouble)


def admitted(services: Services, visit_id: UUID) -> str:
    """What a page shows anew when its patient has been admitted: its head, and what is to be done now."""
    return _drawn("clinic/case_admitted.html", services, visit_id)


def _drawn(
    template: str, services: Services, visit_id: UUID, typed: Typed | None = None, trouble: str | None = None
) -> str:
    shown = _shown(services, visit_id)
    case: Case = shown["case"]
    draft = case.draft
    words = typed.text() if typed else draft.text if draft else NoteText()
    return render_template(
        template,
        **shown,
        complaints=COMPLAINTS,
        words=words,
        version=draft.version if draft else 0,
        typed=typed,
        trouble=trouble,
        identity=request.args.get("identity"),
        longest=LONGEST,
        codes=clinic_words,
        beyond_lines=beyond_lines,
    )


def _shown(services: Services, visit_id: UUID) -> dict[str, Any]:
    # The marks are taken first: what changes in between is shown now and once more, never missed.
    mark, below = _mark(services, visit_id), clinic_rungs.mark(services, visit_id)
    above = alarm_mark(services, visit_id)
    with services.unit(g.reader) as unit:
        case = worklist.case(unit, visit_id, _staff().practitioner_id)
        rungs = clinic_rungs.shown(services, unit, visit_id, below)
        moves = {**clinic_moves.shown(unit, case), **clinic_clerk.shown(services, unit, case.visit)}
        today = unit.now.astimezone(case.zone).date()
    born = case.patient.birth_date
    age = years_between(born, today) if born else None
    return {
        **moves,
        "case": case,
        "age": age,
        "mark": mark,
        "alarm_mark": above,
        "said": Moments(services.texts, g.lang, case.zone),
        "mine": case.practitioner is not None and case.practitioner.id == _staff().practitioner_id,
        "measured": measured.table(case.measured, g.lang, case.zone, case.beyond),
        "trends": trends(case.measured.rounds, g.lang, age is not None and age >= ADULT_FROM),
        "drawing": (WIDTH, HEIGHT),
        "asked_kind": ASKED,
        "asked_now": {each.kind: each for each in case.asked_again},
        "may_ask": case.visit.active and case.visit.kiosk_id is not None,
        "ready_to_admit": _ready_to_admit(case),
        "lacking": _lacking(case),
        "rungs": rungs,
        "lacks": clinic_rungs.LACKS,
        "told": told_lines(case.intake.symptoms) if case.intake else [],
        "scores": clinic_scores.shown(services.settings, case, today, request.form),
    }


def alarm_mark(services: Services, visit_id: UUID) -> str:
    """Changes when the alarm of a visit would look different to this doctor; reads nobody's record."""
    with services.view() as view:
        raised = view.alarms.mark_of_visit(visit_id)
    return _hashed(visit_id, raised)


def _ready_to_admit(case: Case) -> bool:
    """Whether the patient waits at a kiosk; the page then connects to it in silence."""
    away = case.place is not None and case.place.away_until is not None
    return case.visit.status == "waiting" and (not away or case.emergency)


def _lacking(case: Case) -> list[tuple[str, str]]:
    """What may be asked for although nothing of the kind was measured."""
    there = {ASKED[each.code] for each in case.measured.results if each.code in ASKED}
    return [(kind, words) for kind, words in KIND_WORDS.items() if kind not in there]


def _mark(services: Services, visit_id: UUID) -> str:
    with services.view() as view:
        asked = view.again.mark(visit_id)
    return _hashed(visit_id, asked)


def _hashed(visit_id: UUID, mark: str) -> str:
    # The forms within belong to one session.
    seen = f"{g.lang} {_staff().id} {g.session_ref} {visit_id} {mark}"
    return hashlib.sha256(seen.encode()).hexdigest()[:32]


def _staff() -> Staff:
    staff: Staff = g.staff
    return staff
