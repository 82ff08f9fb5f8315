"""The log of who has read a record: one hash chain per owner, so a changed or missing row shows."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

GENESIS = "0" * 64


@dataclass(frozen=True)
class Reader:
    """Who reads, on whose behalf and why: kind is staff, kiosk, patient, job or demo."""

    kind: str
    id: str
    facility_id: UUID | None
    name: str
    purpose: str
    role: str = ""

    def with_purpose(self, purpose: str) -> "Reader":
        """The same reader, reading for another reason."""
        return replace(self, purpose=purpose)


@dataclass(frozen=True)
class Entry:
    """One reading of one person's record."""

    owner_id: UUID
    seq: int
    at: datetime
    reader: Reader
    what: str
    prev_hash: str
    hash: str


class Head(NamedTuple):
    """The last link of one owner's chain."""

    owner_id: UUID
    seq: int
    hash: str


class Fault(NamedTuple):
    """A place where a chain does not hold, in words for the operator."""

    owner_id: UUID | None
    seq: int
    reason: str


def entry_hash(prev: str, fields: dict[str, str]) -> str:
    """The link that binds these fields to everything before them."""
    body = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{prev}\n{body}".encode()).hexdigest()


def fields_of(owner_id: UUID, seq: int, at: datetime, reader: Reader, what: str) -> dict[str, str]:
    """What is hashed, as text that is the same on every database."""
    return {
        "owner": str(owner_id),
        "seq": str(seq),
        "at": at.isoformat(timespec="microseconds"),
        "kind": reader.kind,
        "reader": reader.id,
        "role": reader.role,
        "name": reader.name,
        "facility": str(reader.facility_id or ""),
        "what": what,
        "purpose": reader.purpose,
    }


def next_entry(head: Head | None, owner_id: UUID, at: datetime, reader: Reader, what: str) -> Entry:
    """The entry that follows the owner's head."""
    prev = head.hash if head else GENESIS
    seq = head.seq + 1 if head else 1
    digest = entry_hash(prev, fields_of(owner_id, seq, at, reader, what))
    return Entry(owner_id, seq, at, reader, what, prev, digest)


def per_owner(seen: Iterable[tuple[UUID, str]]) -> list[tuple[UUID, str]]:
    """One line per owner, in a fixed order so that two writers never wait for each other in a ring."""
    whats: dict[UUID, set[str]] = {}
    for owner, what in seen:
        whats.setdefault(owner, set()).add(what)
    return [(owner, ", ".join(sorted(whats[owner]))) for owner in sorted(whats)]


def verify(entries: Sequence[Entry]) -> list[Fault]:
    """The faults in one owner's chain, given in the order of seq; none means that it holds."""
    faults: list[Fault] = []
    prev = GENESIS
    for place, entry in enumerate(entries, start=1):
        if entry.seq != place:
            return [*faults, Fault(entry.owner_id, place, "an entry is missing")]
        if entry.prev_hash != prev:
            faults.append(Fault(entry.owner_id, entry.seq, "does not follow the entry before it"))
        fields = fields_of(entry.owner_id, entry.seq, entry.at, entry.reader, entry.what)
        if entry_hash(entry.prev_hash, fields) != entry.hash:
            faults.append(Fault(entry.owner_id, entry.seq, "was changed after it was written"))
        prev = entry.hash
    return faults


def seal_digest(key: bytes, prev: str, day: str, heads: Iterable[Head]) -> str:
    """The keyed seal over the heads of one day; it also binds the seal before it."""
    seal = hmac.new(key, f"{prev}\n{day}".encode(), hashlib.sha256)
    for head in sorted(heads, key=lambda head: head.owner_id):
        seal.update(f"\n{head.owner_id} {head.seq} {head.hash}".encode())
    return seal.hexdigest()
