"""The kiosk's first page: a one-time code turns this browser into the kiosk of one counter."""

import json
from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from telemed import clock, database
from telemed.accounts.device_proof import BadKey, read_key
from telemed.accounts.devices import CodeRefused, DeviceStore, KioskDevice
from telemed.accounts.store import AccountStore
from telemed.notices import Notices
from telemed.services import Services
from telemed.web.place_names import named_kiosks, place_names
from telemed.web.problems import Refusal
from telemed.web.proofs import DEVICE_COOKIE

# Longer than browsers keep a cookie; a kiosk in use gets a new one whenever it enrols again.
COOKIE_LIFE = timedelta(days=400)
MAX_FAILURES = 20
KEY_PARTS = {"kty", "crv", "x", "y"}


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `enrol.page` and `enrol.enrol`."""
    blueprint = Blueprint("enrol", __name__, url_prefix="/kiosk/enrol")
    guesses = services.settings.key("failures")

    @blueprint.get("")
    def page() -> str:
        return render_template("staff/enrol.html", kiosks=_demo_kiosks(services), refused=False)

    @blueprint.post("")
    def enrol() -> ResponseReturnValue:
        public_key = _offered_key(request.form.get("public_key", ""))
        now = clock.real_now()
        with database.read(services.engine) as connection:
            # One counter for everybody: codes live ten minutes and are made by hand, wrong ones are rare.
            if AccountStore(connection).failures(guesses, "enrolment", now) >= MAX_FAILURES:
                raise Refusal("too-often")
        try:
            with database.write(services.engine) as connection:
                devices = AccountStore(connection).devices
                before = devices.enrolled()
                device, token = _enrol(services, devices, public_key, now)
                if replaced := before.get(device.kiosk_id):
                    Notices(connection).say("close-session", replaced.reference, now)
        except CodeRefused:
            with database.write(services.engine) as connection:
                AccountStore(connection).note_failure(guesses, "enrolment", now)
            return render_template("staff/enrol.html", kiosks=_demo_kiosks(services), refused=True), 422
        response = redirect("/kiosk", code=303)
        response.set_cookie(
            DEVICE_COOKIE, token, max_age=COOKIE_LIFE, path="/", secure=True, httponly=True, samesite="Lax"
        )
        return response

    return blueprint


def _enrol(
    services: Services, devices: DeviceStore, public_key: dict[str, str] | None, now: datetime
) -> tuple[KioskDevice, str]:
    """Spend the code that was typed; in a demo, one made on the spot for the kiosk that was picked."""
    code = request.form.get("code", "")
    picked = request.form.get("kiosk", "")
    if services.settings.demo and picked:
        try:
            code = devices.make_code(UUID(picked), now)
        except ValueError as error:
            raise Refusal("bad-request") from error
    return devices.enrol(code, public_key, now)


def _demo_kiosks(services: Services) -> list[tuple[UUID, str]]:
    """In a demo, the counters to choose from, those without a kiosk first: one tap and it runs."""
    if not services.settings.demo:
        return []
    with services.view() as view:
        sites = view.book.sites()
        name = place_names(services.texts, g.lang, view.book, sites)
        names = {site.id: name(site) for site in sites}
        enrolled = view.accounts.devices.enrolled()
        kiosks = named_kiosks(g.lang, view.book, view.book.kiosks())
        ordered = sorted(kiosks, key=lambda kiosk: kiosk.id in enrolled)
    return [(kiosk.id, f"{names[kiosk.site_id]}, {kiosk.label}") for kiosk in ordered]


def _offered_key(text: str) -> dict[str, str] | None:
    """The kiosk's public key, reduced to what a public key is; none when the browser runs no script."""
    if not text:
        return None
    try:
        offered = json.loads(text)
        key = {name: str(offered[name]) for name in KEY_PARTS}
        read_key(key)
    # The parser gives up on what is nested thousands deep with an error that is no ValueError.
    except (ValueError, TypeError, KeyError, RecursionError, BadKey) as error:
        raise Refusal("bad-request") from error
    return key
