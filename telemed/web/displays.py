"""The queue without names, in big letters, for a screen at a site; it renews itself."""

import re
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, render_template

from telemed.accounts.displays import DisplayStore
from telemed.services import Services, View
from telemed.visits.board import Board, board
from telemed.web.moments import Moments
from telemed.web.place_names import latin_label, place_names
from telemed.web.problems import Refusal
from telemed.web.wait_words import wait_words

RENEWED_SECONDS = 15
_TOKEN = re.compile(r"[A-Za-z0-9_\-]{43}")


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `displays.screen` and `displays.here`."""
    blueprint = Blueprint("displays", __name__)
    boards = Boards()

    # A screen has no session; whoever knows this address sees tokens and times, nobody's name.
    @blueprint.get("/display/<token>")
    def screen(token: str) -> Response:
        with services.view() as view:
            site_id = DisplayStore(view.connection).site(token) if _TOKEN.fullmatch(token) else None
            if site_id is None:
                raise Refusal("not-found")
            return _page(services, view, boards, site_id)

    @blueprint.get("/kiosk/queue")
    def here() -> Response:
        with services.view() as view:
            return _page(services, view, boards, g.kiosk.site_id)

    return blueprint


class Boards:
    """The last board of each site, for as long as a screen shows it: ten screens cost what one does."""

    def __init__(self) -> None:
        self._known: dict[UUID, Board] = {}

    def of(self, view: View, site_id: UUID) -> Board:
        """The board of a site, at most as old as a screen's page."""
        known = self._known.get(site_id)
        if known is None or not _fresh(known.now, view.now):
            known = self._known[site_id] = board(view.book, site_id, view.now)
        return known


def _fresh(then: datetime, now: datetime) -> bool:
    return 0 <= (now - then).total_seconds() < RENEWED_SECONDS / 2


def _page(services: Services, view: View, boards: Boards, site_id: UUID) -> Response:
    site = view.book.site(site_id)
    settlement = view.book.settlement(site.settlement_code)
    html = render_template(
        "display/queue.html",
        board=boards.of(view, site_id),
        name=place_names(services.texts, g.lang, view.book, [site])(site),
        label=lambda label: latin_label(label, settlement) if g.lang == "en" else label,
        said=Moments(services.texts, g.lang, ZoneInfo(site.time_zone)),
        wait=lambda told: wait_words(services.texts, g.lang, told),
        seconds=RENEWED_SECONDS,
    )
    return Response(html, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
