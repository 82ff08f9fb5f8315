"""Growth: listing and booking beside ten thousand and beside ten million past allocations, in turns."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from uuid import UUID

import psycopg

from bench.tb1.asker import ASKED, Asker, Spread, loaded, middle
from bench.tb1.measure import plain
from bench.tb1.report import table
from bench.tb1.service import AS_INSTALLED
from bench.tb1.world import MINUTES, ZONE, World
from tests import servers

FEW = 10_000
ROUNDS = 11
GOAL = 1.3
# What one past allocation takes on the disk, with its half of an appointment, the indexes and the log.
BYTES_EACH = 500
_APPOINTMENT = (
    "COPY appointment (id, version, patient_id, practitioner_id, facility_id, site_id, kiosk_id,"
    " starts_at, ends_at, channel, status, booking_key, visit_type_id) FROM STDIN"
)
_ALLOCATION = "COPY allocation (booking, resource, starts_at, ends_at, active) FROM STDIN"
_MADE_LATER = """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid IN ('appointment'::regclass, 'allocation'::regclass)
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"""


def grow(url: str, world: World, past: int) -> None:
    """Copy so many allocations of visits long ago, all inactive, with an appointment for each two."""
    if shutil.disk_usage("/tmp").free < past * BYTES_EACH * 2:
        raise RuntimeError("the disk has no room for that many")
    with psycopg.connect(plain(url), autocommit=True) as connection:
        # What is copied is consistent by its making; looking every reference up would take an hour.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '256MB'")
        indexes = connection.execute(_MADE_LATER).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}".encode())
        for statement, write in ((_APPOINTMENT, _appointments), (_ALLOCATION, _allocations)):
            with connection.cursor().copy(statement) as copy:
                for moment in _moments(world, past // 2):
                    copy.write(write(world, moment))
        # As the migrations made them, word for word.
        for _, definition in indexes:
            connection.execute(definition.encode())
        connection.execute("VACUUM ANALYZE appointment")
        connection.execute("VACUUM ANALYZE allocation")
        connection.execute("CHECKPOINT")


@dataclass(frozen=True)
class _Moment:
    """Everybody's visits that began together: how many were before them, and when they were."""

    before: int
    count: int
    starts: str
    ends: str


def _moments(world: World, visits: int) -> Iterator[_Moment]:
    midnight = datetime.combine(world.today, datetime.min.time(), UTC)
    for block, before in enumerate(range(0, visits, world.practitioners)):
        day, slot = divmod(block, 24)
        at = midnight - timedelta(days=day + 1, minutes=-MINUTES * slot)
        ends = at + timedelta(minutes=MINUTES)
        count = min(world.practitioners, visits - before)
        yield _Moment(before, count, f"{at:%F %T}+00", f"{ends:%F %T}+00")


def _id(number: int) -> str:
    # In the order of their making, as the service's own ids are.
    return str(UUID(int=(1 << 100) + number))


def _appointments(world: World, at: _Moment) -> str:
    ids, lines = world.ids, []
    for who in range(at.count):
        booking, kiosk = _id(at.before + who), who % world.kiosks
        patient = ids["patient"][(at.before + who) % world.patients]
        lines.append(
            f"{booking}\t3\t{patient}\t{ids['practitioner'][who]}\t{ids['facility'][0]}\t{ids['site'][kiosk]}\t"
            f"{ids['kiosk'][kiosk]}\t{at.starts}\t{at.ends}\tvideo\tfulfilled\t{booking}\tconsultation\n"
        )
    return "".join(lines)


def _allocations(world: World, at: _Moment) -> str:
    ids = world.ids
    return "".join(
        f"{_id(at.before + who)}\t{resource}\t{at.starts}\t{at.ends}\tf\n"
        for who in range(at.count)
        for resource in (ids["practitioner"][who], ids["kiosk"][who % world.kiosks])
    )


def growth(past: int, say: Callable[[str], None]) -> tuple[str, bool]:
    """What many past allocations change on PostgreSQL, as a table, and whether it is little enough."""
    world = World(datetime.now(ZONE).date())
    with ExitStack() as opened:
        server = opened.enter_context(servers.postgres(AS_INSTALLED))
        askers = []
        for name, count in (("few", FEW), ("many", past)):
            say(f"growth: {count:,} past allocations …")
            server.run(f"CREATE DATABASE {name}")
            engine = opened.enter_context(loaded(server.url(name), world))
            grow(server.url(name), world, count)
            askers.append(Asker(engine, world))
        say("growth: asking both in turns …")
        few, many = askers
        rows = [
            _paired("list a practitioner-day", few.listing, many.listing),
            _paired("book doctor and kiosk", few.booking, many.booking),
        ]
    head = [
        f"in one process, medians of {ROUNDS} rounds of {ASKED}, p50 / p95 ms",
        f"{FEW:,} past allocations",
        f"{past:,}",
        "p95, times: median of the pairs",
        "goal",
    ]
    return table(head, [row for row, _ in rows]), all(well for _, well in rows)


def _paired(what: str, few: Callable[[], Spread], many: Callable[[], Spread]) -> tuple[tuple[str, ...], bool]:
    """Both in turns, so that whatever else the machine does disturbs both."""
    few(), many()
    pairs = [(few(), many()) if turn % 2 else (many(), few())[::-1] for turn in range(ROUNDS)]
    times = median(after.p95 / before.p95 for before, after in pairs)
    medians = [middle([pair[which] for pair in pairs]) for which in (0, 1)]
    shown = [f"{each.p50:.2f} / {each.p95:.2f}" for each in medians]
    return (what, *shown, f"{times:.2f}", f"{GOAL}"), times <= GOAL
