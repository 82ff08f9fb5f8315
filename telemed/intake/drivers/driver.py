"""What a driver is: it makes readings in kept units out of the bytes of one Bluetooth characteristic."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal, NamedTuple, get_args

from telemed.intake.medical_float import NotANumber, Value
from telemed.intake.units import UnknownUnit, convert
from telemed.intake.vitals import VITALS, value_problem

Kind = Literal["pressure", "oxygen", "temperature", "weight", "glucose", "pulse"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# Beyond this nothing is a reading of a body; arithmetic on what a FLOAT can hold would overflow.
_FURTHEST = Decimal(100_000)
_WHY_NONE = {
    NotANumber.NAN: "not-a-number",
    NotANumber.NOT_AT_THIS_RESOLUTION: "not-a-number",
    NotANumber.RESERVED: "not-a-number",
    NotANumber.POSITIVE_INFINITY: "above-range",
    NotANumber.NEGATIVE_INFINITY: "below-range",
}


class Taken(NamedTuple):
    """One value of a reading: as it is kept, as it was sent, or by which flag there is none."""

    code: str
    value: Decimal | None
    entered: str = ""
    entered_unit: str = ""
    lack: str = ""


class Decoded(NamedTuple):
    """What a device has sent, decoded; with a problem there is no value and must never be one."""

    taken: tuple[Taken, ...] = ()
    flags: tuple[str, ...] = ()
    device_time: datetime | None = None
    sequence: int | None = None
    detail: str = ""
    problem: str | None = None

    def of(self, code: str) -> Taken | None:
        """What was taken of one code."""
        return next((each for each in self.taken if each.code == code), None)

    @property
    def a_record(self) -> bool:
        """Whether the same bytes can be sent twice only for the same measurement."""
        return self.device_time is not None or self.sequence is not None


@dataclass(frozen=True)
class Driver:
    """How one sort of device is spoken to; `name` is what the registry keeps, a characteristic has one.

    `service` and `characteristic` are four hexadecimal digits of the Bluetooth SIG or a whole UUID. With
    `by_records` the newest record is asked for through the record access control point (0x2A52), without it
    the device sends by itself once somebody has subscribed.
    """

    name: str
    kind: Kind
    service: str
    characteristic: str
    decode: Callable[[bytes], Decoded]
    by_records: bool = False


def take(code: str, sent: Value | None, unit: str) -> Taken:
    """Turn what was sent into the kept unit; what is no number, or no body's, keeps only its reason."""
    if sent is None:
        return Taken(code, None, lack="not-sent")
    if isinstance(sent, NotANumber):
        return Taken(code, None, lack=_WHY_NONE[sent])
    entered, vital = format(sent, "f") if abs(sent) < _FURTHEST else "", VITALS[code]
    if not entered:
        return Taken(code, None, lack="out-of-range")
    try:
        value = convert(sent, unit, vital.ucum, vital.decimals)
    except UnknownUnit:
        return Taken(code, None, entered, unit, "unknown-unit")
    # A scale sends grams; what people read and limits judge has the vital's decimals.
    value = value.quantize(Decimal(1).scaleb(-vital.decimals), ROUND_HALF_EVEN)
    if value_problem(vital, value) is not None:
        return Taken(code, None, entered, unit, "out-of-range")
    return Taken(code, value, entered, unit)


def lacking(taken: tuple[Taken, ...], lack: str) -> tuple[Taken, ...]:
    """The same without any value, for this reason."""
    return tuple(each._replace(value=None, lack=each.lack or lack) for each in taken)


def whole(decoded: Decoded, *needed: str) -> Decoded:
    """The reading; a problem when one of the values it is made for is missing."""
    for code in needed:
        taken = decoded.of(code)
        if taken is None or taken.value is None:
            why = taken.lack if taken else "not-sent"
            return decoded._replace(taken=lacking(decoded.taken, why), problem=why)
    return decoded
