"""When nothing carries a call the same visit goes on in writing, and still ends with the doctor's answer."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduling.errors import NotFound, WrongState
from scheduling.ids import uuid7
from telemed.intake.written import MOST_QUESTIONS, Question, UnfitQuestion, Written
from telemed.messages.tables import message
from telemed.records.encounters import Encounter
from telemed.records.notes import NoteText
from telemed.services import Services
from telemed.visits import clinic, in_writing, kiosk, owed
from telemed.visits.in_writing import NotHelped
from tests import build
from tests.fakes import FakeClock
from tests.telemed.consulting_room import KIOSK, ConsultingRoom, open_room

SIGNED = NoteText(conclusion="Високо кръвно", advice="Почивайте и мерете вечер")


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


@pytest.fixture
def visit_id(room: ConsultingRoom) -> UUID:
    """A visit that the doctor has admitted and talks in."""
    visit_id = room.comes().visit_id
    with room.services.unit(room.reader()) as unit:
        clinic.admit(unit, visit_id, room.doctor_id)
        clinic.enter_call(unit, visit_id, room.doctor_id)
    return visit_id


def later(room: ConsultingRoom, visit_id: UUID) -> Encounter:
    with room.services.unit(room.reader()) as unit:
        return in_writing.answer_later(unit, visit_id, room.doctor_id)


def asks(
    room: ConsultingRoom, visit_id: UUID, words: str = "От колко дни?", choices: tuple[str, ...] = ()
) -> Question:
    with room.services.unit(room.reader()) as unit:
        return in_writing.ask(unit, visit_id, room.doctor_id, words, choices)


def answers(room: ConsultingRoom, visit_id: UUID, told: Written, answer_id: UUID | None = None) -> str:
    with room.services.unit(KIOSK) as unit:
        return in_writing.answer(unit, visit_id, answer_id or uuid7(), told, room.world.kiosk)


def test_the_visit_stays_open_while_its_call_is_left_and_its_place_is_done(
    room: ConsultingRoom, visit_id: UUID
) -> None:
    visit = later(room, visit_id)
    assert (visit.status, visit.rung, visit.call) == ("in_progress", "written", "left")
    assert later(room, visit_id) == visit
    with room.services.unit(room.reader()) as unit:
        assert visit.queue_entry_id is not None
        assert unit.book.queue_entry(visit.queue_entry_id).status == "done"


def test_it_rings_for_the_doctor_again_though_the_answer_is_still_owed(
    room: ConsultingRoom, visit_id: UUID
) -> None:
    later(room, visit_id)
    other = room.comes(claim={"identifier_kind": "egn", "identifier": "7501020018", "name": "Друг"}).visit_id
    with room.services.unit(room.reader()) as unit:
        assert clinic.admit(unit, other, room.doctor_id).status == "in_progress"
        assert [(each.visit.id, each.asked) for each in owed.owed(unit, room.doctor_id)] == [(visit_id, 0)]


def test_the_signed_note_is_the_answer_and_reaches_the_patient_as_any_summary(
    room: ConsultingRoom, visit_id: UUID
) -> None:
    later(room, visit_id)
    room.clock.forward(timedelta(hours=5))
    with room.services.unit(room.reader()) as unit:
        clinic.sign_note(unit, visit_id, room.doctor_id, SIGNED, 0)
    with room.services.unit(room.reader()) as unit:
        assert unit.records.encounters.get(visit_id).status == "finished"
        kinds = unit.connection.execute(select(message.c.kind).where(message.c.encounter_id == visit_id))
        assert [row.kind for row in kinds] == ["summary"]
        assert owed.owed(unit, room.doctor_id) == []


def test_only_the_visits_own_doctor_writes_and_only_while_it_goes_on(
    room: ConsultingRoom, visit_id: UUID
) -> None:
    with room.services.unit(room.reader()) as unit:
        with pytest.raises(WrongState):
            in_writing.answer_later(unit, visit_id, uuid7())
        with pytest.raises(WrongState):
            in_writing.ask(unit, visit_id, uuid7(), "Как сте?")
    with room.services.unit(room.reader()) as unit:
        clinic.sign_note(unit, visit_id, room.doctor_id, SIGNED, 0)
    with room.services.unit(room.reader()) as unit, pytest.raises(WrongState):
        in_writing.ask(unit, visit_id, room.doctor_id, "Как сте?")


def test_a_question_is_shown_at_the_visits_kiosk_and_nowhere_else(
    room: ConsultingRoom, visit_id: UUID
) -> None:
    asked = asks(room, visit_id, "  Боли ли\n ви сега? ", ("Да", " ", "Не", "Да"))
    assert (asked.words, asked.choices) == ("Боли ли ви сега?", ("Да", "Не"))
    with room.services.unit(KIOSK) as unit:
        assert in_writing.wanted_at(unit, visit_id) == asked.id
        assert in_writing.shown_at(unit, visit_id, asked.id, room.world.kiosk) == asked
        elsewhere = build.kiosk(room.world.site.id)
        with pytest.raises(NotFound):
            in_writing.shown_at(unit, visit_id, asked.id, elsewhere)
        with pytest.raises(NotFound):
            in_writing.shown_at(unit, visit_id, uuid7(), room.world.kiosk)


def test_an_answer_is_filed_once_and_the_next_question_comes(room: ConsultingRoom, visit_id: UUID) -> None:
    first, second = asks(room, visit_id, "Боли ли ви?", ("Да", "Не")), asks(room, visit_id, "От кога?")
    told, answer_id = Written(question=first.id, choice=1), uuid7()
    assert answers(room, visit_id, told, answer_id) == "new"
    assert answers(room, visit_id, told, answer_id) == "same"
    assert answers(room, visit_id, Written(question=first.id, choice=0)) == "conflict"
    with room.services.unit(room.reader()) as unit:
        assert in_writing.wanted_at(unit, visit_id) == second.id
        assert [each.said for each in unit.written.of_visit(visit_id)] == ["Не", ""]


def test_an_answer_must_be_one_of_those_offered(room: ConsultingRoom, visit_id: UUID) -> None:
    open_question, closed = asks(room, visit_id), asks(room, visit_id, "Боли ли ви?", ("Да", "Не"))
    assert answers(room, visit_id, Written(question=open_question.id, choice=0)) == "conflict"
    assert answers(room, visit_id, Written(question=closed.id, choice=2)) == "conflict"
    assert answers(room, visit_id, Written(question=closed.id, words="Понякога")) == "new"


def test_a_clerk_who_has_not_said_so_here_has_not_typed(room: ConsultingRoom, visit_id: UUID) -> None:
    asked = asks(room, visit_id)
    with pytest.raises(NotHelped):
        answers(room, visit_id, Written(question=asked.id, words="Три дни", assisted_by=uuid7()))


def test_after_the_signature_nobody_answers_any_more(room: ConsultingRoom, visit_id: UUID) -> None:
    asked = asks(room, visit_id)
    with room.services.unit(room.reader()) as unit:
        clinic.sign_note(unit, visit_id, room.doctor_id, SIGNED, 0)
    with pytest.raises(NotFound):
        answers(room, visit_id, Written(question=asked.id, words="Три дни"))


def test_the_same_open_question_is_asked_once_and_not_without_end(
    room: ConsultingRoom, visit_id: UUID
) -> None:
    assert asks(room, visit_id) == asks(room, visit_id)
    for number in range(MOST_QUESTIONS - 1):
        asks(room, visit_id, f"Въпрос {number}?")
    with pytest.raises(WrongState):
        asks(room, visit_id, "Още един?")


@pytest.mark.parametrize(
    ("words", "choices"),
    [
        ("  ", ()),
        ("x" * 301, ()),
        ("Боли ли?", ("Да",)),
        ("Боли ли?", tuple("абвгд")),
        ("Боли ли?", ("x" * 61, "y")),
    ],
)
def test_what_is_no_question_is_refused(
    room: ConsultingRoom, visit_id: UUID, words: str, choices: tuple[str, ...]
) -> None:
    with pytest.raises(UnfitQuestion):
        asks(room, visit_id, words, choices)


def test_somebody_who_comes_back_with_the_slip_finds_the_question(room: ConsultingRoom) -> None:
    receipt = room.comes()
    with room.services.unit(room.reader()) as unit:
        clinic.admit(unit, receipt.visit_id, room.doctor_id)
        in_writing.answer_later(unit, receipt.visit_id, room.doctor_id)
        asked = in_writing.ask(unit, receipt.visit_id, room.doctor_id, "От колко дни?")
    room.clock.forward(timedelta(hours=2))
    with room.services.unit(KIOSK) as unit:
        back = kiosk.arrive(unit, receipt.code, room.world.kiosk)
        assert back is not None
        assert back.visit_id == receipt.visit_id
        assert in_writing.wanted_at(unit, receipt.visit_id) == asked.id


def test_the_mark_changes_with_each_question_and_answer(room: ConsultingRoom, visit_id: UUID) -> None:
    def mark() -> str:
        with room.services.view() as view:
            return in_writing.mark(view.connection, room.doctor_id)

    marks = [mark()]
    later(room, visit_id)
    marks.append(mark())
    asked = asks(room, visit_id)
    marks.append(mark())
    answers(room, visit_id, Written(question=asked.id, words="Три дни"))
    marks.append(mark())
    assert len(set(marks)) == 4
