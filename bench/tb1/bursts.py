"""R1–R4: many at the same moment, and what the database holds afterwards."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine, text

from bench.tb1 import client
from bench.tb1.asking import Asking, entries_of
from bench.tb1.calls import Call
from bench.tb1.client import Answer

TOGETHER = 32
CONTESTED = 40
PRACTITIONERS = 10
LISTED = 20


@dataclass(frozen=True)
class Count:
    """One burst: what was expected, what came, and whether that is exactly right."""

    name: str
    expected: str
    came: str
    passed: bool


class Bursts:
    """Sends the bursts; `slots` are free ones nobody else uses, `dice` give the keys."""

    def __init__(self, asking: Asking, ports: Sequence[int], seed: int) -> None:
        self._asking, self._ports = asking, ports
        self._dice = random.Random(seed)

    def same_slot(self, slots: Sequence[str]) -> Count:
        """R1: 32 patients want the same slot; one has it and 31 are told that it is taken."""
        groups = [
            [self._book(number * TOGETHER + each, slot) for each in range(TOGETHER)]
            for number, slot in enumerate(slots)
        ]
        answers = client.burst(self._ports, groups)
        came = _statuses(answers)
        winners = [sum(answer.status == 201 for answer in group) for group in answers]
        expected = {201: len(slots), 409: len(slots) * (TOGETHER - 1)}
        return Count(
            f"R1: 32 patients, one slot, {len(slots)} times", _said(expected), _said(came),
            came == expected and set(winners) == {1},
        )  # fmt: skip

    def same_practitioner(self, slots: Sequence[Sequence[str]]) -> Count:
        """R2: 32 patients want 32 different slots of one practitioner; all have theirs."""
        groups = [
            [self._book(number * TOGETHER + each, slot) for each, slot in enumerate(theirs)]
            for number, theirs in enumerate(slots)
        ]
        came = _statuses(client.burst(self._ports, groups))
        expected = {201: sum(map(len, slots))}
        return Count(
            f"R2: 32 slots of one practitioner at once, {len(slots)} times",
            _said(expected),
            _said(came),
            came == expected,
        )

    def same_listing(self, days: Sequence[tuple[int, int]], whole: int) -> Count:
        """R3: 32 ask for the same day for the first time; all see the same slots, each once."""
        groups = [[self._asking.list_day(*pair) for _ in range(TOGETHER)] for pair in days]
        answers = client.burst(self._ports, groups)
        right = 0
        for group in answers:
            seen = [tuple(entry["id"] for entry in entries_of(answer)) for answer in group]
            right += len(set(seen)) == 1 and len(set(seen[0])) == len(seen[0]) == whole
        return Count(
            f"R3: 32 first listings of one day, {len(days)} times",
            f"{len(days)} × {whole} slots, each once",
            f"{right} so",
            right == len(days),
        )

    def without_broker(self, slots: Sequence[str], days: Sequence[tuple[int, int]]) -> Count:
        """R4: the broker is gone; listing and booking do not need it."""
        listed = client.burst(self._ports, [[self._asking.list_day(*pair) for pair in days]])
        booked = client.burst(self._ports, [[self._book(each, slot) for each, slot in enumerate(slots)]])
        came = _statuses([*listed, *booked])
        expected = {200: len(days), 201: len(slots)}
        return Count("R4: broker stopped, list and book", _said(expected), _said(came), came == expected)

    def _book(self, number: int, slot: str) -> Call:
        patient = number % self._asking.world.patients
        return self._asking.book(patient, slot, UUID(int=self._dice.getrandbits(128), version=4))


def in_the_database(engine: Engine, taken_by_each: int) -> list[Count]:
    """What must be true of the tables whatever was asked of them; each line counts what is wrong."""
    checks = {
        "allocations of one doctor or kiosk that overlap": _OVERLAPS,
        "open appointments that begin with the same doctor at once": _DOUBLED,
        f"open appointments that do not hold exactly {taken_by_each}": _UNHELD,
        "active allocations without an open appointment": _ORPHANS,
        "appointments without their event": _UNTOLD,
        "appointments booked here without a message": _SILENT,
        "heads of the access log that are not at their last entry": _UNLOGGED,
    }
    with engine.connect() as connection:
        found = {
            name: connection.execute(
                text(query), {"each": taken_by_each} if ":each" in query else {}
            ).scalar_one()
            for name, query in checks.items()
        }
    return [Count(name, "0", str(count), count == 0) for name, count in found.items()]


_OVERLAPS = """SELECT count(*) FROM (SELECT starts_at < lag(ends_at)
 OVER (PARTITION BY resource ORDER BY starts_at) AS wrong FROM allocation WHERE active) AS x WHERE wrong"""
_DOUBLED = """SELECT count(*) FROM (SELECT 1 FROM appointment WHERE status IN ('booked', 'arrived')
 GROUP BY practitioner_id, starts_at HAVING count(*) > 1) AS x"""
_UNHELD = """SELECT count(*) FROM (SELECT p.id FROM appointment p LEFT JOIN allocation a ON a.booking = p.id
 AND a.active AND a.starts_at = p.starts_at AND a.ends_at = p.ends_at WHERE p.status IN ('booked', 'arrived')
 GROUP BY p.id HAVING count(a.resource) <> :each) AS x"""
_ORPHANS = """SELECT count(*) FROM allocation a WHERE a.active AND a.expires_at IS NULL AND NOT EXISTS
 (SELECT 1 FROM appointment p WHERE p.id = a.booking AND p.status IN ('booked', 'arrived'))"""
_UNTOLD = """SELECT count(*) FROM appointment p WHERE NOT EXISTS
 (SELECT 1 FROM event e WHERE e.subject_id = p.id AND e.version = p.version)"""
_SILENT = """SELECT count(*) FROM appointment p WHERE p.request_hash IS NOT NULL AND NOT EXISTS
 (SELECT 1 FROM message m WHERE m.appointment_id = p.id)"""
_UNLOGGED = """SELECT count(*) FROM access_head h WHERE h.seq <> coalesce(
 (SELECT max(e.seq) FROM access_entry e WHERE e.owner_id = h.owner_id), 0)"""


def _statuses(groups: Sequence[Sequence[Answer]]) -> dict[int, int]:
    return dict(Counter(answer.status for group in groups for answer in group))


def _said(counts: dict[int, int]) -> str:
    return ", ".join(f"{count} × {status}" for status, count in sorted(counts.items()))
