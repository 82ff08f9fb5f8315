"""A site's pages: found by name, its hours and special days, what is missing there, and its kiosks."""

import re
from datetime import date, time, timedelta

import pytest

from scheduling.ids import uuid7
from scheduling.places import Outage
from telemed.services import Services
from tests import build
from tests.telemed.conftest import Visitor
from tests.telemed.web.coordinators_desk import READER, Desk, open_desk

WEEK = {
    f"day{weekday}_1_{end}": at for weekday in range(5) for end, at in (("from", "09:00"), ("to", "17:00"))
}


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


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_sites_are_found_by_either_spelling_and_named_for_the_reader(desk: Desk, browser: Visitor) -> None:
    for place in ("avr", "АВР", "Поща"):
        assert "Post office Avren" in browser.get("/admin", query_string={"place": place}).text, place
    assert "No site has this" in browser.get("/admin?place=Sofia").text
    assert "Поща Аврен" in browser.get("/admin?lang=bg").text


@pytest.mark.parametrize("page", ["0", "-3", "99999999999999999999", "x"])
def test_a_page_that_is_not_there_is_the_nearest_one(browser: Visitor, page: str) -> None:
    assert "Post office Avren" in browser.get(f"/admin?page={page}").text


def test_hours_are_changed_as_they_are_typed(desk: Desk, browser: Visitor) -> None:
    page = f"{desk.site_page}/hours"
    changed = WEEK | {
        "day0_1_from": "830",
        "day0_1_to": "12.30",
        "day0_2_from": "13:30",
        "day0_2_to": "16:30",
    }
    answer = browser.send(page, was=was(browser, page), keeps_holidays="yes", **changed)
    assert (answer.status_code, answer.location) == (303, desk.site_page)
    with desk.services.view() as view:
        monday = [each for each in view.book.site(desk.world.site.id).hours if each.weekday == 0]
    assert [(each.opens, each.closes) for each in monday] == [
        (time(8, 30), time(12, 30)),
        (time(13, 30), time(16, 30)),
    ]


def test_what_is_wrong_is_named_and_nothing_typed_is_lost(desk: Desk, browser: Visitor) -> None:
    page = f"{desk.site_page}/hours"
    answer = browser.send(
        page, was=was(browser, page), **WEEK | {"day1_1_to": "08:00", "day2_1_from": "нещо"}
    )
    assert answer.status_code == 422
    assert "Tuesday: The end must be later than the start." in re.sub(r"<[^>]+>", "", answer.text)
    assert field(answer.text, "day2_1_from") == "нещо"
    assert 'href="#day1_1_to"' in answer.text
    with desk.services.view() as view:
        assert view.book.site(desk.world.site.id).hours == desk.world.site.hours


def test_who_saves_second_is_told_and_keeps_what_was_typed(desk: Desk, browser: Visitor) -> None:
    page = f"{desk.site_page}/hours"
    seen = was(browser, page)
    browser.send(page, was=seen, keeps_holidays="yes", **WEEK | {"day0_1_from": "10:00"})
    answer = browser.send(page, was=seen, **WEEK | {"day0_1_from": "11:00"})
    assert answer.status_code == 409
    assert "Somebody changed this meanwhile" in answer.text
    assert field(answer.text, "day0_1_from") == "11:00"
    again = browser.send(page, was=field(answer.text, "was"), **WEEK | {"day0_1_from": "11:00"})
    assert again.status_code == 303


def test_a_special_day_is_added_once_and_taken_away(desk: Desk, browser: Visitor) -> None:
    day = (build.TUESDAY + timedelta(days=4)).isoformat()
    page = f"{desk.site_page}/days"
    fields = {"day": day, "open_1_from": "10:00", "open_1_to": "12:00", "note": "Събор"}
    assert browser.send(page, **fields).location == desk.site_page
    assert "10:00–12:00 · Събор" in " ".join(browser.get(desk.site_page).text.split())
    again = browser.send(page, **fields)
    assert again.status_code == 422
    assert "There is one for this day already" in again.text
    assert browser.send(f"{page}/{day}", page).location == desk.site_page
    assert "Събор" not in browser.get(desk.site_page).text


def test_an_outage_is_added_shown_and_taken_away(desk: Desk, browser: Visitor) -> None:
    day, page = build.TUESDAY.isoformat(), f"{desk.site_page}/outages"
    fields = {
        "kind": "clerk_away",
        "from_day": day,
        "from_time": "13:00",
        "until_day": day,
        "until_time": "15:00",
    }
    assert browser.send(page, reason="болничен", **fields).location == desk.site_page
    shown = browser.get(desk.site_page).text
    assert "Clerk away" in shown
    assert "болничен" in shown
    drop = re.search(r'action="([^"]+/outages/[^"]+)"', shown)
    assert drop
    assert browser.send(drop[1], desk.site_page).location == desk.site_page
    assert "болничен" not in browser.get(desk.site_page).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"until_time": "12:00"}, "The end must be later than the start."),
        ({"from_time": "07:00", "until_time": "08:00"}, "The end must be later than now."),
        ({"until_time": ""}, "Fill this in."),
        ({"kind": "holiday"}, "Choose one of these."),
        ({"kiosk": str(uuid7())}, "Choose one of these."),
        ({"until_day": "0001-01-01"}, "Choose a day within the next two years."),
        ({"reason": "x" * 101}, "Write at most 100 characters."),
    ],
)
def test_an_outage_that_cannot_be_is_refused(
    desk: Desk, browser: Visitor, fields: dict[str, str], said: str
) -> None:
    day = build.TUESDAY.isoformat()
    good = {
        "kind": "maintenance",
        "from_day": day,
        "from_time": "13:00",
        "until_day": day,
        "until_time": "15:00",
    }
    answer = browser.send(f"{desk.site_page}/outages", **good | fields)
    assert answer.status_code == 422
    assert said in answer.text


def test_another_sites_outage_cannot_be_taken_away_from_here(desk: Desk, browser: Visitor) -> None:
    elsewhere = build.site(name="Поща Друга")
    outage = Outage(uuid7(), elsewhere.id, None, build.local(13), build.local(15), "maintenance", "")
    with desk.services.unit(READER) as unit:
        unit.book.add_site(elsewhere)
        unit.book.add_outage(outage)
    answer = browser.send(f"{desk.site_page}/outages/{outage.id}", f"{desk.site_page}/outages")
    assert answer.status_code == 404
    with desk.services.view() as view:
        assert view.book.outages(elsewhere.id) == [outage]


def test_a_kit_gets_its_timetable_and_the_place_is_open_then(desk: Desk, browser: Visitor) -> None:
    stop = build.site(kind="route_stop", name="Спирка Аврен", hours=())
    kit = build.kiosk(stop.id, label="Куфар 1")
    with desk.services.unit(READER) as unit:
        unit.book.add_site(stop)
        unit.book.add_kiosk(kit)
    page = f"/admin/sites/{stop.id}"
    fields = {
        "kiosk": str(kit.id),
        "weekday": "3",
        "every_weeks": "2",
        "first_day": build.TUESDAY.isoformat(),
    }
    bad = browser.send(f"{page}/stops", **fields)
    assert (bad.status_code, "Arrives and leaves" in bad.text) == (422, True)
    good = browser.send(f"{page}/stops", stay_1_from="10:00", stay_1_to="11:30", **fields)
    assert good.location == page
    shown = browser.get(page).text
    assert "Thursday, 10:00–11:30" in shown
    assert "every 2 weeks" in shown
    with desk.services.view() as view:
        assert len(view.book.site_calendar(stop.id).opening(build.TUESDAY + timedelta(days=2))) == 1
    browser.send(f"{page}/stops/away", page, stop=field(shown, "stop"))
    assert "No kit stops here yet" in browser.get(page).text


def test_only_a_route_stop_has_a_timetable(desk: Desk, browser: Visitor) -> None:
    fields = {
        "kiosk": str(desk.world.kiosk.id),
        "weekday": "3",
        "every_weeks": "1",
        "first_day": "2026-11-19",
    }
    answer = browser.send(f"{desk.site_page}/stops", stay_1_from="10:00", stay_1_to="11:30", **fields)
    assert answer.status_code == 422


def test_revoking_asks_first(desk: Desk, browser: Visitor) -> None:
    page = f"/admin/kiosks/{desk.world.kiosk.id}/revoke"
    asked = browser.get(page).text
    assert "Shut out Post office Avren, Гише 1?" in asked
    assert browser.send(page).location == desk.site_page


@pytest.mark.parametrize("path", ["", "/hours", "/days", "/outages", "/stops"])
def test_a_site_that_is_not_there_has_no_pages(browser: Visitor, path: str) -> None:
    assert browser.get(f"/admin/sites/{uuid7()}{path}").status_code == 404


@pytest.mark.parametrize("day", ["yesterday", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_an_address_with_no_day_is_no_page(desk: Desk, browser: Visitor, day: str) -> None:
    answer = browser.send(f"{desk.site_page}/days/{day}", f"{desk.site_page}/days")
    assert answer.status_code == 404
    assert browser.send(f"/admin/holidays/{day}", "/admin/holidays/new").status_code == 404


def test_holidays_are_the_countrys_and_our_own(desk: Desk, browser: Visitor) -> None:
    assert "Christmas Eve" in browser.get("/admin/holidays?year=2026").text
    assert "Бъдни вечер" in browser.get("/admin/holidays?year=2026&lang=bg").text
    browser.get("/admin/holidays?lang=en")
    own = {"day": "2026-12-07", "name": "Никулден (почивка)"}
    assert browser.send("/admin/holidays/new", **own).location == "/admin/holidays?year=2026"
    assert "our own" in browser.get("/admin/holidays?year=2026").text
    assert browser.send("/admin/holidays/new", **own).status_code == 422
    browser.send("/admin/holidays/2026-12-24", "/admin/holidays", how="work")
    assert "a working day" in browser.get("/admin/holidays?year=2026").text
    with desk.services.view() as view:
        calendar = view.book.site_calendar(desk.world.site.id)
        assert len(calendar.opening(date(2026, 12, 24))) == 1
        assert calendar.opening(date(2026, 12, 7)) == []
    for day in ("2026-12-24", "2026-12-07"):
        browser.send(f"/admin/holidays/{day}", "/admin/holidays", how="restore")
    assert "a working day" not in browser.get("/admin/holidays?year=2026").text
    assert browser.send("/admin/holidays/2026-12-07", "/admin/holidays", how="restore").status_code == 404


@pytest.mark.parametrize("year", ["x", "1", "99999", "-5"])
def test_a_year_out_of_reach_is_this_year(browser: Visitor, year: str) -> None:
    assert "<h2>2026</h2>" in browser.get(f"/admin/holidays?year={year}").text
