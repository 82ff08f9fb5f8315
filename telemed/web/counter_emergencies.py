"""Calls for help on the clerk's page: where and since when, and whether a doctor sees to it."""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, render_template, request

from scheduling.store import Book
from telemed.intake.emergency_store import EmergencyStore
from telemed.services import Services
from telemed.visits import emergencies
from telemed.web.emergency_words import WHY, where
from telemed.web.moments import Moments
from telemed.web.problems import Refusal


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the part of the page that keeps itself fresh; it names nobody, so no reading is logged."""

    @blueprint.get("/emergencies")
    def emergencies_here() -> Response:
        site_id: UUID | None = g.staff.site_id
        if site_id is None:
            raise Refusal("no-site")
        # Asked every few seconds: places and times only.
        with services.view() as view:
            told = shown_here(services, view.emergencies, view.book, site_id)
        if request.if_none_match.contains(told["mark"]):
            return Response(status=304)
        said = Moments(services.texts, g.lang, told["zone"])
        html = render_template("counter/emergencies.html", said=said, **told)
        return Response(html, mimetype="text/html", headers={"ETag": f'"{told["mark"]}"'})


def shown_here(services: Services, store: EmergencyStore, book: Book, site_id: UUID) -> Mapping[str, Any]:
    """What the clerk's page says of calls for help from this site."""
    calls = emergencies.at_counter(store, book, site_id, services.clock.now())
    seen = [f"{each.newest}.{each.presses}.{each.call.version}" for each in calls]
    return {
        "calls_for_help": calls,
        "mark": hashlib.sha256(f"{g.lang} {seen}".encode()).hexdigest()[:32],
        "why": WHY,
        "zone": ZoneInfo(book.site(site_id).time_zone),
        "emergency_number": services.country.emergency_number,
        "kiosk_label": where(services.texts, g.lang, book, calls)["kiosk_label"],
    }
