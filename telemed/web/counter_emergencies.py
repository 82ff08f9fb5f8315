"""Calls for help on the clerk's page: where and since when, and whether somebody sees to it."""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from scheduling.store import Book
from telemed.clerk_calls import ClerkCalls
from telemed.intake.emergency_store import EmergencyStore
from telemed.services import Services
from telemed.visits import emergencies
from telemed.web.clinic_moves import STOPPED
from telemed.web.emergency_words import WHY, where
from telemed.web.moments import Moments
from telemed.web.place_names import named_kiosks
from telemed.web.problems import Refusal


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount `.emergencies_here`, which keeps itself fresh, `.rings` and `.go_to_kiosk`; they name nobody."""

    @blueprint.get("/emergencies")
    def emergencies_here() -> Response:
        site_id = _own_site()
        # Asked every few seconds: places and times only.
        with services.view() as view:
            told = shown_here(services, view.emergencies, view.book, view.connection, site_id)
        if request.if_none_match.contains(told["mark"]):
            return Response(status=304)
        said = Moments(services.texts, g.lang, told["zone"])
        html = render_template("counter/emergencies.html", said=said, **told)
        return Response(html, mimetype="text/html", headers={"ETag": f'"{told["mark"]}"'})

    # Asked also by a page that nobody looks at: whether it is to sound.
    @blueprint.get("/rings")
    def rings() -> Response:
        site_id = _own_site()
        with services.view() as view:
            called = any(
                each.seen_at is None for each in ClerkCalls(view.connection).of_site(site_id, view.now)
            )
            helped = emergencies.at_counter(view.emergencies, view.book, site_id, view.now)
        said = services.texts.translate(g.lang, "The doctor calls you to the kiosk") if called else ""
        if any(each.call.open for each in helped):
            said = services.texts.translate(g.lang, "Somebody calls for help at a kiosk")
        return jsonify(rings=bool(said), said=said)

    @blueprint.post("/clerk-calls/<uuid:call_id>/seen")
    def go_to_kiosk(call_id: UUID) -> ResponseReturnValue:
        site_id = _own_site()
        with services.unit(g.reader) as unit:
            ClerkCalls(unit.connection).see(call_id, site_id, g.staff.id, unit.now)
        return redirect(url_for("counter.today"), code=303)


def shown_here(
    services: Services, store: EmergencyStore, book: Book, connection: Connection, site_id: UUID
) -> Mapping[str, Any]:
    """What the clerk's page says of calls for help from this site."""
    now = services.clock.now()
    calls = emergencies.at_counter(store, book, site_id, now)
    sent_for = ClerkCalls(connection).of_site(site_id, now)
    seen = [f"{each.newest}.{each.presses}.{each.call.version}" for each in calls]
    seen += [f"{each.id}.{each.seen_at}" for each in sent_for]
    labels = named_kiosks(g.lang, book, book.kiosks(site_id)) if sent_for else []
    return {
        "calls_for_help": calls,
        "sent_for": sent_for,
        "labels": {kiosk.id: kiosk.label for kiosk in labels},
        "stop_whys": STOPPED,
        "mark": hashlib.sha256(f"{g.lang} {seen}".encode()).hexdigest()[:32],
        "why": WHY,
        "zone": ZoneInfo(book.site(site_id).time_zone),
        "emergency_number": services.country.emergency_number,
        "kiosk_label": where(services.texts, g.lang, book, calls)["kiosk_label"],
    }


def _own_site() -> UUID:
    site_id: UUID | None = g.staff.site_id
    if site_id is None:
        raise Refusal("no-site")
    return site_id
