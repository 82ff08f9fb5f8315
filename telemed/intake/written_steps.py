"""The ledger of what doctors did about what is written and who was told: only added to, nobody twice."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from scheduling.ids import uuid7
from telemed.intake.written_due import Act, Told
from telemed.intake.written_tables import written_step


class Step(NamedTuple):
    """One line: an act of a doctor's (`since` is its moment), or who was told of a wait since then."""

    id: UUID
    visit_id: UUID
    what: Act | Told
    since: datetime
    who: UUID | None
    at: datetime


class WrittenSteps:
    """The ledger of one transaction; it names no patient."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def acted(self, visit_id: UUID, what: Act, practitioner_id: UUID, now: datetime) -> None:
        """Note what a doctor did."""
        self._add_once(Step(uuid7(), visit_id, what, now, practitioner_id, now))

    def tell_once(
        self, visit_id: UUID, what: Told, since: datetime, who: UUID | None, now: datetime
    ) -> UUID | None:
        """Note who is told of a wait and return the line's id; None when somebody was told so before."""
        return self._add_once(Step(uuid7(), visit_id, what, since, who, now))

    def of(self, visit_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Step]]:
        """The lines of these visits, the oldest first."""
        columns, found = written_step.c, defaultdict[UUID, list[Step]](list)
        query = select(written_step).where(columns.visit_id.in_(sorted(visit_ids)))
        for row in self._connection.execute(query.order_by(columns.at, columns.id)):
            found[row.visit_id].append(Step(*row))
        return found

    def mark(self, visit_id: UUID) -> int:
        """A number that changes with every line of a visit."""
        mine = written_step.c.visit_id == visit_id
        return self._connection.scalar(select(func.count()).select_from(written_step).where(mine)) or 0

    def _add_once(self, step: Step) -> UUID | None:
        insert = postgresql_insert if self._connection.dialect.name == "postgresql" else sqlite_insert
        new = insert(written_step).values(**step._asdict()).on_conflict_do_nothing()
        added: UUID | None = self._connection.scalar(new.returning(written_step.c.id))
        return added
