"""The message centre: how messages fare, each one's story, sending again by hand, who is left in peace."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from telemed.messages import overview
from telemed.messages.overview import Overview, Tally
from telemed.services import Services
from telemed.visits import message_centre, peace
from telemed.visits.posting import QUIET
from telemed.web import admin_desk as desk
from telemed.web import message_words
from telemed.web.forms import Form
from telemed.web.place_names import place_names
from telemed.web.problems import Refusal

PURPOSE = "looking after messages"
SPANS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31)}
_MILLION = 1_000_000
_MOST_PLACES = 20
_WHY_LENGTH = 200


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the message centre's doors."""

    @blueprint.get("/messages")
    def messages() -> str:
        return _overview(services)

    @blueprint.get("/messages/of/<uuid:appointment_id>")
    def story(appointment_id: UUID) -> ResponseReturnValue:
        return _story(services, appointment_id, None)

    @blueprint.post("/messages/<uuid:message_id>/again")
    def send_again(message_id: UUID) -> ResponseReturnValue:
        asked = request.form.get("why")
        why = next((each for each in message_centre.REASONS if each == asked), None)
        if why is None:
            raise Refusal("bad-request")
        with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
            found = message_centre.send_again(unit, desk.own_facility(), message_id, why, QUIET)
        appointment_id, refusal = found
        if refusal is not None:
            return _story(services, appointment_id, refusal)
        return redirect(url_for("admin.story", appointment_id=appointment_id), code=303)

    @blueprint.get("/messages/stopped")
    def stopped() -> str:
        return _stop_list(services, Form({}))

    @blueprint.post("/messages/stopped/<uuid:row_id>")
    def lift(row_id: UUID) -> ResponseReturnValue:
        form = Form(request.form)
        why = form.text("why", _WHY_LENGTH, needed=True)
        if not form.fine:
            return _stop_list(services, form), 400
        with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
            peace.lift(unit, desk.own_facility(), row_id, why)
        return redirect(url_for("admin.stopped"), code=303)


def _overview(services: Services) -> str:
    span = request.args.get("span", "day")
    span = span if span in SPANS else "day"
    with services.view() as view:
        store = Overview(view.connection)
        tallies = store.tallies(view.now - SPANS[span])
        waiting, carriers = store.waiting(view.now), store.carriers()
        recent, usual = store.delivery(view.now)
        fallen = store.has_fallen(view.now)
        sites = {site.id: site for site in view.book.sites()}
        place = place_names(services.texts, g.lang, view.book, list(sites.values()))
        names = {key: place(site) for key, site in sites.items()}
        calls_at = [(names[site_id], number) for site_id, number in store.calls_by_site()]
        now = view.now
    places = _by_place(names, tallies)
    return render_template(
        "admin/messages.html",
        span=span,
        waiting=waiting,
        by_carrier=_by_carrier(services, tallies),
        calls_at=calls_at,
        ends=overview.ends,
        cost=_cost,
        carriers=[each for each in carriers if each.open_until is not None],
        places=places,
        fallen=fallen,
        recent=recent,
        usual=usual,
        now=now,
        per_cent=_per_cent,
        words=message_words,
        when=desk.when(services),
    )


def _by_carrier(services: Services, tallies: Sequence[Tally]) -> list[tuple[str, Sequence[Tally]]]:
    return [
        (services.texts.translate(g.lang, message_words.carrier(name)), rows)
        for name, rows in overview.by_carrier(tallies).items()
    ]


def _by_place(names: Mapping[UUID, str], tallies: Sequence[Tally]) -> list[tuple[str, Sequence[Tally]]]:
    of: dict[UUID, list[Tally]] = {}
    for each in tallies:
        if each.site_id is not None and each.site_id in names:
            of.setdefault(each.site_id, []).append(each)

    def worst_first(pair: tuple[UUID, Sequence[Tally]]) -> tuple[float, str]:
        share = overview.ends(pair[1]).share
        return (2.0 if share is None else share, names[pair[0]])

    return [(names[site_id], rows) for site_id, rows in sorted(of.items(), key=worst_first)[:_MOST_PLACES]]


def _story(services: Services, appointment_id: UUID, refusal: str | None) -> ResponseReturnValue:
    with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
        found = message_centre.story(unit, desk.own_facility(), appointment_id)
        place = place_names(services.texts, g.lang, unit.book, [found.site])(found.site)
    page = render_template(
        "admin/message_story.html",
        story=found,
        place=place,
        refusal=refusal,
        reasons=message_centre.REASONS,
        words=message_words,
        cost=_cost,
        said=desk.said(services, ZoneInfo(found.site.time_zone)),
    )
    return (page, 409) if refusal else page


def _stop_list(services: Services, form: Form) -> str:
    with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
        lines = peace.stopped(unit, desk.own_facility())
    return render_template(
        "admin/stop_list.html",
        lines=lines,
        form=form,
        labels=desk.labels(),
        words=message_words,
        when=desk.when(services),
    )


def _cost(micros: int | None, currency: str | None) -> str:
    if micros is None or not currency:
        return ""
    return f"{Decimal(micros) / _MILLION:.2f} {currency}"


def _per_cent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"
