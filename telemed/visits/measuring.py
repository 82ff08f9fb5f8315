"""What a device at the table has sent: whose it is, what it means, and what must be known of it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.errors import NotFound
from scheduling.places import Kiosk
from telemed.intake.device_store import FiledReading
from telemed.intake.devices import (
    WITH_CONSUMABLES,
    MeasuringDevice,
    Used,
    clock_flags,
    digest,
    filed_flags,
    verdict,
)
from telemed.intake.drivers import DRIVERS, Decoded, decode
from telemed.intake.vitals import Measurement
from telemed.unit import Unit

READINGS_KEY = "device-readings"
"""The purpose of the key with which readings are known again."""


class Sent(NamedTuple):
    """The bytes of one characteristic; `session` is random and new for every patient at the screen."""

    device_id: UUID
    characteristic: str
    raw: bytes
    session: UUID


class Read(NamedTuple):
    """Values in kept units as text by their code, or the problem for which there are none."""

    values: dict[str, str]
    flags: tuple[str, ...] = ()
    problem: str | None = None


def take_reading(unit: Unit, kiosk: Kiosk, sent: Sent, key: bytes) -> Read:
    """Read what a device of this kiosk has sent; a reading that another visit has used is refused."""
    device = _here(unit, kiosk, sent.device_id)
    driver = DRIVERS.get(device.driver) if device else None
    if device is None or driver is None or driver.characteristic != sent.characteristic:
        return Read({}, problem="unknown-device")
    decoded = decode(sent.characteristic, sent.raw)
    if decoded.problem:
        return Read({}, decoded.flags, decoded.problem)
    known = unit.measuring.used(device.id)
    use = Used(digest(key, device.id, sent.characteristic, sent.raw), sent.session, unit.now)
    judged = verdict(decoded, use.digest, known, sent.session, unit.now)
    if judged == "used_before":
        return Read({}, (judged,), judged)
    if device.kind in WITH_CONSUMABLES and not any(each.digest == use.digest for each in known):
        unit.measuring.use_up(device.id)
    unit.measuring.note(device.id, use, known)
    here = unit.now.astimezone(ZoneInfo(unit.book.site(kiosk.site_id).time_zone))
    told = (*device.flags(here.date()), *clock_flags(decoded.device_time, here))
    seen = ("seen_before",) if judged == "seen_before" else ()
    return Read(_values(decoded), (*decoded.flags, *told, *seen))


def note_filed(
    unit: Unit, kiosk: Kiosk, filing_id: UUID, readings: Iterable[Measurement], key: bytes
) -> None:
    """Write down once what the server itself doubts of the readings of an intake or a supplement.

    It stands beside the body, so that the same body sent again stays the same.
    """
    if unit.measuring.filed({filing_id}):
        return
    local = unit.now.astimezone(ZoneInfo(unit.book.site(kiosk.site_id).time_zone))
    for place, each in enumerate(readings):
        device = _here(unit, kiosk, each.device_id) if each.source == "device" and each.device_id else None
        if device is None:
            continue
        raw = bytes.fromhex(each.raw)
        decoded, own = decode(each.characteristic, raw), digest(key, device.id, each.characteristic, raw)
        elsewhere = unit.measuring.filed_elsewhere(device.id, own, filing_id)
        whose = filed_flags(decoded, own, unit.measuring.used(device.id), elsewhere, unit.now)
        flags = (*device.flags(local.date()), *clock_flags(decoded.device_time, local), *whose)
        unit.measuring.file(FiledReading(filing_id, place, device.id, own, flags, unit.now))


def pair(unit: Unit, kiosk: Kiosk, device_id: UUID, name: str, key: str) -> None:
    """Keep how this kiosk's browser knows a device; what was known by that before is so no longer."""
    device = _here(unit, kiosk, device_id)
    if device is None:
        raise NotFound("device")
    for other in unit.measuring.at_kiosk(kiosk.id):
        if other.id != device.id and other.paired_key == key:
            unit.measuring.change(replace(other, paired_name="", paired_key=""))
    unit.measuring.change(replace(device, paired_name=name, paired_key=key))


def _here(unit: Unit, kiosk: Kiosk, device_id: UUID) -> MeasuringDevice | None:
    try:
        device = unit.measuring.for_use(device_id)
    except NotFound:
        return None
    return device if device.kiosk_id == kiosk.id and device.retired_at is None else None


def _values(decoded: Decoded) -> dict[str, str]:
    return {each.code: str(each.value) for each in decoded.taken if each.value is not None}
