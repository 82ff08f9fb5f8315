"""What a message is about: an appointment, a place in the queue, an offer, a visit, a day of readings."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, true

from scheduling.booking import Appointment
from scheduling.waiting import QueueEntry
from scheduling.wishes import Offer
from telemed.messages.tables import message

Column = Literal["appointment_id", "queue_entry_id", "wish_offer_id", "encounter_id", "read_on"]
COLUMNS: tuple[Column, ...] = (
    "appointment_id",
    "queue_entry_id",
    "wish_offer_id",
    "encounter_id",
    "read_on",
)
NEWS: tuple[Column, ...] = ("encounter_id", "read_on")
"""What is only told: nothing about it can change any more."""

ANSWERED_FOR = timedelta(hours=4)
"""For how long an answer to "come now" is taken for one."""

_TOLD_FOR = timedelta(days=2)


class About(NamedTuple):
    """Something other than an appointment that a message is about, at one version of it."""

    column: Column
    id: UUID | date
    version: int
    patient_id: UUID
    starts_at: datetime


class Subjects(Protocol):
    """Whoever knows how the things stand that messages are about: the book."""

    def appointment(self, appointment_id: UUID) -> Appointment:
        """Return an appointment."""

    def appointments(self, appointment_ids: Collection[UUID]) -> list[Appointment]:
        """Return several appointments at once."""

    def queue_entry(self, entry_id: UUID) -> QueueEntry:
        """Return a place in the queue."""

    def wish_offer(self, offer_id: UUID) -> Offer:
        """Return an offer."""


def about_call(entry: QueueEntry, now: datetime) -> About:
    """What it takes to ask somebody at home to come now."""
    return About("queue_entry_id", entry.id, entry.version, entry.patient_id, now + ANSWERED_FOR)


def about_offer(offer: Offer, patient_id: UUID) -> About:
    """What it takes to offer a freed slot; an offer never changes, so it has one version."""
    return About("wish_offer_id", offer.id, 1, patient_id, offer.starts_at)


def about_summary(encounter_id: UUID, patient_id: UUID, now: datetime) -> About:
    """What it takes to say that the summary of a visit is ready."""
    return About("encounter_id", encounter_id, 1, patient_id, now + _TOLD_FOR)


def about_readings(patient_id: UUID, day: date, now: datetime) -> About:
    """What it takes to say that somebody's record was read on a day."""
    return About("read_on", day, 1, patient_id, now + _TOLD_FOR)


def column_of(about: Appointment | About) -> Column:
    """The column that names what a message is about."""
    return about.column if isinstance(about, About) else "appointment_id"


def subject_of(row: Row[Any]) -> tuple[Column, Any]:
    """What a stored message is about."""
    return next((column, getattr(row, column)) for column in COLUMNS if getattr(row, column) is not None)


def same_subject(row: Row[Any]) -> ColumnElement[bool]:
    """The messages about the same thing."""
    column, subject = subject_of(row)
    # A day of readings is somebody's; everything else is one patient's alone.
    of_whom: ColumnElement[bool] = message.c.patient_id == row.patient_id
    return and_(message.c[column] == subject, of_whom if column == "read_on" else true())
