"""Calls on the demo's telephones: somebody answers on the page, hears the prompts and presses 1 or 2."""

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from telemed.messages.handset import Handset
from telemed.messages.simulated_twilio.people import Exchange
from telemed.services import Services
from telemed.web.problems import Refusal

MOVES = ("answer", "decline", "press", "listened", "hang_up")
KEYS = ("1", "2", "3", "9")


@dataclass(frozen=True)
class ShownCall:
    """A call as the page shows it; the sounds are what a telephone hears."""

    state: str
    sounds: tuple[str, ...]
    asks: bool
    step: int
    off: bool


def call_at(services: Services, number: str | None) -> ShownCall | None:
    """Return the call at a telephone; none where there is no exchange."""
    exchange = _exchange(services)
    if exchange is None or number is None:
        return None
    said = exchange.call_at(number)
    # A browser hears what a telephone hears; its address here is the same origin's.
    sounds = tuple(urlsplit(each).path for each in said["plays"])
    return ShownCall(said["state"], sounds, said["asks"], said["step"], said.get("off", False))


def write(services: Services, number: str, text: str) -> None:
    """Send an SMS from a telephone through the exchange; an exchange that is not there is an error."""
    settings, exchange = services.settings, _exchange(services)
    inbound = f"{settings.public_origin.rstrip('/')}/sms/inbound"
    if exchange is None or not exchange.write(number, settings.twilio_from, inbound, text):
        raise Refusal("our-fault")


def add_doors(blueprint: Blueprint, services: Services) -> None:
    """Endpoints `demo.call` and `demo.switch`."""

    @blueprint.post("/handset/<uuid:handle>/call")
    def call(handle: UUID) -> ResponseReturnValue:
        do, digit = request.form.get("do", ""), request.form.get("digit", "")
        exchange, number = _found(services, handle)
        if do not in MOVES or (digit and digit not in KEYS):
            raise Refusal("bad-request")
        exchange.move(number, do, digit)
        return redirect(f"/demo/handset/{handle}", code=303)

    @blueprint.post("/handset/<uuid:handle>/power")
    def switch(handle: UUID) -> ResponseReturnValue:
        exchange, number = _found(services, handle)
        exchange.switch(number, request.form.get("on") == "1")
        return redirect(f"/demo/handset/{handle}", code=303)


def _found(services: Services, handle: UUID) -> tuple[Exchange, str]:
    with services.view() as view:
        number = Handset(view.connection).number(handle)
    exchange = _exchange(services)
    if number is None or exchange is None:
        raise Refusal("not-found")
    return exchange, number


def _exchange(services: Services) -> Exchange | None:
    settings = services.settings
    if not settings.exchange_port:
        return None
    return Exchange(settings.twilio_api_url, settings.twilio_account_sid, settings.twilio_auth_token)
