"""The doctor's part in a promised visit: its page, and the steps staff may take with it."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduling.errors import NotFound, PatientMustChoose
from scheduling.events import Actor
from telemed.accounts.store import Staff
from telemed.services import Services
from telemed.visits import promised
from telemed.web import clinic_words
from telemed.web.moments import Moments
from telemed.web.problems import Refusal, of_error

PURPOSE = "looking after an appointment"
_STEPS: dict[str, promised.Step] = {"no_show": "no_show", "cancel": "cancel", "undo": "undo"}


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the page of an appointment and its three forms."""

    @blueprint.get("/appointments/<uuid:appointment_id>")
    def appointment(appointment_id: UUID) -> str:
        return _page(services, appointment_id)

    @blueprint.post("/appointments/<uuid:appointment_id>/step")
    def appointment_step(appointment_id: UUID) -> ResponseReturnValue:
        which = _STEPS.get(request.form.get("step", ""))
        if which is None:
            raise Refusal("bad-request")
        try:
            with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
                promised.step(unit, appointment_id, _version(), which, _actor())
        except PatientMustChoose as refusal:
            return _page(services, appointment_id, of_error(refusal).title), 409
        return _back(appointment_id)

    @blueprint.post("/appointments/<uuid:appointment_id>/move")
    def appointment_move(appointment_id: UUID) -> ResponseReturnValue:
        try:
            with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
                promised.move(unit, appointment_id, _version(), request.form.get("slot", ""), _actor())
        except PatientMustChoose as refusal:
            return _page(services, appointment_id, of_error(refusal).title), 409
        except NotFound as missing:
            if missing.what != "free time":
                raise
            return _page(services, appointment_id, "Somebody has just taken this time"), 409
        return _back(appointment_id, done="moved")

    @blueprint.post("/appointments/<uuid:appointment_id>/allow")
    def appointment_allow(appointment_id: UUID) -> ResponseReturnValue:
        practitioner_id = _staff().practitioner_id
        if practitioner_id is None:
            raise Refusal("wrong-role")
        with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
            promised.allow_one_more(unit, appointment_id, practitioner_id)
        return _back(appointment_id)


def _page(services: Services, appointment_id: UUID, trouble: str | None = None) -> str:
    with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
        sheet = promised.sheet(unit, appointment_id)
        offers = promised.offers(unit, sheet) if "move" in sheet.steps else []
    said = Moments(services.texts, g.lang, ZoneInfo(sheet.site.time_zone))
    names = sheet.visit_type.names
    return render_template(
        "clinic/appointment.html",
        sheet=sheet,
        offers=offers,
        said=said,
        kind=names.get(g.lang) or names.get("en") or sheet.visit_type.id,
        words=clinic_words,
        trouble=trouble,
        moved=request.args.get("done") == "moved" and sheet.appointment.status == "booked",
    )


def _back(appointment_id: UUID, done: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("clinic.appointment", appointment_id=appointment_id, done=done), code=303)


def _version() -> int:
    try:
        return int(request.form.get("version", ""))
    except ValueError:
        raise Refusal("bad-request") from None


def _actor() -> Actor:
    return Actor("staff", _staff().id)


def _staff() -> Staff:
    staff: Staff = g.staff
    return staff
