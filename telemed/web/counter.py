"""The clerk's pages: who comes to their own counter on a day, whom to call or write to, and the letters."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from telemed.messages.calling import OUTCOMES
from telemed.services import Services
from telemed.texts import STAFF_LANGUAGES
from telemed.unit import Unit
from telemed.visits import coming, telling
from telemed.web import counter_emergencies, counter_pin
from telemed.web.day_words import DayWords
from telemed.web.moments import Moments
from telemed.web.place_names import named_kiosks, place_names
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

    _add_calls(blueprint, services)
    _add_letters(blueprint, services)
    counter_pin.add(blueprint, services)
    counter_emergencies.add(blueprint, services)
    return blueprint


def _add_calls(blueprint: Blueprint, services: Services) -> None:
    @blueprint.post("/calls/<uuid:line_id>")
    def mark_call(line_id: UUID) -> ResponseReturnValue:
        outcome, version = request.form.get("outcome", ""), request.form.get("version", "")
        if outcome not in OUTCOMES or not (version.isdecimal() and len(version) < 6):
            raise Refusal("bad-request")
        try:
            with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
                telling.mark(unit, line_id, _own_site(), int(version), outcome)
        except telling.NoLetter:
            raise Refusal("bad-request") from None
        if outcome == "letter":
            return redirect(url_for("counter.letter", line_id=line_id), code=303)
        return redirect(url_for("counter.today"), code=303)


def _add_letters(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/letters")
    def letters() -> ResponseReturnValue:
        site_id = _own_site()
        with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
            written = telling.letters(unit, site_id)
            place, said = _place(services, unit, site_id)
        return render_template("counter/letters.html", letters=written, place=place, said=said)

    @blueprint.get("/letters/<uuid:line_id>")
    def letter(line_id: UUID) -> ResponseReturnValue:
        site_id = _own_site()
        with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
            told = telling.letter(unit, line_id, site_id)
            if told.language in STAFF_LANGUAGES:
                # The patient reads it.
                g.lang = told.language
            place, said = _place(services, unit, site_id)
        return render_template(
            "counter/letter.html",
            told=told,
            place=place,
            said=said,
            words=DayWords(g.lang),
            desk_phone=services.settings.desk_phone,
        )


def _place(services: Services, unit: Unit, site_id: UUID) -> tuple[str, Moments]:
    site = unit.book.site(site_id)
    name = place_names(services.texts, g.lang, unit.book, [site])(site)
    return name, Moments(services.texts, g.lang, ZoneInfo(site.time_zone))


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
        calls = telling.to_tell(unit, site_id) if day == today else []
        place = place_names(services.texts, g.lang, unit.book, [site])(site)
        spans = unit.book.site_calendar(site.id).opening(day)
        called = _called(unit, site_id) if day == today else []
        help_wanted = counter_emergencies.shown_here(
            services, unit.emergencies, unit.book, unit.connection, site_id
        )
    said = Moments(services.texts, g.lang, zone)
    return render_template(
        "counter/day.html",
        lines=lines,
        calls=calls,
        called=called,
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
        **help_wanted,
    )


def _called(unit: Unit, site_id: UUID) -> list[str]:
    """The kiosks of a site at which somebody is to wait because a doctor is being called."""
    at_kiosks = set(unit.alarms.open_kiosks(site_id))
    kiosks = named_kiosks(g.lang, unit.book, unit.book.kiosks(site_id))
    return [kiosk.label for kiosk in kiosks if kiosk.id in at_kiosks]


def _own_site() -> UUID:
    site_id: UUID | None = g.staff.site_id
    if site_id is None:
        raise Refusal("no-site")
    return site_id
