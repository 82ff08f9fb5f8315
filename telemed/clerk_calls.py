"""A doctor has ended a call at once and sent for the clerk: by kiosk, reason and time, and no name."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple, get_args
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    Uuid,
    insert,
    select,
    update,
)

from scheduling.errors import NotFound
from scheduling.tables import Instant, metadata
from telemed.guards import guards

Why = Literal["collapsed", "danger", "abuse"]
"""The patient has collapsed, somebody in the room is in danger, or somebody was abused."""

WHYS: tuple[str, ...] = get_args(Why)

SHOWN = timedelta(minutes=30)
"""For so long the kiosk says that the clerk is coming, and the counter shows a call that was seen."""

UNANSWERED = timedelta(seconds=60)
"""For so long a clerk may be on the way to the page; then the doctor and the coordinator are told."""

_A_DAY = timedelta(hours=12)

clerk_call = Table(
    "clerk_call",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("visit_id", Uuid, ForeignKey("encounter.id"), nullable=False),
    Column("kiosk_id", Uuid, ForeignKey("kiosk.id"), nullable=False),
    Column("site_id", Uuid, ForeignKey("site.id"), nullable=False),
    Column("why", String(10), nullable=False),
    Column("called_by", Uuid, ForeignKey("practitioner.id"), nullable=False),
    Column("called_at", Instant, nullable=False),
    Column("seen_by", Uuid, ForeignKey("account.id")),
    Column("seen_at", Instant),
    CheckConstraint("why IN ('collapsed', 'danger', 'abuse')", name="why"),
    CheckConstraint("(seen_by IS NULL) = (seen_at IS NULL)", name="seen_by_name"),
    Index("ix_clerk_call_site", "site_id", "called_at"),
    Index("ix_clerk_call_visit", "visit_id"),
)

GUARDS = guards(
    (
        (
            "clerk_call_facts",
            "UPDATE OF id, visit_id, kiosk_id, site_id, why, called_by, called_at ON clerk_call",
            "",
        ),
        ("clerk_call_forward", "UPDATE ON clerk_call", "OLD.seen_at IS NOT NULL"),
        ("clerk_call_kept", "DELETE ON clerk_call", ""),
    ),
    "refuse_clerk_call_change",
    "a call for the clerk goes only forward",
)
"""Created after the step that makes the table, and again after each later one."""


class ClerkCall(NamedTuple):
    """One call for the clerk of a site, and who has gone to the kiosk."""

    id: UUID
    visit_id: UUID
    kiosk_id: UUID
    site_id: UUID
    why: Why
    called_by: UUID
    called_at: datetime
    seen_by: UUID | None = None
    seen_at: datetime | None = None

    def is_unanswered(self, now: datetime) -> bool:
        """Whether nobody has said for too long that they go there."""
        # In the future only where the clock was set back: nobody waits for that.
        return self.seen_at is None and not timedelta(0) <= now - self.called_at < UNANSWERED


class ClerkCalls:
    """The calls of one transaction: made once, seen once, never taken back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, call: ClerkCall) -> None:
        """Keep a new call."""
        self._connection.execute(insert(clerk_call).values(**call._asdict()))

    def of_site(self, site_id: UUID, now: datetime) -> list[ClerkCall]:
        """What the clerk is to know: the day's calls that nobody has seen, and the latest; newest first."""
        columns = clerk_call.c
        lately = columns.seen_at.is_(None) | (columns.called_at > now - SHOWN)
        here = (columns.site_id == site_id) & (columns.called_at > now - _A_DAY)
        return self._many(here & lately)

    def comes_to(self, visit_id: UUID, now: datetime) -> bool:
        """Whether the clerk was called to this visit a short while ago."""
        columns = clerk_call.c
        return bool(self._many((columns.visit_id == visit_id) & (columns.called_at > now - SHOWN)))

    def open_of(self, visit_id: UUID) -> ClerkCall | None:
        """The call of this visit that nobody has seen yet."""
        columns = clerk_call.c
        return next(iter(self._many((columns.visit_id == visit_id) & columns.seen_at.is_(None))), None)

    def of_visit(self, visit_id: UUID) -> ClerkCall | None:
        """The newest call of this visit."""
        return next(iter(self._many(clerk_call.c.visit_id == visit_id)), None)

    def unanswered(self, now: datetime) -> list[ClerkCall]:
        """The day's calls that no clerk has answered in time, newest first."""
        columns = clerk_call.c
        open_calls = self._many(columns.seen_at.is_(None) & (columns.called_at > now - _A_DAY))
        return [each for each in open_calls if each.is_unanswered(now)]

    def see(self, call_id: UUID, site_id: UUID, account_id: UUID, now: datetime) -> None:
        """This clerk goes there; who was first stays. NotFound for another site's call."""
        columns = clerk_call.c
        if not self._many((columns.id == call_id) & (columns.site_id == site_id)):
            raise NotFound("call for the clerk")
        self._connection.execute(
            update(clerk_call)
            .where(columns.id == call_id, columns.seen_at.is_(None))
            .values(seen_by=account_id, seen_at=now)
        )

    def _many(self, where: ColumnElement[bool]) -> list[ClerkCall]:
        newest = (clerk_call.c.called_at.desc(), clerk_call.c.id.desc())
        rows = self._connection.execute(select(clerk_call).where(where).order_by(*newest))
        return [ClerkCall(*row) for row in rows]
