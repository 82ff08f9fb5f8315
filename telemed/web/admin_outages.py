"""What is missing at one site for a while, and when a travelling kit calls there."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from scheduling.hours import Span
from scheduling.ids import uuid7
from scheduling.places import Outage, OutageKind, Stop
from scheduling.stores.stranded import Scope
from telemed.services import Services
from telemed.visits import sites as verbs
from telemed.web import admin_desk as desk
from telemed.web.admin_place import Place, form_page, place_of
from telemed.web.admin_sites import OUTAGES
from telemed.web.forms import Form

EVERY = {1: "every week", 2: "every two weeks", 3: "every three weeks", 4: "every four weeks"}
"""How often a kit comes; message ids."""

_KINDS: dict[str, OutageKind] = {"maintenance": "maintenance", "clerk_away": "clerk_away", "line": "line"}


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the forms about outages and stops."""
    _add_outages(blueprint, services)
    _add_stops(blueprint, services)


def _add_outages(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/sites/<uuid:site_id>/outages")
    def outage(site_id: UUID) -> str:
        place = place_of(services, site_id)
        begins = {"from_day": place.today.isoformat(), "until_day": place.today.isoformat()}
        return form_page("outage", place, Form(begins), False, **_outage_options(place))

    @blueprint.post("/sites/<uuid:site_id>/outages")
    def add_outage(site_id: UUID) -> ResponseReturnValue:
        place, form = place_of(services, site_id), desk.sent()
        made = _outage(form, place)
        window = Span(made.starts_at, made.ends_at) if made else None
        return desk.settle(
            services,
            form,
            place.reach(window),
            lambda unit: verbs.add_outage(unit, made) if made else None,
            lambda again, stale: form_page("outage", place, again, stale, **_outage_options(place)),
            place.address,
        )

    @blueprint.post("/sites/<uuid:site_id>/outages/<uuid:outage_id>")
    def drop_outage(site_id: UUID, outage_id: UUID) -> ResponseReturnValue:
        place = place_of(services, site_id)
        return desk.settle(
            services,
            desk.sent(),
            place.reach(),
            lambda unit: verbs.drop_outage(unit, site_id, outage_id),
            desk.back_to(place.address),
            place.address,
        )


def _outage(form: Form, place: Place) -> Outage | None:
    kind = form.choice("kind", _KINDS)
    kiosk_id = form.one_of("kiosk", [kiosk.id for kiosk in place.kiosks])
    starts_at, ends_at = (form.moment(name, place.today, place.zone) for name in ("from", "until"))
    if starts_at and ends_at:
        if starts_at >= ends_at:
            form.refuse("until_time", "order")
        elif ends_at <= place.now:
            form.refuse("until_time", "past_moment")
    reason = form.text("reason", 100)
    if not form.fine or starts_at is None or ends_at is None:
        return None
    return Outage(uuid7(), place.site.id, kiosk_id, starts_at, ends_at, _KINDS[kind], reason)


def _outage_options(place: Place) -> dict[str, Any]:
    return {
        "kind_options": [(kind, desk.t(said)) for kind, said in OUTAGES.items()],
        "kiosk_options": [(kiosk.id, kiosk.label) for kiosk in place.kiosks],
    }


def _add_stops(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/sites/<uuid:site_id>/stops")
    def stop(site_id: UUID) -> str:
        place = place_of(services, site_id)
        return _show_stop(place, Form({"first_day": place.today.isoformat(), "every_weeks": "1"}), False)

    @blueprint.post("/sites/<uuid:site_id>/stops")
    def add_stop(site_id: UUID) -> ResponseReturnValue:
        place, form = place_of(services, site_id), desk.sent()
        made = _stop(form, place)
        # A kit that gets its first stop leaves the place it stood at: visits there are looked at too.
        reach = Scope() if made else place.reach()
        return desk.settle(
            services,
            form,
            reach,
            lambda unit: verbs.add_stop(unit, made) if made else None,
            partial(_show_stop, place),
            place.address,
        )

    @blueprint.post("/sites/<uuid:site_id>/stops/away")
    def drop_stop(site_id: UUID) -> ResponseReturnValue:
        place, form = place_of(services, site_id), desk.sent()
        return desk.settle(
            services,
            form,
            place.reach(),
            lambda unit: verbs.drop_stop(unit, site_id, form.sent.get("stop", "")),
            desk.back_to(place.address),
            place.address,
        )


def _stop(form: Form, place: Place) -> Stop | None:
    kit = form.one_of("kiosk", [kiosk.id for kiosk, _ in place.kits])
    if kit is None:
        form.refuse("kiosk", "missing")
    weekday = form.whole("weekday", 0, 6)
    stay = form.spans("stay", 1)
    if not stay:
        form.refuse("stay_1_from", "missing")
    every = form.whole("every_weeks", 1, max(EVERY))
    first_day = form.day("first_day", place.today)
    if not form.fine or kit is None or first_day is None:
        return None
    return Stop(kit, place.site.id, weekday, *stay[0], every, first_day)


def _show_stop(place: Place, form: Form, stale: bool) -> str:
    words = desk.words()
    return form_page(
        "stop",
        place,
        form,
        stale,
        kiosk_options=[(kiosk.id, said) for kiosk, said in place.kits],
        weekday_options=[(weekday, words.weekday(weekday)) for weekday in range(7)],
        every_options=[(number, desk.t(said)) for number, said in EVERY.items()],
    )
