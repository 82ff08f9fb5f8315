"""The hours of one site: by the week, and on special days."""

from datetime import date
from functools import partial
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from scheduling.places import Opening
from telemed.services import Services
from telemed.visits import sites as verbs
from telemed.visits.changes import mark
from telemed.web import admin_desk as desk
from telemed.web.admin_place import Place, form_page, place_of
from telemed.web.forms import Form, filled

SPANS = 2


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the forms about a site's hours."""
    _add_hours(blueprint, services)
    _add_special_days(blueprint, services)


def _add_hours(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/sites/<uuid:site_id>/hours")
    def hours(site_id: UUID) -> str:
        place = place_of(services, site_id)
        fields: dict[str, str] = {"keeps_holidays": "yes"} if place.site.keeps_holidays else {}
        for weekday in range(7):
            spans = [(each.opens, each.closes) for each in place.site.hours if each.weekday == weekday]
            fields |= filled(f"day{weekday}", spans)
        return _show_hours(place, Form(fields), False)

    @blueprint.post("/sites/<uuid:site_id>/hours")
    def set_hours(site_id: UUID) -> ResponseReturnValue:
        place, form = place_of(services, site_id), desk.sent()
        hours = [
            Opening(weekday, *span) for weekday in range(7) for span in form.spans(f"day{weekday}", SPANS)
        ]
        keeps, was = form.flag("keeps_holidays"), form.sent.get("was", "")
        return desk.settle(
            services,
            form,
            place.reach(),
            lambda unit: verbs.set_hours(unit, site_id, hours, keeps, was),
            partial(_show_hours, place),
            place.address,
        )


def _show_hours(place: Place, form: Form, stale: bool) -> str:
    was = mark(place.site.hours, place.site.keeps_holidays)
    return form_page("hours", place, form, stale, was=was)


def _add_special_days(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/sites/<uuid:site_id>/days")
    def special_day(site_id: UUID) -> str:
        return form_page("special_day", place_of(services, site_id), Form({}), False)

    @blueprint.post("/sites/<uuid:site_id>/days")
    def add_special_day(site_id: UUID) -> ResponseReturnValue:
        place, form = place_of(services, site_id), desk.sent()
        day, spans, note = form.day("day", place.today), form.spans("open", SPANS), form.text("note", 100)
        if day is not None and _has_special_day(services, site_id, day):
            form.refuse("day", "twice")
        day = day or place.today
        return desk.settle(
            services,
            form,
            place.reach(place.day(day)),
            lambda unit: verbs.set_special_day(unit, site_id, day, spans, note),
            partial(form_page, "special_day", place),
            place.address,
        )

    @blueprint.post("/sites/<uuid:site_id>/days/<day>")
    def drop_special_day(site_id: UUID, day: str) -> ResponseReturnValue:
        place, gone = place_of(services, site_id), desk.day_of(day)
        return desk.settle(
            services,
            desk.sent(),
            place.reach(place.day(gone)),
            lambda unit: verbs.drop_special_day(unit, site_id, gone),
            desk.back_to(place.address),
            place.address,
        )


def _has_special_day(services: Services, site_id: UUID, day: date) -> bool:
    with services.view() as view:
        return any(each.day == day for each in view.book.site_days(site_id, day))
