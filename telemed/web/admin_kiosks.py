"""Kiosks for the coordinator: a code that enrols one, and shutting one out after a second look."""

from uuid import UUID

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from telemed import clock, database
from telemed.accounts.store import AccountStore
from telemed.notices import Notices
from telemed.services import Services
from telemed.web.admin_sites import site_name
from telemed.web.place_names import named_kiosks


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the kiosks' doors."""

    @blueprint.post("/kiosks/<uuid:kiosk_id>/code")
    def make_code(kiosk_id: UUID) -> str:
        with services.view() as view:
            [kiosk] = named_kiosks(g.lang, view.book, [view.book.kiosk(kiosk_id)])
            site = view.book.site(kiosk.site_id)
            name = site_name(services, view, site)
        with database.write(services.engine) as connection:
            code = AccountStore(connection).devices.make_code(kiosk_id, clock.real_now())
        address = services.settings.public_origin.rstrip("/") + "/kiosk/enrol"
        return render_template(
            "admin/code.html", kiosk=kiosk, site=site, name=name, code=code, enrol_address=address
        )

    @blueprint.get("/kiosks/<uuid:kiosk_id>/revoke")
    def revoke(kiosk_id: UUID) -> str:
        with services.view() as view:
            [kiosk] = named_kiosks(g.lang, view.book, [view.book.kiosk(kiosk_id)])
            site = view.book.site(kiosk.site_id)
            name = site_name(services, view, site)
        return render_template("admin/revoke.html", kiosk=kiosk, site=site, name=name)

    @blueprint.post("/kiosks/<uuid:kiosk_id>/revoke")
    def revoked(kiosk_id: UUID) -> ResponseReturnValue:
        with services.view() as view:
            site_id = view.book.kiosk(kiosk_id).site_id
        now = clock.real_now()
        with database.write(services.engine) as connection:
            devices = AccountStore(connection).devices
            device = devices.of_kiosk(kiosk_id)
            if device is not None:
                devices.revoke(kiosk_id, now)
                Notices(connection).say("close-session", device.reference, now)
        return redirect(url_for("admin.site", site_id=site_id), code=303)
