"""The only reader and writer of devices at the tables, and of which of their readings have been used."""

from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from scheduling.errors import NotFound, StaleVersion
from telemed.intake.device_tables import device, device_reading, filed_reading
from telemed.intake.devices import MeasuringDevice, Used

REMEMBERED = 50
"""Readings of a device that are known again; a meter's newest record is seldom older than that."""


class FiledReading(NamedTuple):
    """A device's reading at its place in an intake or a supplement, and what the server doubts of it."""

    filing_id: UUID
    place: int
    device_id: UUID
    digest: str
    flags: tuple[str, ...]
    filed_at: datetime


class KnownAlready(Exception):
    """A device with this name and serial number stands at some table already."""


class MeasuringDevices:
    """Devices: added, calibrated, paired, retired, never deleted, as readings point to them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, new: MeasuringDevice) -> None:
        """Keep a new device; KnownAlready when one with its name and number is in use."""
        try:
            self._connection.execute(insert(device).values(**asdict(new)))
        except IntegrityError as error:
            raise KnownAlready(new.serial) from error

    def get(self, device_id: UUID) -> MeasuringDevice:
        """The device, or NotFound."""
        row = self._connection.execute(select(device).where(device.c.id == device_id)).one_or_none()
        if row is None:
            raise NotFound("device")
        return _read(row)

    def for_use(self, device_id: UUID) -> MeasuringDevice:
        """The device, for this transaction alone, or NotFound."""
        locked = select(device).where(device.c.id == device_id).with_for_update()
        row = self._connection.execute(locked).one_or_none()
        if row is None:
            raise NotFound("device")
        return _read(row)

    def at_kiosk(self, kiosk_id: UUID) -> list[MeasuringDevice]:
        """What stands at this table, by kind."""
        query = select(device).where(device.c.kiosk_id == kiosk_id, device.c.retired_at.is_(None))
        ordered = query.order_by(device.c.kind, device.c.name, device.c.id)
        return [_read(row) for row in self._connection.execute(ordered)]

    def change(self, changed: MeasuringDevice) -> MeasuringDevice:
        """Keep the next version; StaleVersion when somebody else made one meanwhile."""
        following = replace(changed, version=changed.version + 1)
        where = (device.c.id == changed.id) & (device.c.version == changed.version)
        values = {name: value for name, value in asdict(following).items() if name != "id"}
        try:
            result = self._connection.execute(update(device).where(where).values(**values))
        except IntegrityError as error:
            raise KnownAlready(changed.serial) from error
        if result.rowcount != 1:
            raise StaleVersion("the device was changed meanwhile")
        return following

    def use_up(self, device_id: UUID) -> None:
        """Count one strip less, down to none."""
        where = (device.c.id == device_id) & (device.c.remaining > 0)
        self._connection.execute(update(device).where(where).values(remaining=device.c.remaining - 1))

    def used(self, device_id: UUID) -> list[Used]:
        """The readings of this device that are still known, the newest first."""
        query = select(device_reading).where(device_reading.c.device_id == device_id)
        ordered = query.order_by(device_reading.c.seen_at.desc())
        return [Used(row.digest, row.session, row.seen_at) for row in self._connection.execute(ordered)]

    def note(self, device_id: UUID, use: Used, known: list[Used]) -> None:
        """Remember a reading among those known, and forget the oldest of too many."""
        here = device_reading.c
        same = [each for each in known if each[:2] == use[:2]]
        others = [each for each in known if each not in same]
        for old in same + others[REMEMBERED - 1 :]:
            self._connection.execute(
                delete(device_reading).where(
                    here.device_id == device_id, here.digest == old.digest, here.session == old.session
                )
            )
        self._connection.execute(insert(device_reading).values(device_id=device_id, **use._asdict()))

    def file(self, filed: FiledReading) -> None:
        """Remember that a reading was filed; for good, as what it doubts belongs to the record."""
        self._connection.execute(insert(filed_reading).values({**filed._asdict(), "flags": [*filed.flags]}))

    def filed_elsewhere(self, device_id: UUID, digest: str, filing_id: UUID) -> bool:
        """Whether the same bytes of this device were filed by another intake or supplement."""
        here = filed_reading.c
        same = (here.device_id == device_id) & (here.digest == digest) & (here.filing_id != filing_id)
        return self._connection.execute(select(here.place).where(same).limit(1)).first() is not None

    def filed(self, filings: Collection[UUID]) -> dict[tuple[UUID, int], tuple[str, ...]]:
        """What was doubted of the readings of these filings, by filing and place."""
        here = filed_reading.c
        query = select(here.filing_id, here.place, here.flags).where(here.filing_id.in_(sorted(filings)))
        return {(row.filing_id, row.place): tuple(row.flags) for row in self._connection.execute(query)}

    def retire(self, device_id: UUID, now: datetime) -> None:
        """Take a device from the table for good; what it measured still names it."""
        where = (device.c.id == device_id) & device.c.retired_at.is_(None)
        self._connection.execute(update(device).where(where).values(retired_at=now, paired_key=""))


def _read(row: Row[Any]) -> MeasuringDevice:
    return MeasuringDevice(**row._mapping)
