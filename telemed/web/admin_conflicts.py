"""Appointments that no longer fit: the list, and for each a person who moves it, cancels it or keeps it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduling.calendar import Slot
from scheduling.errors import PatientMustChoose, StaleVersion
from scheduling.people import Practitioner
from telemed.services import Services
from telemed.unit import Unit
from telemed.visits import stranded
from telemed.visits.stranded import Line
from telemed.web import admin_desk as desk
from telemed.web.place_names import place_names
from telemed.web.problems import Refusal

DECIDED = {
    "move": "The appointment has been moved.",
    "cancel": "The appointment has been cancelled.",
    "keep": "The appointment stays as it is.",
}
TROUBLE = {
    "taken": "This time cannot be had any more. Choose another one.",
    "changed": "Somebody changed this appointment meanwhile. Look at it again.",
}
FURTHEST = timedelta(days=366)
PURPOSE = "deciding about an appointment outside of hours or roster"


@dataclass(frozen=True)
class Offer:
    """Another time, with whom, and how a form names it."""

    slot: Slot
    practitioner: Practitioner

    @property
    def key(self) -> str:
        """The slot as a form sends it."""
        who, kiosk, at = self.slot.practitioner_id, self.slot.kiosk_id or "", self.slot.starts_at
        return f"{who} {kiosk} {at.isoformat()} {self.slot.ends_at.isoformat()}"


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the list and the page of one appointment."""

    @blueprint.get("/conflicts")
    def conflicts() -> str:
        facility_id = desk.own_facility()
        with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
            lines = stranded.undecided(unit, facility_id)
            place = place_names(services.texts, g.lang, unit.book, [line.site for line in lines])
        return render_template(
            "admin/conflicts.html",
            lines=lines,
            place=place,
            when=lambda line: _when(services, line),
            decided=DECIDED.get(request.args.get("decided", "")),
        )

    @blueprint.get("/conflicts/<uuid:appointment_id>")
    def conflict(appointment_id: UUID) -> str:
        return _page(services, appointment_id, None)

    @blueprint.post("/conflicts/<uuid:appointment_id>")
    def decide(appointment_id: UUID) -> ResponseReturnValue:
        decision = request.form.get("decision", "")
        if decision not in DECIDED:
            raise Refusal("bad-request")
        try:
            with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
                line = stranded.line_of(unit, appointment_id, desk.own_facility())
                _decide(unit, line, decision)
        except PatientMustChoose:
            return _page(services, appointment_id, TROUBLE["taken"]), 409
        except StaleVersion:
            return _page(services, appointment_id, TROUBLE["changed"]), 409
        return redirect(url_for("admin.conflicts", decided=decision), code=303)


def _decide(unit: Unit, line: Line, decision: str) -> None:
    version = request.form.get("version", 0, type=int)
    if decision == "move":
        stranded.move(unit, line, version, _slot(line), desk.actor())
    elif decision == "cancel":
        stranded.cancel(unit, line, version, desk.actor())
    else:
        stranded.keep(unit, line, version, desk.actor())


def _slot(line: Line) -> Slot:
    """The slot a form names; whether it can be had is the book's to know."""
    parts = request.form.get("slot", "").split(" ")
    try:
        who, kiosk, starts, ends = parts
        starts_at, ends_at = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
        slot = Slot(UUID(who), UUID(kiosk) if kiosk else None, line.appointment.site_id, starts_at, ends_at)
    except ValueError as error:
        raise Refusal("bad-request") from error
    if starts_at.tzinfo is None or ends_at.tzinfo is None:
        raise Refusal("bad-request")
    if abs(starts_at - line.appointment.starts_at) > FURTHEST:
        raise Refusal("bad-request")
    return slot


def _page(services: Services, appointment_id: UUID, trouble: str | None) -> str:
    with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
        line = stranded.line_of(unit, appointment_id, desk.own_facility())
        offers = [
            Offer(slot, unit.book.practitioner(slot.practitioner_id)) for slot in stranded.offers(unit, line)
        ]
        place = place_names(services.texts, g.lang, unit.book, [line.site])
    return render_template(
        "admin/conflict.html",
        line=line,
        offers=offers,
        place=place,
        said=desk.said(services, line.zone),
        when=lambda each: _when(services, each),
        trouble=trouble,
    )


def _when(services: Services, line: Line) -> str:
    return desk.said(services, line.zone).when(line.appointment.starts_at)
