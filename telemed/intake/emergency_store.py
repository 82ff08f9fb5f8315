"""The only reader and writer of calls for help; they name no patient, so nobody's data leave the store."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from scheduling.errors import NotFound, StaleVersion
from telemed.intake.emergency_calls import EmergencyCall
from telemed.intake.emergency_tables import emergency_call
from telemed.intake.summons import Unseen

_OPEN = emergency_call.c.acknowledged_at.is_(None)
_MOVES = ("reach", "asked", "asked_at", "escalations", "acknowledged_by", "acknowledged_at", "version")


class EmergencyStore:
    """Calls for help: made once, passed on and seen, never taken back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def one_at_a_time(self, kiosk_id: UUID) -> None:
        """Let nobody else call from this kiosk until the transaction ends; SQLite has one writer anyway."""
        if self._connection.dialect.name == "postgresql":
            lock = int.from_bytes(kiosk_id.bytes[-8:], "big", signed=True)
            self._connection.execute(select(func.pg_advisory_xact_lock(lock)))

    def add(self, raised: EmergencyCall) -> None:
        """Keep a new call."""
        self._connection.execute(insert(emergency_call).values(**vars(raised)))

    def get(self, call_id: UUID) -> EmergencyCall:
        """The call, or NotFound."""
        found = self.find(call_id)
        if found is None:
            raise NotFound("call for help")
        return found

    def find(self, call_id: UUID) -> EmergencyCall | None:
        """The call, if there is one."""
        return next(iter(self._many(emergency_call.c.id == call_id)), None)

    def last_of(self, kiosk_id: UUID) -> EmergencyCall | None:
        """The newest call from this kiosk."""
        return next(reversed(self._many(emergency_call.c.kiosk_id == kiosk_id, last=1)), None)

    def open_at(self, facility_id: UUID) -> list[EmergencyCall]:
        """What nobody of this facility has seen yet, oldest first."""
        return self._many((emergency_call.c.facility_id == facility_id) & _OPEN)

    def at_site(self, site_id: UUID, since: datetime) -> list[EmergencyCall]:
        """The calls from a site since a moment, oldest first."""
        here = (emergency_call.c.site_id == site_id) & (emergency_call.c.raised_at >= since)
        return self._many(here)

    def change(self, changed: EmergencyCall) -> None:
        """Keep the next version; StaleVersion when somebody else made one meanwhile."""
        result = self._connection.execute(
            update(emergency_call)
            .where(emergency_call.c.id == changed.id, emergency_call.c.version == changed.version - 1)
            .values({name: getattr(changed, name) for name in _MOVES})
        )
        if result.rowcount != 1:
            raise StaleVersion("the call was changed meanwhile")

    def to_pass_on(self, asked_before: datetime, now: datetime) -> list[UUID]:
        """The open calls that can be passed on and were last asked about at that moment or before."""
        later = (emergency_call.c.reach != "everybody") & _asked(asked_before, now)
        query = select(emergency_call.c.id).where(_OPEN & later).order_by(emergency_call.c.raised_at)
        return list(self._connection.scalars(query))

    def unseen(self, asked_before: datetime, now: datetime) -> list[Unseen]:
        """The open calls, whoever they have reached, last asked about by that moment."""
        columns = emergency_call.c
        query = select(*(columns[name] for name in Unseen._fields))
        due = query.where(_OPEN, _asked(asked_before, now)).order_by(columns.raised_at)
        return [Unseen(*row) for row in self._connection.execute(due)]

    def count_open(self, facility_id: UUID) -> int:
        """How many calls nobody of a facility has seen."""
        here = _OPEN & (emergency_call.c.facility_id == facility_id)
        return self._connection.scalar(select(func.count()).select_from(emergency_call).where(here)) or 0

    def mark(self, facility_id: UUID) -> str:
        """A text that changes when the calls to a facility do."""
        query = select(func.count(), func.coalesce(func.sum(emergency_call.c.version), 0))
        here = emergency_call.c.facility_id == facility_id
        number, versions = self._connection.execute(query.where(here)).one()
        return f"{number}.{versions}"

    def _many(self, where: ColumnElement[bool], last: int | None = None) -> list[EmergencyCall]:
        newest = (emergency_call.c.raised_at.desc(), emergency_call.c.id.desc())
        rows = self._connection.execute(select(emergency_call).where(where).order_by(*newest).limit(last))
        return [EmergencyCall(**row._mapping) for row in reversed(rows.all())]


def _asked(before: datetime, now: datetime) -> ColumnElement[bool]:
    # In the future only where the clock was set back: nobody waits for that.
    return (emergency_call.c.asked_at <= before) | (emergency_call.c.asked_at > now)
