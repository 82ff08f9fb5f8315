"""Every driver there is, and what bytes from any of them mean; what cannot be read is said, never guessed."""

from collections.abc import Mapping
from decimal import DecimalException

from telemed.intake.drivers.driver import Decoded, Driver
from telemed.intake.drivers.standard import STANDARD
from telemed.intake.gatt import Malformed, NotAReading
from telemed.intake.vitals import (
    ABOVE_RANGE,
    BELOW_RANGE,
    DECIDED,
    MEALS,
    SAID_BY_KIOSK,
    ImpossibleMeasurementError,
    Measurement,
)

DRIVERS: Mapping[str, Driver] = {driver.name: driver for driver in STANDARD}
"""By name. A device that follows no standard gets a driver of its own here; see docs/devices.md."""

_BY_CHARACTERISTIC = {driver.characteristic: driver for driver in DRIVERS.values()}
LONGEST = 512
"""Bytes a characteristic can hold at most (Bluetooth Core, Vol 3, Part F)."""


class DisagreementError(ImpossibleMeasurementError):
    """A reading that is said to come from a device, but not as its bytes say."""


def decode(characteristic: str, raw: bytes) -> Decoded:
    """Return what these bytes of a characteristic mean; what is no reading comes back with its problem."""
    driver = _BY_CHARACTERISTIC.get(characteristic)
    if driver is None:
        return Decoded(problem="unknown-device")
    try:
        return driver.decode(raw)
    except NotAReading as refusal:
        return Decoded(flags=(refusal.reason,), problem=refusal.reason)
    except (Malformed, DecimalException):
        return Decoded(flags=("malformed",), problem="malformed")


def as_sent(measurement: Measurement) -> Measurement:
    """Return a device's measurement with all that its bytes say; DisagreementError when its value is another.

    The bytes are the authority: flags of theirs that are missing are added, others than theirs, the
    kiosk's and the server's are dropped, the value is never mended. What no device has measured passes as it
    is, and may carry nothing of a device.
    """
    if measurement.source != "device":
        if measurement.raw or measurement.characteristic:
            raise DisagreementError(f"{measurement.code}: bytes of a device, but typed")
        if measurement.device_id or measurement.device_time:
            raise DisagreementError(f"{measurement.code}: of a device, but typed")
        if not set(measurement.flags) <= SAID_BY_KIOSK | {BELOW_RANGE, ABOVE_RANGE}:
            raise DisagreementError(f"{measurement.code}: flags that nobody gives to what is typed")
        return measurement
    decoded = _decoded(measurement)
    taken = decoded.of(measurement.code)
    value = taken.value if taken else None
    if value != measurement.value or (value is None and measurement.reason != "failed"):
        raise DisagreementError(f"{measurement.code}: not what the device has sent")
    own = (*decoded.flags, *((taken.lack,) if taken and taken.lack else ()))
    besides = (flag for flag in measurement.flags if flag in own or flag in SAID_BY_KIOSK | DECIDED)
    return measurement._replace(
        entered=taken.entered if taken else "",
        entered_unit=taken.entered_unit if taken else "",
        device_time=decoded.device_time,
        # What was said of the meal stands; the sample stays in the bytes.
        detail=measurement.detail if measurement.detail in MEALS else decoded.detail or measurement.detail,
        flags=tuple(dict.fromkeys((*besides, *own))),
    )


def agrees(measurement: Measurement) -> bool:
    """Whether a measurement is what its bytes say; one without a device has nothing to disagree with."""
    try:
        as_sent(measurement)
    except DisagreementError:
        return False
    return True


def _decoded(measurement: Measurement) -> Decoded:
    try:
        raw = bytes.fromhex(measurement.raw)
    except ValueError:
        raise DisagreementError(f"{measurement.code}: bytes that are none") from None
    if not 0 < len(raw) <= LONGEST:
        raise DisagreementError(f"{measurement.code}: bytes that no device sends")
    return decode(measurement.characteristic, raw)
