"""Choosing a time without script: which kind of visit, a time that is kept, and others when it is gone."""

import html
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Table, func, select

from scheduling.store import Book
from scheduling.tables import appointment
from telemed import database
from telemed.intake.tables import intake
from telemed.services import Services
from telemed.web.kiosk_slots import DAYS_SHOWN, HORIZON
from tests import build
from tests.fakes import FakeClock
from tests.telemed.intake.vectors import VECTORS
from tests.telemed.kiosk.conftest import Counter

ZONE = ZoneInfo(build.SOFIA)
MEASURED = next(each["answers"] for each in VECTORS["submissions"] if each["why"] == "measured, a slot")


def count(services: Services, table: Table) -> int:
    with database.read(services.engine) as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def first_slot(counter: Counter) -> str:
    found = re.search(r'name="slot" value="([^"]+)"', counter.see("slot").text)
    assert found, "no free time on the page"
    return found[1]


def last_slot(counter: Counter) -> str:
    found = re.findall(r'name="slot" value="([^"]+[|][^"]+[|][^"]+)"', counter.see("slot").text)
    assert found, "no free time on the page"
    return str(found[-1])


def test_a_patient_books_a_time_and_gets_a_slip(counter: Counter, services: Services) -> None:
    counter.go_through(MEASURED, until="slot")
    counter.answer("slot", first_slot(counter))
    assert "вторник, 17 ноември" in counter.see("review").text
    counter.answer("review")
    slip = counter.see("booked").text
    assert re.search(r'class="code"[^>]*>[2-9A-Z]{4} [2-9A-Z]{4}<', slip)
    assert "Поща Аврен" in slip
    assert count(services, appointment) == 1


def test_the_slip_says_what_with_whom_how_and_where_it_opens_the_record(
    counter: Counter, world: build.World
) -> None:
    counter.go_through(MEASURED, until="slot")
    counter.answer("slot", first_slot(counter))
    counter.answer("review")
    slip = counter.see("booked").text
    for each in ("Преглед, с видео", world.practitioner.name, "127.0.0.1:8000/my"):
        assert each in slip, each


def days_shown(page: str) -> set[date]:
    """The days of the times on a page."""
    times = re.findall(r'name="slot" value="[^"|]+[|][^"|]+[|]([^"]+)"', page)
    return {datetime.fromisoformat(each).astimezone(ZONE).date() for each in times}


def link(page: str, mark: str) -> str | None:
    """Where the link with this mark leads, unless it is hidden."""
    found = re.search(rf'data-{mark} href="([^"]+)"( hidden)?', page)
    assert found, f"no link {mark}"
    return None if found[2] else html.unescape(found[1])


def test_later_days_are_reached_by_plain_links_as_far_as_anybody_books(
    counter: Counter, services: Services, world: build.World
) -> None:
    counter.go_through(MEASURED, until="slot")
    with services.view() as view:
        today = view.now.astimezone(ZONE).date()
        free = view.book.free_slots(world.site.id, None, "consultation", today, HORIZON.days + 1, view.now)
    at: str | None = "/kiosk/bg/slot"
    assert link(counter.browser.get(at).text, "first") is None
    seen: list[date] = []
    while at is not None:
        page = counter.browser.get(at).text
        shown = days_shown(page)
        assert 0 < len(shown) <= DAYS_SHOWN
        assert not seen or min(shown) > max(seen)
        seen += sorted(shown)
        at = link(page, "later")
    assert seen == sorted({slot.starts_at.astimezone(ZONE).date() for slot in free})
    assert len(seen) > 8 * DAYS_SHOWN
    assert link(page, "first") == "/kiosk/bg/slot"
    counter.answer("slot", re.findall(r'name="slot" value="([^"]+[|][^"]+[|][^"]+)"', page)[-1])
    counter.answer("review")
    with database.read(services.engine) as connection:
        booked = connection.scalar(select(appointment.c.starts_at))
    assert booked is not None
    assert booked.astimezone(ZONE).date() == seen[-1]


@pytest.mark.parametrize("asked", ["", "x", "2026-02-30", "2020-01-01", "0001-01-01"])
def test_a_day_that_is_none_or_past_is_today(counter: Counter, asked: str) -> None:
    counter.go_through(MEASURED, until="slot")
    first = counter.see("slot").text
    assert days_shown(counter.browser.get(f"/kiosk/bg/slot?from={asked}").text) == days_shown(first)


def test_nobody_looks_beyond_the_horizon(counter: Counter) -> None:
    counter.go_through(MEASURED, until="slot")
    page = counter.browser.get("/kiosk/bg/slot?from=9999-12-31").text
    assert all(day <= build.TUESDAY + HORIZON for day in days_shown(page))
    assert link(page, "later") is None


def test_the_script_is_told_where_the_next_days_begin(counter: Counter) -> None:
    first = counter.ask("GET", "/api/v1/slots?type=consultation").get_json()
    assert (first["first"], len(first["days"])) == (True, DAYS_SHOWN)
    later = counter.ask("GET", f"/api/v1/slots?type=consultation&from={first['later']}").get_json()
    assert later["first"] is False
    told = datetime.fromisoformat(later["days"][0]["times"][0]["value"].split("|")[2])
    assert told.astimezone(ZONE).date() == date.fromisoformat(first["later"])
    assert later["later"] > first["later"]


def test_the_slip_lets_its_owner_arrive(counter: Counter, clock: FakeClock) -> None:
    counter.go_through(MEASURED, until="slot")
    counter.answer("slot", first_slot(counter))
    counter.answer("review")
    found = re.search(r'class="code"[^>]*>([^<]+)<', counter.see("booked").text)
    assert found
    counter.browser.get("/kiosk")
    counter.answer("welcome", "slip")
    arrived = counter.answer("arrive", code=found[1].lower())
    assert str(arrived.location).rsplit("/", 1)[1] in ("waiting", "early")


def test_a_chosen_time_is_kept_for_whoever_chose_it(counter: Counter, clock: FakeClock) -> None:
    counter.go_through(MEASURED, until="slot")
    wanted = last_slot(counter)
    assert counter.answer("slot", wanted).location == "/kiosk/bg/review"
    assert f'value="{wanted}"' not in counter.see("slot").text
    clock.forward(timedelta(minutes=9))
    assert counter.answer("review").location == "/kiosk/bg/booked"


def test_who_chooses_again_or_leaves_gives_the_time_back(counter: Counter) -> None:
    counter.go_through(MEASURED, until="slot")
    first, second = first_slot(counter), last_slot(counter)
    counter.answer("slot", first)
    counter.answer("slot", second)
    page = counter.see("slot").text
    assert f'value="{first}"' in page
    assert f'value="{second}"' not in page
    counter.browser.get("/kiosk")
    counter.go_through(MEASURED, until="slot")
    assert f'value="{second}"' in counter.see("slot").text


def test_a_time_kept_too_long_and_taken_offers_others_and_loses_nothing(
    counter: Counter, services: Services, take_slot: Callable[[str], None], clock: FakeClock
) -> None:
    counter.go_through(MEASURED, until="slot")
    wanted = last_slot(counter)
    counter.answer("slot", wanted)
    clock.forward(timedelta(minutes=11))
    take_slot(wanted)
    told = counter.answer("review")
    assert told.status_code == 409
    assert "Някой току-що зае този час. Изберете друг." in told.text
    assert 'name="slot"' in told.text
    assert f'value="{wanted}"' not in told.text
    assert count(services, intake) == 0
    assert counter.answer("slot", last_slot(counter)).location == "/kiosk/bg/review"
    assert counter.answer("review").location == "/kiosk/bg/booked"


def test_a_slot_taken_before_it_could_be_kept_shows_the_others_at_once(
    counter: Counter, take_slot: Callable[[str], None]
) -> None:
    counter.go_through(MEASURED, until="slot")
    wanted = last_slot(counter)
    take_slot(wanted)
    told = counter.answer("slot", wanted)
    assert told.status_code == 409
    assert "Някой току-що зае този час. Изберете друг." in told.text
    assert counter.answer("slot", last_slot(counter)).location == "/kiosk/bg/review"


def test_a_made_up_slot_is_no_answer(counter: Counter) -> None:
    counter.go_through(MEASURED, until="slot")
    assert counter.answer("slot", "a|b|c").status_code == 422
    practitioner, kiosk, starts_at = last_slot(counter).split("|")
    assert counter.answer("slot", f"{practitioner}|{kiosk}|9999-12-31T23:59:59-14:00").status_code == 422
    past = counter.answer("slot", f"{practitioner}|{kiosk}|1700000000")
    assert past.status_code == 409
    assert "Този час вече не е възможен. Изберете друг." in past.text
    # A moment may be written in more ways than one; the next page shows it all the same.
    seconds = int(datetime.fromisoformat(starts_at).timestamp())
    assert counter.answer("slot", f"{practitioner}|{kiosk}|{seconds}").location == "/kiosk/bg/review"
    assert counter.see("review").status_code == 200


def test_where_there_are_two_kinds_of_visits_the_patient_chooses_and_may_change_it(
    counter: Counter, services: Services, world: build.World
) -> None:
    with database.write(services.engine) as connection:
        build.offer(Book(connection, lambda *_: None), world, id="first-visit", minutes=40)
    counter.go_through(MEASURED, until="type")
    page = counter.see("type").text
    assert "Преглед" in page or "Консултация" in page
    assert "40 минути" in page
    assert counter.answer("type", "first-visit").location == "/kiosk/bg/slot"
    counter.answer("slot", last_slot(counter))
    counter.answer("type", "consultation")
    assert counter.see("review").location == "/kiosk/bg/slot"
    counter.answer("type", "first-visit")
    counter.answer("slot", last_slot(counter))
    counter.answer("review")
    counter.see("booked")
    with database.read(services.engine) as connection:
        made = connection.execute(select(appointment)).one()
    assert made.visit_type_id == "first-visit"
    assert made.ends_at - made.starts_at == timedelta(minutes=40)


@pytest.mark.both_databases
def test_an_address_with_a_character_that_no_text_has_is_refused(counter: Counter) -> None:
    assert counter.ask("GET", "/api/v1/slots?type=%00").status_code == 400
    assert counter.ask("GET", "/api/v1/slots?type=consultation&type=%00").status_code == 400
