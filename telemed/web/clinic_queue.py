"""The doctor's part in the queue: how urgent somebody is, and who hopes for a time."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduling.events import Actor
from telemed.accounts.store import Staff
from telemed.services import Services
from telemed.visits import queue, waiting_list
from telemed.visits.hopes import hopes
from telemed.web.moments import Moments
from telemed.web.problems import Refusal

PURPOSE = "looking at the waiting list"
_LEVELS = {"": None, **{str(level): level for level in range(1, 6)}}


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the doors of the queue and, for doctors, of the waiting list."""

    @blueprint.post("/visits/<uuid:visit_id>/priority")
    def priority(visit_id: UUID) -> ResponseReturnValue:
        asked, practitioner_id = request.form.get("priority", ""), _staff().practitioner_id
        if practitioner_id is None:
            raise Refusal("wrong-role")
        if asked not in _LEVELS:
            raise Refusal("bad-request")
        with services.unit(g.reader) as unit:
            queue.prioritise(unit, visit_id, practitioner_id, _LEVELS[asked])
        return redirect(url_for("clinic.case", visit_id=visit_id), code=303)

    add_wishes(blueprint, services)


def add_wishes(blueprint: Blueprint, services: Services) -> None:
    """Mount the waiting list: the same page for doctors and coordinators."""

    @blueprint.get("/waiting-list")
    def wishes() -> str:
        with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
            lines = hopes(unit, _facility())
            zone = unit.book.facility(_facility()).time_zone
        said = Moments(services.texts, g.lang, ZoneInfo(zone))
        return render_template("parts/wishes.html", lines=lines, said=said, home=request.blueprint)

    @blueprint.post("/waiting-list/<uuid:wish_id>/leave")
    def drop_wish(wish_id: UUID) -> ResponseReturnValue:
        with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
            if unit.book.wish(wish_id).facility_id != _facility():
                raise Refusal("not-found")
            waiting_list.leave(unit, wish_id, Actor("staff", _staff().id), "asked for it")
        return redirect(url_for(f"{request.blueprint}.wishes"), code=303)


def _staff() -> Staff:
    staff: Staff = g.staff
    return staff


def _facility() -> UUID:
    facility_id = _staff().facility_id
    if facility_id is None:
        raise Refusal("no-facility")
    return facility_id
