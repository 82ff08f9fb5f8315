"""The next free doctor and kiosk among 200 practitioners: as usual, and with all of them full for weeks."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine

from bench.tb1 import load
from bench.tb1.asker import Asker, Spread, loaded, middle
from bench.tb1.report import table
from bench.tb1.service import DATABASES
from bench.tb1.world import MINUTES, SEED, ZONE, World
from scheduling import tables

GOAL = 50.0
ROUNDS = 3
ASKED, ASKED_OF_FULL = 60, 8
FULL_DAYS = 14
# As many bookings as a third of all slots; and nobody's, for the world that is filled from its first day on.
USUAL = World(datetime.now(ZONE).date(), practitioners=200, kiosks=100, patients=2_000, booked=40_000)
EMPTY = World(datetime.now(ZONE).date(), practitioners=200, kiosks=100, patients=100, booked=0)


def next_free(say: Callable[[str], None]) -> tuple[str, bool]:
    """How soon it is found, on both databases; only the usual case has a promised figure."""
    rows, well = [], True
    for name, opened in DATABASES.items():
        say(f"next free, {name} …")
        with opened() as url, loaded(url, USUAL) as engine:
            usual = _asked(Asker(engine, USUAL), ASKED)
        with opened() as url, loaded(url, EMPTY) as engine:
            _fill(engine)
            full = _asked(Asker(engine, EMPTY), ASKED_OF_FULL)
        well = well and usual.p95 <= GOAL
        rows.append([name, _shown(usual), _shown(full), f"{GOAL:.0f}"])
    head = [
        f"next free doctor and kiosk in 30 days, {USUAL.practitioners} practitioners, {USUAL.kiosks} kiosks:"
        f" medians of {ROUNDS} rounds",
        f"{USUAL.booked:,} bookings anywhere, p50 / p95 ms",
        f"everybody full for {FULL_DAYS} days, p50 / p95 ms",
        "goal (p95)",
    ]
    return table(head, rows), well


def _asked(asker: Asker, times: int) -> Spread:
    asker.next_free(times)
    return middle([asker.next_free(times) for _ in range(ROUNDS)])


def _shown(found: Spread) -> str:
    return f"{found.p50:.1f} / {found.p95:.1f}"


def _fill(engine: Engine) -> None:
    """Take every slot of every practitioner for two weeks, in the order in which patients would: any."""
    dice = random.Random(SEED + 5)
    length = timedelta(minutes=MINUTES)
    rows = [
        {
            "booking": UUID(int=dice.getrandbits(128), version=4),
            "resource": who,
            "starts_at": starts_at,
            "ends_at": starts_at + length,
            "active": True,
        }
        for day in [EMPTY.today, *EMPTY.days[:FULL_DAYS]]
        for starts_at in EMPTY.starts(day)
        for who in EMPTY.ids["practitioner"]
    ]
    dice.shuffle(rows)
    with engine.begin() as connection:
        load.add(connection, tables.allocation, rows)
    load.settle(engine)
