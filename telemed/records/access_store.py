"""Where the access log is kept: it is appended to, read, sealed and verified, never changed."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Insert, Row, and_, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from scheduling.stores.statements import (
    Rows,
    arrays_of,
    from_arrays,
    insert_many,
    insert_together,
    rows_of,
    values_of,
)
from telemed.records.access_log import (
    GENESIS,
    Entry,
    Fault,
    Head,
    Reader,
    next_entry,
    per_owner,
    seal_digest,
    verify,
)
from telemed.records.tables import access_entry, access_head, access_seal, access_sealed_head

DAY = timedelta(days=1)
FEW = 40
"""Up to so many rows are written out in one statement; it is compiled anew for each number of them."""


class AccessStore:
    """The chains, one per owner; nobody waits for another owner's."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, reader: Reader, seen: Iterable[tuple[UUID, str]], at: datetime) -> list[Entry]:
        """Write one entry for each owner of whom something was seen."""
        lines = per_owner(seen)
        if not lines:
            return []
        heads = self._locked_heads([owner for owner, _ in lines])
        entries = [next_entry(heads.get(owner), owner, at, reader, what) for owner, what in lines]
        self._link(entries)
        return entries

    def entries(self, owner_id: UUID) -> list[Entry]:
        """The whole chain of one owner, oldest first."""
        rows = self._connection.execute(
            select(access_entry).where(access_entry.c.owner_id == owner_id).order_by(access_entry.c.seq)
        )
        return [_entry_of(row) for row in rows]

    def seal(self, key: bytes, day: date, at: datetime) -> str | None:
        """Seal the heads that moved since the last seal, once a day; keep the digest elsewhere too.

        A clock that was far ahead leaves a seal of a day to come: it is followed by the days after that one,
        or nothing would be sealed until that day.
        """
        newest = self._newest_seal()
        last = newest.digest if newest else GENESIS
        if newest is not None and newest.day >= day.isoformat():
            sealed = date.fromisoformat(newest.day)
            if sealed <= day + DAY or newest.at.date() == day:
                return None
            day = sealed + DAY
        heads = self._unsealed_heads()
        digest = seal_digest(key, last, day.isoformat(), heads)
        self._connection.execute(insert(access_seal).values(day=day.isoformat(), at=at, digest=digest))
        if heads:
            self._connection.execute(
                insert(access_sealed_head),
                [
                    {"day": day.isoformat(), "owner_id": h.owner_id, "seq": h.seq, "hash": h.hash}
                    for h in heads
                ],
            )
        return digest

    def last_seal(self) -> tuple[str, str] | None:
        """The day and the digest of the newest seal."""
        newest = self._newest_seal()
        return None if newest is None else (newest.day, newest.digest)

    def verify_all(self, key: bytes) -> tuple[int, list[Fault]]:
        """The number of entries looked at, and every fault in chains, heads and seals."""
        count, faults, links = 0, [], {}
        for owner, entries in self._chains():
            count += len(entries)
            faults += verify(entries)
            links[owner] = {entry.seq: entry.hash for entry in entries}
        faults += [
            Fault(head.owner_id, head.seq, "the last entries are missing")
            for head in self._heads()
            if head.seq and (links.get(head.owner_id, {}).get(head.seq) != head.hash)
        ]
        return count, faults + self._verify_seals(key, links)

    def _newest_seal(self) -> Row[Any] | None:
        newest = select(access_seal).order_by(access_seal.c.day.desc()).limit(1)
        return self._connection.execute(newest).one_or_none()

    def _verify_seals(self, key: bytes, links: dict[UUID, dict[int, str]]) -> list[Fault]:
        faults, prev = [], GENESIS
        for seal in self._connection.execute(select(access_seal).order_by(access_seal.c.day)).all():
            heads = self._sealed_heads(seal.day)
            if seal_digest(key, prev, seal.day, heads) != seal.digest:
                faults.append(Fault(None, 0, f"the seal of {seal.day} is broken"))
            faults += [
                Fault(head.owner_id, head.seq, f"differs from what was sealed on {seal.day}")
                for head in heads
                if links.get(head.owner_id, {}).get(head.seq) != head.hash
            ]
            prev = seal.digest
        return faults

    def _chains(self) -> Iterator[tuple[UUID, list[Entry]]]:
        rows = self._connection.execution_options(yield_per=1000).execute(
            select(access_entry).order_by(access_entry.c.owner_id, access_entry.c.seq)
        )
        for owner, chain in groupby(rows, key=lambda row: row.owner_id):
            yield owner, [_entry_of(row) for row in chain]

    def _locked_heads(self, owners: list[UUID]) -> dict[UUID, Head]:
        empty = [{"owner_id": owner, "seq": 0, "hash": GENESIS} for owner in owners]
        return {
            row.owner_id: Head(row.owner_id, row.seq, row.hash)
            for some in self._in_parts(empty)
            for row in self._connection.execute(
                _lock_heads(self._dialect, len(some), self._many(some)), self._bound(some)
            )
        }

    def _link(self, entries: Sequence[Entry]) -> None:
        """Write the entries and move the heads to them."""
        rows = [_row_of(entry) for entry in entries]
        heads = [{"owner_id": e.owner_id, "seq": e.seq, "hash": e.hash} for e in entries]
        if len(rows) <= FEW:
            move = _move_heads(self._dialect, len(entries), False)
            insert_together(self._connection, (access_entry, rows), last=(move, values_of(heads)))
            return
        insert_many(self._connection, access_entry, rows)
        for some in self._in_parts(heads):
            move = _move_heads(self._dialect, len(some), self._many(some))
            self._connection.execute(move, self._bound(some))

    def _many(self, rows: Rows) -> bool:
        return self._dialect == "postgresql" and len(rows) > FEW

    def _bound(self, rows: Rows) -> dict[str, Any]:
        return arrays_of(rows) if self._many(rows) else values_of(rows)

    def _in_parts(self, rows: Rows) -> list[Rows]:
        """All at once by arrays; SQLite has none, and each number of rows is a statement of its own."""
        if self._many(rows) or len(rows) <= FEW:
            return [rows]
        return [rows[first : first + FEW] for first in range(0, len(rows), FEW)]

    @property
    def _dialect(self) -> str:
        return self._connection.dialect.name

    def _heads(self) -> list[Head]:
        return [
            Head(row.owner_id, row.seq, row.hash) for row in self._connection.execute(select(access_head))
        ]

    def _unsealed_heads(self) -> list[Head]:
        sealed = access_sealed_head
        known = and_(sealed.c.owner_id == access_head.c.owner_id, sealed.c.seq == access_head.c.seq)
        rows = self._connection.execute(
            select(access_head)
            .outerjoin(sealed, known)
            .where(sealed.c.owner_id.is_(None), access_head.c.seq > 0)
        )
        return [Head(row.owner_id, row.seq, row.hash) for row in rows]

    def _sealed_heads(self, day: str) -> list[Head]:
        rows = self._connection.execute(select(access_sealed_head).where(access_sealed_head.c.day == day))
        return [Head(row.owner_id, row.seq, row.hash) for row in rows]


@cache
def _lock_heads(dialect: str, count: int, many: bool) -> Insert:
    """Locks so many heads in the order given, makes those that are missing, and hands all back."""
    made = _heads_of(dialect, count, many)
    unchanged = {"seq": access_head.c.seq}
    return made.on_conflict_do_update(index_elements=["owner_id"], set_=unchanged).returning(access_head)


@cache
def _move_heads(dialect: str, count: int, many: bool) -> Insert:
    made = _heads_of(dialect, count, many)
    moved = {"seq": made.excluded.seq, "hash": made.excluded.hash}
    return made.on_conflict_do_update(index_elements=["owner_id"], set_=moved)


def _heads_of(dialect: str, count: int, many: bool) -> postgresql.Insert | sqlite.Insert:
    columns = ("owner_id", "seq", "hash")
    made: postgresql.Insert | sqlite.Insert
    made = postgresql.insert(access_head) if dialect == "postgresql" else sqlite.insert(access_head)
    rows = from_arrays(access_head, columns) if many else rows_of(access_head, columns, count)
    return made.from_select(list(columns), rows)


def _row_of(entry: Entry) -> dict[str, Any]:
    reader = entry.reader
    return {
        "owner_id": entry.owner_id,
        "seq": entry.seq,
        "at": entry.at,
        "reader_kind": reader.kind,
        "reader_id": reader.id,
        "reader_role": reader.role,
        "reader_name": reader.name,
        "facility_id": reader.facility_id,
        "what": entry.what,
        "purpose": reader.purpose,
        "prev_hash": entry.prev_hash,
        "hash": entry.hash,
    }


def _entry_of(row: Row[Any]) -> Entry:
    reader = Reader(
        row.reader_kind, row.reader_id, row.facility_id, row.reader_name, row.purpose, row.reader_role
    )
    return Entry(row.owner_id, row.seq, row.at, reader, row.what, row.prev_hash, row.hash)
