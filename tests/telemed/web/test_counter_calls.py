"""The clerk's call list: whom to call and why, marked once, by those of the same counter only."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduling.ids import uuid7
from telemed import database
from telemed.accounts.store import Staff
from telemed.messages.tables import call_list
from telemed.services import Services
from tests.telemed.web.call_lines import PHONE, agrees, to_call
from tests.telemed.web.coordinators_desk import READER, Desk, open_desk


@pytest.fixture
def desk(services: Services) -> Desk:
    return open_desk(services)


@pytest.fixture
def clerk(desk: Desk) -> Staff:
    return desk.colleague("clerk", site_id=desk.world.site.id)


@pytest.fixture
def line(desk: Desk) -> UUID:
    """Somebody whose reminder went out twice without an answer."""
    return to_call(desk)


def mark(desk: Desk, who: Staff, line: UUID, outcome: str = "called", version: str = "1") -> int:
    browser = desk.browser(who)
    return browser.send(f"/counter/calls/{line}", "/counter", outcome=outcome, version=version).status_code


def status(desk: Desk) -> tuple[str, str | None, int]:
    with database.read(desk.services.engine) as connection:
        row = connection.execute(select(call_list)).one()
    return row.status, row.changed_by, row.version


def test_the_clerk_sees_whom_to_call_and_why_and_the_reading_is_logged(
    desk: Desk, clerk: Staff, line: UUID
) -> None:
    page = desk.browser(clerk).get("/counter").text
    for shown in (desk.world.patient.name, PHONE, "reminder", "11:00", "sent twice"):
        assert shown in page, shown
    assert desk.looks(desk.world.patient.id) == ["the day sheet at the counter"]


def test_the_list_is_there_in_bulgarian_and_only_today(desk: Desk, clerk: Staff, line: UUID) -> None:
    browser = desk.browser(clerk)
    assert "Моля, обадете се" in browser.get("/counter?lang=bg").text
    tomorrow = desk.services.clock.now().date() + timedelta(days=1)
    assert PHONE not in browser.get(f"/counter/{tomorrow}").text


WORDS = {
    "begun": "The visit has begun.",
    "unreachable": "The message service gives no answer.",
    "night": "In the night no message is sent, and in the morning it is too late.",
    "no_repeat": "Nobody knows whether it arrived, and a second one could mislead.",
    "failed": "No service could send it.",
    "undelivered": "It did not arrive.",
    "silent": "There is no news that it has arrived.",
    "no_number": "They have no telephone.",
    "unclear": "They answered, and we did not understand.",
    "asked": "They asked us something.",
    "move": "They want another time, and we found none.",
    "wrong_number": "Somebody answered that the number is not theirs.",
}


@pytest.mark.parametrize("reason", WORDS)
def test_every_reason_has_words_of_its_own(desk: Desk, clerk: Staff, reason: str) -> None:
    to_call(desk, reason)
    [said] = re.findall(r"<span>([A-Z][a-z][^<]+\.)</span>", desk.browser(clerk).get("/counter").text)
    assert said == WORDS[reason]


@pytest.mark.parametrize("reason", ["undelivered", "unclear"])
def test_nobody_is_asked_whether_they_come_to_a_visit_that_has_been(
    desk: Desk, clerk: Staff, reason: str
) -> None:
    agrees(desk, "letter")
    to_call(desk, reason, starts_at=desk.services.clock.now() - timedelta(days=5))
    page = desk.browser(clerk).get("/counter").text
    assert "Do you need another time?" in page
    assert "Are you coming" not in page
    assert 'value="letter"' not in page


def test_who_was_called_is_off_the_list(desk: Desk, clerk: Staff, line: UUID) -> None:
    assert mark(desk, clerk, line) == 303
    assert status(desk)[::2] == ("called", 2)
    assert status(desk)[1]
    assert PHONE not in desk.browser(clerk).get("/counter").text


def test_who_was_not_reached_stays_with_the_time_of_the_call(desk: Desk, clerk: Staff, line: UUID) -> None:
    assert mark(desk, clerk, line, "unreached") == 303
    assert "Not reached at 09:40." in desk.browser(clerk).get("/counter").text
    assert mark(desk, clerk, line, "called", "2") == 303


def test_two_clerks_do_not_overwrite_each_other(desk: Desk, clerk: Staff, line: UUID) -> None:
    assert mark(desk, clerk, line, "unreached") == 303
    assert mark(desk, clerk, line, "called", "1") == 409
    assert status(desk)[0] == "unreached"


@pytest.mark.parametrize(
    ("outcome", "version"), [("nonsense", "1"), ("called", "x"), ("called", "-1"), ("", "")]
)
def test_what_the_form_cannot_send_is_refused(
    desk: Desk, clerk: Staff, line: UUID, outcome: str, version: str
) -> None:
    assert mark(desk, clerk, line, outcome, version) == 400
    assert status(desk)[0] == "open"


def test_another_counter_neither_sees_nor_marks_it(desk: Desk, line: UUID) -> None:
    site = replace(desk.world.site, id=uuid7(), name="Post office Away")
    with desk.services.unit(READER) as unit:
        unit.book.add_site(site)
    away = desk.colleague("clerk", site_id=site.id)
    assert PHONE not in desk.browser(away).get("/counter").text
    assert mark(desk, away, line) == 404
    assert status(desk)[0] == "open"
