"""Numbers of IEEE 11073 keep every decimal, and what is no number is named."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.intake.medical_float import Malformed, NotANumber, decode_float, decode_sfloat


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("7800", "120"),
        ("14f0", "2.0"),
        ("c8e0", "2.00"),
        ("6ef1", "36.6"),
        ("0000", "0"),
        ("feff", "-0.2"),
        ("0c10", "120"),
        ("ff0f", "-1"),
    ],
)
def test_short_ones_keep_every_decimal(sent: str, read: str) -> None:
    value = decode_sfloat(bytes.fromhex(sent))
    assert isinstance(value, Decimal)
    assert str(value) == read


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("6e0100ff", "36.6"),
        ("4c0e00fe", "36.60"),
        ("9affffff", "-10.2"),
        ("01000002", "100"),
        ("00000000", "0"),
    ],
)
def test_long_ones_keep_every_decimal(sent: str, read: str) -> None:
    value = decode_float(bytes.fromhex(sent))
    assert isinstance(value, Decimal)
    assert str(value) == read


@pytest.mark.parametrize(
    ("short", "long", "meaning"),
    [
        ("ff07", "ffff7f00", NotANumber.NAN),
        ("0008", "00008000", NotANumber.NOT_AT_THIS_RESOLUTION),
        ("fe07", "feff7f00", NotANumber.POSITIVE_INFINITY),
        ("0208", "02008000", NotANumber.NEGATIVE_INFINITY),
        ("0108", "01008000", NotANumber.RESERVED),
    ],
)
def test_each_special_value_is_named_and_is_no_number(short: str, long: str, meaning: NotANumber) -> None:
    assert decode_sfloat(bytes.fromhex(short)) is meaning
    assert decode_float(bytes.fromhex(long)) is meaning


@given(st.binary(max_size=8))
def test_other_lengths_are_malformed(data: bytes) -> None:
    for decode, size in ((decode_sfloat, 2), (decode_float, 4)):
        if len(data) != size:
            with pytest.raises(Malformed):
                decode(data)
        else:
            assert isinstance(decode(data), Decimal | NotANumber)


@given(st.integers(-2045, 2045), st.integers(-8, 7))
def test_a_short_one_is_its_mantissa_times_a_power_of_ten(mantissa: int, exponent: int) -> None:
    raw = (exponent & 0xF) << 12 | mantissa & 0xFFF
    assert decode_sfloat(raw.to_bytes(2, "little")) == Decimal(mantissa) * Decimal(10) ** exponent
