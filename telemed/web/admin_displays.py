"""Screens with the queue, for the coordinator: one address for each screen, shown once, ended at any time."""

from uuid import UUID

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from telemed import clock, database
from telemed.accounts.displays import DisplayStore
from telemed.services import Services
from telemed.web import admin_desk as desk
from telemed.web.admin_sites import site_name
from telemed.web.clinic_queue import add_wishes
from telemed.web.problems import Refusal


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the screens' doors, and the waiting list as doctors have it."""
    add_wishes(blueprint, services)

    @blueprint.get("/sites/<uuid:site_id>/screens")
    def displays(site_id: UUID) -> str:
        return _page(services, site_id, None)

    @blueprint.post("/sites/<uuid:site_id>/screens")
    def make_display(site_id: UUID) -> str:
        with services.view() as view:
            view.book.site(site_id)
        with database.write(services.engine) as connection:
            token = DisplayStore(connection).open(site_id, clock.real_now())
        origin = services.settings.public_origin.rstrip("/")
        return _page(services, site_id, f"{origin}/display/{token}?lang={g.lang}")

    @blueprint.post("/screens/<uuid:display_id>/end")
    def drop_display(display_id: UUID) -> ResponseReturnValue:
        with database.write(services.engine) as connection:
            site_id = DisplayStore(connection).close(display_id, clock.real_now())
        if site_id is None:
            raise Refusal("not-found")
        return redirect(url_for("admin.displays", site_id=site_id), code=303)


def _page(services: Services, site_id: UUID, address: str | None) -> str:
    with services.view() as view:
        site = view.book.site(site_id)
        name = site_name(services, view, site)
        screens = DisplayStore(view.connection).of_site(site_id)
    return render_template(
        "admin/displays.html",
        site=site,
        name=name,
        screens=screens,
        address=address,
        when=desk.when(services),
        clocks=desk.clocks(services),
    )
