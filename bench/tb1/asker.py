"""Asks the book itself, in one process: what the database has to do is what grows."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from uuid import UUID

from sqlalchemy import Engine

from bench.tb1 import load
from bench.tb1.world import MINUTES, SEED, ZONE, World
from scheduling.booking import Request
from scheduling.calendar import Slot
from scheduling.calendar_cache import CalendarCache
from scheduling.errors import SchedulingError
from scheduling.events import Actor
from scheduling.hours import whole_days
from scheduling.ids import uuid7
from scheduling.store import Book
from telemed import database, migrations

ASKED = 200
_WHO = Actor("job", None)


@dataclass(frozen=True)
class Spread:
    """How long something took, in milliseconds."""

    p50: float
    p95: float


def spread(seconds: list[float]) -> Spread:
    """The middle and the slow end of many measurements."""
    ordered = sorted(seconds)
    return Spread(ordered[len(ordered) // 2] * 1000, ordered[int(len(ordered) * 0.95)] * 1000)


def middle(spreads: list[Spread]) -> Spread:
    """The medians of several rounds: one that was disturbed counts no more than another."""
    return Spread(median(each.p50 for each in spreads), median(each.p95 for each in spreads))


class Asker:
    """One process with its calendars, which asks one database."""

    def __init__(self, engine: Engine, world: World) -> None:
        self._engine, self._world = engine, world
        self._reader = database.connect_reader(engine)
        self._calendars = CalendarCache()
        self._dice = random.Random(SEED + 4)

    def listing(self) -> Spread:
        """A practitioner's day."""
        return spread([self._list() for _ in range(ASKED)])

    def booking(self) -> Spread:
        """A doctor and a kiosk taken, with the event, committed."""
        return spread([self._book() for _ in range(ASKED)])

    def next_free(self, asked: int = ASKED) -> Spread:
        """The next free doctor and kiosk at some site within thirty days."""
        return spread([self._next() for _ in range(asked)])

    def _list(self) -> float:
        day = self._dice.choice(self._world.days)
        who = self._dice.choice(self._world.ids["practitioner"])
        where = self._dice.choice(self._world.ids["site"])
        started = time.perf_counter()
        with database.read(self._reader) as connection:
            book = Book(connection, _nobody, self._calendars)
            book.practitioner_slots(who, load.KIOSK_TYPE, whole_days(day, 1, ZONE), datetime.now(UTC), where)
        return time.perf_counter() - started

    def _book(self) -> float:
        while True:
            slot, patient = self._slot(), self._dice.choice(self._world.ids["patient"])
            request = Request(
                patient_id=patient,
                slot=slot,
                visit_type_id=load.KIOSK_TYPE,
                channel="video",
                key=uuid7(),
                by_patient=True,
            )
            started = time.perf_counter()
            try:
                with database.write(self._engine) as connection:
                    Book(connection, _nobody, self._calendars).book(request, datetime.now(UTC), _WHO)
            except SchedulingError:
                # Taken, or more than this patient may have: another one.
                continue
            return time.perf_counter() - started

    def _slot(self) -> Slot:
        ids, day = self._world.ids, self._dice.choice(self._world.days)
        starts_at = self._dice.choice(self._world.starts(day))
        kiosk = self._dice.randrange(self._world.kiosks)
        ends_at = starts_at + timedelta(minutes=MINUTES)
        who = self._dice.choice(ids["practitioner"])
        return Slot(who, ids["kiosk"][kiosk], ids["site"][kiosk], starts_at, ends_at)

    def _next(self) -> float:
        where = self._dice.choice(self._world.ids["site"])
        started = time.perf_counter()
        with database.read(self._reader) as connection:
            book = Book(connection, _nobody, self._calendars)
            found = book.next_free(load.KIOSK_TYPE, where, datetime.now(UTC))
        took = time.perf_counter() - started
        assert found is not None
        return took


@contextmanager
def loaded(url: str, world: World) -> Iterator[Engine]:
    """A migrated database with this world in it, until the block ends."""
    engine = database.connect(url)
    try:
        migrations.upgrade(engine)
        load.load(engine, world, load.KIOSK_TYPE)
        load.settle(engine)
        yield engine
    finally:
        engine.dispose()


def _nobody(_owner: UUID, _what: str) -> None:
    """The bench keeps no log of its own reading; the service's units do."""
