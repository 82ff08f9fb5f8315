"""The handset at a site's kiosk: its number, for visits whose line carries no call."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from telemed import clock, database
from telemed.accounts.phones import Phones
from telemed.services import Services
from telemed.web import admin_desk as desk
from telemed.web.admin_sites import site_name
from telemed.web.forms import Form


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount `admin.phone` and `admin.keep_phone`."""

    @blueprint.get("/sites/<uuid:site_id>/phone")
    def phone(site_id: UUID) -> str:
        return _page(services, site_id, None)

    @blueprint.post("/sites/<uuid:site_id>/phone")
    def keep_phone(site_id: UUID) -> ResponseReturnValue:
        form = Form(request.form)
        typed = form.text("phone", 24)
        number = services.country.telephone_number(typed) if typed else None
        if typed and number is None:
            form.refuse("phone", "telephone")
            return _page(services, site_id, form), 422
        with services.view() as view:
            view.book.site(site_id)
        with database.write(services.engine) as connection:
            Phones(connection).keep_at_site(site_id, number, desk.me().id, clock.real_now())
        return redirect(url_for("admin.site", site_id=site_id), code=303)


def _page(services: Services, site_id: UUID, form: Form | None) -> str:
    with services.view() as view:
        site = view.book.site(site_id)
        name = site_name(services, view, site)
        kept = Phones(view.connection).of_site(site_id)
    shown = form or Form({"phone": kept or ""})
    return render_template("admin/phone.html", site=site, name=name, kept=kept, form=shown)
