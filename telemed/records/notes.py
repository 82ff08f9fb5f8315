"""The doctor's note: a draft until it is signed, then it stays; a correction is a new note that names it."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from scheduling.errors import StaleVersion, WrongState
from telemed.records.errors import AlreadySigned

LONGEST = 8000


@dataclass(frozen=True)
class NoteText:
    """What the doctor writes: findings are for colleagues, the rest is printed for the patient."""

    findings: str = ""
    conclusion: str = ""
    advice: str = ""
    follow_up: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was written in any part."""
        return not any(getattr(self, field.name).strip() for field in fields(self))

    def cleaned(self) -> "NoteText":
        """With one kind of line end and no blank edges, cut to what a part may hold."""
        texts = {f.name: getattr(self, f.name).replace("\r\n", "\n").strip()[:LONGEST] for f in fields(self)}
        return NoteText(**texts)


@dataclass(frozen=True)
class Note:
    """One note of a visit; `amends` points to the signed note it corrects."""

    id: UUID
    encounter_id: UUID
    patient_id: UUID
    facility_id: UUID
    author_id: UUID
    text: NoteText
    status: Literal["draft", "signed"]
    version: int
    saved_at: datetime
    signed_at: datetime | None = None
    amends: UUID | None = None


def save(note: Note, text: NoteText, version: int, now: datetime) -> Note:
    """The draft with a newer text; the same text again changes nothing."""
    _need_draft(note)
    text = text.cleaned()
    if text == note.text:
        return note
    if version != note.version:
        raise StaleVersion(f"draft is at version {note.version}, not {version}")
    return replace(note, text=text, version=note.version + 1, saved_at=now)


def sign(note: Note, author_id: UUID, now: datetime) -> Note:
    """The draft signed by its author; nothing changes it afterwards."""
    _need_draft(note)
    if note.author_id != author_id:
        raise WrongState("only its author signs a note")
    if not (note.text.conclusion.strip() and note.text.advice.strip()):
        raise WrongState("a signed note says what the doctor thinks and what the patient should do")
    return replace(note, status="signed", signed_at=now, version=note.version + 1)


def amendment(of: Note, new_id: UUID, author_id: UUID, now: datetime) -> Note:
    """An empty draft that corrects a signed note."""
    if of.status != "signed":
        raise WrongState("a draft is simply changed")
    return Note(
        new_id,
        of.encounter_id,
        of.patient_id,
        of.facility_id,
        author_id,
        NoteText(),
        "draft",
        1,
        now,
        amends=of.id,
    )


def _need_draft(note: Note) -> None:
    if note.status == "signed":
        raise AlreadySigned("the note is signed")
