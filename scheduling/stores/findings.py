"""Finds appointments by what another system or a calendar asks for; a diary names no patient."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, tuple_

from scheduling import booking, tables
from scheduling.booking import Appointment
from scheduling.stores.ledger import Ledger, columns_of

_AT = tables.appointment.c


@dataclass(frozen=True)
class Wanted:
    """Which appointments are looked for; what is None does not matter."""

    facility_id: UUID | None = None
    practitioner_id: UUID | None = None
    patient_id: UUID | None = None
    place_id: UUID | None = None
    statuses: Sequence[str] | None = None
    ids: Sequence[UUID] | None = None
    since: datetime | None = None
    until: datetime | None = None


class Duty(NamedTuple):
    """One line of a practitioner's diary: when, how long and where, but not who comes."""

    id: UUID
    version: int
    starts_at: datetime
    ends_at: datetime
    site_id: UUID
    status: str


class FindingStore(Ledger):
    """The part of the book that looks for appointments."""

    def find_appointments(
        self, wanted: Wanted, limit: int, after: tuple[datetime, UUID] | None = None
    ) -> tuple[list[Appointment], bool]:
        """So many appointments by start, after the one with this start and id; and whether there are more."""
        query = select(*columns_of(Appointment, tables.appointment)).where(*_conditions(wanted))
        if after is not None:
            query = query.where(tuple_(_AT.starts_at, _AT.id) > tuple_(*after))
        rows = self._connection.execute(query.order_by(_AT.starts_at, _AT.id).limit(limit + 1)).all()
        shown = [Appointment(*row) for row in rows[:limit]]
        for owner in {each.patient_id for each in shown}:
            self._seen(owner, "appointment")
        return shown, len(rows) > limit

    def count_appointments(self, wanted: Wanted) -> int:
        """How many appointments there are of that kind; whoever was asked about by name has been read."""
        for owner in self._asked_about(wanted):
            self._seen(owner, "appointment")
        query = select(func.count()).select_from(tables.appointment).where(*_conditions(wanted))
        return int(self._connection.execute(query).scalar_one())

    def _asked_about(self, wanted: Wanted) -> set[UUID]:
        """Whom a search names, as patient or by an appointment: that there is none tells about them too."""
        found: set[UUID] = set()
        if wanted.patient_id is not None:
            query = select(tables.patient.c.id).where(tables.patient.c.id == wanted.patient_id)
            found.update(self._connection.execute(query).scalars())
        if wanted.ids:
            within = Wanted(facility_id=wanted.facility_id, ids=wanted.ids)
            found.update(
                self._connection.execute(select(_AT.patient_id).where(*_conditions(within))).scalars()
            )
        return found

    def diary(self, practitioner_id: UUID, since: datetime, until: datetime) -> list[Duty]:
        """A practitioner's open appointments that start in a window, without the patients."""
        query = (
            select(_AT.id, _AT.version, _AT.starts_at, _AT.ends_at, _AT.site_id, _AT.status)
            .where(
                _AT.practitioner_id == practitioner_id,
                _AT.starts_at >= since,
                _AT.starts_at < until,
                _AT.status.in_(sorted(booking.OPEN)),
            )
            .order_by(_AT.starts_at)
        )
        return [Duty(*row) for row in self._connection.execute(query)]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    equal = {
        _AT.facility_id: wanted.facility_id,
        _AT.practitioner_id: wanted.practitioner_id,
        _AT.patient_id: wanted.patient_id,
    }
    found: list[ColumnElement[bool]] = [column == value for column, value in equal.items() if value]
    if wanted.place_id is not None:
        found.append(or_(_AT.site_id == wanted.place_id, _AT.kiosk_id == wanted.place_id))
    if wanted.statuses is not None:
        found.append(_AT.status.in_(wanted.statuses))
    if wanted.ids is not None:
        found.append(_AT.id.in_(wanted.ids))
    if wanted.since is not None:
        found.append(_AT.starts_at >= wanted.since)
    if wanted.until is not None:
        found.append(_AT.starts_at < wanted.until)
    return found
