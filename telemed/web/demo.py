"""The demo's own pages: where to begin, and the simulated telephone that gets every SMS."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from telemed.accounts.credentials import DEMO_PASSWORD
from telemed.clock import Clock
from telemed.deployment import DemoClock
from telemed.messages import handset
from telemed.messages.handset import Handset
from telemed.messages.outbox import Outbox
from telemed.services import Services, View
from telemed.visits.replies import take_reply
from telemed.web import demo_calls
from telemed.web.moments import Moments
from telemed.web.problems import Refusal
from telemed.web.proofs import DEVICE_COOKIE

LONGEST_ANSWER = 300


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints under /demo; outside demo mode none of them exists."""
    blueprint = Blueprint("demo", __name__, url_prefix="/demo")
    _add_front(blueprint, services)
    _add_handset(blueprint, services)
    demo_calls.add_doors(blueprint, services)
    return blueprint


def _add_front(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("")
    def front() -> str:
        with services.view() as view:
            staff = [person for person in view.accounts.all_staff() if person.active]
            sites = view.book.sites()
        return render_template(
            "demo/front.html",
            staff=sorted(staff, key=lambda person: person.email),
            password=DEMO_PASSWORD,
            sites=sites,
            moments=_moments(services),
            now=services.clock.now(),
        )

    @blueprint.get("/kiosk")
    def kiosk() -> ResponseReturnValue:
        # A browser that is a kiosk already goes on as one; any other is first made one.
        return redirect("/kiosk" if DEVICE_COOKIE in request.cookies else "/kiosk/enrol", code=303)


def _add_handset(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/handset", defaults={"handle": None})
    @blueprint.get("/handset/<uuid:handle>")
    def phone(handle: UUID | None) -> str:
        with services.view() as view:
            phones = Handset(view.connection).phones()
            chosen = handle or next((each.handle for each in phones), None)
            number = _number(view, chosen) if chosen else None
            telephone = Handset(view.connection)
            bubbles = telephone.conversation(number) if number else []
            menu = telephone.menu(number) if number else ()
            coming = _next_due(view, number)
        return render_template(
            "demo/handset.html",
            phones=phones,
            chosen=chosen,
            number=number,
            bubbles=bubbles,
            menu=menu,
            coming=coming,
            now=services.clock.now(),
            call=demo_calls.call_at(services, number),
            rang=handset.RANG,
            moments=_moments(services),
            short=lambda at: f"{at.astimezone(ZoneInfo(services.settings.time_zone)):%d.%m, %H:%M}",
        )

    @blueprint.post("/handset/<uuid:handle>/answers")
    def answer(handle: UUID) -> ResponseReturnValue:
        text = request.form.get("text", "").strip()[:LONGEST_ANSWER]
        with services.unit(g.reader) as unit:
            number = Handset(unit.connection).number(handle)
            if number is None:
                raise Refusal("not-found")
            sent_as = Handset(unit.connection).answer(number, text, unit.now) if text else None
            if sent_as is not None and not services.settings.exchange_port:
                take_reply(unit, handset.NAME, sent_as, number, text)
        if sent_as is not None and services.settings.exchange_port:
            demo_calls.write(services, number, text)
        return redirect(f"/demo/handset/{handle}", code=303)

    @blueprint.post("/forward", defaults={"handle": None})
    @blueprint.post("/handset/<uuid:handle>/forward")
    def forward(handle: UUID | None) -> ResponseReturnValue:
        with services.view() as view:
            coming = _next_due(view, _number(view, handle) if handle else None)
        if coming is not None:
            _movable(services.clock).forward_to(coming)
        return redirect(f"/demo/handset/{handle}" if handle else "/demo/handset", code=303)


def _number(view: View, handle: UUID) -> str:
    number = Handset(view.connection).number(handle)
    if number is None:
        raise Refusal("not-found")
    return number


def _next_due(view: View, number: str | None) -> datetime | None:
    outbox = Outbox(view.connection, _invented)
    return (outbox.next_due(view.now, number) if number else None) or outbox.next_due(view.now)


def _movable(clock: Clock) -> DemoClock:
    if not isinstance(clock, DemoClock):
        raise Refusal("not-found")
    return clock


def _moments(services: Services) -> Moments:
    return Moments(services.texts, g.lang, ZoneInfo(services.settings.time_zone))


def _invented(_owner: UUID, _what: str) -> None:
    """Nobody owns these messages: a demo's people are invented."""
