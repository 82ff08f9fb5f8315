"""Sites for the coordinator: the list, and one page for each with hours, special days, kiosks and outages."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, g, render_template, request

from scheduling.places import Kiosk, Site
from telemed.accounts.devices import KioskDevice
from telemed.intake.devices import MeasuringDevice
from telemed.services import Services, View
from telemed.visits import owed, stopping
from telemed.visits.changes import mark
from telemed.visits.lines import site_lines
from telemed.web import admin_desk as desk
from telemed.web.device_words import worries_of
from telemed.web.line_chart import chart
from telemed.web.place_names import KINDS, named_kiosks, place_names

PAGE = 50
OUTAGES = {"maintenance": "Maintenance", "clerk_away": "Clerk away", "line": "No line"}
"""What an outage is called; message ids."""


@dataclass(frozen=True)
class Counter:
    """One kiosk as the coordinator sees it."""

    kiosk: Kiosk
    device: KioskDevice | None
    table: tuple[MeasuringDevice, ...] = ()
    worries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One site in the list."""

    site: Site
    name: str
    today: tuple[str, ...]
    counters: tuple[Counter, ...]


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the list of sites and the page of one site."""

    @blueprint.get("")
    def sites() -> str:
        place = request.args.get("place", "")[:60].strip()
        with services.view() as view:
            found = _named(services, view, place)
            pages = max(1, -(-len(found) // PAGE))
            page = min(max(request.args.get("page", 1, type=int), 1), pages)
            lines = [_line(services, view, *pair) for pair in found[(page - 1) * PAGE : page * PAGE]]
            alarms, unanswered = view.alarms.count_open(desk.me().facility_id), _unanswered(view)
        return render_template(
            "admin/sites.html",
            lines=lines,
            alarms=alarms,
            unanswered=unanswered,
            place=place,
            found=len(found),
            page=page,
            pages=pages,
            kinds=KINDS,
            when=desk.when(services),
            clocks=desk.clocks(services),
        )

    @blueprint.get("/sites/<uuid:site_id>")
    def site(site_id: UUID) -> str:
        with services.view() as view:
            page = _page(services, view, view.book.site(site_id))
        return render_template(
            "admin/site.html",
            **page,
            kinds=KINDS,
            outage_words=OUTAGES,
            words=desk.words(),
            when=desk.when(services),
            clocks=desk.clocks(services),
        )


def _unanswered(view: View) -> int:
    """How much waits for somebody of the coordinator's facility who does not come."""
    facility_id = desk.me().facility_id
    if facility_id is None:
        return 0
    silent = stopping.unanswered(view.connection, facility_id, view.now)
    return len(owed.at_coordinator(view.connection, view.now, facility_id)) + len(silent)


def site_name(services: Services, view: View, site: Site) -> str:
    """What a site is called in the reader's language."""
    return place_names(services.texts, g.lang, view.book, [site])(site)


def _named(services: Services, view: View, place: str) -> list[tuple[str, Site]]:
    """The sites with this in their name, as it is written there or as the page writes it, by name."""
    sites = view.book.sites()
    name = place_names(services.texts, g.lang, view.book, sites)
    wanted = place.casefold()
    found = [(name(each), each) for each in sites if wanted in f"{each.name} {name(each)}".casefold()]
    return sorted(found, key=lambda pair: (pair[0].casefold(), pair[1].id))


def _line(services: Services, view: View, name: str, site: Site) -> Line:
    words, where = desk.words(), ZoneInfo(site.time_zone)
    open_today = view.book.site_calendar(site.id).opening(view.now.astimezone(where).date())
    spans = [
        (span.starts_at.astimezone(where).time(), span.ends_at.astimezone(where).time())
        for span in open_today
    ]
    return Line(site, name, tuple(words.span(*span) for span in spans), counters(view, site))


def counters(view: View, site: Site) -> tuple[Counter, ...]:
    """The kiosks of a site and the devices that play them."""
    devices = view.accounts.devices
    kiosks = named_kiosks(g.lang, view.book, view.book.kiosks(site.id))
    today = view.now.astimezone(ZoneInfo(site.time_zone)).date()
    return tuple(
        Counter(kiosk, devices.of_kiosk(kiosk.id), table, worries_of(table, today))
        for kiosk in kiosks
        for table in [tuple(view.measuring.at_kiosk(kiosk.id))]
    )


def _page(services: Services, view: View, site: Site) -> dict[str, object]:
    where = ZoneInfo(site.time_zone)
    today = view.now.astimezone(where).date()
    stops = view.book.stops(site_id=site.id)
    kiosks = view.book.kiosks() if stops else view.book.kiosks(site.id)
    labels = {kiosk.id: kiosk.label for kiosk in named_kiosks(g.lang, view.book, kiosks)}
    settlement = view.book.settlement(site.settlement_code)
    return {
        "site": site,
        "name": site_name(services, view, site),
        "settlement": settlement.name_latin
        if g.lang == "en"
        else f"{settlement.name}, {settlement.municipality}",
        "hours": {day: [each for each in site.hours if each.weekday == day] for day in range(7)},
        "counters": counters(view, site),
        "lines": [
            chart(services.texts, g.lang, line, where, labels[line.kiosk.id])
            for line in site_lines(view.book, site.id, view.now)
        ],
        "special_days": _by_day(view, site, today),
        "outages": view.book.outages(site.id, view.now),
        "stops": [(mark(stop), stop) for stop in stops],
        "labels": labels,
        "said": desk.said(services, where),
    }


def _by_day(view: View, site: Site, today: date) -> list[tuple[date, list[object]]]:
    days: dict[date, list[object]] = {}
    for each in view.book.site_days(site.id, today):
        days.setdefault(each.day, []).append(each)
    return list(days.items())
