"""The doctor's verbs over a whole service: what changes together, and who may not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from scheduling.errors import NotFound, StaleVersion, WrongState
from scheduling.people import Patient
from telemed.records.errors import NotAllowed
from telemed.records.notes import NoteText
from telemed.services import Services
from telemed.unit import Unit
from telemed.visits import clinic, later, worklist
from tests import build
from tests.fakes import FakeClock
from tests.telemed.consulting_room import EGN, NAME, ConsultingRoom, open_room

TEXT = NoteText("BP 168/95", "Високо кръвно", "Почивайте и мерете вечер", "Елате след седмица")


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


def within(room: ConsultingRoom, act: Callable[[Unit], object]) -> object:
    with room.services.unit(room.reader()) as unit:
        return act(unit)


def admitted(room: ConsultingRoom) -> UUID:
    visit_id = room.comes().visit_id
    within(room, lambda unit: clinic.admit(unit, visit_id, room.doctor_id))
    return visit_id


def test_admitting_moves_visit_and_queue_together(room: ConsultingRoom) -> None:
    visit_id = admitted(room)
    with room.services.unit(room.reader()) as unit:
        visit = unit.records.encounters.get(visit_id)
        assert visit.queue_entry_id is not None
        entry = unit.book.queue_entry(visit.queue_entry_id)
    assert (visit.status, visit.practitioner_id) == ("in_progress", room.doctor_id)
    assert (entry.status, entry.practitioner_id) == ("admitted", room.doctor_id)


def test_pressing_admit_twice_changes_nothing(room: ConsultingRoom) -> None:
    visit_id = admitted(room)
    with room.services.unit(room.reader()) as unit:
        before = unit.records.encounters.get(visit_id)
        assert clinic.admit(unit, visit_id, room.doctor_id) == before


def test_a_colleague_cannot_admit_the_same_patient(room: ConsultingRoom) -> None:
    visit_id = admitted(room)
    colleague = build.practitioner(room.world.facility.id, name="д-р Втора")
    with room.services.unit(room.reader()) as unit:
        unit.book.add_practitioner(colleague)
    with pytest.raises(WrongState), room.services.unit(room.reader()) as unit:
        clinic.admit(unit, visit_id, colleague.id)


def test_for_another_facility_the_visit_does_not_exist(room: ConsultingRoom) -> None:
    visit_id = room.comes().visit_id
    for act in (clinic.visit_for, worklist.clinic_summary):
        with pytest.raises(NotFound), room.services.unit(room.reader(room.stranger)) as unit:
            act(unit, visit_id)


def test_a_coordinator_of_the_facility_sees_nothing_clinical(room: ConsultingRoom) -> None:
    visit_id = room.comes().visit_id
    with pytest.raises(NotAllowed), room.services.unit(room.reader(role="coordinator")) as unit:
        worklist.case(unit, visit_id, None)


def test_hanging_up_and_coming_back_leaves_the_visit_in_progress(room: ConsultingRoom) -> None:
    visit_id = admitted(room)
    within(room, lambda unit: clinic.enter_call(unit, visit_id, room.doctor_id))
    left = within(room, lambda unit: clinic.leave_call(unit, visit_id, room.doctor_id))
    back = within(room, lambda unit: clinic.enter_call(unit, visit_id, room.doctor_id))
    assert [getattr(visit, "status", "") for visit in (left, back)] == ["in_progress"] * 2
    assert [getattr(visit, "call", "") for visit in (left, back)] == ["left", "open"]


def test_signing_ends_visit_queue_appointment_and_room_together(room: ConsultingRoom) -> None:
    visit_id = room.books_and_arrives().visit_id
    within(room, lambda unit: clinic.admit(unit, visit_id, room.doctor_id))
    with room.services.unit(room.reader()) as unit:
        clinic.sign_note(unit, visit_id, room.doctor_id, TEXT, 0)
        started = unit.real_now
    with room.services.unit(room.reader()) as unit:
        visit = unit.records.encounters.get(visit_id)
        assert visit.appointment_id is not None
        assert visit.queue_entry_id is not None
        assert unit.book.appointment(visit.appointment_id).status == "fulfilled"
        assert unit.book.queue_entry(visit.queue_entry_id).status == "done"
        said = unit.notices.after(started.replace(year=started.year - 1))
    assert visit.status == "finished"
    assert ("close-room", visit.room) in [(notice.kind, notice.subject) for notice in said]


def test_a_patient_who_is_called_later_is_near_for_every_doctor_again(room: ConsultingRoom) -> None:
    visit_id = admitted(room)
    with room.services.unit(room.reader()) as unit:
        later.call_later(unit, visit_id, room.doctor_id, 10, "no_answer")
        name, since = unit.records.encounters.get(visit_id).room, unit.real_now - timedelta(days=1)
        said = [(notice.kind, notice.subject) for notice in unit.notices.after(since)]
    assert said[-1] == ("admitted", f"{name} ")


def test_a_signature_that_fails_leaves_everything_as_it_was(room: ConsultingRoom) -> None:
    visit_id = admitted(room)
    within(room, lambda unit: clinic.save_note(unit, visit_id, room.doctor_id, TEXT, 0))
    with pytest.raises(WrongState), room.services.unit(room.reader()) as unit:
        clinic.sign_note(unit, visit_id, room.doctor_id, replace(TEXT, advice=""), 1)
    with room.services.unit(room.reader()) as unit:
        case = worklist.case(unit, visit_id, room.doctor_id)
    assert case.visit.status == "in_progress"
    assert case.draft is not None
    assert case.draft.text == TEXT


def test_two_windows_cannot_overwrite_each_other(room: ConsultingRoom) -> None:
    visit_id = admitted(room)
    within(room, lambda unit: clinic.save_note(unit, visit_id, room.doctor_id, TEXT, 0))
    for version in (0, 7):
        with pytest.raises(StaleVersion), room.services.unit(room.reader()) as unit:
            clinic.save_note(unit, visit_id, room.doctor_id, replace(TEXT, findings="друго"), version)


def test_an_empty_page_saves_nothing(room: ConsultingRoom) -> None:
    visit_id = admitted(room)
    empty = NoteText(" ", "", "\n", "")
    assert within(room, lambda unit: clinic.save_note(unit, visit_id, room.doctor_id, empty, 0)) is None


def test_a_correction_begins_with_the_words_it_corrects_and_opens_nothing_again(room: ConsultingRoom) -> None:
    visit_id = admitted(room)
    within(room, lambda unit: clinic.sign_note(unit, visit_id, room.doctor_id, TEXT, 0))
    with pytest.raises(WrongState), room.services.unit(room.reader()) as unit:
        clinic.save_note(unit, visit_id, room.doctor_id, TEXT, 0)
    with room.services.unit(room.reader()) as unit:
        draft = clinic.start_correction(unit, visit_id, room.doctor_id)
        assert draft.text == TEXT
        changed = replace(TEXT, advice="Половин таблетка")
        clinic.sign_note(unit, visit_id, room.doctor_id, changed, draft.version)
    with room.services.unit(room.reader()) as unit:
        summary = worklist.patient_summary(unit, visit_id)
    assert [note.text.advice for note in summary.notes] == [TEXT.advice, "Половин таблетка"]
    assert summary.visit.status == "finished"


def known(room: ConsultingRoom) -> Patient:
    """Somebody whose identity was confirmed long ago under the number that is now claimed."""
    person = build.patient(
        name=NAME,
        birth_date=date(1944, 3, 8),
        identifier_kind="egn",
        identifier=EGN,
        identity="confirmed",
    )
    with room.services.unit(room.reader()) as unit:
        unit.book.add_patient(person)
    return person


def test_a_new_person_is_confirmed_by_the_doctor(room: ConsultingRoom) -> None:
    visit_id = admitted(room)
    found = within(room, lambda unit: clinic.confirm_identity(unit, visit_id, room.doctor_id))
    with room.services.unit(room.reader()) as unit:
        case = worklist.case(unit, visit_id, room.doctor_id)
    assert found == "confirmed"
    assert case.patient.identity == "confirmed"
    assert case.visit.identity_confirmed_by == room.doctor_id


def test_a_known_person_is_joined_with_what_came_today(room: ConsultingRoom) -> None:
    person = known(room)
    receipt = room.comes()
    within(room, lambda unit: clinic.admit(unit, receipt.visit_id, room.doctor_id))
    assert within(room, lambda u: clinic.confirm_identity(u, receipt.visit_id, room.doctor_id)) == "joined"
    with room.services.unit(room.reader()) as unit:
        case = worklist.case(unit, receipt.visit_id, room.doctor_id)
        slip = unit.records.slips.find(receipt.code, unit.now)
        readers = unit.records.who_has_read(person.id)
    assert case.patient.id == person.id
    assert case.intake is not None
    assert case.intake.filing.patient_id == person.id
    assert slip is not None
    assert slip.patient_id == person.id
    assert len(readers) > 1


@pytest.mark.parametrize("differs", [{"name": "Друг Човек"}, {"birth_date": "1945-03-08"}])
def test_two_people_under_one_number_are_not_joined(room: ConsultingRoom, differs: dict[str, str]) -> None:
    person = known(room)
    claim = {"identifier_kind": "egn", "identifier": EGN, "name": NAME, "birth_date": "1944-03-08"} | differs
    visit_id = room.comes(claim=claim).visit_id
    within(room, lambda unit: clinic.admit(unit, visit_id, room.doctor_id))
    found = within(room, lambda unit: clinic.confirm_identity(unit, visit_id, room.doctor_id))
    with room.services.unit(room.reader()) as unit:
        case = worklist.case(unit, visit_id, room.doctor_id)
    assert found == "number_taken"
    assert case.patient.id != person.id
    assert case.patient.identity == "claimed"
    assert case.visit.identity_confirmed_by == room.doctor_id


def test_the_list_puts_an_emergency_first_and_offers_me_nobody_elses_patient(room: ConsultingRoom) -> None:
    first = room.comes()
    urgent = room.comes(red_flag=True, claim={"name": "Спешен Случай", "birth_date": "1950-01-02"})
    with room.services.unit(room.reader()) as unit:
        day = worklist.day(unit, room.world.facility.id, room.doctor_id)
        strangers = worklist.day(unit, room.stranger.facility_id or first.visit_id, None)
    assert [line.visit.id for line in day.waiting] == [urgent.visit_id, first.visit_id]
    assert day.next is not None
    assert day.next.visit.id == urgent.visit_id
    assert strangers.waiting == ()


def test_a_list_is_one_entry_in_the_log_of_each_owner_shown(room: ConsultingRoom) -> None:
    visits = [room.comes().visit_id for _ in range(3)]
    with room.services.unit(room.reader()) as unit:
        owners = {unit.records.encounters.get(visit_id).patient_id for visit_id in visits}
    with room.services.unit(room.reader()) as unit:
        before = {owner: len(unit.records.access.entries(owner)) for owner in owners}
        worklist.day(unit, room.world.facility.id, room.doctor_id)
    with room.services.unit(room.reader()) as unit:
        after = {owner: unit.records.access.entries(owner) for owner in owners}
    assert {owner: len(entries) for owner, entries in after.items()} == {o: n + 1 for o, n in before.items()}
    assert {entries[-1].reader for entries in after.values()} == {room.reader()}
