"""The patient's own door: birth date and slip code open, for ten minutes, the list of who has read."""

import hashlib
import hmac
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from telemed import database
from telemed.accounts.store import AccountStore
from telemed.records.access_log import Reader
from telemed.services import Services
from telemed.visits import calendars
from telemed.visits.my import my_record, open_my_record, parts
from telemed.visits.telling_owners import wish
from telemed.web.calendars import as_file
from telemed.web.moments import Moments
from telemed.web.place_names import place_names
from telemed.web.proofs import DEVICE_COOKIE
from telemed.web.reading_words import PURPOSES, WHAT, WHO

AT_COUNTER_SECONDS = 90


class OpenForm(BaseModel):
    """What the first page sends; three boxes are easier than one, whatever the language's order is."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    day: str = Field(default="", max_length=4)
    month: str = Field(default="", max_length=4)
    year: str = Field(default="", max_length=6)
    code: str = Field(default="", max_length=40)
    csrf_token: str = ""

    def birth_date(self) -> date | None:
        """The date, or None for one that does not exist."""
        try:
            return date(int(self.year), int(self.month), int(self.day))
        except ValueError:
            return None


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `my.enter`, `my.open`, `my.record`, `my.told`, `my.appointment` and `my.sign_out`."""
    blueprint = Blueprint("my", __name__, url_prefix="/my")
    _add_entrance(blueprint, services)
    _add_record(blueprint, services)
    return blueprint


def _add_entrance(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("")
    def enter() -> ResponseReturnValue:
        if "patient_id" in session:
            return redirect(url_for("my.record"), code=303)
        return render_template("my/enter.html", refused=None)

    # Code and date travel in the body of the form, never in an address.
    @blueprint.post("", endpoint="open")
    def open_record() -> ResponseReturnValue:
        try:
            form = OpenForm.model_validate(request.form.to_dict())
        except ValidationError:
            form = OpenForm()
        # Nobody is known yet; the tries are counted, and nothing of anybody is read.
        asker = Reader("patient", "", None, "", "opening the record", "patient")
        place = _place(services)
        with services.unit(asker) as unit:
            found = open_my_record(unit, form.code, form.birth_date(), place)
        if not isinstance(found, UUID):
            status = 429 if found == "too_many_tries" else 422
            return render_template("my/enter.html", refused=found), status
        session["patient_id"] = str(found)
        return redirect(url_for("my.record"), code=303)

    @blueprint.post("/sign-out")
    def sign_out() -> ResponseReturnValue:
        session.clear()
        return redirect(url_for("my.enter"), code=303)


def _add_record(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/record")
    def record() -> Response:
        zone = ZoneInfo(services.settings.time_zone)
        with services.unit(g.reader) as unit:
            mine = my_record(unit, UUID(g.reader.id), zone)
            coming = calendars.coming(unit, mine.patient.id)
            place = place_names(services.texts, g.lang, unit.book, [site for _, site, _ in coming])
        html = render_template(
            "my/record.html",
            mine=mine,
            coming=coming,
            place=place,
            said=Moments(services.texts, g.lang, zone),
            what=WHAT,
            purposes=PURPOSES,
            who=WHO,
            parts=parts,
        )
        page = Response(html)
        if DEVICE_COOKIE in request.cookies:
            # At a counter the next person comes soon: the kiosk's beginning closes the record.
            page.headers["Refresh"] = f"{AT_COUNTER_SECONDS}; url={url_for('kiosk.language')}"
        return page

    @blueprint.post("/told")
    def told() -> ResponseReturnValue:
        wanted = request.form.get("told") == "yes"
        with services.unit(g.reader) as unit:
            wish(unit, UUID(g.reader.id), wanted, services.country.notice_version)
        return redirect(url_for("my.record"), code=303)

    @blueprint.get("/appointments/<uuid:appointment_id>.ics")
    def appointment(appointment_id: UUID) -> Response:
        with services.unit(g.reader) as unit:
            mine = UUID(g.reader.id)
            file = calendars.patients_file(unit, mine, appointment_id, services.texts, g.lang)
        return as_file(file, "visit.ics", "no-store")


def _place(services: Services) -> str:
    """Where tries are counted: the kiosk, or else a keyed hash of the address, which is personal."""
    token = request.cookies.get(DEVICE_COOKIE)
    if token:
        with database.read(services.engine) as connection:
            device = AccountStore(connection).devices.by_token(token)
        if device is not None:
            return f"my:{device.kiosk_id}"
    key = services.settings.key("my-tries")
    return "my:" + hmac.new(key, (request.remote_addr or "").encode(), hashlib.sha256).hexdigest()[:40]
