"""What the doctor does in a visit: admit, confirm who it is, talk, write, sign; only signing ends it."""

from dataclasses import replace
from typing import Literal
from uuid import UUID

from scheduling import booking, waiting
from scheduling.errors import IdentityTaken, StaleVersion, WrongState
from scheduling.events import Actor
from scheduling.ids import uuid7
from scheduling.people import Patient
from telemed.messages import climbing
from telemed.messages.about import about_summary
from telemed.messages.bridges import Bridges
from telemed.records import encounters, notes
from telemed.records.encounters import Encounter
from telemed.records.errors import NotAllowed
from telemed.records.notes import Note, NoteText
from telemed.records.relation import Asker, Ground, Ties, ground
from telemed.unit import Unit
from telemed.visits import left_in_peace
from telemed.visits.addressees import addressee

Confirmed = Literal["confirmed", "joined", "number_taken"]


def visit_for(unit: Unit, visit_id: UUID) -> tuple[Encounter, Ground]:
    """The visit and why this reader may see it; to anybody else there is no such visit."""
    visit = unit.records.encounters.at_facility(visit_id, unit.reader.facility_id)
    why = clinical_ground(unit, visit.patient_id, visit.facility_id)
    if why is None:
        raise NotAllowed("no relation to this patient")
    return visit, why


def clinical_ground(unit: Unit, patient_id: UUID, written_at: UUID) -> Ground | None:
    """Why the reader may see what was found and said about this patient at that facility."""
    here = unit.reader.facility_id
    if here is None:
        return None
    ties = Ties(
        appointment=unit.book.active_relation(patient_id, here),
        unsigned_encounter=unit.records.encounters.unsigned_at(patient_id, here),
        consented=unit.records.consents.allows(patient_id, "other_facilities"),
    )
    return ground(Asker(here, frozenset({unit.reader.role})), ties, "clinical", written_at)


def admit(unit: Unit, visit_id: UUID, practitioner_id: UUID) -> Encounter:
    """The practitioner takes the patient from the queue; a second press changes nothing."""
    visit, _ = visit_for(unit, visit_id)
    admitted = encounters.admit(visit, practitioner_id, unit.now)
    if admitted is visit:
        return visit
    unit.records.encounters.change(admitted)
    if visit.queue_entry_id is not None:
        entry = unit.book.queue_entry(visit.queue_entry_id)
        unit.book.change_entry(*waiting.admit(entry, practitioner_id, unit.now, _actor(practitioner_id)))
    return admitted


def confirm_identity(unit: Unit, visit_id: UUID, practitioner_id: UUID) -> Confirmed:
    """Name and birth year were said aloud and fit; a known person with the same number is joined.

    When somebody else is confirmed under that number nothing is joined: a person has to look at it.
    """
    visit = _own(unit, visit_id, practitioner_id)
    confirmed = encounters.confirm_identity(visit, practitioner_id, unit.now)
    if confirmed is not visit:
        unit.records.encounters.change(confirmed)
    try:
        unit.book.confirm_patient(visit.patient_id)
    except IdentityTaken as taken:
        return _join(unit, visit.patient_id, taken.patient_id)
    return "confirmed"


def enter_call(unit: Unit, visit_id: UUID, practitioner_id: UUID) -> Encounter:
    """The practitioner goes into the call, for the first time or again."""
    visit = _own(unit, visit_id, practitioner_id)
    return _note_call(unit, visit, encounters.join_call(visit))


def come_near(unit: Unit, visit_id: UUID, practitioner_id: UUID) -> Encounter:
    """The visit whose call a practitioner's page may join: in silence while the patient waits, else to talk.

    A waiting patient is promised to nobody yet, so any doctor who may read the visit may come near.
    """
    visit, _ = visit_for(unit, visit_id)
    if visit.status == "waiting":
        return visit
    return enter_call(unit, visit_id, practitioner_id)


def put_others_out(unit: Unit, visit: Encounter, call_session: str) -> None:
    """Let nobody stay near in the call but the session that admitted, wherever their sockets are."""
    unit.notices.say("admitted", f"{visit.room} {call_session}", unit.real_now)


def leave_call(unit: Unit, visit_id: UUID, practitioner_id: UUID) -> Encounter:
    """The practitioner hung up; the visit goes on until its note is signed."""
    visit = _own(unit, visit_id, practitioner_id)
    return _note_call(unit, visit, encounters.leave_call(visit))


def save_note(unit: Unit, visit_id: UUID, practitioner_id: UUID, text: NoteText, version: int) -> Note | None:
    """Keep the draft; version 0 is a page that has not saved yet. None while there is nothing to keep."""
    visit = _own(unit, visit_id, practitioner_id)
    draft = unit.records.notes.draft(visit.id, practitioner_id)
    if draft is not None:
        saved = notes.save(draft, text, version, unit.now)
        if saved is not draft:
            unit.records.notes.change(saved)
        return saved
    if visit.status != "in_progress":
        raise WrongState("the note of this visit is signed")
    text = text.cleaned()
    if text.empty:
        return None
    first = Note(
        uuid7(), visit.id, visit.patient_id, visit.facility_id, practitioner_id, text, "draft", 1, unit.now
    )
    unit.records.notes.add(first)
    return first


def sign_note(unit: Unit, visit_id: UUID, practitioner_id: UUID, text: NoteText, version: int) -> Note:
    """Keep the last words, sign them and, unless they correct a signed note, end the visit."""
    draft = save_note(unit, visit_id, practitioner_id, text, version)
    if draft is None:
        raise WrongState("there is nothing to sign")
    signed = notes.sign(draft, practitioner_id, unit.now)
    unit.records.notes.change(signed)
    if signed.amends is None:
        _end(unit, unit.records.encounters.get(visit_id), practitioner_id)
    return signed


def start_correction(unit: Unit, visit_id: UUID, practitioner_id: UUID) -> Note:
    """An empty draft that will stand beside the signed note it corrects."""
    visit = _own(unit, visit_id, practitioner_id)
    draft = unit.records.notes.draft(visit.id, practitioner_id)
    if draft is not None:
        return draft
    signed = unit.records.notes.signed(visit.id)
    if not signed:
        raise WrongState("nothing is signed yet")
    correction = notes.amendment(signed[-1], uuid7(), practitioner_id, unit.now)
    # It begins with the words it corrects, so that only what is wrong has to be written again.
    correction = replace(correction, text=signed[-1].text)
    unit.records.notes.add(correction)
    return correction


def _own(unit: Unit, visit_id: UUID, practitioner_id: UUID) -> Encounter:
    visit, _ = visit_for(unit, visit_id)
    if visit.practitioner_id != practitioner_id:
        raise WrongState("another doctor has this visit, or nobody yet")
    return visit


def _join(unit: Unit, claimed_id: UUID, known_id: UUID) -> Confirmed:
    if not _same_person(unit.book.patient(claimed_id), unit.book.patient(known_id)):
        return "number_taken"
    unit.book.link_patient(claimed_id, known_id)
    unit.intakes.belongs_to(claimed_id, known_id)
    unit.again.belongs_to(claimed_id, known_id)
    unit.written.belongs_to(claimed_id, known_id)
    unit.records.links.add(claimed_id, known_id, unit.now)
    climbing.belongs_to(unit.connection, claimed_id, known_id)
    left_in_peace.heed_refusals(unit, known_id)
    return "joined"


def _same_person(claimed: Patient, known: Patient) -> bool:
    """The number is the same already; the name, and the birth date if both are known, must be too."""
    names = {" ".join(person.name.split()).casefold() for person in (claimed, known)}
    dates = {person.birth_date for person in (claimed, known)}
    return len(names) == 1 and len(dates) == 1 and None not in dates


def _note_call(unit: Unit, visit: Encounter, changed: Encounter) -> Encounter:
    if changed is not visit:
        try:
            unit.records.encounters.change(changed)
        except StaleVersion:
            # Both ends come and go at once; where the call stands is no reason to refuse one of them.
            return visit
    return changed


def _end(unit: Unit, visit: Encounter, practitioner_id: UUID) -> None:
    unit.records.encounters.change(encounters.finish(visit, unit.now))
    actor = _actor(practitioner_id)
    if visit.queue_entry_id is not None:
        entry = unit.book.queue_entry(visit.queue_entry_id)
        # Of whom is answered in writing the place is done already.
        if entry.status == "admitted":
            unit.book.change_entry(*waiting.finish(entry, unit.now, actor))
    if visit.appointment_id is not None:
        appointment = unit.book.appointment(visit.appointment_id)
        unit.book.change(*booking.fulfil(appointment, unit.now, actor))
    about = about_summary(visit.id, visit.patient_id, unit.now)
    unit.outbox.add_once(addressee(unit, about, visit.site_id), "summary", unit.now)
    Bridges(unit.connection).end(visit.id, unit.now)
    unit.notices.say("close-room", visit.room, unit.real_now)


def _actor(practitioner_id: UUID) -> Actor:
    return Actor("staff", practitioner_id)
