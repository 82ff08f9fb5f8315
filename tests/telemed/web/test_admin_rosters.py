"""Rosters of one's own facility: the week, weekly hours from a day on, single days, leave, copies, offers."""

import re
from datetime import date, time, timedelta

import pytest

from scheduling.hours import Span
from scheduling.ids import uuid7
from telemed.services import Services
from tests import build
from tests.telemed.conftest import Visitor
from tests.telemed.web.coordinators_desk import Desk, open_desk

MONDAY = build.TUESDAY - timedelta(days=1)
NEXT_MONDAY = MONDAY + timedelta(days=7)


@pytest.fixture
def desk(services: Services) -> Desk:
    return open_desk(services)


@pytest.fixture
def browser(desk: Desk) -> Visitor:
    return desk.browser()


def was(browser: Visitor, page: str) -> str:
    found = re.search(r'name="was" value="([0-9a-f]+)"', browser.get(page).text)
    assert found
    return found[1]


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def worked(desk: Desk, day: date) -> list[tuple[time, time]]:
    """When the doctor works on a day, on the wall clock."""
    with desk.services.view() as view:
        calendar = view.book.practitioner_calendar(desk.world.practitioner.id)
        spans = [
            duty.span for duty in calendar.duties(Span(build.local(0, day=day), build.local(23, day=day)))
        ]
    two = timedelta(hours=2)
    return [((each.starts_at + two).time(), (each.ends_at + two).time()) for each in spans]


def test_the_week_shows_every_practitioner_of_ones_own_facility(desk: Desk, browser: Visitor) -> None:
    page = browser.get("/admin/rosters").text
    assert "16 – 22 November 2026" in page
    assert desk.world.practitioner.name in page
    assert desk.stranger.name not in page
    assert plain(page).count("08:00–16:00") == 5
    assert "23 – 29 November 2026" in browser.get(f"/admin/rosters?week={NEXT_MONDAY}").text


@pytest.mark.parametrize("week", ["", "x", "0001-01-01", "9999-12-31"])
def test_a_week_out_of_reach_is_this_week(browser: Visitor, week: str) -> None:
    assert "16 – 22 November 2026" in browser.get(f"/admin/rosters?week={week}").text


def test_new_weekly_hours_hold_from_a_day_on_and_before_it_nothing_changes(
    desk: Desk, browser: Visitor
) -> None:
    page = f"{desk.roster_page}/weekly"
    week = {"day0_1_from": "10:00", "day0_1_to": "14:00"}
    answer = browser.send(page, was=was(browser, page), valid_from=NEXT_MONDAY.isoformat(), **week)
    assert (answer.status_code, answer.location) == (303, desk.roster_page)
    assert worked(desk, build.TUESDAY) == [(time(8), time(16))]
    assert worked(desk, NEXT_MONDAY) == [(time(10), time(14))]
    assert worked(desk, NEXT_MONDAY + timedelta(days=1)) == []
    shown = plain(browser.get(desk.roster_page).text)
    assert "Until Sunday 22 November 2026" in shown.replace(",", "")
    assert "From Monday 23 November 2026" in shown.replace(",", "")


def test_two_coordinators_at_once_do_not_overwrite_each_other(desk: Desk, browser: Visitor) -> None:
    page, today = f"{desk.roster_page}/weekly", build.TUESDAY.isoformat()
    seen = was(browser, page)
    other = desk.browser(desk.colleague("coordinator", facility_id=desk.world.facility.id))
    assert other.send(page, was=seen, valid_from=today, day1_1_from="9", day1_1_to="12:00").status_code == 422
    other.send(page, was=seen, valid_from=today, day1_1_from="09:00", day1_1_to="12:00")
    answer = browser.send(page, was=seen, valid_from=today, day1_1_from="10:00", day1_1_to="12:00")
    assert answer.status_code == 409
    assert 'value="10:00"' in answer.text
    assert worked(desk, build.TUESDAY) == [(time(9), time(12))]


def test_one_day_can_be_free_or_otherwise_and_be_as_every_week_again(desk: Desk, browser: Visitor) -> None:
    day = build.TUESDAY + timedelta(days=1)
    page = f"{desk.roster_page}/days/{day}"
    for fields, expected in (
        ({"how": "off"}, []),
        ({"how": "other", "duty_1_from": "18:00", "duty_1_to": "20:00"}, [(time(18), time(20))]),
        ({"how": "weekly"}, [(time(8), time(16))]),
    ):
        answer = browser.send(page, was=was(browser, page), **fields)
        assert answer.location == f"/admin/rosters?week={day}", fields
        assert worked(desk, day) == expected
        assert worked(desk, day + timedelta(days=1)) == [(time(8), time(16))]


@pytest.mark.parametrize(
    ("day", "fields", "said"),
    [
        ("2026-11-18", {"how": "other"}, "Fill this in."),
        ("2026-11-18", {"how": "sometimes"}, "Choose one of these."),
        ("2026-11-16", {"how": "off"}, "Choose a day that is not over yet."),
    ],
)
def test_a_day_that_cannot_be_so_is_refused(
    desk: Desk, browser: Visitor, day: str, fields: dict[str, str], said: str
) -> None:
    page = f"{desk.roster_page}/days/{day}"
    answer = browser.send(page, was=was(browser, page), **fields)
    assert answer.status_code == 422
    assert said in answer.text


def test_leave_is_added_shown_in_the_week_and_taken_away(desk: Desk, browser: Visitor) -> None:
    page, day = f"{desk.roster_page}/leave", NEXT_MONDAY
    backwards = browser.send(page, first_day=day.isoformat(), last_day=MONDAY.isoformat(), reason="")
    assert backwards.status_code == 422
    last = (day + timedelta(days=4)).isoformat()
    assert (
        browser.send(page, first_day=day.isoformat(), last_day=last, reason="море").location
        == desk.roster_page
    )
    assert plain(browser.get(f"/admin/rosters?week={day}").text).count(" leave") == 5
    drop = re.search(r'action="([^"]+/leave/[^"]+)"', browser.get(desk.roster_page).text)
    assert drop
    browser.send(drop[1], desk.roster_page)
    assert worked(desk, day) == [(time(8), time(16))]


def test_a_week_is_copied_into_the_chosen_weeks_for_everybody(desk: Desk, browser: Visitor) -> None:
    wednesday = build.TUESDAY + timedelta(days=1)
    page = f"{desk.roster_page}/days/{wednesday}"
    browser.send(page, was=was(browser, page), how="other", duty_1_from="18:00", duty_1_to="20:00")
    copy = f"/admin/rosters/copy?week={MONDAY}"
    nowhere = browser.send(copy)
    assert nowhere.status_code == 422
    assert "Into these weeks" in nowhere.text
    answer = browser.send(copy, **{f"to-{NEXT_MONDAY}": "yes"})
    assert answer.location == f"/admin/rosters?week={NEXT_MONDAY}"
    assert worked(desk, wednesday + timedelta(days=7)) == [(time(18), time(20))]
    assert worked(desk, wednesday + timedelta(days=14)) == [(time(8), time(16))]


def test_what_is_offered_is_what_is_ticked(desk: Desk, browser: Visitor) -> None:
    page = f"{desk.roster_page}/offers"
    browser.send(page, was=was(browser, page))
    with desk.services.view() as view:
        assert view.book.offers().get(desk.world.practitioner.id) is None
    browser.send(page, was=was(browser, page), type_consultation="yes", type_nonsense="yes")
    with desk.services.view() as view:
        assert view.book.offers()[desk.world.practitioner.id] == {"consultation"}


TYPE = {
    "name_en": "Follow-up",
    "name_bg": "Контролен преглед",
    "service": "general",
    "minutes": "10",
    "buffer_minutes": "5",
    "lead_minutes": "60",
    "cancel_minutes": "1440",
    "channel_audio": "yes",
    "needs_clerk": "yes",
}


def test_a_kind_of_visit_is_added_and_changed(desk: Desk, browser: Visitor) -> None:
    assert browser.send("/admin/visit-types/new", id="follow-up", **TYPE).location == "/admin/visit-types"
    assert "Follow-up" in browser.get("/admin/visit-types").text
    page = "/admin/visit-types/follow-up"
    seen = was(browser, page)
    assert browser.send(page, was=seen, **TYPE | {"minutes": "15"}).status_code == 303
    assert browser.send(page, was=seen, **TYPE | {"minutes": "30"}).status_code == 409
    with desk.services.view() as view:
        kind = view.book.visit_type("follow-up")
    assert (kind.minutes, kind.channels, kind.needs_kiosk, kind.needs_clerk) == (15, ("audio",), False, True)


@pytest.mark.parametrize(
    ("ticked", "kept"),
    [
        ({"reminders_usual": "yes", "reminder_two_hours": "yes"}, None),
        ({"reminder_three_days": "yes", "reminder_two_hours": "yes"}, ("three_days", "two_hours")),
        ({}, ()),
    ],
)
def test_a_kind_of_visit_has_the_usual_reminders_its_own_or_none(
    desk: Desk, browser: Visitor, ticked: dict[str, str], kept: tuple[str, ...] | None
) -> None:
    browser.send("/admin/visit-types/new", id="follow-up", **TYPE | ticked)
    with desk.services.view() as view:
        assert view.book.visit_type("follow-up").reminders == kept
    page = browser.get("/admin/visit-types/follow-up").text
    assert page.count("checked") == 2 + len(kept if kept is not None else ("usual",))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "consultation"}, "There is one with this name already."),
        ({"id": "new"}, "There is one with this name already."),
        ({"id": "Преглед"}, "Use only small Latin letters"),
        ({"minutes": "4"}, "Write a whole number between 5 and 240."),
        ({"minutes": "1e1"}, "Write a whole number between 5 and 240."),
        ({"channel_audio": ""}, "Choose at least one."),
        ({"name_bg": " "}, "Fill this in."),
        ({"service": "'; DROP"}, "Use only small Latin letters"),
    ],
)
def test_a_kind_of_visit_that_cannot_be_is_refused(
    browser: Visitor, changes: dict[str, str], said: str
) -> None:
    answer = browser.send("/admin/visit-types/new", **{"id": "follow-up"} | TYPE | changes)
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize("path", ["", "/weekly", "/days/2026-11-18", "/leave", "/offers"])
def test_another_facilitys_practitioner_is_not_there(desk: Desk, browser: Visitor, path: str) -> None:
    address = f"/admin/rosters/{desk.stranger.id}{path}"
    assert (
        browser.get(address).status_code == browser.get(f"/admin/rosters/{uuid7()}{path}").status_code == 404
    )
    if path:
        fields = {
            "was": "",
            "how": "off",
            "first_day": "2026-11-18",
            "last_day": "2026-11-18",
            "valid_from": "2026-11-18",
        }
        assert browser.send(address, f"{desk.roster_page}/leave", **fields).status_code == 404
    with desk.services.view() as view:
        assert view.book.leave_of(desk.stranger.id) == []
        assert len(view.book.shifts(practitioner_id=desk.stranger.id)) == 5


def test_an_account_of_no_facility_is_told_what_is_missing(desk: Desk) -> None:
    nobody = desk.browser(desk.colleague("coordinator"))
    for address in ("/admin/rosters", "/admin/conflicts", "/admin/appointments", desk.roster_page):
        answer = nobody.get(address)
        assert answer.status_code == 403
        assert "Your account belongs to no facility" in answer.text
    assert nobody.get("/admin").status_code == 200
