"""One practitioner's roster: weekly hours from a day on, a single day, leave; only of one's own facility."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from scheduling.hours import Span, whole_days
from scheduling.people import Practitioner
from scheduling.places import Facility
from scheduling.rosters import DutyDay, Leave, Shift
from scheduling.stores.stranded import Scope
from telemed.services import Services
from telemed.visits import rosters as verbs
from telemed.visits.changes import mark
from telemed.web import admin_desk as desk
from telemed.web.forms import FURTHEST_YEARS, Form, filled
from telemed.web.week import Cell, cell, periods_of

SPANS = 2
DAY_SPANS = 3
_AHEAD = 366
_HOWS = {"weekly": "As every week", "off": "Free", "other": "Other hours"}


@dataclass(frozen=True)
class Roster:
    """All that is known about when one practitioner works from today on."""

    who: Practitioner
    facility: Facility
    today: date
    shifts: list[Shift]
    duty_days: list[DutyDay]
    leaves: list[Leave]
    offered: tuple[str, ...]

    @property
    def address(self) -> str:
        """The practitioner's page."""
        return url_for("admin.roster", practitioner_id=self.who.id)

    def reach(self, first: date | None = None, last: date | None = None) -> Scope:
        """Whose appointments a change of these days can strand."""
        zone, window = ZoneInfo(self.facility.time_zone), None
        if first is not None and last is not None:
            window = whole_days(first, (last - first).days + 1, zone)
        elif first is not None:
            window = Span(whole_days(first, 1, zone).starts_at, whole_days(self.furthest, 1, zone).ends_at)
        return Scope(practitioner_ids=[self.who.id], window=window)

    @property
    def furthest(self) -> date:
        """The last day that a form may speak of, and a little more."""
        return self.today + timedelta(days=366 * (FURTHEST_YEARS + 1))

    def on(self, day: date) -> Cell:
        """What is worked on a day."""
        changed = [each for each in self.duty_days if each.day == day]
        return cell(
            self.who.id, day, self.shifts, {(self.who.id, day): changed} if changed else {}, self.leaves
        )


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount a practitioner's page and its forms."""

    @blueprint.get("/rosters/<uuid:practitioner_id>")
    def roster(practitioner_id: UUID) -> str:
        known, words = roster_of(services, practitioner_id), desk.words()
        days = {each.day: [row for row in known.duty_days if row.day == each.day] for each in known.duty_days}
        return render_template(
            "admin/roster.html",
            practitioner=known.who,
            facility=known.facility,
            periods=periods_of(known.shifts, known.today),
            today=known.today,
            leaves=known.leaves,
            duty_days=list(days.items()),
            offered=known.offered,
            words=words,
        )

    _add_weekly(blueprint, services)
    _add_day(blueprint, services)
    _add_leave(blueprint, services)


def roster_of(services: Services, practitioner_id: UUID) -> Roster:
    """A practitioner of one's own facility; another facility's is not there."""
    with services.view() as view:
        book = view.book
        facility = book.facility(desk.own_facility())
        who = verbs.own_practitioner(book, practitioner_id, facility.id)
        today = view.now.astimezone(ZoneInfo(facility.time_zone)).date()
        types = {each.id: each for each in book.visit_types()}
        return Roster(
            who,
            facility,
            today,
            book.shifts(practitioner_id=who.id, facility_id=facility.id),
            [each for each in book.duty_days(who.id, today, _AHEAD) if each.facility_id == facility.id],
            book.leave_of(who.id, today),
            tuple(desk.named(types[each].names) for each in sorted(book.offers().get(who.id, ()))),
        )


def _add_weekly(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/rosters/<uuid:practitioner_id>/weekly")
    def weekly(practitioner_id: UUID) -> ResponseReturnValue:
        known = roster_of(services, practitioner_id)
        periods = periods_of(known.shifts, known.today)
        fields = {"valid_from": known.today.isoformat()}
        for weekday in range(7) if periods else ():
            fields |= filled(f"day{weekday}", periods[0].days[weekday])
        return _show_weekly(known, Form(fields), False)

    @blueprint.post("/rosters/<uuid:practitioner_id>/weekly")
    def set_weekly(practitioner_id: UUID) -> ResponseReturnValue:
        known, form = roster_of(services, practitioner_id), desk.sent()
        week = {weekday: form.spans(f"day{weekday}", SPANS) for weekday in range(7)}
        valid_from = form.day("valid_from", known.today) or known.today
        was = form.sent.get("was", "")
        return desk.settle(
            services,
            form,
            known.reach(valid_from),
            lambda unit: verbs.set_weekly(unit, known.who, week, valid_from, was),
            partial(_show_weekly, known),
            known.address,
        )


def _show_weekly(known: Roster, form: Form, stale: bool) -> ResponseReturnValue:
    return _form_page("weekly", known, form, stale, was=mark(known.shifts))


def _add_day(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/rosters/<uuid:practitioner_id>/days/<day>")
    def roster_day(practitioner_id: UUID, day: str) -> ResponseReturnValue:
        known, asked = roster_of(services, practitioner_id), desk.day_of(day)
        worked = known.on(asked)
        how = {"weekly": "weekly", "off": "weekly", "leave": "weekly"}.get(worked.why)
        spans = [(each.starts, each.ends) for each in worked.stretches]
        fields = {"how": how or ("other" if spans else "off")}
        return _show_day(known, asked, Form(fields | (filled("duty", spans) if spans else {})), False)

    @blueprint.post("/rosters/<uuid:practitioner_id>/days/<day>")
    def set_day(practitioner_id: UUID, day: str) -> ResponseReturnValue:
        known, asked, form = roster_of(services, practitioner_id), desk.day_of(day), desk.sent()
        how = form.choice("how", _HOWS)
        spans = form.spans("duty", DAY_SPANS) if how == "other" else []
        if how == "other" and not spans:
            form.refuse("duty_1_from", "missing")
        if asked < known.today:
            form.refuse("how", "past")
        was = form.sent.get("was", "")
        return desk.settle(
            services,
            form,
            known.reach(asked, asked),
            lambda unit: verbs.set_day(unit, known.who, asked, None if how == "weekly" else spans, was),
            partial(_show_day, known, asked),
            url_for("admin.rosters", week=asked.isoformat()),
        )


def _show_day(known: Roster, day: date, form: Form, stale: bool) -> ResponseReturnValue:
    if abs((day - known.today).days) > _AHEAD:
        abort(404)
    was = mark([each for each in known.duty_days if each.day == day])
    hows = [(value, desk.t(said)) for value, said in _HOWS.items()]
    return _form_page("roster_day", known, form, stale, was=was, day=day, cell=known.on(day), hows=hows)


def _add_leave(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("/rosters/<uuid:practitioner_id>/leave")
    def leave(practitioner_id: UUID) -> ResponseReturnValue:
        return _form_page("leave", roster_of(services, practitioner_id), Form({}), False)

    @blueprint.post("/rosters/<uuid:practitioner_id>/leave")
    def add_leave(practitioner_id: UUID) -> ResponseReturnValue:
        known, form = roster_of(services, practitioner_id), desk.sent()
        first, last = form.day("first_day", known.today), form.day("last_day", known.today)
        if first and last and first > last:
            form.refuse("last_day", "order")
        reason = form.text("reason", 100)
        first, last = (first or known.today), (last or known.today)
        return desk.settle(
            services,
            form,
            known.reach(first, max(first, last)),
            lambda unit: verbs.add_leave(unit, known.who, first, last, reason),
            partial(_form_page, "leave", known),
            known.address,
        )

    @blueprint.post("/rosters/<uuid:practitioner_id>/leave/<uuid:leave_id>")
    def drop_leave(practitioner_id: UUID, leave_id: UUID) -> ResponseReturnValue:
        known = roster_of(services, practitioner_id)
        return desk.settle(
            services,
            desk.sent(),
            known.reach(),
            lambda unit: verbs.drop_leave(unit, known.who, leave_id),
            desk.back_to(known.address),
            known.address,
        )


def _form_page(
    template: str, known: Roster, form: Form, stale: bool, was: str = "", **values: object
) -> ResponseReturnValue:
    return render_template(
        f"admin/{template}.html",
        form=form,
        stale=stale,
        was=was,
        labels=desk.labels(),
        about=known.who.name,
        back=known.address,
        words=desk.words(),
        **values,
    )
