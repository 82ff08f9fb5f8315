"""A clerk's own PIN for the kiosk: made by the service, shown once, taken away at any time."""

from zoneinfo import ZoneInfo

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from telemed import clock, database
from telemed.accounts.store import AccountStore
from telemed.services import Services
from telemed.web.moments import Moments
from telemed.web.problems import Refusal


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the doors of the PIN."""

    @blueprint.get("/pin")
    def pin() -> str:
        return _page(services, None)

    @blueprint.post("/pin")
    def make_pin() -> str:
        with database.write(services.engine) as connection:
            made = AccountStore(connection).clerks.make_pin(g.staff.id, clock.real_now())
        return _page(services, made)

    @blueprint.post("/pin/end")
    def drop_pin() -> ResponseReturnValue:
        with database.write(services.engine) as connection:
            AccountStore(connection).clerks.drop_pin(g.staff.id)
        return redirect(url_for("counter.pin"), code=303)


def _page(services: Services, made: str | None) -> str:
    if g.staff.site_id is None:
        raise Refusal("no-site")
    with services.view() as view:
        since = view.accounts.clerks.pin_since(g.staff.id)
        zone = ZoneInfo(view.book.site(g.staff.site_id).time_zone)
    return render_template(
        "counter/pin.html", made=made, since=since, said=Moments(services.texts, g.lang, zone)
    )
