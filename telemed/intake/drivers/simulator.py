"""A device made of arithmetic: the bytes of any reading, good ones and those that must never be a number."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from telemed.intake.drivers.driver import Kind

NAN, PLUS_INFINITY, MINUS_INFINITY, NOT_RESOLVED, RESERVED = 0x07FF, 0x07FE, 0x0802, 0x0800, 0x0801
CONTROL_SOLUTION = 0x1A
# From here on a whole number is one of the special values above.
SPECIAL = 0x07FE
Number = Decimal | int | str


class Sent(NamedTuple):
    """What goes over the air: which characteristic, and its bytes."""

    characteristic: str
    raw: bytes


def pressure(
    systolic: Number = 128,
    diastolic: Number = 82,
    pulse: Number | None = 72,
    *,
    kilopascals: bool = False,
    at: datetime | None = None,
    status: int | None = None,
) -> Sent:
    """A cuff's reading (0x2A35); a whole number from 0x07FE on is sent as the special value it is."""
    parts = [_sfloat(systolic), _sfloat(diastolic), _sfloat(0), _time(at)]
    parts += [b"" if pulse is None else _sfloat(pulse), b"" if status is None else _bytes(status, 2)]
    bits = kilopascals | (at is not None) << 1 | (pulse is not None) << 2 | (status is not None) << 4
    return Sent("2a35", bytes([bits]) + b"".join(parts))


def oxygen(
    per_cent: Number = 97,
    pulse: Number = 70,
    *,
    at: datetime | None = None,
    status: int | None = None,
    sensor: int | None = None,
) -> Sent:
    """An oximeter's spot check (0x2A5E)."""
    bits = (at is not None) | (status is not None) << 1 | (sensor is not None) << 2
    parts = [_sfloat(per_cent), _sfloat(pulse), _time(at)]
    parts += [b"" if status is None else _bytes(status, 2), b"" if sensor is None else _bytes(sensor, 3)]
    return Sent("2a5e", bytes([bits]) + b"".join(parts))


def temperature(value: Number = "36.6", *, fahrenheit: bool = False, at: datetime | None = None) -> Sent:
    """A thermometer's reading (0x2A1C), taken in the ear."""
    bits = fahrenheit | (at is not None) << 1 | 4
    return Sent("2a1c", bytes([bits]) + _float(value) + _time(at) + b"\x03")


def glucose(
    value: Number = "5.4",
    sequence: int = 1,
    at: datetime = datetime(2026, 11, 22, 10, 30),  # noqa: DTZ001  a device's clock has no zone
    *,
    milligrams: bool = False,
    kind: int = 0x11,
    status: int = 0,
) -> Sent:
    """A meter's record (0x2A18): capillary blood of a finger unless `kind` says otherwise."""
    shift = -5 if milligrams else -3
    sent = _sfloat(value if isinstance(value, int) and value >= SPECIAL else _shifted(value, shift))
    bits = 2 | (not milligrams) << 2 | 8
    return Sent(
        "2a18", bytes([bits]) + _bytes(sequence, 2) + _time(at) + sent + bytes([kind]) + _bytes(status, 2)
    )


def weight(kilograms: Number = "71.5", *, pounds: bool = False, at: datetime | None = None) -> Sent:
    """A scale's reading (0x2A9D)."""
    steps = int(Decimal(kilograms) / Decimal("0.01" if pounds else "0.005"))
    return Sent("2a9d", bytes([pounds | (at is not None) << 1]) + _bytes(steps, 2) + _time(at))


def pulse(beats: int = 68, *, skin: bool = True) -> Sent:
    """A heart rate sensor's notification (0x2A37)."""
    return Sent("2a37", bytes([4 | skin << 1, beats]))


def _bytes(number: int, count: int) -> bytes:
    return number.to_bytes(count, "little")


def _time(at: datetime | None) -> bytes:
    if at is None:
        return b""
    return _bytes(at.year, 2) + bytes([at.month, at.day, at.hour, at.minute, at.second])


def _sfloat(value: Number) -> bytes:
    if isinstance(value, int) and value >= SPECIAL:
        return _bytes(value, 2)
    mantissa, exponent = _parts(value)
    return _bytes((exponent & 0xF) << 12 | mantissa & 0xFFF, 2)


def _float(value: Number) -> bytes:
    if str(value) == "NaN":
        return _bytes(0x007FFFFF, 4)
    mantissa, exponent = _parts(value)
    return _bytes((exponent & 0xFF) << 24 | mantissa & 0xFFFFFF, 4)


def _parts(value: Number) -> tuple[int, int]:
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return int(number.scaleb(-exponent)), exponent


def _shifted(value: Number, places: int) -> Decimal:
    return Decimal(value).scaleb(places)


GOOD: Mapping[Kind, Sent] = {
    "pressure": pressure(),
    "oxygen": oxygen(),
    "temperature": temperature(),
    "glucose": glucose(),
    "weight": weight(),
    "pulse": pulse(),
}
"""One plain reading of every kind."""

BAD: Mapping[str, Sent] = {
    "a cuff that failed": pressure(NAN, NAN, NAN),
    "a pressure beyond the scale": pressure(PLUS_INFINITY, 80),
    "a pressure below the scale": pressure(120, MINUS_INFINITY),
    "a pressure not resolved": pressure(NOT_RESOLVED, 80),
    "a pressure from the future of the standard": pressure(RESERVED, 80),
    "upper and lower pressure swapped": pressure(80, 120),
    "half a pressure": pressure(120, NAN),
    "a pressure nobody has": pressure(20, 10),
    "a finger that was not there": oxygen(NAN, NAN),
    "an oximeter's demonstration": oxygen(status=1 << 10),
    "an oximeter's test": oxygen(status=1 << 11),
    "an oximeter being calibrated": oxygen(status=1 << 12),
    "an oximeter that has nothing": oxygen(status=1 << 13),
    "an oximeter that disowns it": oxygen(status=1 << 15),
    "a sensor that fell off": oxygen(sensor=1 << 13),
    "more oxygen than there is": oxygen(101),
    "a thermometer that failed": temperature("NaN"),
    "a thermometer on the table": temperature("21.5"),
    "a control solution": glucose(kind=CONTROL_SOLUTION),
    "a wrong strip": glucose(status=1 << 4),
    "a meter that shows HI": glucose(status=1 << 5),
    "a meter that shows LO": glucose(status=1 << 6),
    "a meter without a number": glucose(NAN),
    "a scale that did not settle": Sent("2a9d", b"\x00\xff\xff"),
    "nobody on the scale": weight(0),
    "a sensor without skin": pulse(skin=False),
    "a sensor without a pulse": pulse(0),
    "bytes too short": Sent("2a35", pressure().raw[:5]),
    "bytes too long": Sent("2a35", pressure().raw + b"\x00"),
    "no bytes": Sent("2a1c", b""),
    "a device nobody knows": Sent("ffe1", b"\x01\x02"),
}
"""What a device may send and nobody may read as a number."""
