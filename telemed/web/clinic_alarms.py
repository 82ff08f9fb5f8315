"""The doctor's part in alarms: to have seen a value, and to sign the limits beyond which one is called."""

import re
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduling.errors import StaleVersion
from telemed.accounts.store import Staff
from telemed.intake.limits import PROPOSAL, Limit, Limits
from telemed.intake.vitals import VITALS, parse_decimal
from telemed.services import Services
from telemed.visits import alarms
from telemed.visits import limits as verbs
from telemed.web import clinic_case
from telemed.web.alarm_words import beyond_lines, ends, number
from telemed.web.forms import Form
from telemed.web.moments import Moments
from telemed.web.problems import Refusal

PURPOSE = "alert limits"


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the alarm of a case, which keeps itself fresh, the button under it and the page of the limits."""

    # Asked every few seconds: while nothing has changed nobody's record is read, so nothing is logged.
    @blueprint.get("/visits/<uuid:visit_id>/alarm")
    def alarm_now(visit_id: UUID) -> ResponseReturnValue:
        mark = clinic_case.alarm_mark(services, visit_id)
        if request.if_none_match.contains(mark):
            return Response(status=304)
        staff: Staff = g.staff
        with services.unit(g.reader) as unit:
            found = alarms.of_visit(unit, visit_id, staff.practitioner_id)
            zone = ZoneInfo(found.site.time_zone if found else "UTC")
        html = render_template(
            "clinic/alarm_now.html",
            shown=found,
            alarm_mark=mark,
            trouble=None,
            said=Moments(services.texts, g.lang, zone),
            beyond_lines=beyond_lines,
        )
        return Response(html, mimetype="text/html", headers={"ETag": f'"{mark}"'})

    @blueprint.post("/visits/<uuid:visit_id>/seen")
    def seen(visit_id: UUID) -> ResponseReturnValue:
        said = request.form.get("shown", "")
        shown = int(said) if re.fullmatch("[0-9]{1,4}", said, re.ASCII) else 0
        with services.unit(g.reader) as unit:
            alarm = alarms.acknowledge(unit, visit_id, _signer()[1], shown)
        if alarm.open:
            return clinic_case.page(services, visit_id, trouble="grown"), 409
        return redirect(url_for("clinic.case", visit_id=visit_id), code=303)

    @blueprint.get("/limits")
    def limits() -> ResponseReturnValue:
        return _page(services, None)

    @blueprint.post("/limits")
    def sign_limits() -> ResponseReturnValue:
        form = Form(request.form.to_dict())
        wanted, instead_of = _read(form), form.whole("instead_of", 0, 999_999)
        if not form.flag("sign"):
            form.refuse("sign", "sign")
        facility_id, practitioner_id = _signer()
        for code, problem in verbs.problems(wanted).items():
            _refuse(form, code, problem)
        if not form.fine:
            return make_response(_page(services, form), 422)
        try:
            with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
                verbs.sign(unit, facility_id, practitioner_id, wanted, instead_of)
        except StaleVersion:
            return make_response(_page(services, form, stale=True), 409)
        return redirect(url_for("clinic.limits"), code=303)


def _read(form: Form) -> Limits:
    return {
        code: Limit(code, _end(form, f"low_{code}", code), _end(form, f"high_{code}", code))
        for code in VITALS
    }


def _end(form: Form, name: str, code: str) -> Decimal | None:
    typed = form.sent.get(name, "").strip()
    found = parse_decimal(typed) if typed else None
    if typed and found is None:
        _refuse(form, code, "not_a_number")
    return found


def _refuse(form: Form, code: str, problem: str) -> None:
    # Whatever is wrong with a limit is said beside the first of its two fields.
    known = problem if problem in ("crossed", "watched") else "end"
    vital = VITALS[code]
    form.refuse(f"low_{code}", known, low=_said(vital.low), high=_said(vital.high), decimals=vital.decimals)


def _said(end: Decimal) -> str:
    return number(end, g.lang)


def _page(services: Services, form: Form | None, *, stale: bool = False) -> str:
    facility_id, _ = _signer()
    with services.view() as view:
        facility = view.book.facility(facility_id)
        history = view.limits.history(facility_id)
        held = view.limits.in_force(facility_id)
        names = view.book.practitioners_of({each.signed_by for each in history if each.signed_by})
    return render_template(
        "clinic/limits.html",
        facility=facility,
        held=held,
        history=history,
        names=names,
        form=form or Form(_written(held.limits)),
        instead_of=held.version if form is None or stale else form.sent.get("instead_of", "0"),
        vitals=VITALS,
        proposal=PROPOSAL,
        ends=ends,
        stale=stale,
        said=Moments(services.texts, g.lang, ZoneInfo(facility.time_zone)),
    )


def _written(limits: Limits) -> Mapping[str, str]:
    fields: dict[str, str] = {}
    for code in VITALS:
        fields[f"low_{code}"], fields[f"high_{code}"] = ends(limits.get(code), g.lang)
    return fields


def _signer() -> tuple[UUID, UUID]:
    staff: Staff = g.staff
    if staff.facility_id is None or staff.practitioner_id is None:
        raise Refusal("wrong-role")
    return staff.facility_id, staff.practitioner_id
