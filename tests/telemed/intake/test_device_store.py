"""Devices at the tables: nothing is overwritten unseen, none stands at two, readings are known again."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from scheduling.errors import NotFound, StaleVersion
from scheduling.ids import uuid7
from scheduling.store import Book
from telemed import database
from telemed.intake.device_store import KnownAlready, MeasuringDevices
from telemed.intake.devices import MeasuringDevice, Used
from tests import build

pytestmark = pytest.mark.both_databases


def scale(kiosk: build.World, serial: str = "SN 1") -> MeasuringDevice:
    """A scale at this kiosk's table."""
    return MeasuringDevice(
        uuid7(), kiosk.kiosk.id, "weight", "Soehnle", serial, "standard-weight", build.NOW, remaining=3
    )


def test_a_device_comes_stays_changes_and_goes(engine: Engine) -> None:
    with database.write(engine) as connection:
        world, store = build.world(Book(connection, lambda *_: None)), MeasuringDevices(connection)
        made = scale(world)
        store.add(made)
        assert store.at_kiosk(world.kiosk.id) == [made]
        changed = store.change(replace(made, paired_key="abc"))
        assert (changed.version, store.for_use(made.id)) == (2, changed)
        with pytest.raises(StaleVersion):
            store.change(replace(made, paired_key="xyz"))
        for _ in range(5):
            store.use_up(made.id)
        assert store.get(made.id).remaining == 0
        store.retire(made.id, build.NOW)
        assert store.at_kiosk(world.kiosk.id) == []
        assert not store.get(made.id).paired
        with pytest.raises(NotFound):
            store.get(uuid4())


def test_a_device_in_use_stands_at_one_table_only(engine: Engine) -> None:
    with database.write(engine) as connection:
        world, store = build.world(Book(connection, lambda *_: None)), MeasuringDevices(connection)
        first = scale(world)
        store.add(first)
        with pytest.raises(KnownAlready), connection.begin_nested():
            store.add(scale(world))
        store.retire(first.id, build.NOW)
        second = scale(world)
        store.add(second)
        assert store.at_kiosk(world.kiosk.id) == [second]


def test_only_the_newest_readings_are_remembered(engine: Engine) -> None:
    with database.write(engine) as connection:
        world, store = build.world(Book(connection, lambda *_: None)), MeasuringDevices(connection)
        made = scale(world)
        store.add(made)
        uses = [Used(f"{n:032x}", uuid4(), build.NOW + timedelta(minutes=n)) for n in range(53)]
        for use in (*uses, uses[-1]):
            store.note(made.id, use, store.used(made.id))
        assert store.used(made.id) == uses[:2:-1]
