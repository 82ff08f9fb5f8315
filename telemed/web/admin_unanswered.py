"""What nobody has answered in time, for the coordinator: doctors, places and times, and no patient."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template

from scheduling.people import Practitioner
from scheduling.places import Site
from telemed.accounts.phones import Phones
from telemed.services import Services, View
from telemed.visits import owed, stopping
from telemed.web import admin_desk as desk
from telemed.web.admin_sites import site_name
from telemed.web.clinic_moves import STOPPED


@dataclass(frozen=True)
class Line:
    """One thing that waits: where, since when and for whom; `other` is the colleague who was told."""

    place: str
    since: str
    doctor: str
    phone: str | None = None
    other: str = ""
    answered: bool = False
    why: str = ""


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the page; nobody's record is read for it."""

    @blueprint.get("/unanswered")
    def unanswered() -> str:
        facility_id = desk.own_facility()
        with services.view() as view:
            answers = _answers(services, view, facility_id)
            clerks = _clerks(services, view, facility_id)
        return render_template(
            "admin/unanswered.html",
            answers=answers,
            clerks=clerks,
            emergency_number=services.country.emergency_number,
        )


def _answers(services: Services, view: View, facility_id: UUID) -> list[Line]:
    waiting = owed.at_coordinator(view.connection, view.now, facility_id)
    others = {each.visit_id: step.who for each in waiting for step in each.told if step.what == "another"}
    doctors = view.book.practitioners_of(
        {each.practitioner_id for each in waiting} | {*filter(None, others.values())}
    )
    lines = []
    for each in waiting:
        site, other = view.book.site(each.site_id), others.get(each.visit_id)
        lines.append(
            Line(
                site_name(services, view, site),
                _when(services, site)(each.wait.since),
                doctors[each.practitioner_id].name,
                other=doctors[other].name if other else "",
                answered=each.wait.why == "answer",
            )
        )
    return lines


def _clerks(services: Services, view: View, facility_id: UUID) -> list[Line]:
    calls = stopping.unanswered(view.connection, facility_id, view.now)
    doctors: dict[UUID, Practitioner] = (
        view.book.practitioners_of({each.called_by for each in calls}) if calls else {}
    )
    lines = []
    for call in calls:
        site, phone = view.book.site(call.site_id), Phones(view.connection).of_site(call.site_id)
        when, doctor = _when(services, site)(call.called_at), doctors[call.called_by].name
        lines.append(Line(site_name(services, view, site), when, doctor, phone, why=STOPPED[call.why]))
    return lines


def _when(services: Services, site: Site) -> Callable[[datetime], str]:
    return desk.said(services, ZoneInfo(site.time_zone)).when
