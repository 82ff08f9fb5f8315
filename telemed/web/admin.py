"""The coordinator's pages, one module per subject, and here: who is signed in."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template
from flask.typing import ResponseReturnValue

from telemed import clock, database
from telemed.accounts.store import AccountStore
from telemed.services import Services
from telemed.web import (
    admin_appointments,
    admin_calls,
    admin_conflicts,
    admin_devices,
    admin_displays,
    admin_holidays,
    admin_hours,
    admin_kiosks,
    admin_messages,
    admin_outages,
    admin_phone,
    admin_roster,
    admin_rosters,
    admin_sites,
    admin_unanswered,
    admin_visit_types,
)
from telemed.web import admin_desk as desk
from telemed.web.sessions import end_session

SUBJECTS = (
    admin_sites,
    admin_kiosks,
    admin_hours,
    admin_outages,
    admin_rosters,
    admin_roster,
    admin_holidays,
    admin_visit_types,
    admin_appointments,
    admin_devices,
    admin_displays,
    admin_calls,
    admin_phone,
    admin_conflicts,
    admin_messages,
    admin_unanswered,
)


@dataclass(frozen=True)
class SignedIn:
    """One session of one member of staff, its times in words."""

    id: UUID
    name: str
    own: bool
    since: str
    used: str


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints under /admin, all for coordinators."""
    blueprint = Blueprint("admin", __name__, url_prefix="/admin")
    for subject in SUBJECTS:
        subject.add(blueprint, services)
    _add_sessions(blueprint, services)
    return blueprint


def _add_sessions(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/sessions")
    def sessions() -> str:
        with services.view() as view:
            names = {staff.uniquifier: staff.name for staff in view.accounts.all_staff()}
            live = view.accounts.sessions.live("staff", view.real_now)
        when = desk.when(services)
        rows = [
            SignedIn(
                row.id,
                names.get(row.subject or "", ""),
                str(row.id) == g.session_ref,
                when(row.created_at),
                when(row.seen_at),
            )
            for row in live
        ]
        return render_template("admin/sessions.html", rows=rows, clocks=desk.clocks(services))

    @blueprint.post("/sessions/<uuid:session_id>/end")
    def end(session_id: UUID) -> ResponseReturnValue:
        with database.write(services.engine) as connection:
            live = AccountStore(connection).sessions.live("staff", clock.real_now())
            found = next((row for row in live if row.id == session_id), None)
            if found is None:
                abort(404)
            end_session(connection, found, "ended by staff")
        return redirect("/admin/sessions", code=303)
