"""The coordinator's pages: sites and their kiosks, who is signed in, finding one person by number or code."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from scheduling.people import Patient
from scheduling.places import Kiosk, Site
from telemed import clock, database
from telemed.accounts.devices import KioskDevice
from telemed.accounts.store import AccountStore
from telemed.notices import Notices
from telemed.services import Services, View
from telemed.unit import Unit
from telemed.web.sessions import end_session


@dataclass(frozen=True)
class Counter:
    """One kiosk as the coordinator sees it."""

    kiosk: Kiosk
    site: Site
    device: KioskDevice | None


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
    _add_kiosks(blueprint, services)
    _add_sessions(blueprint, services)
    _add_search(blueprint, services)
    return blueprint


def _add_kiosks(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("")
    def sites() -> str:
        with services.view() as view:
            counters = _counters(view)
        return render_template("admin/sites.html", counters=counters, when=lambda at: _when(services, at))

    @blueprint.post("/kiosks/<uuid:kiosk_id>/code")
    def make_code(kiosk_id: UUID) -> str:
        with services.view() as view:
            kiosk = view.book.kiosk(kiosk_id)
            site = view.book.site(kiosk.site_id)
        with database.write(services.engine) as connection:
            code = AccountStore(connection).devices.make_code(kiosk_id, clock.real_now())
        address = services.settings.public_origin.rstrip("/") + "/kiosk/enrol"
        return render_template("admin/code.html", kiosk=kiosk, site=site, code=code, enrol_address=address)

    @blueprint.post("/kiosks/<uuid:kiosk_id>/revoke")
    def revoke(kiosk_id: UUID) -> ResponseReturnValue:
        now = clock.real_now()
        with database.write(services.engine) as connection:
            devices = AccountStore(connection).devices
            device = devices.of_kiosk(kiosk_id)
            if device is not None:
                devices.revoke(kiosk_id, now)
                Notices(connection).say("close-session", device.reference, now)
        return redirect("/admin", code=303)


def _add_sessions(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/sessions")
    def sessions() -> str:
        with services.view() as view:
            names = {staff.uniquifier: staff.name for staff in view.accounts.all_staff()}
            live = view.accounts.sessions.live("staff", view.real_now)
        rows = [
            SignedIn(
                row.id,
                names.get(row.subject or "", ""),
                str(row.id) == g.session_ref,
                _when(services, row.created_at),
                _when(services, row.seen_at),
            )
            for row in live
        ]
        return render_template("admin/sessions.html", rows=rows)

    @blueprint.post("/sessions/<uuid:session_id>/end")
    def end(session_id: UUID) -> ResponseReturnValue:
        with database.write(services.engine) as connection:
            live = AccountStore(connection).sessions.live("staff", clock.real_now())
            found = next((row for row in live if row.id == session_id), None)
            if found is None:
                abort(404)
            end_session(connection, found, "ended by staff")
        return redirect("/admin/sessions", code=303)


def _add_search(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/find")
    def find() -> str:
        return render_template("admin/find.html", people=None)

    # A number or a code is personal: it travels in the body of a form, never in an address.
    @blueprint.post("/find")
    def found() -> str:
        with services.unit(g.reader.with_purpose("finding a person")) as unit:
            people = _people(unit, services, request.form.get("what", ""))
        return render_template("admin/find.html", people=people)


def _people(unit: Unit, services: Services, asked: str) -> list[Patient]:
    """Everybody known by exactly this national number, phone number or slip code."""
    typed = "".join(asked.split())
    people: dict[UUID, Patient] = {}
    for kind in services.country.identifiers:
        people |= {person.id: person for person in unit.book.patients_with(kind, typed)}
    phone = services.country.mobile_number(typed)
    if phone is not None:
        people |= {person.id: person for person in unit.book.patients_with("phone", phone)}
    slip = unit.records.slips.find(asked, unit.now)
    if slip is not None:
        people[slip.patient_id] = unit.book.patient(slip.patient_id)
    return list(people.values())


def _counters(view: View) -> list[Counter]:
    sites = {site.id: site for site in view.book.sites()}
    devices = view.accounts.devices.enrolled()
    counters = [Counter(kiosk, sites[kiosk.site_id], devices.get(kiosk.id)) for kiosk in view.book.kiosks()]
    return sorted(counters, key=lambda counter: (counter.site.name, counter.kiosk.label))


def _when(services: Services, moment: datetime) -> str:
    return services.texts.when(g.lang, moment, ZoneInfo(services.settings.time_zone))
