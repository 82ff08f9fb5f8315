"""A doctor's own telephone: told by the doctor, for what they agree to, and taken back at any time."""

from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from telemed import clock, database
from telemed.accounts.phones import Phones, StaffPhone
from telemed.countries import packs
from telemed.services import Services
from telemed.web.forms import Form


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount `clinic.phone`, `.keep_phone` and `.drop_phone`."""

    @blueprint.get("/phone")
    def phone() -> str:
        return _page(services, Form({}))

    @blueprint.post("/phone")
    def keep_phone() -> ResponseReturnValue:
        form = Form(request.form)
        typed = form.text("phone", 24, needed=True)
        number = services.country.telephone_number(typed)
        calls, pages = form.flag("calls"), form.flag("pages")
        if typed and number is None:
            form.refuse("phone", "telephone")
        if not calls and not pages:
            form.refuse("calls", "none")
        if pages and number is not None and not packs.is_mobile(number):
            form.refuse("pages", "no_sms_there")
        if not form.fine or number is None:
            return _page(services, form), 422
        own = StaffPhone(g.staff.id, number, calls, pages, clock.real_now())
        with database.write(services.engine) as connection:
            Phones(connection).keep(own)
        return redirect(url_for("clinic.phone"), code=303)

    @blueprint.post("/phone/end")
    def drop_phone() -> ResponseReturnValue:
        with database.write(services.engine) as connection:
            Phones(connection).forget(g.staff.id)
        return redirect(url_for("clinic.phone"), code=303)


def _page(services: Services, form: Form) -> str:
    account_id: UUID = g.staff.id
    with services.view() as view:
        own = Phones(view.connection).of(account_id)
    return render_template("clinic/phone.html", own=own, form=form)
