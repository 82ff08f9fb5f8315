"""What the clerk says and writes: the sentence, the numbers that may be called, and the letter."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from scheduling.ids import uuid7
from telemed import database
from telemed.accounts.store import Staff
from telemed.messages.stopped import Stopped
from telemed.messages.tables import call_list
from telemed.services import Services
from tests import build
from tests.telemed.web.call_lines import PHONE, agrees, reached_at, to_call
from tests.telemed.web.coordinators_desk import READER, Desk, open_desk

LANDLINE, DAUGHTER = "+35952111111", "+359888000002"


@pytest.fixture
def desk(services: Services) -> Desk:
    return open_desk(services)


@pytest.fixture
def clerk(desk: Desk) -> Staff:
    return desk.colleague("clerk", site_id=desk.world.site.id)


def sentences(page: str) -> list[str]:
    """What the clerk reads aloud."""
    said = re.findall(r'<blockquote class="say">(.*?)</blockquote>', page, re.DOTALL)
    return [re.sub(r"<[^>]+>|\s+", " ", each).strip() for each in said]


class TestCalls:
    @pytest.mark.parametrize(
        ("kind", "reason", "says"),
        [
            ("day_before", "failed", "Your visit is on Tuesday, 17 November at 11:00, Post office Avren."),
            ("moved", "undelivered", "Your visit was moved. It is now on Tuesday, 17 November at 11:00"),
            ("cancelled", "silent", "will not take place"),
            ("come_now", "failed", "Please come now, Post office Avren."),
            ("offer", "failed", "To take it, answer our SMS with 1."),
            ("two_hours", "unclear", "You wrote to us and we did not understand."),
            (
                "two_hours",
                "asked",
                "You asked us something about your visit on Tuesday, 17 November at 11:00",
            ),
            ("two_hours", "move", "You asked for another time instead of Tuesday, 17 November at 11:00."),
        ],
    )
    def test_there_is_a_sentence_to_read_aloud(
        self, desk: Desk, clerk: Staff, kind: str, reason: str, says: str
    ) -> None:
        to_call(desk, reason, kind)
        [sentence] = sentences(desk.browser(clerk).get("/counter").text)
        assert says in sentence

    def test_nothing_on_the_page_says_what_the_visit_is_for(self, desk: Desk, clerk: Staff) -> None:
        to_call(desk, "failed")
        page = desk.browser(clerk).get("/counter").text
        for kept in (desk.world.practitioner.name, "general", "onsultation", "5003080000"):
            assert kept not in page, kept

    def test_every_number_that_was_agreed_to_is_there_and_no_other(self, desk: Desk, clerk: Staff) -> None:
        to_call(desk, "failed")
        reached_at(desk, "voice", LANDLINE)
        reached_at(desk, "proxy", DAUGHTER, "Ани")
        assert LANDLINE not in desk.browser(clerk).get("/counter").text
        agrees(desk, "voice", "proxy")
        page = desk.browser(clerk).get("/counter").text
        assert [f"tel:{number}" in page for number in (PHONE, LANDLINE, DAUGHTER)] == [True, True, True]
        assert "(Ани)" in page
        assert "Please tell the person who named you" in page

    def test_the_proxys_number_is_not_shown_as_the_patients(self, desk: Desk, clerk: Staff) -> None:
        to_call(desk, "failed", whom="proxy", phone=DAUGHTER)
        assert DAUGHTER not in desk.browser(clerk).get("/counter").text

    def test_a_number_that_is_somebody_elses_is_not_called(self, desk: Desk, clerk: Staff) -> None:
        line = to_call(desk, "wrong_number")
        with desk.services.unit(READER) as unit:
            about = unit.connection.scalar(select(call_list.c.message_id).where(call_list.c.id == line))
            Stopped(unit.connection).add(PHONE, "voice", "wrong_person", about, unit.now, "patient")
        page = desk.browser(clerk).get("/counter").text
        assert f"tel:{PHONE}" not in page
        assert f"Do not call {PHONE}: somebody else has it." in page

    def test_who_has_no_number_at_all_is_listed_all_the_same(self, desk: Desk, clerk: Staff) -> None:
        to_call(desk, "no_number", "cancelled", phone="", whom="proxy")
        with database.write(desk.services.engine) as connection:
            connection.exec_driver_sql("UPDATE patient SET phone = NULL")
        page = desk.browser(clerk).get("/counter").text
        assert "There is no number to call." in page
        assert sentences(page) == []


class TestLetters:
    def test_a_letter_is_offered_only_to_who_agreed(self, desk: Desk, clerk: Staff) -> None:
        line, browser = to_call(desk, "undelivered"), desk.browser(clerk)
        assert 'value="letter"' not in browser.get("/counter").text
        sent = {"outcome": "letter", "version": "1"}
        assert browser.send(f"/counter/calls/{line}", "/counter", **sent).status_code == 400
        assert status(desk) == ("open", None)
        agrees(desk, "letter")
        assert 'value="letter"' in browser.get("/counter").text

    def test_it_says_time_and_place_in_the_patients_language_and_nothing_else(
        self, desk: Desk, clerk: Staff
    ) -> None:
        page = written(desk, clerk)
        [letter] = re.findall(r"<article.*?</article>", page, re.DOTALL)
        for said in (
            desk.world.patient.name,
            "Вашият преглед е:",
            "Вторник, 17 ноември",
            "11:00",
            "Поща Аврен",
        ):
            assert said in letter, said
        for kept in (desk.world.practitioner.name, "Консултация", "5003080000", PHONE):
            assert kept not in letter, kept

    def test_printing_it_takes_the_line_off_the_list_and_notes_when(self, desk: Desk, clerk: Staff) -> None:
        written(desk, clerk)
        assert status(desk) == ("letter", build.NOW)
        assert PHONE not in desk.browser(clerk).get("/counter").text

    def test_the_list_of_letters_leads_to_each_once_more(self, desk: Desk, clerk: Staff) -> None:
        written(desk, clerk)
        page = desk.browser(clerk).get("/counter/letters").text
        [address] = re.findall(r'href="(/counter/letters/[^"]+)"', page)
        assert desk.world.patient.name in page
        assert desk.browser(clerk).get(address).status_code == 200

    def test_each_person_shown_is_told_of_it(self, desk: Desk, clerk: Staff) -> None:
        written(desk, clerk)
        before = desk.looks(desk.world.patient.id)
        desk.browser(clerk).get("/counter/letters")
        assert desk.looks(desk.world.patient.id) == [*before, "the day sheet at the counter"]

    def test_another_counter_finds_neither_list_nor_letter(self, desk: Desk, clerk: Staff) -> None:
        line = to_call(desk, "undelivered")
        agrees(desk, "letter")
        site = replace(desk.world.site, id=uuid7(), name="Post office Away")
        with desk.services.unit(READER) as unit:
            unit.book.add_site(site)
        away = desk.browser(desk.colleague("clerk", site_id=site.id))
        sent = {"outcome": "letter", "version": "1"}
        assert away.send(f"/counter/calls/{line}", "/counter", **sent).status_code == 404
        written(desk, clerk, line)
        assert away.get(f"/counter/letters/{line}").status_code == 404
        assert desk.world.patient.name not in away.get("/counter/letters").text

    @pytest.mark.parametrize("kind", ["come_now", "offer"])
    def test_what_cannot_wait_for_the_post_is_not_written(self, desk: Desk, clerk: Staff, kind: str) -> None:
        to_call(desk, "failed", kind)
        agrees(desk, "letter")
        assert 'value="letter"' not in desk.browser(clerk).get("/counter").text


def written(desk: Desk, clerk: Staff, line: object = None) -> str:
    """Let the clerk write the letter; returns its page."""
    if line is None:
        line = to_call(desk, "undelivered")
        agrees(desk, "letter")
    browser = desk.browser(clerk)
    told = browser.send(f"/counter/calls/{line}", "/counter", outcome="letter", version="1")
    assert told.location == f"/counter/letters/{line}"
    return browser.get(told.location).text


def status(desk: Desk) -> tuple[str, object]:
    with database.read(desk.services.engine) as connection:
        row = connection.execute(select(call_list)).one()
    return row.status, row.letter_at
