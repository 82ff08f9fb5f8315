"""The one reader and writer of records, made of a store for each kind of thing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from scheduling.errors import NotFound
from scheduling.store import Seen
from telemed.records.access_log import Entry, Reader
from telemed.records.access_store import AccessStore
from telemed.records.consent_store import ConsentStore
from telemed.records.encounter_store import EncounterStore
from telemed.records.encounters import Encounter
from telemed.records.link_store import LinkStore
from telemed.records.note_store import NoteStore
from telemed.records.notes import Note
from telemed.records.presence import PresenceStore
from telemed.records.slip_store import SlipStore


@dataclass(frozen=True)
class Summary:
    """What the patient takes home: the signed note and its corrections, in order."""

    encounter: Encounter
    notes: tuple[Note, ...]


class RecordStore:
    """Visits, notes, consents, slips and the log of who has read them, over one transaction."""

    def __init__(self, connection: Connection, seen: Seen, slip_key: bytes) -> None:
        self._seen = seen
        self.encounters = EncounterStore(connection, seen)
        self.notes = NoteStore(connection, seen)
        self.consents = ConsentStore(connection, seen)
        self.slips = SlipStore(connection, slip_key)
        self.links = LinkStore(connection)
        self.presence = PresenceStore(connection, seen)
        self.access = AccessStore(connection)

    def note_reads(self, reader: Reader, seen: Iterable[tuple[UUID, str]], at: datetime) -> list[Entry]:
        """Write down what this reader was handed: one entry for each owner."""
        return self.access.append(reader, seen, at)

    def who_has_read(self, owner_id: UUID) -> list[Entry]:
        """Every reading of this person's record, newest first; looking at it is a reading too."""
        self._seen(owner_id, "access log")
        entries = [entry for owner in self.links.ids_of(owner_id) for entry in self.access.entries(owner)]
        return sorted(entries, key=lambda entry: (entry.at, entry.seq), reverse=True)

    def summary(self, encounter_id: UUID) -> Summary:
        """The printed summary of a finished visit; NotFound before it is signed."""
        encounter = self.encounters.get(encounter_id)
        notes = self.notes.signed(encounter_id)
        if not notes:
            raise NotFound("summary")
        self._seen(encounter.patient_id, "summary")
        return Summary(encounter, tuple(notes))
