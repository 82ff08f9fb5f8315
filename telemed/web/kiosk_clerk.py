"""The technical side of a kiosk, for a clerk with a PIN: times, tokens and devices, no names, no answers."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from scheduling import waiting
from telemed import clock, database
from telemed.accounts.clerks import DIGITS, TRIES, Mode
from telemed.accounts.store import AccountStore
from telemed.services import Services
from telemed.visits import queue
from telemed.web.moments import Moments
from telemed.web.place_names import named_kiosks, place_names
from telemed.web.problems import Refusal

BEFORE, AHEAD = timedelta(hours=1), timedelta(hours=4)
LOST_FOR = timedelta(hours=1)


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `kiosk_clerk.unlock`, `.desk`, `.keep`, `.assist` and `.close`."""
    blueprint = Blueprint("kiosk_clerk", __name__, url_prefix="/api/v1/clerk")

    @blueprint.post("")
    def unlock() -> ResponseReturnValue:
        said = request.get_json(silent=True)
        pin = said.get("pin") if isinstance(said, dict) else None
        if not (isinstance(pin, str) and pin.isascii() and pin.isdecimal() and len(pin) == DIGITS):
            return jsonify(code="pin_wrong"), 422
        token = _open(services, pin)
        return (jsonify(code="pin_wrong"), 422) if token is None else (jsonify(token=token), 201)

    @blueprint.get("/desk")
    def desk() -> str:
        return _desk(services)

    @blueprint.post("/kept/<uuid:entry_id>")
    def keep(entry_id: UUID) -> str:
        with services.unit(g.reader) as unit:
            queue.keep_longer(unit, entry_id, g.kiosk.site_id)
        return _desk(services)

    @blueprint.post("/help")
    def assist() -> ResponseReturnValue:
        mode: Mode = g.clerk_mode
        with database.write(services.engine) as connection:
            AccountStore(connection).clerks.help(mode.id, clock.real_now())
        return jsonify(helper=str(mode.clerk.id))

    @blueprint.post("/close")
    def close() -> ResponseReturnValue:
        mode: Mode = g.clerk_mode
        with database.write(services.engine) as connection:
            AccountStore(connection).clerks.end(mode.id, clock.real_now())
        return "", 204

    return blueprint


def _open(services: Services, pin: str) -> str | None:
    """Try a PIN; wrong ones are counted by kiosk, and after a few of them nobody gets in for a while."""
    now, key = clock.real_now(), services.settings.key("clerk-pin")
    tried = f"clerk-pin {g.kiosk.kiosk_id}"
    with database.write(services.engine) as connection:
        accounts = AccountStore(connection)
        accounts.one_try_at_a_time(key, tried)
        if accounts.failures(key, tried, now) >= TRIES:
            raise Refusal("too-often")
        clerk = accounts.clerks.whose(pin, g.kiosk.site_id)
        if clerk is None:
            accounts.note_failure(key, tried, now)
            return None
        return accounts.clerks.open(clerk, g.kiosk.kiosk_id, now)[1]


def _desk(services: Services) -> str:
    mode: Mode = g.clerk_mode
    with services.view() as view:
        site, now = view.book.site(mode.clerk.site_id), view.now
        kiosks = named_kiosks(g.lang, view.book, view.book.kiosks(site.id))
        here = [each for each in view.book.tickets(site_id=site.id) if each.status == "waiting"]
        expected = view.book.expected(site.id, now - BEFORE, now + AHEAD)
        lost = view.book.unseen(now - LOST_FOR, waiting.AWAY, site_id=site.id)
        place = place_names(services.texts, g.lang, view.book, [site])(site)
    return render_template(
        "kiosk/clerk.html",
        mode=mode,
        minutes=max(1, round((mode.expires_at - clock.real_now()) / timedelta(minutes=1))),
        place=place,
        labels={kiosk.id: kiosk.label for kiosk in kiosks},
        kiosk_id=g.kiosk.kiosk_id,
        expected=expected,
        away=[each for each in here if each.away_until],
        waiting=[each for each in waiting.order(here) if not (each.away_until or each.at_home)],
        lost=lost,
        said=Moments(services.texts, g.lang, ZoneInfo(site.time_zone)),
    )
