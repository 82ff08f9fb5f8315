"""The clerk's call list: whom a message may not have reached, until somebody has called or need not."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select, update

from scheduling.errors import NotFound, StaleVersion
from telemed.messages.moves import Seen
from telemed.messages.tables import OPEN_CALLS, call_list, message

OUTCOMES = ("called", "unreached")
"""What a clerk can say of a call."""


@dataclass(frozen=True)
class CallLine:
    """One person to call, why, and the message that they may not have had."""

    id: UUID
    patient_id: UUID
    phone: str
    reason: str
    kind: str
    starts_at: datetime
    tried_at: datetime | None
    version: int


class CallList:
    """The calls to make, of one transaction."""

    def __init__(self, connection: Connection, seen: Seen) -> None:
        self._connection = connection
        self._seen = seen

    def to_make(self, site_id: UUID) -> list[CallLine]:
        """Return whom a counter is to call, the next visit first."""
        columns = call_list.c
        wanted = (
            select(call_list, message.c.kind, message.c.starts_at)
            .join_from(call_list, message, message.c.id == columns.message_id)
            .where(columns.site_id == site_id, columns.status.in_(OPEN_CALLS))
            .order_by(message.c.starts_at, columns.id)
        )
        lines = []
        for row in self._connection.execute(wanted):
            self._seen(row.patient_id, "message")
            tried_at = row.changed_at if row.status == "unreached" else None
            made = (row.phone, row.reason, row.kind, row.starts_at, tried_at, row.version)
            lines.append(CallLine(row.id, row.patient_id, *made))
        return lines

    def mark(self, line_id: UUID, site_id: UUID, version: int, outcome: str, by: str, now: datetime) -> None:
        """Note how a call ended; NotFound at another counter, StaleVersion when somebody was quicker."""
        own = (call_list.c.id == line_id, call_list.c.site_id == site_id)
        if self._connection.execute(select(call_list.c.id).where(*own)).first() is None:
            raise NotFound("call")
        marked = self._connection.execute(
            update(call_list)
            .where(*own, call_list.c.version == version, call_list.c.status.in_(OPEN_CALLS))
            .values(status=outcome, changed_at=now, changed_by=by, version=version + 1)
        )
        if marked.rowcount != 1:
            raise StaleVersion("call")
