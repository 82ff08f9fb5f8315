"""Who is coming: one person by number or code, a day of one's own facility, the sheet at the counter."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice, permutations
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from scheduling import booking
from scheduling.ids import uuid7
from telemed.accounts.store import Staff
from telemed.records.slip_codes import ALPHABET, check_letter
from telemed.records.slip_store import TRIES
from telemed.services import Services
from tests import build
from tests.telemed.conftest import Visitor
from tests.telemed.web.coordinators_desk import READER, Desk, open_desk

TODAY = build.TUESDAY.isoformat()


@pytest.fixture
def desk(services: Services) -> Desk:
    return open_desk(services)


@pytest.fixture
def browser(desk: Desk) -> Visitor:
    return desk.browser()


@pytest.fixture
def clerk(desk: Desk) -> Staff:
    return desk.colleague("clerk", site_id=desk.world.site.id)


def test_a_found_person_is_shown_with_what_is_ahead_and_where(desk: Desk, browser: Visitor) -> None:
    desk.books(build.local(11), desk.world.patient)
    page = browser.send("/admin/find", what="5003080000").text
    assert "Мария Петрова" in page
    assert "Tuesday, 17 November at 11:00" in page
    assert "Post office Avren" in page
    assert desk.world.practitioner.name in page
    assert desk.looks(desk.world.patient.id) == ["finding a person"]


def test_another_facilitys_coordinator_finds_the_person_but_not_the_appointment(desk: Desk) -> None:
    desk.books(build.local(11), desk.world.patient)
    stranger = desk.browser(desk.colleague("coordinator", facility_id=desk.elsewhere.id))
    page = stranger.send("/admin/find", what="5003080000").text
    assert "Мария Петрова" in page
    assert "11:00" not in page
    assert "No appointment with МЦ Друго място ahead." in page


def slip_code(desk: Desk) -> str:
    """The code on the slip of the patient whom everybody knows."""
    with desk.services.unit(READER) as unit:
        patient = desk.world.patient
        return unit.records.slips.issue(uuid7(), patient.id, patient.birth_date, unit.now)


def wrong_codes(right: str) -> Iterator[str]:
    """Codes that could be somebody's, and are nobody's."""
    for letters in permutations(ALPHABET, 7):
        body = "".join(letters)
        if body + check_letter(body) != right:
            yield body + check_letter(body)


def test_guessing_codes_on_slips_is_stopped_also_for_a_coordinator(desk: Desk, browser: Visitor) -> None:
    code = slip_code(desk)
    for wrong in islice(wrong_codes(code), TRIES):
        assert "Nobody is known by exactly this" in browser.send("/admin/find", what=wrong).text
    before = desk.looks(desk.world.patient.id)
    refused = browser.send("/admin/find", what=code)
    assert refused.status_code == 429
    assert "one code too many" in refused.text
    assert desk.world.patient.name not in refused.text
    assert desk.looks(desk.world.patient.id) == before
    # Work goes on by what is no guess, and for everybody else.
    assert desk.world.patient.name in browser.send("/admin/find", what="5003080000").text
    colleague = desk.browser(desk.colleague("coordinator", facility_id=desk.world.facility.id))
    assert desk.world.patient.name in colleague.send("/admin/find", what=code).text


def test_what_cannot_be_a_code_or_is_the_right_one_is_no_try(desk: Desk, browser: Visitor) -> None:
    code = slip_code(desk)
    for typed in [code, "7501010018", "ACEH 2346"] * TRIES:
        assert browser.send("/admin/find", what=typed).status_code == 200
    assert desk.world.patient.name in browser.send("/admin/find", what=code).text


def test_the_day_of_a_site_or_a_practitioner_lists_ones_own_patients(desk: Desk, browser: Visitor) -> None:
    booked = desk.books(build.local(11))
    assert desk.looks(booked.patient_id) == []
    for query in ({"site": desk.world.site.id}, {"practitioner": desk.world.practitioner.id}):
        page = browser.get("/admin/appointments", query_string={"day": TODAY, **query}).text
        assert "Пациент 17 0900" in page
    assert desk.looks(booked.patient_id) == ["looking at the appointments of a day"] * 2
    other = desk.browser(desk.colleague("coordinator", facility_id=desk.elsewhere.id))
    page = other.get("/admin/appointments", query_string={"day": TODAY, "site": desk.world.site.id}).text
    assert "Пациент 17 0900" not in page
    assert "No appointments of your facility that day." in page


def test_a_longer_day_asks_the_database_no_more(services: Services, desk: Desk, browser: Visitor) -> None:
    def asked() -> int:
        ran: list[str] = []

        def note(*given: Any) -> None:
            ran.append(given[2])

        event.listen(services.engine, "before_cursor_execute", note)
        browser.get("/admin/appointments", query_string={"day": TODAY, "site": desk.world.site.id})
        event.remove(services.engine, "before_cursor_execute", note)
        return sum(each.lstrip().startswith("SELECT") for each in ran)

    desk.books(build.local(11))
    one = asked()
    desk.books(build.local(12))
    desk.books(build.local(13))
    assert asked() == one


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"day": TODAY},
        {"site": str(uuid7())},
        {"site": "x"},
        {"practitioner": "%"},
        {"day": "9999-12-31", "site": "x"},
    ],
)
def test_nobody_lists_everybody(desk: Desk, browser: Visitor, query: dict[str, str]) -> None:
    booked = desk.books(build.local(11))
    page = browser.get("/admin/appointments", query_string=query)
    assert page.status_code == 200
    assert "Пациент 17 0900" not in page.text
    assert desk.looks(booked.patient_id) == []


def test_the_practitioners_of_others_cannot_be_asked_about(desk: Desk, browser: Visitor) -> None:
    page = browser.get("/admin/appointments", query_string={"practitioner": desk.stranger.id}).text
    assert desk.stranger.name not in page
    assert "Choose one of these." in page


def test_the_clerk_begins_with_the_sheet_of_their_own_counter(desk: Desk, clerk: Staff) -> None:
    booked = desk.books(build.local(11))
    browser = desk.browser(clerk)
    assert browser.get("/staff").location == "/counter"
    page = browser.get("/counter").text
    assert "Tuesday, 17 November 2026" in page
    assert "Post office Avren" in page
    assert "11:00" in page
    assert "Пациент 17 0900" in page
    assert desk.looks(booked.patient_id) == ["the day sheet at the counter"]


def test_the_sheet_says_names_and_times_and_nothing_else(desk: Desk, clerk: Staff) -> None:
    desk.books(build.local(11), desk.world.patient)
    page = desk.browser(clerk).get("/counter").text
    for private in ("5003080000", "880000001", "1950", desk.world.practitioner.name, "video", "general"):
        assert private not in page, private


def test_what_is_cancelled_and_what_is_elsewhere_is_not_on_the_sheet(desk: Desk, clerk: Staff) -> None:
    booked = desk.books(build.local(11))
    away = desk.colleague("clerk", site_id=_another_site(desk))
    assert "Пациент" not in desk.browser(away).get("/counter").text
    with desk.services.unit(READER) as unit:
        appointment = unit.book.appointment(booked.id)
        unit.book.change(*booking.cancel(appointment, unit.now, build.CLERK))
    assert "Nobody has an appointment here" in desk.browser(clerk).get("/counter").text


def _another_site(desk: Desk) -> UUID:
    site = build.site(name="Поща Друга")
    with desk.services.unit(READER) as unit:
        unit.book.add_site(site)
    return site.id


@pytest.mark.parametrize(("days", "status"), [(-1, 404), (0, 200), (1, 200), (7, 200), (8, 404)])
def test_the_sheet_reaches_from_today_to_a_week_ahead(
    desk: Desk, clerk: Staff, days: int, status: int
) -> None:
    day = build.TUESDAY + timedelta(days=days)
    assert desk.browser(clerk).get(f"/counter/{day}").status_code == status


@pytest.mark.parametrize("day", ["x", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_no_day_is_no_sheet(desk: Desk, clerk: Staff, day: str) -> None:
    assert desk.browser(clerk).get(f"/counter/{day}").status_code == 404


def test_a_clerk_of_no_counter_is_told_what_is_missing(desk: Desk) -> None:
    answer = desk.browser(desk.colleague("clerk")).get("/counter")
    assert answer.status_code == 403
    assert "Your account belongs to no site" in answer.text
