"""Kinds of visits, which all facilities share, and who of one's own facility offers them."""

import re
from collections.abc import Mapping
from functools import partial
from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from scheduling.reminders import Kind
from scheduling.stores.stranded import Scope
from scheduling.visit_types import Channel, VisitType
from telemed.services import Services
from telemed.texts import STAFF_LANGUAGES, staff_languages
from telemed.unit import Unit
from telemed.visits import rosters, sites
from telemed.visits.changes import mark
from telemed.web import admin_desk as desk
from telemed.web.forms import Form

CHANNELS: Mapping[Channel, str] = {"video": "video", "audio": "sound only", "written": "in writing"}
"""How a visit can be held, best first; message ids of the context "channel"."""

REMINDERS: Mapping[Kind, str] = {
    "three_days": "three days before",
    "day_before": "the day before",
    "two_hours": "two hours before",
}
"""The reminders a kind of visit may have; message ids of the context "reminder"."""

_NUMBERS = {
    "minutes": (5, 240),
    "buffer_minutes": (0, 120),
    "lead_minutes": (0, 43_200),
    "cancel_minutes": (0, 43_200),
}
_SHORT_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")
_SERVICE = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the list of kinds, the form for one, and the form for who offers what."""
    _add_list(blueprint, services)
    _add_types(blueprint, services)
    _add_offers(blueprint, services)


def _add_list(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/visit-types")
    def visit_types() -> str:
        with services.view() as view:
            people, offers = view.book.practitioners(desk.me().facility_id), view.book.offers()
            lines = [
                {
                    "type": each,
                    "name": desk.named(each.names),
                    "offered_by": [who for who in people if each.id in offers.get(who.id, ())],
                }
                for each in view.book.visit_types()
            ]
        return render_template("admin/visit_types.html", lines=lines, channels=CHANNELS)


def _add_types(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/visit-types/new")
    def new_visit_type() -> ResponseReturnValue:
        usual = {"minutes": "20", "buffer_minutes": "0", "lead_minutes": "0", "cancel_minutes": "0"}
        ticked = {"service": "general", "needs_kiosk": "yes", "reminders_usual": "yes"} | {
            f"channel_{each}": "yes" for each in CHANNELS
        }
        return _show(None, Form(usual | ticked), False)

    @blueprint.post("/visit-types/new")
    def add_visit_type() -> ResponseReturnValue:
        form = desk.sent()
        short = form.text("id", 20, needed=True)
        if short and not _SHORT_NAME.fullmatch(short):
            form.refuse("id", "short_name")
        if short in {each.id for each in _known(services)} | {"new"}:
            form.refuse("id", "known")
        return _save(services, form, _read(form, short), None)

    @blueprint.get("/visit-types/<visit_type_id>")
    def visit_type(visit_type_id: str) -> ResponseReturnValue:
        with services.view() as view:
            known = view.book.visit_type(visit_type_id)
        fields = {f"name_{code}": name for code, name in known.names.items()}
        fields |= {name: str(getattr(known, name)) for name in _NUMBERS} | {"service": known.service}
        fields |= {f"channel_{each}": "yes" for each in known.channels}
        fields |= {name: "yes" for name in ("needs_kiosk", "needs_clerk") if getattr(known, name)}
        fields |= {f"reminder_{each}": "yes" for each in known.reminders or ()}
        fields |= {"reminders_usual": "yes"} if known.reminders is None else {}
        return _show(known, Form(fields), False)

    @blueprint.post("/visit-types/<visit_type_id>")
    def change_visit_type(visit_type_id: str) -> ResponseReturnValue:
        with services.view() as view:
            known = view.book.visit_type(visit_type_id)
        form = desk.sent()
        return _save(services, form, _read(form, known.id, known), known)


def _known(services: Services) -> list[VisitType]:
    with services.view() as view:
        return view.book.visit_types()


def _read(form: Form, short: str, known: VisitType | None = None) -> VisitType | None:
    # What it is called in the kiosks' other languages is not on this form and stays as it is.
    names = dict(known.names if known else {}) | {
        code: form.text(f"name_{code}", 60, needed=True) for code in STAFF_LANGUAGES
    }
    service = form.text("service", 40, needed=True)
    if service and not _SERVICE.fullmatch(service):
        form.refuse("service", "short_name")
    numbers = {name: form.whole(name, *limits) for name, limits in _NUMBERS.items()}
    channels = tuple(each for each in CHANNELS if form.flag(f"channel_{each}"))
    if not channels:
        form.refuse("channel_video", "none")
    own = tuple(each for each in REMINDERS if form.flag(f"reminder_{each}"))
    if not form.fine:
        return None
    return VisitType(
        id=short,
        names=names,
        service=service,
        channels=channels,
        needs_kiosk=form.flag("needs_kiosk"),
        needs_clerk=form.flag("needs_clerk"),
        **numbers,
        reminders=None if form.flag("reminders_usual") else own,
    )


def _save(
    services: Services, form: Form, made: VisitType | None, known: VisitType | None
) -> ResponseReturnValue:
    was = form.sent.get("was", "")

    def change(unit: Unit) -> None:
        if made is not None and known is None:
            sites.add_visit_type(unit, made)
        elif made is not None:
            sites.change_visit_type(unit, made, was)

    # What is booked keeps its time: whether it needs the clerk is looked at with the new kind all the same.
    return desk.settle(services, form, Scope(), change, partial(_show, known), url_for("admin.visit_types"))


def _show(known: VisitType | None, form: Form, stale: bool) -> ResponseReturnValue:
    return render_template(
        "admin/visit_type.html",
        form=form,
        stale=stale,
        was=mark(known) if known else "",
        known=known,
        name=desk.named(known.names) if known else "",
        labels=desk.labels() | {f"name_{code}": name for code, name in staff_languages()},
        about=desk.t("Kinds of visits"),
        back=url_for("admin.visit_types"),
        languages=list(staff_languages()),
        channel_options=[(each, desk.t_in("channel", said)) for each, said in CHANNELS.items()],
        reminder_options=[(each, desk.t_in("reminder", said)) for each, said in REMINDERS.items()],
    )


def _add_offers(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/rosters/<uuid:practitioner_id>/offers")
    def offers(practitioner_id: UUID) -> ResponseReturnValue:
        return _show_offers(services, practitioner_id, None, False)

    @blueprint.post("/rosters/<uuid:practitioner_id>/offers")
    def set_offers(practitioner_id: UUID) -> ResponseReturnValue:
        form = desk.sent()
        with services.view() as view:
            who = rosters.own_practitioner(view.book, practitioner_id, desk.own_facility())
            chosen = [each.id for each in view.book.visit_types() if form.flag(f"type_{each.id}")]
        was = form.sent.get("was", "")
        return desk.settle(
            services,
            form,
            Scope(practitioner_ids=[who.id]),
            lambda unit: rosters.set_offers(unit, who, chosen, was),
            lambda again, stale: _show_offers(services, practitioner_id, again, stale),
            url_for("admin.roster", practitioner_id=practitioner_id),
        )


def _show_offers(
    services: Services, practitioner_id: UUID, form: Form | None, stale: bool
) -> ResponseReturnValue:
    with services.view() as view:
        who = rosters.own_practitioner(view.book, practitioner_id, desk.own_facility())
        offered, types = sorted(view.book.offers().get(who.id, ())), view.book.visit_types()
    return render_template(
        "admin/offers.html",
        form=form or Form({f"type_{each}": "yes" for each in offered}),
        stale=stale,
        was=mark(offered),
        labels=desk.labels(),
        about=who.name,
        back=url_for("admin.roster", practitioner_id=who.id),
        practitioner=who,
        type_options=[(each.id, desk.named(each.names)) for each in types],
    )
