"""How messages fare as a whole: by carrier, by counter, what they cost, what waits; nobody is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, select

from telemed.messages.delivery import RECENT, USUAL, Counts, counted, has_fallen
from telemed.messages.tables import OPEN_CALLS, call_list, carrier_state, message, stopped_number

_OUT = ("accepted", "delivered", "undelivered", "failed", "unknown", "on_call_list")


@dataclass(frozen=True)
class Tally:
    """How many messages of one carrier at one counter are in one state, and what they cost together."""

    carrier: str
    channel: str
    site_id: UUID | None
    state: str
    number: int
    micros: int
    currency: str | None


@dataclass(frozen=True)
class Waiting:
    """What is on its way: due and not out, of unknown outcome, to be called, left in peace."""

    due: int
    oldest_due_at: datetime | None
    unknown: int
    calls: int
    stopped: int


@dataclass(frozen=True)
class CarrierState:
    """A carrier that is left in peace until a moment, or was lately in trouble."""

    name: str
    open_until: datetime | None
    reason: str | None
    failures: int


class Overview:
    """Counts over all messages, of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tallies(self, since: datetime) -> list[Tally]:
        """Count what was handed to carriers and changed since a moment."""
        columns = message.c
        groups = (columns.provider, columns.channel, columns.site_id, columns.state, columns.currency)
        cost = func.coalesce(func.sum(columns.cost_micros), 0)
        wanted = (
            select(*groups, func.count(), cost)
            .where(columns.changed_at >= since, columns.state.in_(_OUT), columns.provider.is_not(None))
            .group_by(*groups)
        )
        return [
            Tally(carrier, channel, site_id, state, number, int(micros), currency)
            for carrier, channel, site_id, state, currency, number, micros in self._connection.execute(wanted)
        ]

    def waiting(self, now: datetime) -> Waiting:
        """Count what is not done yet."""
        columns = message.c
        due = select(func.count(), func.min(columns.due_at)).where(
            columns.state == "due", columns.due_at <= now
        )
        number, oldest = self._connection.execute(due).one()
        unknown = select(func.count()).where(columns.state == "unknown")
        calls = select(func.count()).where(call_list.c.status.in_(OPEN_CALLS))
        stopped = select(func.count()).where(stopped_number.c.lifted_at.is_(None))
        rest = [int(self._connection.scalar(each) or 0) for each in (unknown, calls, stopped)]
        return Waiting(int(number), oldest, *rest)

    def calls_by_site(self) -> list[tuple[UUID, int]]:
        """Count the calls that each counter is asked to make, the most first."""
        columns, number = call_list.c, func.count()
        wanted = (
            select(columns.site_id, number).where(columns.status.in_(OPEN_CALLS)).group_by(columns.site_id)
        )
        rows = self._connection.execute(wanted.order_by(number.desc(), columns.site_id))
        return [(site_id, counted) for site_id, counted in rows]

    def carriers(self) -> list[CarrierState]:
        """Return every carrier that was ever in trouble."""
        columns = carrier_state.c
        rows = self._connection.execute(select(carrier_state).order_by(columns.name))
        return [CarrierState(row.name, row.open_until, row.reason, row.failures) for row in rows]

    def delivery(self, now: datetime) -> tuple[Counts, Counts]:
        """Count how messages ended lately, and in the week before that."""
        return self._ended(now - RECENT, now), self._ended(now - USUAL, now - RECENT)

    def has_fallen(self, now: datetime) -> bool:
        """Whether fewer messages arrive than should."""
        return has_fallen(*self.delivery(now))

    def _ended(self, since: datetime, until: datetime) -> Counts:
        columns = message.c
        wanted = (
            select(columns.state, func.count())
            .where(columns.state.in_(("delivered", "undelivered", "failed")))
            .where(columns.changed_at > since, columns.changed_at <= until)
            .group_by(columns.state)
        )
        return counted((state, number) for state, number in self._connection.execute(wanted))


def by_carrier(tallies: Sequence[Tally]) -> dict[str, list[Tally]]:
    """Sort counts out by carrier, the busiest first."""
    names = {each.carrier for each in tallies}
    of = {name: [each for each in tallies if each.carrier == name] for name in names}
    return dict(sorted(of.items(), key=lambda pair: (-sum(each.number for each in pair[1]), pair[0])))


def ends(tallies: Sequence[Tally]) -> Counts:
    """Count how these ended."""
    return counted((each.state, each.number) for each in tallies)
