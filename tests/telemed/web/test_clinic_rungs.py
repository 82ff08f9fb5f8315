"""The doctor answers in writing, asks, and sees what was answered, without a page of somebody else's."""

import re

import pytest
from flask import Flask

from scheduling.ids import uuid7
from telemed.intake.written import Written
from telemed.visits import in_writing, owed
from tests.telemed.conftest import Visitor
from tests.telemed.consulting_room import KIOSK, NAME, ConsultingRoom


@pytest.fixture
def page(room: ConsultingRoom, doctor: Visitor) -> str:
    """The case of a visit that the doctor has admitted."""
    page = f"/clinic/visits/{room.comes().visit_id}"
    doctor.send(f"{page}/admit", page)
    return page


def answer(room: ConsultingRoom, page: str, words: str) -> None:
    visit_id = next(each.visit.id for each in _owed(room))
    with room.services.unit(KIOSK) as unit:
        question = in_writing.wanted_at(unit, visit_id)
        assert question is not None
        told = Written(question=question, words=words)
        in_writing.answer(unit, visit_id, uuid7(), told, room.world.kiosk)


def _owed(room: ConsultingRoom) -> list[owed.Owed]:
    with room.services.unit(room.reader()) as unit:
        return owed.owed(unit, room.doctor_id)


def test_answering_in_writing_leaves_the_call_and_stands_on_the_list(
    room: ConsultingRoom, doctor: Visitor, page: str
) -> None:
    assert "data-auto-join" in doctor.get(page).text
    answered = doctor.send(f"{page}/written", page)
    assert (answered.status_code, answered.location) == (303, f"{page}#rungs")
    html = doctor.get(f"{page}?lang=en").text
    assert "You answer in writing." in html
    listed = doctor.get("/clinic?lang=en").text
    assert "To answer in writing" in listed
    assert "answer by " in listed
    assert NAME in listed


def form(html: str, action: str) -> str:
    """The opening tag of the form that goes to an address."""
    [found] = re.findall(rf'<form [^>]*action="{re.escape(action)}"[^>]*>', html)
    return str(found)


def test_what_is_asked_beside_a_call_keeps_the_page_and_answering_later_ends_the_call(
    doctor: Visitor, page: str
) -> None:
    html = doctor.get(page).text
    assert "data-beside" in form(html, f"{page}/questions")
    later = form(html, f"{page}/written")
    assert ("data-ends-call" in later, "data-beside" in later) == (True, False)
    assert "data-beside-unsent" in html


def test_what_was_asked_is_no_way_left_once_the_visit_is_over(doctor: Visitor, page: str) -> None:
    doctor.send(f"{page}/questions", page, words="От колко дни?")
    assert "When the call does not go" in doctor.get(f"{page}?lang=en").text
    words = {"version": "0", "action": "sign", "conclusion": "Ниско кръвно", "advice": "Повече вода"}
    doctor.send(f"{page}/note", page, **words)
    over = doctor.get(f"{page}?lang=en").text
    assert "Asked in writing" in over
    assert "When the call does not go" not in over


def test_a_question_and_its_answer_come_to_the_page(room: ConsultingRoom, doctor: Visitor, page: str) -> None:
    doctor.send(f"{page}/written", page)
    token = doctor.token(page)
    asked = {"csrf_token": token, "words": "От колко дни?", "choice": ["Един", "Повече", "", ""]}
    assert doctor.post(f"{page}/questions", data=asked).status_code == 303
    first = doctor.get(f"{page}/rungs?lang=en")
    assert "Not answered yet." in first.text
    kept = {"If-None-Match": first.headers["ETag"]}
    assert doctor.get(f"{page}/rungs?lang=en", headers=kept).status_code == 304
    answer(room, page, "От три дни")
    fresh = doctor.get(f"{page}/rungs?lang=en", headers=kept)
    assert fresh.status_code == 200
    assert "От три дни" in fresh.text
    assert "answered 1 of 1" in doctor.get("/clinic?lang=en").text


@pytest.mark.parametrize("language", ["bg", "en"])
def test_the_part_is_there_in_both_languages(doctor: Visitor, page: str, language: str) -> None:
    assert doctor.get(f"{page}/rungs?lang={language}").status_code == 200


def test_an_empty_question_is_refused(doctor: Visitor, page: str) -> None:
    assert doctor.send(f"{page}/questions", page, words=" ").status_code == 422


def test_another_facilitys_doctor_finds_nothing_here(room: ConsultingRoom, house: Flask, page: str) -> None:
    stranger = room.browser(house, room.stranger)
    token = stranger.token("/clinic")
    for door in ("written", "questions"):
        answered = stranger.post(f"{page}/{door}", data={"csrf_token": token, "words": "Как сте?"})
        assert answered.status_code == 404, door
    assert stranger.get(f"{page}/rungs").status_code == 404
