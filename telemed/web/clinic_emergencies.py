"""The doctor's button under a call for help: a named person sees to it."""

from uuid import UUID

from flask import Blueprint, g, redirect, url_for
from flask.typing import ResponseReturnValue

from telemed.accounts.store import Staff
from telemed.services import Services
from telemed.visits import emergencies
from telemed.web.problems import Refusal


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the button."""

    @blueprint.post("/emergencies/<uuid:call_id>/seen")
    def emergency_seen(call_id: UUID) -> ResponseReturnValue:
        staff: Staff = g.staff
        if staff.practitioner_id is None:
            raise Refusal("wrong-role")
        with services.unit(g.reader) as unit:
            emergencies.acknowledge(unit, call_id, staff.practitioner_id)
        return redirect(url_for("clinic.today"), code=303)
