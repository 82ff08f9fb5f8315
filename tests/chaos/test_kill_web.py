"""Web processes are killed in the middle of bookings: what was acknowledged is there, once, and no more."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from uuid import UUID

import pytest

from bench.tb1 import kills, load
from bench.tb1.asking import Asking
from bench.tb1.calls import Call
from bench.tb1.kills import book_under_fire, compare
from bench.tb1.service import Web, web
from bench.tb1.world import ZONE, World
from telemed import database

SMALL = {"practitioners": 6, "kiosks": 6, "patients": 60, "booked": 100}


@pytest.fixture
def world() -> World:
    return World(datetime.now(ZONE).date(), **SMALL)


@pytest.fixture
def running(database_url: str, world: World) -> Iterator[Web]:
    engine = database.connect(database_url)
    load.load(engine, world, load.KIOSK_TYPE)
    engine.dispose()
    with web(database_url) as started:
        yield started


def bookings(running: Web, world: World, count: int) -> list[Call]:
    """So many bookings of different slots, by patients in turn."""
    asking = Asking(world, load.KIOSK_TYPE, load.TOKEN)
    asking.discover(running.ports)
    pairs = [(practitioner, day) for day in range(8) for practitioner in range(world.practitioners)]
    free = (slot for day in asking.free_slots(running.ports, pairs) for slot in day)
    return [
        asking.book(number % world.patients, slot, UUID(int=number + 1))
        for number, slot in enumerate(islice(free, count))
    ]


def check(running: Web, world: World, database_url: str, count: int, every: float) -> kills.Found:
    journal, killed = book_under_fire(running, bookings(running, world, count), 8, every, seed=5)
    assert journal.refused == {}
    engine = database.connect(database_url)
    try:
        return compare(engine, journal, killed)
    finally:
        engine.dispose()


def test_no_acknowledged_booking_is_lost_and_none_is_doubled(
    running: Web, world: World, database_url: str
) -> None:
    found = check(running, world, database_url, count=160, every=0.4)
    assert found.kills > 0
    assert found.whole, found
    assert found.acknowledged == 160


@pytest.mark.long
def test_however_long_it_goes_on(running: Web, world: World, database_url: str) -> None:
    found = check(running, world, database_url, count=900, every=0.3)
    assert found.kills > 20
    assert found.whole, found
    assert found.acknowledged == 900
