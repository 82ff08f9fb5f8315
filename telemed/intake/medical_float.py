"""IEEE 11073 numbers as devices send them, in decimals; what is no number is named, never turned into one."""

from decimal import Decimal
from enum import Enum


class NotANumber(Enum):
    """What a device may send in the place of a number; the values are FHIR's reasons for absent data.

    Mapping: HL7 Personal Health Device implementation guide, "FLOATS".
    """

    NAN = "not-a-number"
    NOT_AT_THIS_RESOLUTION = "error"
    POSITIVE_INFINITY = "positive-infinity"
    NEGATIVE_INFINITY = "negative-infinity"
    RESERVED = "unsupported"


Value = Decimal | NotANumber

# Mantissas at exponent nought, counted from the largest and the smallest (IEEE 11073-20601, annex F).
_ABOVE = {0: NotANumber.NAN, -1: NotANumber.POSITIVE_INFINITY}
_BELOW = {
    0: NotANumber.NOT_AT_THIS_RESOLUTION,
    1: NotANumber.RESERVED,
    2: NotANumber.NEGATIVE_INFINITY,
}


class Malformed(ValueError):
    """Bytes that are not what their characteristic says they are: too few, too many, or impossible."""


def decode_sfloat(data: bytes) -> Value:
    """Return the 16-bit SFLOAT in exactly two little-endian bytes; trailing noughts are kept (2.0 is not 2).

    Four bits of exponent and twelve of mantissa, both in two's complement. Raises Malformed at other lengths.
    """
    return _decode(data, size=2, mantissa_bits=12)


def decode_float(data: bytes) -> Value:
    """Return the 32-bit FLOAT in exactly four little-endian bytes; trailing noughts are kept.

    Eight bits of exponent and 24 of mantissa, both in two's complement. Raises Malformed at other lengths.
    """
    return _decode(data, size=4, mantissa_bits=24)


def _decode(data: bytes, size: int, mantissa_bits: int) -> Value:
    if len(data) != size:
        raise Malformed(f"a number of {size} bytes has {len(data)}")
    raw = int.from_bytes(data, "little")
    mantissa = _signed(raw & (1 << mantissa_bits) - 1, mantissa_bits)
    exponent = _signed(raw >> mantissa_bits, size * 8 - mantissa_bits)
    if exponent == 0:
        special = _special(mantissa, mantissa_bits)
        if special is not None:
            return special
    if exponent >= 0:
        return Decimal(mantissa * 10**exponent)
    sign, digits, _ = Decimal(mantissa).as_tuple()
    return Decimal((sign, digits, exponent))


def _special(mantissa: int, bits: int) -> NotANumber | None:
    largest, smallest = (1 << bits - 1) - 1, -(1 << bits - 1)
    return _ABOVE.get(mantissa - largest) or _BELOW.get(mantissa - smallest)


def _signed(raw: int, bits: int) -> int:
    return raw - (1 << bits) if raw >> bits - 1 else raw
