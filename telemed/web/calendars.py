"""Calendar feeds: an address of one's own to subscribe to, made and ended on a page for doctors."""

import re
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from telemed import clock, database
from telemed.accounts.feeds import FeedStore
from telemed.services import Services
from telemed.visits.calendars import practitioner_feed
from telemed.web.admin_desk import clocks
from telemed.web.moments import Moments
from telemed.web.problems import Refusal

MEDIA_TYPE = "text/calendar"
FRESH_SECONDS = 300
_TOKEN = re.compile(r"[A-Za-z0-9_\-]{43}")


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `calendars.feed`, `calendars.page`, `calendars.make` and `calendars.end`."""
    blueprint = Blueprint("calendars", __name__)
    _add_feed(blueprint, services)
    _add_page(blueprint, services)
    return blueprint


def _add_feed(blueprint: Blueprint, services: Services) -> None:
    # A calendar program has no session; whoever knows this address may read times and places, no names.
    @blueprint.get("/calendar/<token>.ics")
    def feed(token: str) -> Response:
        if not _TOKEN.fullmatch(token):
            raise Refusal("not-found")
        with services.view() as view:
            practitioner_id = FeedStore(view.connection).practitioner(token)
            if practitioner_id is None:
                raise Refusal("not-found")
            language = services.country.languages[0]
            file = practitioner_feed(view.book, practitioner_id, services.texts, language, view.now)
        return as_file(file, "telemed.ics", f"private, max-age={FRESH_SECONDS}")


def _add_page(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/clinic/calendar")
    def page() -> str:
        return _page(services, None)

    @blueprint.post("/clinic/calendar")
    def make() -> str:
        with database.write(services.engine) as connection:
            token = FeedStore(connection).open(_own(), clock.real_now())
        return _page(services, f"{services.settings.public_origin.rstrip('/')}/calendar/{token}.ics")

    @blueprint.post("/clinic/calendar/end")
    def end() -> ResponseReturnValue:
        with database.write(services.engine) as connection:
            FeedStore(connection).close(_own(), clock.real_now())
        return redirect("/clinic/calendar", code=303)


def as_file(file: bytes, name: str, keep: str) -> Response:
    """A calendar as an answer; one that has not changed is not sent again."""
    response = Response(file, mimetype=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = keep
    response.add_etag()
    response.make_conditional(request)
    return response


def _own() -> UUID:
    """Whose calendar it is: somebody's who sees patients."""
    practitioner_id: UUID | None = g.staff.practitioner_id
    if practitioner_id is None:
        raise Refusal("wrong-role")
    return practitioner_id


def _page(services: Services, address: str | None) -> str:
    zone = ZoneInfo(services.settings.time_zone)
    with services.view() as view:
        since = FeedStore(view.connection).since(_own())
    return render_template(
        "clinic/calendar.html",
        address=address,
        since=since,
        said=Moments(services.texts, g.lang, zone),
        clocks=clocks(services) if since else None,
    )
