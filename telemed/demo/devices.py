"""What lies on the demo's tables: a device of every sort, of invented makes; a few need seeing to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from telemed.demo.places import Map, new_id
from telemed.intake.devices import MeasuringDevice
from telemed.intake.drivers import DRIVERS

_MAKES = {
    "pressure": "Orlov BP 1",
    "oxygen": "Orlov Oxy 2",
    "temperature": "Orlov Ear 3",
    "glucose": "Orlov Sweet 4",
    "weight": "Orlov Scale 5",
    "pulse": "Orlov Chest 6",
}
_YEAR = timedelta(days=365)


def lay_tables(where: Map, now: datetime, rng: Random) -> Iterator[MeasuringDevice]:
    """Return a device of every sort for every kiosk; the thermometer at the shown one is overdue."""
    for number, kiosk in enumerate(where.kiosks, 1):
        shown = kiosk == where.kiosk_at(where.home())
        for driver in DRIVERS.values():
            calibrated = now.date() - timedelta(days=rng.randrange(20, 300))
            made = MeasuringDevice(
                new_id(rng),
                kiosk.id,
                driver.kind,
                _MAKES[driver.kind],
                f"{driver.kind[:2].upper()}-{number:04}",
                driver.name,
                now - _YEAR,
                calibrated,
                calibrated + _YEAR,
            )
            if driver.kind == "glucose":
                left = 8 if shown else rng.randrange(20, 90)
                made = replace(
                    made, lot="L 2611", lot_expires=now.date() + timedelta(days=200), remaining=left
                )
            if shown and driver.kind == "temperature":
                made = replace(
                    made, calibrated_on=calibrated - _YEAR, calibrate_by=now.date() - timedelta(days=9)
                )
            yield made
