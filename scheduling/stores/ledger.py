"""What every store of this package stands on: a connection, who is told of reads, what was changed."""

from collections.abc import Callable, Collection
from dataclasses import fields
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Column, Connection, Table, insert, update

from scheduling import tables
from scheduling.booking import Appointment
from scheduling.calendar_cache import CalendarCache
from scheduling.errors import NotFound, StaleVersion
from scheduling.events import Event

Seen = Callable[[UUID, str], None]
"""Told the owner's patient id and what was read, for each personal record a store hands out."""

_Found = TypeVar("_Found")


class Ledger:
    """One transaction's view of the tables; keeps the events that happen in it and what was given back."""

    def __init__(
        self,
        connection: Connection,
        seen: Seen,
        calendars: CalendarCache | None = None,
        forbidden_services: Collection[str] = (),
    ) -> None:
        self._connection = connection
        self._seen = seen
        # What the country's law lets nobody do at a distance.
        self._forbidden_services = forbidden_services
        self._calendars = calendars or CalendarCache()
        self.events: list[Event] = []
        self.given_back: list[Appointment] = []
        # What this transaction wrote need not be read again to be told on.
        self._written: dict[UUID, Any] = {}

    def _record(self, event: Event) -> None:
        self._connection.execute(insert(tables.event).values(event_row(event)))
        self.events.append(event)

    def _replace(self, table: Table, row_id: UUID, version: int, **values: Any) -> None:
        """Write the next version of a row; StaleVersion when somebody else wrote one first."""
        written = self._connection.execute(
            update(table)
            .where(table.c.id == row_id, table.c.version == version - 1)
            .values(version=version, **values)
        )
        if written.rowcount != 1:
            raise StaleVersion(table.name.replace("_", " "))


def event_row(event: Event) -> dict[str, Any]:
    """The row in which an event is kept."""
    row = {name: getattr(event, name) for name in ("id", "at", "kind", "subject_id", "version", "why")}
    return row | {"who_kind": event.who.kind, "who_id": event.who.id}


def columns_of(record: type, table: Table) -> list[Column[Any]]:
    """The columns that make up a dataclass, in the order of its fields."""
    return [table.c[field.name] for field in fields(record)]


def found(row: _Found | None, what: str) -> _Found:
    """The row, or NotFound when there is none."""
    if row is None:
        raise NotFound(what)
    return row
