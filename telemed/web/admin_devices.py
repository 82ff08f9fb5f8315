"""Devices at a kiosk's table for the coordinator: list, add, calibrate, strips, retire."""

from dataclasses import replace
from datetime import date
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from scheduling.errors import StaleVersion
from scheduling.ids import uuid7
from scheduling.places import Kiosk, Site
from telemed.intake.device_store import KnownAlready
from telemed.intake.devices import WITH_CONSUMABLES, MeasuringDevice
from telemed.intake.drivers import DRIVERS, Kind
from telemed.services import Services, View
from telemed.web import admin_desk as desk
from telemed.web.admin_sites import site_name
from telemed.web.device_words import KIND_WORDS, STANDING_WORDS
from telemed.web.forms import Form
from telemed.web.place_names import named_kiosks

LABELS = {
    "driver": "What it measures",
    "name": "Make and model",
    "serial": "Serial number",
    "calibrated_on": "Calibrated on",
    "calibrate_by": "Calibrate by",
    "lot": "Lot of the strips",
    "lot_expires": "Strips expire on",
    "remaining": "Strips left",
}
MOST_STRIPS = 9_999


class Table(NamedTuple):
    """Where a device stands, and which day it is there."""

    kiosk: Kiosk
    site: Site
    name: str
    today: date


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the list of a kiosk's devices and the pages of one."""
    _add_list(blueprint, services)
    _add_one(blueprint, services)


def _add_list(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/kiosks/<uuid:kiosk_id>/devices")
    def devices(kiosk_id: UUID) -> str:
        with services.view() as view:
            table = _table(services, view, kiosk_id)
            found = view.measuring.at_kiosk(kiosk_id)
        shown = [(each, each.standings(table.today)) for each in found]
        return render_template(
            "admin/devices.html",
            **table._asdict(),
            devices=shown,
            kind_words=KIND_WORDS,
            standing_words=STANDING_WORDS,
            words=desk.words(),
        )

    @blueprint.get("/kiosks/<uuid:kiosk_id>/devices/new")
    def new_device(kiosk_id: UUID) -> str:
        return _form(services, kiosk_id, Form({}))

    @blueprint.post("/kiosks/<uuid:kiosk_id>/devices/new")
    def add_device(kiosk_id: UUID) -> ResponseReturnValue:
        form = desk.sent()
        with services.view() as view:
            today = _table(services, view, kiosk_id).today
        driver = DRIVERS.get(form.choice("driver", DRIVERS))
        name = form.text("name", 60, needed=True)
        serial = form.text("serial", 40, needed=True)
        if driver is not None and form.fine:
            made = MeasuringDevice(
                uuid7(), kiosk_id, driver.kind, name, serial, driver.name, services.clock.now()
            )
            changed = _kept(form, made, today)
            if changed is not None:
                try:
                    with services.unit(g.reader) as unit:
                        unit.measuring.add(changed)
                    return redirect(url_for("admin.devices", kiosk_id=kiosk_id), code=303)
                except KnownAlready:
                    form.refuse("serial", "known_device")
        return _form(services, kiosk_id, form), 422


def _add_one(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/devices/<uuid:device_id>")
    def device(device_id: UUID) -> str:
        with services.view() as view:
            found = view.measuring.get(device_id)
        return _form(services, found.kiosk_id, Form(_filled(found)), found)

    @blueprint.post("/devices/<uuid:device_id>")
    def change_device(device_id: UUID) -> ResponseReturnValue:
        form = desk.sent()
        with services.view() as view:
            found = view.measuring.get(device_id)
            today = _table(services, view, found.kiosk_id).today
        changed = _kept(form, found, today)
        if changed is None:
            return _form(services, found.kiosk_id, form, found), 422
        was = form.sent.get("was", "")
        try:
            if was != str(found.version):
                raise StaleVersion("the form shows an older version")
            with services.unit(g.reader) as unit:
                unit.measuring.change(changed)
        except StaleVersion:
            return _form(services, found.kiosk_id, form, found, stale=True), 409
        return redirect(url_for("admin.devices", kiosk_id=found.kiosk_id), code=303)

    @blueprint.post("/devices/<uuid:device_id>/retire")
    def retire_device(device_id: UUID) -> ResponseReturnValue:
        with services.unit(g.reader) as unit:
            found = unit.measuring.get(device_id)
            unit.measuring.retire(device_id, unit.now)
        return redirect(url_for("admin.devices", kiosk_id=found.kiosk_id), code=303)


def _kept(form: Form, device: MeasuringDevice, today: date) -> MeasuringDevice | None:
    """The device with what the form says of calibration and strips; None when something is wrong."""
    calibrated_on = _day(form, "calibrated_on", today)
    calibrate_by = _day(form, "calibrate_by", today)
    if calibrated_on and calibrated_on > today:
        form.refuse("calibrated_on", "future")
    if calibrated_on and calibrate_by and calibrate_by <= calibrated_on:
        form.refuse("calibrate_by", "not_after")
    changed = replace(device, calibrated_on=calibrated_on, calibrate_by=calibrate_by)
    if device.kind in WITH_CONSUMABLES:
        left = form.whole("remaining", 0, MOST_STRIPS) if form.sent.get("remaining", "").strip() else None
        changed = replace(
            changed, lot=form.text("lot", 40), lot_expires=_day(form, "lot_expires", today), remaining=left
        )
    return changed if form.fine else None


def _day(form: Form, name: str, today: date) -> date | None:
    """A day in the past or ahead, or None when the field is empty."""
    return form.day(name, today, past=True) if form.sent.get(name, "").strip() else None


def _filled(device: MeasuringDevice) -> dict[str, str]:
    days = {name: getattr(device, name) for name in ("calibrated_on", "calibrate_by", "lot_expires")}
    told = {name: day.isoformat() for name, day in days.items() if day is not None}
    left = {} if device.remaining is None else {"remaining": str(device.remaining)}
    return {**told, **left, "lot": device.lot}


def _form(
    services: Services,
    kiosk_id: UUID,
    form: Form,
    device: MeasuringDevice | None = None,
    stale: bool = False,
) -> str:
    with services.view() as view:
        table = _table(services, view, kiosk_id)
    kinds: dict[str, Kind] = {driver.name: driver.kind for driver in DRIVERS.values()}
    return render_template(
        "admin/device.html",
        **table._asdict(),
        form=form,
        device=device,
        stale=stale,
        was=device.version if device else None,
        labels={name: desk.t(said) for name, said in LABELS.items()},
        back=url_for("admin.devices", kiosk_id=kiosk_id),
        about=desk.t("Devices"),
        driver_options=[(name, desk.t(KIND_WORDS[kind])) for name, kind in kinds.items()],
        with_strips=device is None or device.kind in WITH_CONSUMABLES,
    )


def _table(services: Services, view: View, kiosk_id: UUID) -> Table:
    [kiosk] = named_kiosks(g.lang, view.book, [view.book.kiosk(kiosk_id)])
    site = view.book.site(kiosk.site_id)
    today = view.now.astimezone(ZoneInfo(site.time_zone)).date()
    return Table(kiosk, site, site_name(services, view, site), today)
