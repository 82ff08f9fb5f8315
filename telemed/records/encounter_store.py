"""Where visits are kept."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, exists, func, insert, select, update

from scheduling.errors import NotFound, StaleVersion
from scheduling.store import Seen
from scheduling.tables import queue_entry
from telemed.records.encounters import ACTIVE, Encounter, Held, Status
from telemed.records.tables import encounter


class EncounterStore:
    """Visits by id, by what they began with, and by facility."""

    def __init__(self, connection: Connection, seen: Seen) -> None:
        self._connection = connection
        self._seen = seen

    def one_at_a_time(self, encounter_id: UUID) -> None:
        """Let nobody else do something in this visit until the transaction ends; call it before reading.

        A second press is then seen as one. SQLite has one writer anyway.
        """
        # Whoever only adds rows that name the visit does not wait.
        lock = select(encounter.c.id).where(encounter.c.id == encounter_id).with_for_update(key_share=True)
        self._connection.execute(lock)

    def add(self, new: Encounter) -> None:
        """Keep a new visit."""
        self._connection.execute(insert(encounter).values(**asdict(new)))

    def get(self, encounter_id: UUID) -> Encounter:
        """The visit, or NotFound."""
        found = self._one(encounter.c.id == encounter_id)
        if found is None:
            raise NotFound("visit")
        return found

    def at_facility(self, encounter_id: UUID, facility_id: UUID | None) -> Encounter:
        """The visit if it is this facility's; another's does not exist for the caller."""
        found = self._one((encounter.c.id == encounter_id) & (encounter.c.facility_id == facility_id))
        if found is None:
            raise NotFound("visit")
        return found

    def by_appointment(self, appointment_id: UUID) -> Encounter | None:
        """The visit of this appointment."""
        return self._one(encounter.c.appointment_id == appointment_id)

    def by_appointments(self, appointment_ids: Collection[UUID]) -> dict[UUID, Encounter]:
        """The visits of these appointments, by appointment, in one question."""
        asked = encounter.c.appointment_id.in_(sorted(set(appointment_ids)))
        visits = self._many(asked) if appointment_ids else []
        return {each.appointment_id: each for each in visits if each.appointment_id is not None}

    def by_queue_entry(self, queue_entry_id: UUID) -> Encounter | None:
        """The visit of this place in the queue."""
        return self._one(encounter.c.queue_entry_id == queue_entry_id)

    def by_queue_entries(self, queue_entry_ids: Collection[UUID]) -> dict[UUID, Encounter]:
        """The visits of these places in the queue, by place, in one question."""
        asked = encounter.c.queue_entry_id.in_(sorted(set(queue_entry_ids)))
        visits = self._many(asked) if queue_entry_ids else []
        return {each.queue_entry_id: each for each in visits if each.queue_entry_id is not None}

    def status_at(self, encounter_id: UUID, kiosk_id: UUID) -> Status:
        """How far the visit at this kiosk is, for a page that asks again and again."""
        here = (encounter.c.id == encounter_id) & (encounter.c.kiosk_id == kiosk_id)
        found: Status | None = self._connection.scalar(select(encounter.c.status).where(here))
        if found is None:
            raise NotFound("visit")
        return found

    def held(self, encounter_id: UUID) -> Held:
        """Where a visit is held, for a page that tells something again and again; NotFound."""
        wanted = [encounter.c[name] for name in Held._fields]
        row = self._connection.execute(select(*wanted).where(encounter.c.id == encounter_id)).one_or_none()
        if row is None:
            raise NotFound("visit")
        return Held(*row)

    def rings(self, encounter_id: UUID, kiosk_id: UUID) -> bool:
        """Whether a doctor is being called to the visit at this kiosk; says nothing about anybody."""
        place = queue_entry.c
        here = (encounter.c.id == encounter_id) & (encounter.c.kiosk_id == kiosk_id)
        query = select(place.id).join(encounter, encounter.c.queue_entry_id == place.id)
        now = here & (place.status == "waiting") & place.rings_for.is_not(None)
        return self._connection.scalar(query.where(now)) is not None

    def to_answer(self, practitioner_id: UUID) -> list[Encounter]:
        """The visits that wait for this practitioner's answer in writing, the oldest first."""
        return self._many(_owed_by(practitioner_id))

    def to_answer_ids(self, practitioner_id: UUID) -> list[UUID]:
        """The ids of these visits alone, for a page that asks whether anything has changed."""
        return sorted(self._connection.scalars(select(encounter.c.id).where(_owed_by(practitioner_id))))

    def waiting_count(self, facility_id: UUID) -> int:
        """How many visits wait at a facility; a number says nothing about anybody."""
        waiting = (encounter.c.facility_id == facility_id) & (encounter.c.status == "waiting")
        return self._connection.execute(
            select(func.count()).select_from(encounter).where(waiting)
        ).scalar_one()

    def of_patient(self, patient_id: UUID) -> list[Encounter]:
        """All visits of one patient, oldest first."""
        return self._many(encounter.c.patient_id == patient_id)

    def unsigned_at(self, patient_id: UUID, facility_id: UUID) -> bool:
        """Whether the facility still owes this patient a signed note."""
        open_there = (
            (encounter.c.patient_id == patient_id)
            & (encounter.c.facility_id == facility_id)
            & encounter.c.status.in_(ACTIVE)
        )
        return bool(self._connection.execute(select(exists().where(open_there))).scalar())

    def change(self, changed: Encounter) -> None:
        """Keep the next version; StaleVersion when somebody else made one meanwhile."""
        result = self._connection.execute(
            update(encounter)
            .where(encounter.c.id == changed.id, encounter.c.version == changed.version - 1)
            .values(**asdict(changed))
        )
        if result.rowcount != 1:
            raise StaleVersion("the visit was changed meanwhile")

    def _one(self, where: ColumnElement[bool]) -> Encounter | None:
        row = self._connection.execute(select(encounter).where(where)).one_or_none()
        return self._handed_out(row) if row else None

    def _many(self, where: ColumnElement[bool]) -> list[Encounter]:
        rows = self._connection.execute(select(encounter).where(where).order_by(encounter.c.id))
        return [self._handed_out(row) for row in rows]

    def _handed_out(self, row: Row[Any]) -> Encounter:
        self._seen(row.patient_id, "visit")
        return Encounter(**row._mapping)


def _owed_by(practitioner_id: UUID) -> ColumnElement[bool]:
    mine = (encounter.c.practitioner_id == practitioner_id) & (encounter.c.rung == "written")
    return mine & (encounter.c.status == "in_progress")
