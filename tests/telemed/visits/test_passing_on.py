"""Written words that wait are passed on: first its doctor is told, then a colleague, then the coordinator."""

from datetime import time, timedelta

import pytest
from sqlalchemy import Executable, delete, update
from sqlalchemy.exc import DBAPIError

from scheduling.calendar import Shift
from scheduling.errors import NotFound, WrongState
from telemed import database
from telemed.intake.written_tables import written_step
from telemed.records.errors import NotAllowed
from telemed.records.notes import NoteText
from telemed.services import Services
from telemed.visits import call_log, clinic, owed, passing_on
from tests import build
from tests.telemed.call_looks import look
from tests.telemed.consulting_room import KIOSK, add_doctor
from tests.telemed.visits.ward import MINUTE, WORKER, Ward, open_ward

SIGNED = NoteText(conclusion="Високо кръвно", advice="Почивайте")
LATE = time(20)


@pytest.fixture
def ward(services: Services) -> Ward:
    return open_ward(services)


def test_an_answer_calls_its_doctor_then_a_colleague_then_the_coordinator_each_once(ward: Ward) -> None:
    ward.answers()
    assert ward.later(4) == 0
    assert [ward.later(1), ward.later(1)] == [1, 0]
    assert ward.told() == [("promised", ward.room.doctor_id)]
    assert [ward.later(9), ward.later(1)] == [1, 0]
    assert ward.told()[1:] == [("another", ward.colleague.id)]
    assert [ward.later(14), ward.later(60)] == [1, 0]
    assert ward.told()[2:] == [("coordinator", None)]


@pytest.mark.both_databases
def test_two_workers_who_look_at_once_tell_once(ward: Ward) -> None:
    ward.answers()
    ward.room.clock.forward(5 * MINUTE)
    with ward.room.services.unit(WORKER) as unit:
        assert [passing_on.pass_on(unit, ward.visit_id) for _ in range(2)] == [1, 0]


def test_whoever_is_told_and_agreed_gets_one_sms_each(ward: Ward) -> None:
    ward.agrees(ward.room.doctor, "+359888000001")
    ward.agrees(ward.account, "+359888000002")
    ward.answers()
    ward.later(5)
    assert ward.pages() == ["+359888000001"]
    for _ in range(3):
        ward.later(10)
    assert ward.pages() == ["+359888000001", "+359888000002"]


def test_nobody_is_told_of_what_was_read_asked_on_or_signed(ward: Ward) -> None:
    ward.answers()
    ward.room.clock.forward(2 * MINUTE)
    with ward.room.services.unit(ward.room.reader()) as unit:
        assert passing_on.have_read(unit, ward.visit_id, ward.room.doctor_id, 1)
    assert ward.later(30) == 0
    ward.answers()
    with ward.room.services.unit(ward.room.reader()) as unit:
        clinic.sign_note(unit, ward.visit_id, ward.room.doctor_id, SIGNED, 0)
    assert ward.later(300) == 0


def test_a_new_answer_after_what_was_read_calls_anew(ward: Ward) -> None:
    ward.answers()
    ward.later(5)
    ward.answers()
    assert ward.told() == []
    assert ward.later(5) == 1


def test_a_promise_without_a_new_answer_is_called_for_later(ward: Ward) -> None:
    assert ward.later(59) == 0
    assert ward.later(1) == 1
    assert ward.told() == [("promised", ward.room.doctor_id)]


def test_of_a_doctor_who_has_gone_home_a_colleague_is_told_at_once(ward: Ward) -> None:
    evening = Shift(ward.colleague.id, ward.colleague.facility_id, build.TUESDAY.weekday(), time(16), LATE)
    with ward.room.services.unit(KIOSK) as unit:
        unit.book.add_shift(evening)
    ward.room.clock.moment = build.local(16, 30)
    ward.answers()
    assert ward.later(5) == 2
    assert [what for what, _ in ward.told()] == ["promised", "another"]


def test_at_night_the_coordinator_is_told_and_in_the_morning_a_colleague(ward: Ward) -> None:
    ward.room.clock.moment = build.local(16, 50)
    ward.answers()
    ward.later(5)
    assert [what for what, _ in ward.told()] == ["promised", "coordinator"]
    ward.room.clock.moment = build.local(8, 1, build.TUESDAY + timedelta(days=1))
    assert ward.later(0) == 1
    assert {what for what, _ in ward.told()} == {"promised", "another", "coordinator"}


def test_a_colleague_who_offers_such_visits_is_asked_before_one_who_does_not(ward: Ward) -> None:
    another = build.practitioner(ward.room.world.facility.id, name="д-р Нова")
    with ward.room.services.unit(KIOSK) as unit:
        unit.book.add_practitioner(another)
        for shift in build.roster(another):
            unit.book.add_shift(shift)
        unit.book.set_offers(another.id, frozenset())
        unit.book.set_offers(ward.colleague.id, frozenset({"consultation"}))
    ward.answers()
    ward.later(15)
    assert ("another", ward.colleague.id) in ward.told()


def test_looking_for_what_waits_reads_nobodys_record(ward: Ward) -> None:
    ward.answers()
    ward.later(30)
    with ward.room.services.unit(KIOSK) as unit:
        owner = unit.records.encounters.get(ward.visit_id).patient_id
    with ward.room.services.unit(KIOSK) as unit:
        purposes = {entry.reader.purpose for entry in unit.records.access.entries(owner)}
    assert WORKER.purpose not in purposes


def test_while_the_two_talk_nobody_is_called(ward: Ward) -> None:
    ward.answers()
    ward.room.clock.forward(5 * MINUTE)
    with ward.room.services.unit(KIOSK) as unit:
        here = ward.room.world.kiosk.id
        call_log.tell_from_kiosk(unit, ward.visit_id, here, "page-one", [look(0, at=unit.now)])
    assert ward.later(1) == 0
    # Then the line was lost; they have as long as after any answer.
    assert ward.later(3) == 0
    assert ward.later(1) == 1


def test_after_a_long_talk_its_answers_call_one_after_the_other_and_not_all_three_at_once(ward: Ward) -> None:
    ward.answers()
    ward.room.clock.forward(29 * MINUTE)
    with ward.room.services.unit(KIOSK) as unit:
        here = ward.room.world.kiosk.id
        call_log.tell_from_kiosk(unit, ward.visit_id, here, "page-one", [look(0, at=unit.now)])
    assert ward.later(2) == 0
    assert [ward.later(3), ward.later(10), ward.later(15), ward.later(60)] == [1, 1, 1, 0]
    assert [what for what, _ in ward.told()] == ["promised", "another", "coordinator"]


def test_a_call_that_was_left_for_writing_is_no_talk(ward: Ward) -> None:
    with ward.room.services.unit(KIOSK) as unit:
        here, before = ward.room.world.kiosk.id, unit.now - timedelta(seconds=5)
        call_log.tell_from_kiosk(unit, ward.visit_id, here, "page-one", [look(0, at=before)])
    with ward.room.services.view() as view:
        assert [each.visit_id for each in owed.standings(view.connection, view.now)] == [ward.visit_id]


def test_a_page_that_was_only_loaded_is_no_talk(ward: Ward) -> None:
    with ward.room.services.unit(ward.room.reader()) as unit:
        clinic.enter_call(unit, ward.visit_id, ward.room.doctor_id)
    ward.answers()
    assert ward.later(5) == 1


def test_the_list_shows_it_to_whom_it_was_passed_on_and_to_nobody_else_before(ward: Ward) -> None:
    ward.answers()
    own = ward.list_of(ward.room.doctor_id, ward.room.doctor)
    assert [(each.fresh_since is not None, each.passed_from) for each in own] == [(True, None)]
    assert ward.list_of(ward.colleague.id, ward.account) == []
    ward.later(15)
    [line] = ward.list_of(ward.colleague.id, ward.account)
    assert line.passed_from is not None
    assert (line.visit.id, line.passed_from.id) == (ward.visit_id, ward.room.doctor_id)


def test_in_the_end_any_doctor_of_the_facility_sees_it_and_none_of_another(ward: Ward) -> None:
    third = build.practitioner(ward.room.world.facility.id, name="д-р Трета")
    with ward.room.services.unit(KIOSK) as unit:
        unit.book.add_practitioner(third)
    account = add_doctor(ward.room.services, third)
    ward.answers()
    ward.later(15)
    assert ward.list_of(third.id, account) == []
    ward.later(15)
    assert len(ward.list_of(third.id, account)) == 1
    stranger = ward.room.stranger
    assert stranger.practitioner_id is not None
    assert ward.list_of(stranger.practitioner_id, stranger) == []


def test_whom_it_was_passed_on_to_answers_in_the_colleagues_place(ward: Ward) -> None:
    ward.answers()
    ward.later(15)
    assert ward.takes() == ward.colleague.id
    assert ward.takes() == ward.colleague.id
    assert ward.list_of(ward.room.doctor_id, ward.room.doctor) == []
    with ward.room.services.unit(ward.room.reader(ward.account)) as unit:
        note = clinic.sign_note(unit, ward.visit_id, ward.colleague.id, SIGNED, 0)
    assert note.author_id == ward.colleague.id


def test_who_was_not_told_takes_nothing_over(ward: Ward) -> None:
    ward.answers()
    with pytest.raises(WrongState):
        ward.takes()
    ward.later(15)
    with (
        ward.room.services.unit(ward.room.reader(ward.room.stranger)) as unit,
        pytest.raises((NotFound, NotAllowed)),
    ):
        passing_on.take_over(unit, ward.visit_id, ward.colleague.id)


def test_who_took_it_over_is_called_as_the_first_doctor_was(ward: Ward) -> None:
    ward.answers()
    ward.later(15)
    ward.takes()
    assert ward.later(59) == 0
    assert ward.later(1) == 1
    assert ward.told() == [("promised", ward.colleague.id)]


def test_only_whose_visit_it_is_says_that_they_have_read(ward: Ward) -> None:
    with ward.room.services.unit(ward.room.reader(ward.account)) as unit, pytest.raises(WrongState):
        passing_on.have_read(unit, ward.visit_id, ward.colleague.id, 1)


@pytest.mark.both_databases
@pytest.mark.parametrize("change", [update(written_step).values(what="read"), delete(written_step)])
def test_the_ledger_is_only_added_to(ward: Ward, change: Executable) -> None:
    with pytest.raises(DBAPIError), database.write(ward.room.services.engine) as connection:
        connection.execute(change)
