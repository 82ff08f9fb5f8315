"""Where it is kept that a claimed patient turned out to be somebody already known."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    ScalarSelect,
    insert,
    literal,
    select,
    union_all,
    update,
)
from sqlalchemy.types import Uuid

from telemed.records.tables import encounter, note, patient_link, slip


def same_person(patient_id: UUID) -> CompoundSelect[UUID]:
    """The ids under which things about this person were written, as a query."""
    claims = select(patient_link.c.claimed_id).where(patient_link.c.patient_id == patient_id)
    return union_all(select(literal(patient_id, Uuid)), claims)


def person_behind(claimed_id: ColumnElement[UUID]) -> ScalarSelect[UUID]:
    """Who a claim turned out to be, as a part of another query; null for anybody else."""
    return select(patient_link.c.patient_id).where(patient_link.c.claimed_id == claimed_id).scalar_subquery()


class LinkStore:
    """Links from claims to people; they are only ever added."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, claimed_id: UUID, patient_id: UUID, at: datetime) -> None:
        """Hand visits, drafts and slips of the claim to the person; signed notes and the log stay."""
        self._connection.execute(
            insert(patient_link).values(claimed_id=claimed_id, patient_id=patient_id, at=at)
        )
        for table in (encounter, slip):
            self._connection.execute(
                update(table).where(table.c.patient_id == claimed_id).values(patient_id=patient_id)
            )
        self._connection.execute(
            update(note)
            .where(note.c.patient_id == claimed_id, note.c.status == "draft")
            .values(patient_id=patient_id)
        )

    def ids_of(self, patient_id: UUID) -> list[UUID]:
        """The ids under which things about this person were written."""
        return list(self._connection.scalars(same_person(patient_id)))
