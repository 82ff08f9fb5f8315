"""The deployment's holidays: the country's, and the operator's own word on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduling.hours import whole_days
from scheduling.national_holidays import national_holidays
from scheduling.openings import HolidayName
from scheduling.places import Holiday
from scheduling.stores.stranded import Scope
from telemed.services import Services, View
from telemed.visits import sites as verbs
from telemed.web import admin_desk as desk
from telemed.web.forms import FURTHEST_YEARS, Form

_DAY = timedelta(days=1)
_NAMED_IN = {"en": "en_US"}


@dataclass(frozen=True)
class Line:
    """One day of the year's list: whose word it is, and whether places close."""

    day: date
    name: str
    closed: bool
    national: bool
    own: bool


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the year's list, the form for a day of one's own, and the buttons of each day."""

    @blueprint.get("/holidays")
    def holidays() -> ResponseReturnValue:
        with services.view() as view:
            year = _year_asked_for(_today(services, view))
            lines = _lines(services, view, year)
        national = any(line.national for line in lines)
        return render_template(
            "admin/holidays.html", year=year, lines=lines, national=national, words=desk.words()
        )

    @blueprint.get("/holidays/new")
    def holiday() -> ResponseReturnValue:
        return _show(request.args.get("year", type=int), Form({}), False)

    @blueprint.post("/holidays/new")
    def add_holiday() -> ResponseReturnValue:
        form = desk.sent()
        with services.view() as view:
            today = _today(services, view)
            day, name = form.day("day", today), form.text("name", 80, needed=True)
            if day is not None and day in holiday_names(services, view, {day.year}):
                form.refuse("day", "twice")
        day = day or today
        return _settle(services, form, Holiday(day, name, closed=True), day)

    @blueprint.post("/holidays/<day>")
    def change_holiday(day: str) -> ResponseReturnValue:
        form, asked = desk.sent(), desk.day_of(day)
        if form.sent.get("how") == "work":
            name = _national(services.settings.country, g.lang)(asked)
            if name is None:
                abort(404)
            return _settle(services, form, Holiday(asked, name, closed=False), asked)
        return _settle(services, form, None, asked)


def holiday_names(services: Services, view: View, years: Iterable[int]) -> dict[date, str]:
    """The days of these years on which places that keep holidays are closed."""
    lines = [line for year in years for line in _lines(services, view, year)]
    return {line.day: line.name for line in lines if line.closed}


def _lines(services: Services, view: View, year: int) -> list[Line]:
    first = date(year, 1, 1)
    days = [first + number * _DAY for number in range((date(year + 1, 1, 1) - first).days)]
    name_of = _national(services.settings.country, g.lang)
    national = {day: name for day in days if (name := name_of(day)) is not None}
    own = {each.day: each for each in view.book.holidays() if each.day.year == year}
    return [
        Line(
            day,
            national[day] if day in national else own[day].name,
            own[day].closed if day in own else True,
            day in national,
            day in own,
        )
        for day in sorted(national.keys() | own.keys())
    ]


@cache
def _national(country: str, language: str) -> HolidayName:
    """The country's holidays by their names in the reader's language, where the library has them."""
    return national_holidays(country, _NAMED_IN.get(language, language))


def _settle(services: Services, form: Form, holiday: Holiday | None, day: date) -> ResponseReturnValue:
    address = url_for("admin.holidays", year=day.year)
    by_form = holiday is not None and holiday.closed
    return desk.settle(
        services,
        form,
        Scope(window=whole_days(day, 1, desk.zone(services))),
        lambda unit: verbs.set_holiday(unit, holiday) if holiday else verbs.drop_holiday(unit, day),
        partial(_show, day.year) if by_form else desk.back_to(address),
        address,
    )


def _show(year: int | None, form: Form, stale: bool) -> ResponseReturnValue:
    return render_template(
        "admin/holiday.html",
        form=form,
        stale=stale,
        was="",
        labels=desk.labels(),
        about=desk.t("Holidays"),
        back=url_for("admin.holidays", year=year),
    )


def _today(services: Services, view: View) -> date:
    return view.now.astimezone(desk.zone(services)).date()


def _year_asked_for(today: date) -> int:
    year = request.args.get("year", today.year, type=int)
    return year if abs(year - today.year) <= FURTHEST_YEARS + 1 else today.year
