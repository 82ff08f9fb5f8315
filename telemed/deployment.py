"""What kind of installation a database belongs to: a demo is marked for good, and carries its own clock."""

from datetime import UTC, datetime, time, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Engine,
    Integer,
    Table,
    insert,
    select,
    update,
)

from scheduling.tables import Instant, metadata
from telemed import clock, database

MORNING = time(9, 40)
LATE = time(13)
_TRUSTED_SECONDS = 0.5

deployment = Table(
    "deployment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("demo", Boolean, nullable=False),
    Column("seed", Integer, nullable=False),
    # The domain clock shows domain_anchor when the real one shows real_anchor, and ticks on from there.
    Column("real_anchor", Instant, nullable=False),
    Column("domain_anchor", Instant, nullable=False),
    CheckConstraint("id = 1", name="deployment_is_one_row"),
    CheckConstraint("demo", name="only_a_demo_is_marked"),
)


class DeploymentError(Exception):
    """This process must not run on this database; the message says why and what to do."""


def mark_demo(connection: Connection, seed: int, domain_start: datetime, real_now: datetime) -> None:
    """Mark the database as a demo, for good, and start its clock."""
    connection.execute(
        insert(deployment).values(
            id=1, demo=True, seed=seed, real_anchor=real_now, domain_anchor=domain_start
        )
    )


def is_demo(connection: Connection) -> bool:
    """Tell whether this database carries the demo mark."""
    return connection.execute(select(deployment.c.demo)).scalar() is True


def guard(engine: Engine, demo_mode: bool) -> None:
    """Refuse to run a demo database as a real service, or a real database as a demo."""
    with database.read(engine) as connection:
        marked = is_demo(connection)
    if marked and not demo_mode:
        raise DeploymentError(
            "This database is a demo: its people are invented but their numbers may belong to somebody. "
            "Start with TELEMED_DEMO=1, or choose another TELEMED_DATABASE_URL."
        )
    if demo_mode and not marked:
        raise DeploymentError("This database is no demo. Run `telemed demo seed` on an empty one first.")


class DemoClock:
    """A domain clock that starts on a working morning, ticks normally and can be moved forward.

    Another process sees a move within half a second: asking the database each time was half of an idle
    worker's work.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: tuple[float, tuple[datetime, datetime]] | None = None

    def now(self) -> datetime:
        """Return the demo's instant; every process reads the same anchors."""
        real, domain = self._anchors()
        return domain + max(clock.real_now() - real, timedelta(0))

    def ahead(self) -> timedelta:
        """Return how far the demo's time is ahead of the machines'; the same until it is moved again."""
        real, domain = self._anchors()
        return domain - real

    def forward_to(self, moment: datetime) -> None:
        """Move the demo's clock forward to the moment; never back."""
        if moment <= self.now():
            return
        with database.write(self._engine) as connection:
            connection.execute(update(deployment).values(real_anchor=clock.real_now(), domain_anchor=moment))
        self._known = None

    def _anchors(self) -> tuple[datetime, datetime]:
        known, asked_at = self._known, monotonic()
        if known is not None and asked_at - known[0] < _TRUSTED_SECONDS:
            return known[1]
        with database.read(self._engine) as connection:
            anchors = select(deployment.c.real_anchor, deployment.c.domain_anchor)
            row = connection.execute(anchors).one()
        found = (row.real_anchor, row.domain_anchor)
        self._known = (asked_at, found)
        return found


def wake(engine: Engine, zone: ZoneInfo) -> None:
    """Before a demo starts again, at night or on a day off, move its clock to the next working morning."""
    demo_clock = DemoClock(engine)
    demo_clock.forward_to(working_morning(demo_clock.now(), zone))


def working_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """Return now when offices are open and stay open for hours, else 09:40 of the next working day."""
    local = now.astimezone(zone)
    if local.weekday() < 5 and MORNING <= local.time() < LATE:
        return now
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, zone).astimezone(UTC)
