"""The part of a case that says whether a clerk has gone to the kiosk, and whom to ring where nobody has."""

import hashlib
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, render_template, request
from sqlalchemy import Connection

from telemed.accounts.phones import Phones
from telemed.clerk_calls import ClerkCalls
from telemed.records.encounters import Encounter
from telemed.services import Services
from telemed.unit import Unit
from telemed.visits import clinic
from telemed.web.clinic_moves import STOPPED
from telemed.web.moments import Moments
from telemed.web.place_names import place_names


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount `clinic.clerk_now`."""

    # Asked every few seconds: while nothing has changed nobody's record is read, so nothing is logged.
    @blueprint.get("/visits/<uuid:visit_id>/clerk")
    def clerk_now(visit_id: UUID) -> Response:
        with services.view() as view:
            found = _mark(view.connection, services, visit_id)
        if request.if_none_match.contains(found):
            return Response(status=304)
        with services.unit(g.reader) as unit:
            visit, _ = clinic.visit_for(unit, visit_id)
            told = shown(services, unit, visit)
            zone = ZoneInfo(unit.book.site(visit.site_id).time_zone)
        said = Moments(services.texts, g.lang, zone)
        html = render_template("clinic/clerk_now.html", said=said, stop_whys=STOPPED, **told)
        return Response(html, mimetype="text/html", headers={"ETag": f'"{found}"'})


def shown(services: Services, unit: Unit, visit: Encounter) -> dict[str, Any]:
    """What the page says of the clerk that was called to this visit, if any."""
    call = ClerkCalls(unit.connection).of_visit(visit.id)
    if call is None:
        return {"clerk_called": None}
    site = unit.book.site(visit.site_id)
    return {
        "clerk_called": call,
        "clerk_mark": _mark(unit.connection, services, visit.id),
        "clerk_silent": call.is_unanswered(unit.now),
        "site_phone": Phones(unit.connection).of_site(site.id),
        "site_name": place_names(services.texts, g.lang, unit.book, [site])(site),
        "emergency_number": services.country.emergency_number,
    }


def _mark(connection: Connection, services: Services, visit_id: UUID) -> str:
    """Changes when this part would look different; reads nobody's record."""
    call, now = ClerkCalls(connection).of_visit(visit_id), services.clock.now()
    how = "" if call is None else f"{call.id} {call.seen_at} {call.is_unanswered(now)}"
    return hashlib.sha256(f"{g.lang} {g.staff.id} {visit_id} {how}".encode()).hexdigest()[:32]
