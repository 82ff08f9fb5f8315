"""Whether somebody sits at the kiosk, as they said themselves, and who else is in the room."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from scheduling.store import Seen
from telemed.records.tables import encounter, visit_presence

Company = Literal["alone", "relative", "clerk"]
COMPANY: tuple[Company, ...] = ("alone", "relative", "clerk")


class Presence(NamedTuple):
    """Who is in the room, if anybody has said so, and when "I am here" was said last."""

    company: Company | None = None
    here_at: datetime | None = None


class PresenceStore:
    """What was said at the kiosk of each visit; beside the visit, so that it never stands in its way."""

    def __init__(self, connection: Connection, seen: Seen) -> None:
        self._connection = connection
        self._seen = seen

    def say(self, encounter_id: UUID, company: Company | None, now: datetime) -> None:
        """Somebody is here; `company` is who else is, or None when that was not asked again."""
        told: Mapping[str, object] = {"here_at": now, **({"company": company} if company else {})}
        columns = visit_presence.c
        changed = self._connection.execute(
            update(visit_presence).where(columns.encounter_id == encounter_id).values(told)
        )
        if changed.rowcount == 0:
            self._connection.execute(insert(visit_presence).values(encounter_id=encounter_id, **told))

    def of(self, encounter_id: UUID) -> Presence:
        """What was said; nothing where nobody has said anything."""
        columns = visit_presence.c
        query = (
            select(columns.company, columns.here_at, encounter.c.patient_id)
            .join(encounter, encounter.c.id == columns.encounter_id)
            .where(columns.encounter_id == encounter_id)
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return Presence()
        self._seen(row.patient_id, "visit")
        return Presence(row.company, row.here_at)
