"""Rosters of the coordinator's own facility: the week at a glance, and a week copied into others."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduling.hours import whole_days
from scheduling.people import Practitioner
from scheduling.stores.stranded import Scope
from telemed.services import Services, View
from telemed.visits import rosters as verbs
from telemed.web import admin_desk as desk
from telemed.web.admin_holidays import holiday_names
from telemed.web.forms import Form
from telemed.web.week import Grid, monday_of, week_of

WEEKS_AHEAD = 12
_WEEK = timedelta(days=7)
_FURTHEST = timedelta(days=730)


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the week view and the copying of a week."""

    @blueprint.get("/rosters")
    def rosters() -> str:
        with services.view() as view:
            facility = view.book.facility(desk.own_facility())
            today = view.now.astimezone(ZoneInfo(facility.time_zone)).date()
            monday = _week_asked_for(today)
            grid = _grid(view, monday)
            names = holiday_names(services, view, {day.year for day in grid.days})
        return render_template(
            "admin/rosters.html",
            facility=facility,
            grid=grid,
            holidays=names,
            today=today,
            this_week=monday_of(today),
            earlier=monday - _WEEK,
            later=monday + _WEEK,
            words=desk.words(),
        )

    @blueprint.get("/rosters/copy")
    def copy_week() -> ResponseReturnValue:
        today, people = _facility(services)
        return _show_copy(_week_asked_for(today), today, people, Form({}), False)

    @blueprint.post("/rosters/copy")
    def copied_week() -> ResponseReturnValue:
        (today, people), form = _facility(services), desk.sent()
        monday = _week_asked_for(today)
        who = form.one_of("who", [each.id for each in people])
        weeks = [
            week for week in _weeks_ahead(today) if form.flag(f"to-{week.isoformat()}") and week != monday
        ]
        if not weeks:
            form.refuse("weeks", "missing")
        chosen = [each for each in people if who in (None, each.id)]
        return desk.settle(
            services,
            form,
            _reach(services, chosen, weeks),
            lambda unit: verbs.copy_week(unit, chosen, monday, weeks),
            partial(_show_copy, monday, today, people),
            url_for("admin.rosters", week=weeks[0].isoformat() if weeks else None),
        )


def _grid(view: View, monday: date) -> Grid:
    facility_id = desk.own_facility()
    people = view.book.practitioners(facility_id)
    changed = [
        each
        for who in people
        for each in view.book.duty_days(who.id, monday, 7)
        if each.facility_id == facility_id
    ]
    leaves = [each for who in people for each in view.book.leave_of(who.id, monday)]
    return week_of(monday, people, view.book.shifts(facility_id=facility_id), changed, leaves)


def _facility(services: Services) -> tuple[date, list[Practitioner]]:
    with services.view() as view:
        facility = view.book.facility(desk.own_facility())
        return view.now.astimezone(ZoneInfo(facility.time_zone)).date(), view.book.practitioners(facility.id)


def _week_asked_for(today: date) -> date:
    """The Monday in the address; what is no day, or absurdly far, is this week."""
    try:
        asked = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        asked = today
    return monday_of(asked if abs(asked - today) < _FURTHEST else today)


def _weeks_ahead(today: date) -> list[date]:
    first = monday_of(today)
    return [first + number * _WEEK for number in range(WEEKS_AHEAD + 1)]


def _reach(services: Services, people: Sequence[Practitioner], weeks: Sequence[date]) -> Scope:
    zone = desk.zone(services)
    window = whole_days(weeks[0], (weeks[-1] - weeks[0]).days + 7, zone) if weeks else None
    return Scope(practitioner_ids=[each.id for each in people], window=window)


def _show_copy(
    monday: date, today: date, people: Sequence[Practitioner], form: Form, stale: bool
) -> ResponseReturnValue:
    return render_template(
        "admin/copy_week.html",
        form=form,
        stale=stale,
        labels=desk.labels(),
        was="",
        about=desk.t("Rosters"),
        back=url_for("admin.rosters", week=monday.isoformat()),
        words=desk.words(),
        monday=monday,
        weeks=[week for week in _weeks_ahead(today) if week != monday],
        who_options=[(each.id, each.name) for each in people],
    )
