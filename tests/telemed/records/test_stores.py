from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import DBAPIError

from scheduling import tables as scheduling_tables
from scheduling.errors import NotFound, StaleVersion
from scheduling.ids import uuid7
from scheduling.store import Book
from telemed.records import encounters, notes, tables
from telemed.records.access_log import Reader
from telemed.records.consent import Consent, Kind
from telemed.records.consent_store import sms_answer
from telemed.records.encounters import Encounter
from telemed.records.notes import Note, NoteText
from telemed.records.slip_store import TRIES, WINDOW
from telemed.records.store import RecordStore
from tests.telemed.records.conftest import KEY, NOW, SeenByTest, World, nobody_asks, patient

TEXT = NoteText("BP 168/95", "High blood pressure", "Rest, and measure again", "In a week")
BORN = date(1948, 3, 3)
pytestmark = pytest.mark.both_databases


def draft(visit: Encounter, world: World) -> Note:
    return Note(
        uuid7(), visit.id, visit.patient_id, visit.facility_id, world.doctor_id, NoteText(), "draft", 1, NOW
    )


@pytest.fixture
def visit(records: RecordStore, world: World) -> Encounter:
    """A patient who waits."""
    waiting = world.visit()
    records.encounters.add(waiting)
    return waiting


def signed(records: RecordStore, world: World, visit: Encounter) -> Note:
    note = draft(visit, world)
    records.notes.add(note)
    note = notes.save(note, TEXT, 1, NOW)
    records.notes.change(note)
    note = notes.sign(note, world.doctor_id, NOW)
    records.notes.change(note)
    return note


def test_a_visit_is_found_by_its_id_and_among_its_patients(records: RecordStore, visit: Encounter) -> None:
    assert records.encounters.get(visit.id) == visit
    assert records.encounters.of_patient(visit.patient_id) == [visit]
    assert records.encounters.waiting_count(visit.facility_id) == 1


def test_another_facilitys_visit_does_not_exist(records: RecordStore, visit: Encounter, world: World) -> None:
    assert records.encounters.at_facility(visit.id, world.facility_id) == visit
    for stranger in (world.other_facility_id, None):
        with pytest.raises(NotFound):
            records.encounters.at_facility(visit.id, stranger)


def test_a_kiosk_may_ask_again_and_again_how_far_its_own_visit_is(
    records: RecordStore, visit: Encounter, world: World, seen: SeenByTest
) -> None:
    assert records.encounters.status_at(visit.id, world.kiosk_id) == "waiting"
    with pytest.raises(NotFound):
        records.encounters.status_at(visit.id, uuid7())
    assert seen.pairs == []


def test_of_two_doctors_who_admit_at_once_one_is_told(
    records: RecordStore, visit: Encounter, world: World
) -> None:
    records.encounters.change(encounters.admit(visit, world.doctor_id, NOW))
    with pytest.raises(StaleVersion):
        records.encounters.change(encounters.admit(visit, world.doctor_id, NOW))


def test_the_facility_owes_a_note_until_it_is_signed(
    records: RecordStore, visit: Encounter, world: World
) -> None:
    assert records.encounters.unsigned_at(visit.patient_id, world.facility_id)
    assert not records.encounters.unsigned_at(visit.patient_id, world.other_facility_id)
    admitted = encounters.admit(visit, world.doctor_id, NOW)
    records.encounters.change(admitted)
    records.encounters.change(encounters.finish(admitted, NOW))
    assert not records.encounters.unsigned_at(visit.patient_id, world.facility_id)


def test_every_record_handed_out_is_told(
    records: RecordStore, visit: Encounter, world: World, seen: SeenByTest
) -> None:
    signed(records, world, visit)
    records.summary(visit.id)
    assert {what for _, what in seen.pairs} == {"visit", "note", "summary"}
    assert {owner for owner, _ in seen.pairs} == {world.patient_id}


def test_there_is_no_summary_before_the_note_is_signed(
    records: RecordStore, visit: Encounter, world: World
) -> None:
    records.notes.add(draft(visit, world))
    with pytest.raises(NotFound):
        records.summary(visit.id)


def test_a_draft_saved_twice_from_the_same_version_keeps_the_first(
    records: RecordStore, visit: Encounter, world: World
) -> None:
    note = draft(visit, world)
    records.notes.add(note)
    records.notes.change(notes.save(note, TEXT, 1, NOW))
    with pytest.raises(StaleVersion):
        records.notes.change(notes.save(note, replace(TEXT, findings="from another tab"), 1, NOW))
    kept = records.notes.draft(visit.id, world.doctor_id)
    assert kept is not None
    assert kept.text == TEXT


def test_the_store_does_not_change_a_signed_note(
    records: RecordStore, visit: Encounter, world: World
) -> None:
    note = signed(records, world, visit)
    with pytest.raises(StaleVersion):
        records.notes.change(replace(note, text=NoteText(), version=note.version + 1))


def test_nor_does_the_database(
    records: RecordStore, visit: Encounter, world: World, connection: Connection
) -> None:
    note = signed(records, world, visit)
    for statement in (
        update(tables.note).where(tables.note.c.id == note.id).values(advice="something else"),
        delete(tables.note).where(tables.note.c.id == note.id),
    ):
        with pytest.raises(DBAPIError, match="kept as it was written"), connection.begin_nested():
            connection.execute(statement)
    assert records.notes.signed(visit.id) == [note]


def test_a_correction_follows_what_it_corrects(records: RecordStore, visit: Encounter, world: World) -> None:
    first = signed(records, world, visit)
    correction = notes.amendment(first, uuid7(), world.doctor_id, NOW)
    records.notes.add(correction)
    correction = notes.save(correction, replace(TEXT, advice="Half a tablet"), 1, NOW)
    records.notes.change(correction)
    records.notes.change(notes.sign(correction, world.doctor_id, NOW + timedelta(hours=1)))
    both = records.summary(visit.id).notes
    assert [(note.id, note.amends) for note in both] == [(first.id, None), (correction.id, first.id)]


def test_one_author_has_one_draft_of_a_visit(
    records: RecordStore, visit: Encounter, world: World, connection: Connection
) -> None:
    records.notes.add(draft(visit, world))
    with pytest.raises(DBAPIError), connection.begin_nested():
        records.notes.add(draft(visit, world))


def answer(world: World, kind: Kind, given: bool, minutes: int) -> Consent:
    return Consent(uuid7(), world.patient_id, kind, given, "2026-1", NOW + timedelta(minutes=minutes))


def test_the_latest_consent_counts(records: RecordStore, world: World, seen: SeenByTest) -> None:
    records.consents.add(answer(world, "sms", True, 0))
    assert records.consents.allows(world.patient_id, "sms")
    records.consents.add(answer(world, "sms", False, 1))
    assert not records.consents.allows(world.patient_id, "sms")
    assert seen.pairs == []
    assert not records.consents.of_patient(world.patient_id)["sms"].given
    assert seen.pairs == [(world.patient_id, "consent")]


def test_a_slip_opens_with_code_and_birth_date_only(records: RecordStore, world: World) -> None:
    code = records.slips.issue(uuid7(), world.patient_id, BORN, NOW)
    found = records.slips.find_with_birth_date(code.lower(), BORN, NOW)
    assert found is not None
    assert found.patient_id == world.patient_id
    assert records.slips.find_with_birth_date(code, date(1948, 3, 4), NOW) is None
    assert records.slips.find_with_birth_date("ACEHKMPT", BORN, NOW) is None
    assert records.slips.find(code, NOW) == found
    assert records.slips.find(code, NOW + timedelta(days=400)) is None


def test_the_code_itself_is_not_in_the_database(
    records: RecordStore, world: World, connection: Connection
) -> None:
    code = records.slips.issue(uuid7(), world.patient_id, BORN, NOW)
    row = connection.execute(tables.slip.select()).one()
    assert code not in repr(row)
    assert "1948-03-03" not in repr(row)


def test_asked_again_for_the_same_intake_the_slip_is_the_same(records: RecordStore, world: World) -> None:
    intake = uuid7()
    code = records.slips.issue(intake, world.patient_id, BORN, NOW)
    assert records.slips.issue(intake, world.patient_id, BORN, NOW + timedelta(minutes=3)) == code
    assert records.slips.issue(uuid7(), world.patient_id, BORN, NOW) != code


def test_a_patient_without_birth_date_is_helped_by_the_clerk(records: RecordStore, world: World) -> None:
    code = records.slips.issue(uuid7(), world.patient_id, None, NOW)
    assert records.slips.find_with_birth_date(code, BORN, NOW) is None


def test_five_tries_at_one_place_whatever_the_codes(records: RecordStore) -> None:
    answers = [records.slips.take_try("kiosk 1", f"ACEHKMP{letter}", NOW) for letter in "ACEHKM"]
    assert answers == [True] * TRIES + [False]
    assert records.slips.take_try("kiosk 2", "ACEHKMPX", NOW)
    assert records.slips.take_try("kiosk 1", "ACEHKMPX", NOW + WINDOW)


def test_five_tries_with_one_code_wherever_from(records: RecordStore) -> None:
    answers = [records.slips.take_try(f"kiosk {number}", "aceh kmpx", NOW) for number in range(6)]
    assert answers == [True] * TRIES + [False]


def test_a_right_try_is_not_counted_and_forgives_no_wrong_one(records: RecordStore) -> None:
    for _ in range(TRIES - 1):
        assert records.slips.take_try("kiosk 1", "ACEHKMPX", NOW)
    for _ in range(3):
        assert records.slips.take_try("kiosk 1", "TTTTTTTT", NOW)
        records.slips.give_back("kiosk 1", "TTTTTTTT")
    assert records.slips.take_try("kiosk 1", "ACEHKMPA", NOW)
    assert not records.slips.take_try("kiosk 1", "ACEHKMPC", NOW)


def test_a_claim_that_turns_out_to_be_somebody_known_keeps_its_history(
    records: RecordStore, world: World, visit: Encounter, connection: Connection
) -> None:
    known = patient()
    Book(connection, nobody_asks).add_patient(known)
    records.consents.add(answer(world, "sms", True, 0))
    records.notes.add(draft(visit, world))
    doctor = Reader("staff", "7", world.facility_id, "д-р Иванова", "care", "doctor")
    records.note_reads(doctor, [(world.patient_id, "visit")], NOW)
    code = records.slips.issue(uuid7(), world.patient_id, BORN, NOW)

    records.links.add(world.patient_id, known.id, NOW)

    assert records.encounters.get(visit.id).patient_id == known.id
    note = records.notes.draft(visit.id, world.doctor_id)
    assert note is not None
    assert note.patient_id == known.id
    slip = records.slips.find(code, NOW)
    assert slip is not None
    assert slip.patient_id == known.id
    assert records.consents.allows(known.id, "sms")
    assert [entry.what for entry in records.who_has_read(known.id)] == ["visit"]


def test_a_claim_speaks_for_its_own_person_about_messages_and_for_nobody_else(
    records: RecordStore, world: World, connection: Connection
) -> None:
    known, stranger = patient(), patient("Никола Пенев")
    for each in (known, stranger):
        Book(connection, nobody_asks).add_patient(each)
    records.consents.add(answer(world, "sms", True, 0))
    records.links.add(world.patient_id, known.id, NOW)

    people = select(scheduling_tables.patient.c.id, sms_answer(scheduling_tables.patient.c.id))
    answers = {row[0]: row[1] for row in connection.execute(people)}

    assert answers == {world.patient_id: True, known.id: True, stranger.id: None}


def test_two_keys_make_two_worlds_of_codes(world: World, connection: Connection, seen: SeenByTest) -> None:
    ours = RecordStore(connection, seen, KEY)
    code = ours.slips.issue(uuid7(), world.patient_id, BORN, NOW)
    assert RecordStore(connection, seen, b"x" * 32).slips.find(code, NOW) is None
