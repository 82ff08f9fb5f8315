"""A process dies between hold and booking: the hold ends by itself, the time is free again, for one."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from scheduling import tables
from scheduling.booking import HOLD_LENGTH
from scheduling.errors import SlotTaken
from scheduling.store import Book
from telemed import database
from tests import build
from tests.build import CLERK, NOW, World, local
from tests.chaos import half_a_booking

ROOT = Path(__file__).parents[2]


@pytest.fixture
def world(engine: Engine) -> World:
    with database.write(engine) as connection:
        return build.world(Book(connection, lambda *_: None))


def killed_at(point: str, url: str, world: World) -> None:
    """Let a process come to that point, and kill it there."""
    slot = world.slot(local(11))
    ids = [str(each) for each in (slot.practitioner_id, slot.kiosk_id, slot.site_id)]
    times = [slot.starts_at.isoformat(), slot.ends_at.isoformat()]
    program = [sys.executable, "-m", half_a_booking.__name__, url, *ids, *times, str(world.patient.id)]
    with subprocess.Popen(
        program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        said = process.stdout.readline().strip()
        while said != point:
            assert said, "it ended before that"
            process.stdin.write("\n")
            process.stdin.flush()
            said = process.stdout.readline().strip()
        process.send_signal(signal.SIGKILL)


@pytest.mark.both_databases
@pytest.mark.parametrize("point", [half_a_booking.HELD, half_a_booking.BOOKING])
def test_the_time_is_kept_until_the_hold_ends_and_then_free(
    engine: Engine, database_url: str, world: World, point: str
) -> None:
    killed_at(point, database_url, world)
    with database.write(engine) as connection:
        book = Book(connection, lambda *_: None)
        with pytest.raises(SlotTaken):
            book.book(build.request(build.somebody(book), world.slot(local(11))), NOW, CLERK)
    with database.write(engine) as connection:
        book = Book(connection, lambda *_: None)
        made = book.book(build.request(world.patient.id, world.slot(local(11))), NOW + HOLD_LENGTH, CLERK)
    with database.read(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(tables.appointment)) == 1
        taken = select(tables.allocation.c.booking).where(tables.ACTIVE)
        assert set(connection.scalars(taken)) == {made.id}
