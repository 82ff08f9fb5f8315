"""Workload TB-1 with its bursts, on PostgreSQL and SQLite, with and without kiosks: one table for each."""

import argparse
import os
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from bench.tb1 import bursts, ceiling, load, stages
from bench.tb1.asking import HEALTH, Asking
from bench.tb1.bursts import CONTESTED, LISTED, PRACTITIONERS, TOGETHER, Bursts, Count
from bench.tb1.calls import Call
from bench.tb1.growth import growth
from bench.tb1.measure import Measurer, Operation, some
from bench.tb1.report import Report
from bench.tb1.service import DATABASES, Web, web
from bench.tb1.soonest import next_free
from bench.tb1.world import DAYS, ZONE, World
from telemed import database, migrations
from tests import servers

SEED = 11
BOOKED_FROM = 13
SLOTS_OF_A_DAY = 21


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for and print it; 1 when something was not as promised."""
    options = _options(arguments)
    right = True
    for name in options.databases:
        for visit_type in options.types:
            report = _measured(name, visit_type, options)
            print(report.markdown(), flush=True)
            right = right and report.passed
    if options.next_free:
        right = _printed(next_free(_say)) and right
    if options.growth:
        right = _printed(growth(options.growth, _say)) and right
    return 0 if right else 1


def _printed(measured: tuple[str, bool]) -> bool:
    text, well = measured
    print(text, flush=True)
    return well


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench -- booking", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute: PostgreSQL with kiosks, short runs")
    parser.add_argument("--seconds", type=float, help="how long each width is loaded")
    parser.add_argument("--databases", nargs="*", choices=list(DATABASES))
    parser.add_argument("--types", nargs="+", choices=[load.KIOSK_TYPE, load.PHONE_TYPE])
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--growth", type=int, help="past allocations to grow to; 0 leaves it out")
    parser.add_argument("--next-free", action=argparse.BooleanOptionalAction, help="the next free time")
    options = parser.parse_args(arguments)
    if options.next_free is None:
        options.next_free = not options.quick
    if options.growth is None:
        options.growth = 0 if options.quick else 10_000_000
    options.seconds = options.seconds or (1.5 if options.quick else 2)
    if options.databases is None:
        options.databases = ["postgresql"] if options.quick else list(DATABASES)
    options.types = options.types or (
        [load.KIOSK_TYPE] if options.quick else [load.KIOSK_TYPE, load.PHONE_TYPE]
    )
    return options


def _measured(name: str, visit_type: str, options: argparse.Namespace) -> Report:
    world = World(datetime.now(ZONE).date())
    _say(f"{name}, {visit_type}: loading …")
    with DATABASES[name]() as url:
        engine = database.connect(url)
        try:
            migrations.upgrade(engine)
            load.load(engine, world, visit_type)
            load.settle(engine)
            report = Report(name, visit_type, options.processes, os.getloadavg()[0])
            if name == "postgresql":
                report.ceiling = ceiling.bookings_per_second(url, max(2, int(options.seconds)))
            with servers.redis_server() as broker, _serving(url, broker, options) as running:
                bench = Bench(world, visit_type, running, url, options.seconds)
                report.operations = list(bench.operations())
                report.memory = running.memory()
                report.bursts = list(bench.bursts())
                report.stages = bench.stages(url)
            # The broker is gone now, and the service is started without it.
            with _serving(url, broker, options) as running:
                report.bursts.append(bench.without_broker(running))
            each = 2 if visit_type == load.KIOSK_TYPE else 1
            report.checks = bursts.in_the_database(engine, each)
        finally:
            engine.dispose()
    return report


def _serving(url: str, broker: str, options: argparse.Namespace) -> AbstractContextManager[Web]:
    return web(url, options.processes, TELEMED_BROKER_URL=broker)


class Bench:
    """The operations of one world against one running service."""

    def __init__(self, world: World, visit_type: str, running: Web, url: str, seconds: float) -> None:
        self._world, self._running, self._seconds = world, running, seconds
        self._measurer = Measurer(running, url, seconds)
        self._dice = random.Random(SEED)
        self._asking = Asking(world, visit_type, load.TOKEN)
        self._free: list[str] = []
        self._days: list[tuple[int, int]] = []

    def operations(self) -> Iterator[Operation]:
        """Every operation, from the floor to booking."""
        _say("health …")
        yield self._measurer.operation("health (framework floor)", cycle([HEALTH]))
        _say("finding schedules and free slots …")
        self._asking.discover(self._running.ports)
        self._find_free()
        _say("list …")
        yield self._measurer.operation("list a practitioner-day", some(lambda _: self._any_day()))
        yield self._measurer.operation("list, days never asked before", iter(self._later_days()))
        _say("avail …")
        yield self._measurer.operation(
            "availability, 30 days", some(lambda _: self._asking.count_days(self._anybody()))
        )
        _say("book …")
        kept = CONTESTED + TOGETHER + 2 * stages.ROUNDS
        yield self._measurer.operation("book", self._bookings(kept))

    def bursts(self) -> Iterator[Count]:
        """R1 to R3."""
        _say("bursts …")
        sender = Bursts(self._asking, self._running.ports, SEED)
        yield sender.same_slot([self._free.pop() for _ in range(CONTESTED)])
        yield sender.same_practitioner([self._theirs(each) for each in range(PRACTITIONERS)])
        yield sender.same_listing([(each, DAYS + 8) for each in range(LISTED)], SLOTS_OF_A_DAY)

    def without_broker(self, running: Web) -> Count:
        """R4, on a service that was started after its broker had gone."""
        sender = Bursts(self._asking, running.ports, SEED + 1)
        days = [(self._anybody(), self._dice.randrange(DAYS)) for _ in range(TOGETHER)]
        return sender.without_broker([self._free.pop() for _ in range(TOGETHER)], days)

    def stages(self, url: str) -> dict[str, stages.Stages]:
        """Where the time of each operation goes inside a web process."""
        _say("profile …")
        found = {}
        with TemporaryDirectory() as folder:
            inside = stages.Inside(url, Path(folder))
            for name, calls in {
                "list": some(lambda _: self._any_day()),
                "availability": some(lambda _: self._asking.count_days(self._anybody())),
                "book": self._bookings(TOGETHER),
            }.items():
                found[name] = inside.profile(calls)
            inside.close()
        return found

    def _find_free(self) -> None:
        """As many free slots, in any order, as can be booked in the time."""
        pairs = [
            (practitioner, day)
            for practitioner in range(BOOKED_FROM - 1, self._world.practitioners)
            for day in range(DAYS)
        ]
        self._dice.shuffle(pairs)
        enough = int(self._seconds * 3 * 1200) // 12 + 200
        found = self._asking.free_slots(self._running.ports, pairs[:enough])
        self._free = [slot for day in found for slot in day]
        self._dice.shuffle(self._free)

    def _theirs(self, practitioner: int) -> list[str]:
        pairs = [(practitioner, day) for day in range(3)]
        slots = [slot for day in self._asking.free_slots(self._running.ports, pairs) for slot in day]
        return slots[:TOGETHER]

    def _bookings(self, kept: int) -> Iterator[Call]:
        """Bookings of other slots by other patients, until only so many free slots are left."""
        for number in range(len(self._free) - kept):
            key = UUID(int=self._dice.getrandbits(128), version=4)
            yield self._asking.book(number % self._world.patients, self._free.pop(), key)

    def _any_day(self) -> Call:
        return self._asking.list_day(self._anybody(), self._dice.randrange(DAYS))

    def _later_days(self) -> Iterator[Call]:
        pairs = [(each, DAYS + day) for each in range(self._world.practitioners) for day in range(8)]
        self._dice.shuffle(pairs)
        # Each is asked once while there are any; the calendars know them afterwards.
        return (self._asking.list_day(*pair) for pair in cycle(pairs))

    def _anybody(self) -> int:
        return self._dice.randrange(self._world.practitioners)


def _say(text: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {text}", file=sys.stderr, flush=True)
