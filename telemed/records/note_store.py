"""Where notes are kept, drafts and signed ones."""

from dataclasses import asdict, fields
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update

from scheduling.errors import NotFound, StaleVersion
from scheduling.store import Seen
from telemed.records.notes import Note, NoteText
from telemed.records.tables import note

_PARTS = tuple(field.name for field in fields(NoteText))


class NoteStore:
    """The notes of visits; the database itself refuses to change a signed one."""

    def __init__(self, connection: Connection, seen: Seen) -> None:
        self._connection = connection
        self._seen = seen

    def add(self, new: Note) -> None:
        """Keep a new draft."""
        self._connection.execute(insert(note).values(**_row_of(new)))

    def change(self, changed: Note) -> None:
        """Keep the next version of a draft, or its signed form; StaleVersion when it moved meanwhile."""
        result = self._connection.execute(
            update(note)
            .where(note.c.id == changed.id, note.c.version == changed.version - 1, note.c.status == "draft")
            .values(**_row_of(changed))
        )
        if result.rowcount != 1:
            raise StaleVersion("the note was changed meanwhile")

    def get(self, note_id: UUID) -> Note:
        """One note, or NotFound."""
        row = self._connection.execute(select(note).where(note.c.id == note_id)).one_or_none()
        if row is None:
            raise NotFound("note")
        return self._handed_out(row)

    def draft(self, encounter_id: UUID, author_id: UUID) -> Note | None:
        """The author's unsigned note of this visit."""
        row = self._connection.execute(
            select(note).where(
                note.c.encounter_id == encounter_id, note.c.author_id == author_id, note.c.status == "draft"
            )
        ).one_or_none()
        return self._handed_out(row) if row else None

    def signed(self, encounter_id: UUID) -> list[Note]:
        """The signed notes of a visit in the order of signing: the note, then what corrects it."""
        rows = self._connection.execute(
            select(note)
            .where(note.c.encounter_id == encounter_id, note.c.status == "signed")
            .order_by(note.c.signed_at, note.c.id)
        )
        return [self._handed_out(row) for row in rows]

    def _handed_out(self, row: Row[Any]) -> Note:
        self._seen(row.patient_id, "note")
        values = dict(row._mapping)
        parts = NoteText(**{part: values.pop(part) for part in _PARTS})
        return Note(text=parts, **values)


def _row_of(one: Note) -> dict[str, Any]:
    values = asdict(one)
    return {**values.pop("text"), **values}
