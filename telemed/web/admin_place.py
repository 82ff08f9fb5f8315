"""The site a form of the coordinator is about, and the page that shows such a form."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import g, render_template, url_for

from scheduling.hours import Span, whole_days
from scheduling.places import Kiosk, Site
from scheduling.stores.stranded import Scope
from telemed.services import Services
from telemed.web import admin_desk as desk
from telemed.web.admin_sites import site_name
from telemed.web.forms import Form
from telemed.web.place_names import named_kiosks


@dataclass(frozen=True)
class Place:
    """The site a form is about."""

    site: Site
    name: str
    now: datetime
    kiosks: tuple[Kiosk, ...]
    kits: tuple[tuple[Kiosk, str], ...]

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the place."""
        return ZoneInfo(self.site.time_zone)

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(self.zone).date()

    @property
    def address(self) -> str:
        """The page of the site."""
        return url_for("admin.site", site_id=self.site.id)

    def reach(self, window: Span | None = None) -> Scope:
        """Whose appointments a change here can strand."""
        return Scope(site_ids=[self.site.id], window=window)

    def day(self, day: date) -> Span:
        """One local day."""
        return whole_days(day, 1, self.zone)


def place_of(services: Services, site_id: UUID) -> Place:
    """The site, its kiosks, and the kits that could call there."""
    with services.view() as view:
        site = view.book.site(site_id)
        sites = {each.id: each for each in view.book.sites()} if site.kind == "route_stop" else {}
        travelling = {stop.kiosk_id for stop in view.book.stops()} if sites else set()
        kits = [
            (kiosk, f"{kiosk.label} ({site_name(services, view, sites[kiosk.site_id])})")
            for kiosk in named_kiosks(g.lang, view.book, view.book.kiosks() if sites else [])
            if kiosk.id in travelling or sites[kiosk.site_id].kind == "route_stop"
        ]
        kiosks = tuple(named_kiosks(g.lang, view.book, view.book.kiosks(site_id)))
        return Place(site, site_name(services, view, site), view.now, kiosks, tuple(kits))


def form_page(
    template: str,
    place: Place,
    form: Form,
    stale: bool,
    **values: object,
) -> str:
    """One form about a site, with what was typed and what is wrong with it."""
    return render_template(
        f"admin/{template}.html",
        form=form,
        stale=stale,
        labels=desk.labels(),
        about=place.name,
        back=place.address,
        words=desk.words(),
        **{"was": "", **values},
    )
