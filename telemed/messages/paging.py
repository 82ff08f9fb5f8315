"""SMS that call a doctor to the screen: one for each call and telephone, by time and place, never a second.

Kept apart from messages to patients: nobody answers, and what is unknown stays so, for the call goes on by
its own ways (the list, the next doctor, the clerk).
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from scheduling.ids import uuid7
from telemed.messages.carriers import Carriers
from telemed.messages.port import Accepted, OutcomeUnknown, Outgoing, TryLater
from telemed.messages.tables import PAGE_STEPS, doctor_page
from telemed.messages.texts import Letter, Words

LEASE = timedelta(minutes=1)
"""A worker that has claimed a page for longer has died over it: nobody knows whether it went out."""

WORTH_IT = timedelta(minutes=10)
"""So long is a page tried that no carrier has looked at."""


@dataclass(frozen=True)
class Page:
    """One SMS to one doctor's telephone about one call."""

    id: UUID
    account_id: UUID
    about_id: UUID
    phone: str
    place: str
    time_zone: str
    raised_at: datetime


class Pages:
    """The pages of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_once(self, page: Page, now: datetime) -> bool:
        """Promise a page, unless this telephone's owner was promised one about the same call."""
        insert = postgresql_insert if self._connection.dialect.name == "postgresql" else sqlite_insert
        row = {**vars(page), "id": uuid7(), "state": "due", "changed_at": now}
        new = insert(doctor_page).values(row).on_conflict_do_nothing()
        return self._connection.execute(new.returning(doctor_page.c.id)).first() is not None

    def busy(self) -> bool:
        """Whether any page is promised or in a worker's hands."""
        waiting = doctor_page.c.state.in_(("due", "claimed"))
        return self._connection.execute(select(doctor_page.c.id).where(waiting).limit(1)).first() is not None

    def claim(self, still_open: Mapping[UUID, datetime], now: datetime) -> list[Page]:
        """Take what is due and still wanted; what is not wanted any more is over. Commit before sending.

        `still_open`: what nobody has answered yet, and since when somebody is asked about it.
        """
        columns = doctor_page.c
        self._let_go(now)
        due = select(doctor_page).where(columns.state == "due").with_for_update(skip_locked=True)
        wanted = []
        for row in self._connection.execute(due).all():
            page = Page(**{name: row._mapping[name] for name in Page.__dataclass_fields__})
            if page.about_id not in still_open:
                self.move(page.id, "over", now, "seen")
            elif now - still_open[page.about_id] > WORTH_IT and row.reason is not None:
                self.move(page.id, "over", now, row.reason)
            elif self.move(page.id, "claimed", now):
                wanted.append(page)
        return wanted

    def move(
        self, page_id: UUID, state: str, now: datetime, reason: str | None = None, sid: str | None = None
    ) -> bool:
        """Take one step; false when the page is past it."""
        before = [each for each, steps in PAGE_STEPS.items() if state in steps]
        columns = doctor_page.c
        # The number is kept where its owner can take it back, and nowhere else.
        gone: dict[str, Any] = {} if state in ("due", "claimed") else {"phone": ""}
        moved = update(doctor_page).where(columns.id == page_id, columns.state.in_(before))
        values = {"state": state, "reason": reason, "changed_at": now, **gone}
        return bool(
            self._connection.execute(moved.values(**values, **({"sid": sid} if sid else {}))).rowcount
        )

    def _let_go(self, now: datetime) -> None:
        columns = doctor_page.c
        lost = (columns.state == "claimed") & (columns.changed_at <= now - LEASE)
        for page_id in self._connection.scalars(select(columns.id).where(lost)).all():
            self.move(page_id, "unknown", now, "worker-gone")


class PagingUnit(Protocol):
    """The part of a unit of work that paging needs."""

    @property
    def connection(self) -> Connection:
        """Return the transaction."""

    @property
    def now(self) -> datetime:
        """Return the moment."""


@dataclass(frozen=True)
class Pager:
    """What it takes to page: units, carriers, and words in one language."""

    open_unit: Callable[[], AbstractContextManager[PagingUnit]]
    carriers: Carriers
    words: Words
    language: str


def page_due(pager: Pager, pages: Sequence[Page], now: datetime) -> int:
    """Send pages that were claimed and committed; returns how many, whatever became of them.

    Whoever dies here leaves "unknown", not a second SMS.
    """
    for page in pages:
        letter = Letter("doctor_page", pager.language, page.raised_at, page.time_zone, page.place)
        said = _handed(pager, Outgoing(page.phone, pager.words.write(letter), page.id), now)
        with pager.open_unit() as later:
            Pages(later.connection).move(page.id, said[0], later.now, *said[1:])
    return len(pages)


def _handed(pager: Pager, outgoing: Outgoing, now: datetime) -> tuple[str, str | None, str | None]:
    """The state, reason and carrier's name after asking the carriers one after the other."""
    last: tuple[str, str | None, str | None] = ("due", "no-carrier", None)
    for port in pager.carriers.of("sms"):
        said = pager.carriers.hand(port.name, outgoing, now)
        if isinstance(said, Accepted):
            return "accepted", None, said.sid
        if isinstance(said, OutcomeUnknown):
            return "unknown", said.reason, None
        last = ("due" if isinstance(said, TryLater) else "failed", said.reason, None)
    return last
