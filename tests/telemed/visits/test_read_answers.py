"""What was read is what was shown, and a clock that was set back hides no answer."""

import pytest

from scheduling.ids import uuid7
from telemed.intake.written import Written
from telemed.services import Services
from telemed.visits import call_log, in_writing, passing_on
from tests.telemed.call_looks import look
from tests.telemed.consulting_room import KIOSK
from tests.telemed.visits.ward import MINUTE, Ward, open_ward


@pytest.fixture
def ward(services: Services) -> Ward:
    return open_ward(services)


def test_what_came_after_the_page_was_shown_is_not_read_by_its_button(ward: Ward) -> None:
    ward.answers()
    ward.answers("Вече не дишам")
    with ward.room.services.unit(ward.room.reader()) as unit:
        assert not passing_on.have_read(unit, ward.visit_id, ward.room.doctor_id, 1)
    assert ward.later(5) == 1


def test_an_answer_after_the_clock_was_set_back_is_not_taken_for_read(ward: Ward) -> None:
    ward.answers()
    with ward.room.services.unit(ward.room.reader()) as unit:
        asked = in_writing.ask(unit, ward.visit_id, ward.room.doctor_id, "А сега?")
        passing_on.have_read(unit, ward.visit_id, ward.room.doctor_id, 1)
    ward.room.clock.forward(-2 * MINUTE)
    with ward.room.services.unit(KIOSK) as unit:
        in_writing.answer(
            unit, ward.visit_id, uuid7(), Written(question=asked.id, words="Зле"), ward.room.world.kiosk
        )
    assert ward.later(1) > 0
    with ward.room.services.unit(ward.room.reader()) as unit:
        assert passing_on.have_read(unit, ward.visit_id, ward.room.doctor_id, 2)
    assert ward.later(1) == 0


def test_a_call_before_the_clock_was_set_back_is_no_talk(ward: Ward) -> None:
    ward.room.clock.forward(60 * MINUTE)
    with ward.room.services.unit(KIOSK) as unit:
        here = ward.room.world.kiosk.id
        call_log.tell_from_kiosk(unit, ward.visit_id, here, "page-one", [look(0, at=unit.now)])
    ward.room.clock.forward(-55 * MINUTE)
    ward.answers()
    assert ward.later(5) == 1
