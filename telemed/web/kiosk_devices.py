"""Devices at the kiosk's table: which there are, what one has sent, and the page where a clerk pairs them."""

import re
from typing import Annotated, TypeVar
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from telemed import clock
from telemed.intake.devices import MeasuringDevice
from telemed.intake.drivers import DRIVERS, LONGEST
from telemed.services import Services
from telemed.visits import measuring as verbs
from telemed.visits.measuring import Sent
from telemed.web.device_words import KIND_WORDS
from telemed.web.packing import pack
from telemed.web.problems import Refusal

Line = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00-\x1f]*$")]
Key = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[\x21-\x7e]+$")]


class Told(BaseModel):
    """A part of a request; what it does not name, it does not take."""

    model_config = ConfigDict(extra="forbid")


Part = TypeVar("Part", bound=Told)


class Reading(Told):
    """The bytes of one characteristic, and for which patient at the screen (a random number)."""

    device_id: UUID
    characteristic: Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{4,36}$")]
    raw: Annotated[str, StringConstraints(max_length=2 * LONGEST, pattern=r"^(?:[0-9a-f]{2})+$")]
    session: UUID


class Pairing(Told):
    """How the kiosk's browser knows a device that a clerk has just chosen."""

    name: Line
    key: Key


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `kiosk_devices.known`, `.read`, `.paired` and `.page`."""
    blueprint = Blueprint("kiosk_devices", __name__)
    key = services.settings.key(verbs.READINGS_KEY)

    @blueprint.get("/api/v1/devices")
    def known() -> Response:
        with services.view() as view:
            found = view.measuring.at_kiosk(g.kiosk.kiosk_id)
        return pack(jsonify(devices=[_as_data(each) for each in found if each.driver in DRIVERS]))

    @blueprint.post("/api/v1/readings")
    def read() -> ResponseReturnValue:
        told = _told(Reading)
        sent = Sent(told.device_id, told.characteristic, bytes.fromhex(told.raw), told.session)
        with services.unit(g.reader) as unit:
            found = verbs.take_reading(unit, unit.book.kiosk(g.kiosk.kiosk_id), sent, key)
        return jsonify(found._asdict())

    @blueprint.post("/api/v1/devices/<uuid:device_id>/paired")
    def paired(device_id: UUID) -> ResponseReturnValue:
        if not _clerk_is_here(services):
            raise Refusal("no-proof")
        told = _told(Pairing)
        with services.unit(g.reader) as unit:
            kiosk = unit.book.kiosk(g.kiosk.kiosk_id)
            verbs.pair(unit, kiosk, device_id, re.sub(r"\s+", " ", told.name).strip(), told.key)
        return "", 204

    @blueprint.get("/kiosk/devices")
    def page() -> ResponseReturnValue:
        if not _clerk_is_here(services):
            return redirect(url_for("kiosk.language"), code=303)
        with services.view() as view:
            found = view.measuring.at_kiosk(g.kiosk.kiosk_id)
        return render_template(
            "kiosk/devices.html",
            devices=[each for each in found if each.driver in DRIVERS],
            drivers=DRIVERS,
            kind_words=KIND_WORDS,
            kiosk_id=g.kiosk.kiosk_id,
        )

    return blueprint


def _clerk_is_here(services: Services) -> bool:
    """Whether a clerk has opened this kiosk with the PIN, minutes ago at most."""
    with services.view() as view:
        return view.accounts.clerks.is_open(g.kiosk.kiosk_id, g.kiosk.site_id, clock.real_now())


def _told(kind: type[Part]) -> Part:
    try:
        return kind.model_validate_json(request.get_data())
    except ValidationError as error:
        raise Refusal("invalid") from error


def _as_data(device: MeasuringDevice) -> dict[str, object]:
    driver = DRIVERS[device.driver]
    return {
        "id": str(device.id),
        "kind": device.kind,
        "service": driver.service,
        "characteristic": driver.characteristic,
        "records": driver.by_records,
        "name": device.paired_name,
        "key": device.paired_key,
    }
