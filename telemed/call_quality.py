"""How each call went, told by both pages every five seconds: kept for a season, about a place and nobody.

A row names the visit only so that the rows of one call stand together; addresses are in none of them.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Uuid,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from scheduling.tables import Instant, metadata
from telemed.guards import guards

Side = Literal["patient", "practitioner"]
Rung = Literal["video", "audio", "stills", "phone", "written"]

RUNGS: tuple[Rung, ...] = ("video", "audio", "stills", "phone", "written")
EVERY = timedelta(seconds=5)
KEPT = timedelta(days=90)
MOST = 4 * 3600 // 5
"""So many rows may one side of one visit have: four hours of them; a page that floods fills no disk."""

call_quality = Table(
    "call_quality",
    metadata,
    Column("visit_id", Uuid, ForeignKey("encounter.id"), primary_key=True),
    Column("side", String(12), primary_key=True),
    # One stay of a page in the call, and the number of the look: told twice, it stands here once.
    Column("page", String(32), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("site_id", Uuid, ForeignKey("site.id"), nullable=False),
    Column("kiosk_id", Uuid, ForeignKey("kiosk.id")),
    Column("at", Instant, nullable=False),
    Column("rung", String(8), nullable=False),
    Column("rtt_ms", Integer),
    Column("loss_percent", Float),
    Column("concealed_percent", Float),
    Column("fps", Float),
    Column("buffer_ms", Integer),
    Column("sent_bytes", Integer, nullable=False),
    Column("received_bytes", Integer, nullable=False),
    Column("up_kbps", Integer),
    CheckConstraint("side IN ('patient', 'practitioner')", name="side"),
    CheckConstraint("rung IN ('video', 'audio', 'stills', 'phone', 'written')", name="rung"),
    Index("ix_call_quality_site", "site_id", "at"),
    Index("ix_call_quality_at", "at"),
)

# What is too old is deleted whole; nothing is ever put right.
GUARDS = guards(
    (("call_quality_fixed", "UPDATE ON call_quality", ""),),
    "refuse_call_quality_change",
    "how a call went is kept as it was told",
)
"""Created after the step that makes the table, and again after each later one."""


class Look(NamedTuple):
    """Five seconds of a call as one page saw them; None is what could not be measured, never a zero.

    Bytes are those of these five seconds; `up_kbps` is what the browser believes it could send.
    """

    n: int
    at: datetime
    rung: Rung
    rtt_ms: int | None
    loss_percent: float | None
    concealed_percent: float | None
    fps: float | None
    buffer_ms: int | None
    sent_bytes: int
    received_bytes: int
    up_kbps: int | None


class Call(NamedTuple):
    """Whose call it is, and where the patient sits in it; names nobody."""

    visit_id: UUID
    site_id: UUID
    kiosk_id: UUID | None


class Share(NamedTuple):
    """What both pages told of one visit on one rung: how often, since when, and the sums to make means of."""

    visit_id: UUID
    rung: Rung
    since: datetime
    sides: int
    looks: int
    rtt_ms: float | None
    loss_percent: float | None
    concealed_percent: float | None
    worst_loss: float | None
    worst_rtt: int | None


class CallQuality:
    """The log of one transaction; rows are added and, when they are old, deleted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, call: Call, side: Side, page: str, looks: Iterable[Look]) -> int:
        """Keep what is new of these looks, up to the most a side may have; returns how many were kept."""
        columns = call_quality.c
        mine = (columns.visit_id == call.visit_id) & (columns.side == side)
        count = self._connection.scalar(select(func.count()).select_from(call_quality).where(mine)) or 0
        rows = [
            {**call._asdict(), "side": side, "page": page, **look._asdict()}
            for look in {look.n: look for look in looks}.values()
        ]
        room = rows[: max(0, MOST - count)]
        if not room:
            return 0
        insert = postgresql_insert if self._connection.dialect.name == "postgresql" else sqlite_insert
        new = insert(call_quality).values(room).on_conflict_do_nothing().returning(columns.n)
        return len(self._connection.execute(new).all())

    def of_site(self, site_id: UUID, since: datetime) -> Sequence[Share]:
        """What was told of each visit's call at a site, by rung, the oldest call first."""
        columns = call_quality.c
        query = (
            select(
                columns.visit_id,
                columns.rung,
                func.min(columns.at).label("since"),
                func.count(columns.side.distinct()).label("sides"),
                func.count().label("looks"),
                func.avg(columns.rtt_ms).label("rtt_ms"),
                func.avg(columns.loss_percent).label("loss_percent"),
                func.avg(columns.concealed_percent).label("concealed_percent"),
                func.max(columns.loss_percent).label("worst_loss"),
                func.max(columns.rtt_ms).label("worst_rtt"),
            )
            .where(columns.site_id == site_id, columns.at >= since)
            .group_by(columns.visit_id, columns.rung)
            .order_by(func.min(columns.at), columns.visit_id)
        )
        found = self._connection.execute(query)
        return [
            Share(*row)._replace(rtt_ms=None if row.rtt_ms is None else float(row.rtt_ms)) for row in found
        ]

    def rungs_since(self, kiosk_ids: Collection[UUID], since: datetime) -> dict[UUID, tuple[Rung, datetime]]:
        """On which rung the newest call of each of these kiosks was, as far as one was told since then."""
        columns = call_quality.c
        query = (
            select(columns.kiosk_id, columns.rung, columns.at)
            .where(columns.kiosk_id.in_(list(kiosk_ids)), columns.at > since)
            .order_by(columns.at)
        )
        return {row.kiosk_id: (row.rung, row.at) for row in self._connection.execute(query)}

    def talked_at(self, visit_ids: Collection[UUID], since: datetime, now: datetime) -> dict[UUID, datetime]:
        """When a page of these visits was last in a call, as far as one told of it since then."""
        columns = call_quality.c
        # In the future only where the clock was set back: that says nothing of now.
        told = columns.visit_id.in_(sorted(visit_ids)) & columns.at.between(since, now)
        query = select(columns.visit_id, func.max(columns.at).label("at")).where(told)
        return {row.visit_id: row.at for row in self._connection.execute(query.group_by(columns.visit_id))}

    def forget_before(self, moment: datetime) -> int:
        """Delete what is too old; returns how many rows that were."""
        old = call_quality.c.at < moment
        return self._connection.execute(delete(call_quality).where(old)).rowcount
