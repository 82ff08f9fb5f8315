"""The clerk's page: who comes to their own counter on a day, and whom to call because no SMS may have."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from telemed.messages.calling import OUTCOMES, CallLine, CallList
from telemed.services import Services
from telemed.unit import Unit
from telemed.visits import coming
from telemed.web.day_words import DayWords
from telemed.web.moments import Moments
from telemed.web.place_names import place_names
from telemed.web.problems import Refusal

PURPOSE = "the day sheet at the counter"
AHEAD = timedelta(days=7)
_DAY = timedelta(days=1)


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints under /counter, all for clerks."""
    blueprint = Blueprint("counter", __name__, url_prefix="/counter")

    @blueprint.get("")
    def today() -> ResponseReturnValue:
        return _sheet(services, None)

    @blueprint.get("/<day>")
    def sheet(day: str) -> ResponseReturnValue:
        try:
            return _sheet(services, date.fromisoformat(day))
        except ValueError:
            abort(404)

    @blueprint.post("/calls/<uuid:line_id>")
    def mark_call(line_id: UUID) -> ResponseReturnValue:
        outcome, version = request.form.get("outcome", ""), request.form.get("version", "")
        if outcome not in OUTCOMES or not (version.isdecimal() and len(version) < 6):
            raise Refusal("bad-request")
        with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
            calls = CallList(unit.connection, unit.sightings)
            calls.mark(line_id, _own_site(), int(version), outcome, unit.reader.id, unit.now)
        return redirect(url_for("counter.today"), code=303)

    return blueprint


def _sheet(services: Services, asked: date | None) -> ResponseReturnValue:
    site_id = _own_site()
    with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
        site = unit.book.site(site_id)
        zone = ZoneInfo(site.time_zone)
        today = unit.now.astimezone(zone).date()
        day = asked or today
        # What was is nobody's business at the counter any more, and far ahead it is not yet.
        if not today <= day <= today + AHEAD:
            abort(404)
        lines = coming.sheet(unit, site, day)
        calls = _calls(unit, site_id) if day == today else []
        place = place_names(services.texts, g.lang, unit.book, [site])(site)
        spans = unit.book.site_calendar(site.id).opening(day)
    said = Moments(services.texts, g.lang, zone)
    return render_template(
        "counter/day.html",
        lines=lines,
        calls=calls,
        place=place,
        hours=[f"{said.time(span.starts_at)}–{said.time(span.ends_at)}" for span in spans],
        day=day,
        today=today,
        first=today,
        last=today + AHEAD,
        before=day - _DAY,
        after=day + _DAY,
        said=said,
        words=DayWords(g.lang),
    )


def _calls(unit: Unit, site_id: UUID) -> list[tuple[str, CallLine]]:
    lines = CallList(unit.connection, unit.sightings).to_make(site_id)
    return [(unit.book.patient(line.patient_id).name, line) for line in lines]


def _own_site() -> UUID:
    site_id: UUID | None = g.staff.site_id
    if site_id is None:
        raise Refusal("no-site")
    return site_id
