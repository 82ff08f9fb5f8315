"""Growth: listing and booking beside ten thousand and ten million past allocations; next free times."""

import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
from sqlalchemy import Engine

from bench.tb1 import load
from bench.tb1.measure import plain
from bench.tb1.report import table
from bench.tb1.service import DATABASES
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

BYTES_EACH = 600
ASKED = 200
ROUNDS = 5
FEW = 10_000
GROWTH_GOAL = 1.3
NEXT_FREE_GOAL = 50.0
CROWD = World(datetime.now(ZONE).date(), practitioners=200, kiosks=100, patients=2_000, booked=40_000)
_WHO = Actor("job", None)


@dataclass(frozen=True)
class Spread:
    """How long something took, in milliseconds."""

    what: str
    p50: float
    p95: float


def grow(url: str, world: World, past: int, after: int) -> None:
    """Copy so many more allocations of visits long ago, all inactive, with an appointment for each two."""
    if shutil.disk_usage("/tmp").free < past * BYTES_EACH * 2:
        raise RuntimeError("the disk has no room for that many")
    with psycopg.connect(plain(url)) as connection:
        # What is copied is consistent by its making; looking every reference up would take an hour.
        connection.execute("SET session_replication_role = replica")
        with connection.cursor().copy(
            "COPY appointment (id, version, patient_id, practitioner_id, facility_id, site_id, kiosk_id,"
            " starts_at, ends_at, channel, status, booking_key, visit_type_id) FROM STDIN"
        ) as copy:
            for line in _appointments(world, past // 2, after // 2):
                copy.write(line)
        with connection.cursor().copy(
            "COPY allocation (booking, resource, starts_at, ends_at, active) FROM STDIN"
        ) as copy:
            for line in _allocations(world, past // 2, after // 2):
                copy.write(line)
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE appointment")
        connection.execute("VACUUM ANALYZE allocation")


def _past(world: World, count: int, after: int) -> Iterator[tuple[UUID, int, int, str, str]]:
    start = datetime.combine(world.today, datetime.min.time(), UTC) - timedelta(days=1)
    each = world.practitioners * 24
    block, begins, ends = -1, "", ""
    for number in range(after, after + count):
        if number // world.practitioners != block:
            # Everybody's visits of one moment follow each other, so it is written out once.
            block = number // world.practitioners
            at = start - timedelta(days=number // each, minutes=MINUTES * (block % 24))
            begins, ends = f"{at:%F %T}+00", f"{at + timedelta(minutes=MINUTES):%F %T}+00"
        # In the order of their making, as the service's own ids are.
        yield UUID(int=(1 << 100) + number), number, number % world.practitioners, begins, ends


def _appointments(world: World, count: int, after: int) -> Iterator[str]:
    ids = world.ids
    for booking_id, number, who, begins, ends in _past(world, count, after):
        patient, kiosk = ids["patient"][number % world.patients], who % world.kiosks
        yield (
            f"{booking_id}\t3\t{patient}\t{ids['practitioner'][who]}\t{ids['facility'][0]}\t{ids['site'][kiosk]}\t"
            f"{ids['kiosk'][kiosk]}\t{begins}\t{ends}\tvideo\tfulfilled\t{booking_id}\tconsultation\n"
        )


def _allocations(world: World, count: int, after: int) -> Iterator[str]:
    ids = world.ids
    for booking_id, _, who, begins, ends in _past(world, count, after):
        for resource in (ids["practitioner"][who], ids["kiosk"][who % world.kiosks]):
            yield f"{booking_id}\t{resource}\t{begins}\t{ends}\tf\n"


class Asker:
    """Asks the book itself, in one process: what the database has to do is what grows."""

    def __init__(self, engine: Engine, world: World) -> None:
        self._engine, self._world = engine, world
        self._reader = database.connect_reader(engine)
        self._calendars = CalendarCache()
        self._dice = random.Random(SEED + 4)

    def listing(self) -> Spread:
        """A practitioner's day."""
        return _spread("list a practitioner-day", [self._list() for _ in range(ASKED)])

    def booking(self) -> Spread:
        """A doctor and a kiosk taken, with the event, committed."""
        return _spread("book doctor and kiosk", [self._book() for _ in range(ASKED)])

    def next_free(self) -> Spread:
        """The next free doctor and kiosk at some site within thirty days."""
        return _spread("next free doctor and kiosk in 30 days", [self._next() for _ in range(ASKED)])

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


def _quietest(ask: Callable[[], Spread]) -> Spread:
    """The least of several rounds: what it takes when nothing else disturbs it."""
    ask()
    return min((ask() for _ in range(ROUNDS)), key=lambda spread: spread.p95)


def _nobody(_owner: UUID, _what: str) -> None:
    """The bench keeps no log of its own reading; the service's units do."""


def _spread(what: str, seconds: list[float]) -> Spread:
    ordered = sorted(seconds)
    return Spread(what, ordered[len(ordered) // 2] * 1000, ordered[int(len(ordered) * 0.95)] * 1000)


def growth(past: int) -> tuple[str, bool]:
    """What many past allocations change on PostgreSQL, as a table, and whether it is little enough."""
    world = World(datetime.now(ZONE).date())
    found: list[list[Spread]] = []
    with DATABASES["postgresql"]() as url, _loaded(url, world) as engine:
        grown = 0
        for target in (FEW, past):
            grow(url, world, target - grown, grown)
            grown = target
            asker = Asker(engine, world)
            found.append([_quietest(asker.listing), _quietest(asker.booking)])
    rows, well = [], True
    for few, many in zip(*found, strict=True):
        times = many.p95 / few.p95
        well = well and times <= GROWTH_GOAL
        rows.append(
            [few.what, f"{few.p50:.2f} / {few.p95:.2f}", f"{many.p50:.2f} / {many.p95:.2f}", f"{times:.2f}"]
        )
    head = ["in one process, p50 / p95 ms", f"{FEW:,} past allocations", f"{past:,}", "p95, times"]
    return table(head, rows), well


def next_free() -> tuple[str, bool]:
    """How soon the next free doctor and kiosk is found among 200 practitioners, on both databases."""
    rows, well = [], True
    for name, opened in DATABASES.items():
        with opened() as url, _loaded(url, CROWD) as engine:
            asker = Asker(engine, CROWD)
            spread = _quietest(asker.next_free)
        well = well and spread.p95 <= NEXT_FREE_GOAL
        rows.append([name, f"{spread.p50:.1f}", f"{spread.p95:.1f}", f"{NEXT_FREE_GOAL:.0f}"])
    busy = f"{CROWD.practitioners} practitioners, {CROWD.kiosks} kiosks, {CROWD.booked:,} bookings"
    return table([f"next free doctor and kiosk in 30 days ({busy})", "p50 ms", "p95 ms", "goal"], rows), well


@contextmanager
def _loaded(url: str, world: World) -> Iterator[Engine]:
    engine = database.connect(url)
    try:
        migrations.upgrade(engine)
        load.load(engine, world, load.KIOSK_TYPE)
        load.settle(engine)
        yield engine
    finally:
        engine.dispose()
