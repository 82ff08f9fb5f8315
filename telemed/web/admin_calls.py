"""How the calls of one site went, for the coordinator: by day, and the worst; no patient is named."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, g, render_template

from telemed.call_quality import CallQuality
from telemed.services import Services
from telemed.visits.call_summary import DAYS, site_calls
from telemed.web import admin_desk as desk
from telemed.web import quality_chart as chart
from telemed.web.admin_sites import site_name
from telemed.web.moments import Moments


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the page of a site's calls."""

    @blueprint.get("/sites/<uuid:site_id>/calls")
    def calls(site_id: UUID) -> str:
        with services.view() as view:
            site = view.book.site(site_id)
            name, zone = site_name(services, view, site), ZoneInfo(site.time_zone)
            shares = CallQuality(view.connection).of_site(site_id, view.now - timedelta(days=DAYS))
            found = site_calls(shares, zone, view.now.astimezone(zone).date())
        said = Moments(services.texts, g.lang, zone)
        return render_template(
            "admin/calls.html",
            site=site,
            name=name,
            all=chart.of_stretch(found.all, g.lang),
            columns=chart.columns(found, g.lang),
            days=chart.of_days(found, g.lang),
            worst=[chart.of_call(call, g.lang, said.when(call.since)) for call in found.worst],
            drawing=(chart.WIDTH, chart.HEIGHT),
            rungs=chart.RUNG_WORDS,
            look_back=DAYS,
            clocks=desk.clocks(services),
        )
