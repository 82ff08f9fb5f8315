"""Appointments for the coordinator: of one person by exact number or code, or of a day; looks are logged."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from telemed.services import Services
from telemed.visits import coming
from telemed.visits.coming import Coming
from telemed.web import admin_desk as desk
from telemed.web.clinic_words import APPOINTMENT
from telemed.web.forms import Form
from telemed.web.moments import Moments
from telemed.web.place_names import place_names


@dataclass(frozen=True)
class Asked:
    """What a list of one day is asked for by."""

    day: date
    site_id: UUID | None
    practitioner_id: UUID | None

    @property
    def enough(self) -> bool:
        """Whether it names a site or a practitioner: nobody lists everybody."""
        return self.site_id is not None or self.practitioner_id is not None


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the two searches."""

    @blueprint.get("/find")
    def find() -> str:
        return render_template("admin/find.html", people=None, refused=False)

    # A number or a code is personal: it travels in the body of a form, never in an address.
    @blueprint.post("/find")
    def found() -> ResponseReturnValue:
        with services.unit(g.reader.with_purpose("finding a person")) as unit:
            people = coming.find(unit, services.country, request.form.get("what", ""), f"find:{g.reader.id}")
            if people == "too_many_tries":
                return render_template("admin/find.html", people=None, refused=True), 429
            lines = [line for each in people for line in each.coming]
            place = place_names(services.texts, g.lang, unit.book, [line.site for line in lines])
            facility = unit.book.facility(unit.reader.facility_id).name if unit.reader.facility_id else ""
        return render_template(
            "admin/find.html",
            people=people,
            refused=False,
            place=place,
            facility=facility,
            when=_when(services),
        )

    @blueprint.get("/appointments")
    def day() -> str:
        form, today, options = _form(services)
        shown_day = form.day("day", today, past=True) or today
        asked = Asked(
            shown_day,
            form.one_of("site", [each for each, _ in options["site_options"]]),
            form.one_of("practitioner", [each for each, _ in options["practitioner_options"]]),
        )
        lines, place = None, None
        if request.args and form.fine and asked.enough:
            lines, place = _list(services, asked)
        return render_template(
            "admin/day.html",
            form=form,
            labels=desk.labels(),
            lines=lines,
            place=place,
            shown_day=shown_day,
            statuses=APPOINTMENT,
            words=desk.words(),
            time=lambda line: _said(services, line).time(line.appointment.starts_at),
            **options,
        )


def _form(services: Services) -> tuple[Form, date, dict[str, list[tuple[UUID, str]]]]:
    with services.view() as view:
        sites = view.book.sites()
        name = place_names(services.texts, g.lang, view.book, sites)
        people = view.book.practitioners(desk.own_facility())
        today = view.now.astimezone(desk.zone(services)).date()
    typed = {name: value for name, value in request.args.items() if value}
    fields = {"day": today.isoformat(), **typed}
    return (
        Form(fields),
        today,
        {
            "site_options": sorted(((each.id, name(each)) for each in sites), key=lambda pair: pair[1]),
            "practitioner_options": [(each.id, each.name) for each in people],
        },
    )


def _list(services: Services, asked: Asked) -> tuple[list[Coming], Callable[..., str]]:
    with services.unit(g.reader.with_purpose("looking at the appointments of a day")) as unit:
        zone = desk.zone(services)
        if asked.site_id is not None:
            zone = ZoneInfo(unit.book.site(asked.site_id).time_zone)
        found = coming.on_day(
            unit, desk.own_facility(), asked.day, zone, asked.site_id, asked.practitioner_id
        )
        place = place_names(services.texts, g.lang, unit.book, [line.site for line in found])
    return found, place


def _said(services: Services, line: Coming) -> Moments:
    return desk.said(services, ZoneInfo(line.site.time_zone))


def _when(services: Services) -> Callable[[Coming], str]:
    return lambda line: _said(services, line).when(line.appointment.starts_at)
