"""A page that does not show the newest answer passes over none: it is refused, and what was typed stays."""

import re
from datetime import timedelta

import pytest

from scheduling.ids import uuid7
from telemed.intake.written import Written
from telemed.visits import in_writing, owed
from tests.telemed.conftest import Visitor
from tests.telemed.consulting_room import KIOSK, ConsultingRoom

SAID = "Боли ме силно в гърдите"
SIGNED = {"version": "0", "action": "sign", "conclusion": "Ниско кръвно", "advice": "Повече вода"}


@pytest.fixture
def page(room: ConsultingRoom, doctor: Visitor) -> str:
    """A case in which the doctor has asked, and the patient answers after the page was loaded."""
    visit_id = room.comes().visit_id
    page = f"/clinic/visits/{visit_id}"
    doctor.send(f"{page}/admit", page)
    doctor.send(f"{page}/questions", page, words="Как сте?", shown=shown(doctor, page))
    room.clock.forward(timedelta(minutes=1))
    with room.services.unit(KIOSK) as unit:
        question = in_writing.wanted_at(unit, visit_id)
        assert question is not None
        told = Written(question=question, words=SAID)
        in_writing.answer(unit, visit_id, uuid7(), told, room.world.kiosk)
    return page


def shown(doctor: Visitor, page: str) -> str:
    """What the forms of this page say they have shown."""
    said = set(re.findall(r'name="shown"[^>]*value="(\d+)"', doctor.get(page).text))
    assert len(said) == 1
    return str(said.pop())


def waits(room: ConsultingRoom) -> bool:
    with room.services.unit(room.reader()) as unit:
        return any(each.fresh_since for each in owed.owed(unit, room.doctor_id))


def test_a_question_from_such_a_page_is_kept_beside_the_answer_and_not_sent(
    room: ConsultingRoom, doctor: Visitor, page: str
) -> None:
    fields = {
        "csrf_token": doctor.token(page),
        "shown": "0",
        "words": "От кога?",
        "choice": ["Днес", "Вчера"],
    }
    refused = doctor.post(f"{page}/questions", data=fields)
    assert refused.status_code == 409
    assert all(each in refused.text for each in (SAID, ">От кога?<", 'value="Днес"', 'value="Вчера"'))
    assert "Междувременно пациентът отговори." in refused.text
    assert waits(room)
    room.clock.forward(timedelta(minutes=1))
    assert doctor.post(f"{page}/questions", data=fields | {"shown": "1"}).status_code == 303
    assert not waits(room)


def test_a_note_from_such_a_page_is_kept_and_not_signed(
    room: ConsultingRoom, doctor: Visitor, page: str
) -> None:
    refused = doctor.send(f"{page}/note", page, shown="0", **SIGNED)
    assert refused.status_code == 409
    assert all(
        each in refused.text for each in (SAID, "Ниско кръвно", "Повече вода", "Думите ви са запазени.")
    )
    assert waits(room)
    version = re.search(r'name="version" value="(\d+)"', refused.text)
    assert version is not None
    signed = SIGNED | {"version": version[1], "shown": shown(doctor, page)}
    assert doctor.send(f"{page}/note", page, **signed).status_code == 303
    assert not waits(room)


def test_a_draft_keeps_itself_whatever_has_been_answered(doctor: Visitor, page: str) -> None:
    kept = doctor.send(f"{page}/note", page, version="0", action="save", conclusion="Ниско кръвно")
    assert kept.status_code == 303


def test_answering_later_from_such_a_page_promises_nothing(
    room: ConsultingRoom, doctor: Visitor, page: str
) -> None:
    assert doctor.send(f"{page}/written", page, shown="0").status_code == 409
    assert waits(room)
    assert doctor.send(f"{page}/written", page, shown="1").status_code == 303


@pytest.mark.parametrize("said", ["", "-1", "viele", "９"])
def test_a_page_that_does_not_say_what_it_has_shown_has_shown_nothing(
    doctor: Visitor, page: str, said: str
) -> None:
    assert doctor.send(f"{page}/questions", page, words="От кога?", shown=said).status_code == 409
