"""What health devices send is decoded exactly, and what is no reading never becomes a number."""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.intake import gatt
from telemed.intake.gatt import Malformed, NotANumber, NotAReading

HALF_PAST_TEN = datetime(2026, 11, 22, 10, 30)  # noqa: DTZ001  a device's clock knows no zone
TIME = "ea07 0b16 0a1e00"
DECODERS: tuple[Callable[[bytes], object], ...] = (
    gatt.decode_blood_pressure,
    gatt.decode_plx_spot,
    gatt.decode_temperature,
    gatt.decode_glucose,
    gatt.decode_weight,
    gatt.decode_heart_rate,
)


def texts(*values: object) -> str:
    return " ".join(map(str, values))


def octets(text: str) -> bytes:
    return bytes.fromhex(text)


class TestBloodPressure:
    def test_a_cuffs_reading(self) -> None:
        read = gatt.decode_blood_pressure(octets(f"1e 7800 5000 5d00 {TIME} 4800 03 0500"))
        assert (texts(read.systolic, read.diastolic, read.mean), read.unit) == ("120 80 93", "mm[Hg]")
        assert (texts(read.pulse), read.user, read.device_time) == ("72", 3, HALF_PAST_TEN)
        assert read.flags == {"body-movement", "irregular-pulse"}

    def test_kilopascals_are_said_to_be_that(self) -> None:
        read = gatt.decode_blood_pressure(octets("01 a0f0 6bf0 7cf0"))
        assert (str(read.systolic), str(read.diastolic), read.unit) == ("16.0", "10.7", "kPa")

    def test_a_failed_measurement_holds_no_number(self) -> None:
        read = gatt.decode_blood_pressure(octets("04 ff07 ff07 ff07 ff07"))
        assert {read.systolic, read.diastolic, read.mean, read.pulse} == {NotANumber.NAN}

    def test_the_pulses_range_and_a_loose_cuff_are_told(self) -> None:
        read = gatt.decode_blood_pressure(octets("10 7800 5000 5d00 1200"))
        assert read.flags == {"cuff-too-loose", "pulse-below-range"}

    def test_an_unknown_user_is_nobody(self) -> None:
        assert gatt.decode_blood_pressure(octets("08 7800 5000 5d00 ff")).user is None


class TestOximetry:
    def test_a_spot_check(self) -> None:
        read = gatt.decode_plx_spot(octets(f"0f 6200 4800 {TIME} 8001 200000 20f0"))
        assert texts(read.oxygen, read.pulse, read.amplitude_index) == "98 72 3.2"
        assert read.device_time == HALF_PAST_TEN
        assert read.flags == {"low-perfusion"}

    @pytest.mark.parametrize(
        ("status", "why"),
        [
            ("0004", "demo"),
            ("0008", "test"),
            ("0010", "calibration"),
            ("0020", "unavailable"),
            ("0080", "invalid"),
        ],
    )
    def test_what_the_status_disowns_is_refused(self, status: str, why: str) -> None:
        with pytest.raises(NotAReading, match=why):
            gatt.decode_plx_spot(octets(f"02 6200 4800 {status}"))

    @pytest.mark.parametrize(
        ("status", "why"),
        [
            ("020000", "equipment-malfunction"),
            ("800000", "no-pulse-found"),
            ("000800", "sensor-unconnected"),
            ("002000", "sensor-displaced"),
            ("004000", "sensor-malfunction"),
            ("008000", "sensor-disconnected"),
        ],
    )
    def test_without_a_finger_there_is_no_reading(self, status: str, why: str) -> None:
        with pytest.raises(NotAReading, match=why):
            gatt.decode_plx_spot(octets(f"04 6200 4800 {status}"))

    def test_a_doubtful_reading_says_so(self) -> None:
        read = gatt.decode_plx_spot(octets("02 6200 4800 6040"))
        assert read.flags == {"ongoing", "early-estimate", "questionable"}

    def test_a_clock_that_was_never_set_tells_no_time(self) -> None:
        read = gatt.decode_plx_spot(octets(f"11 6200 4800 {TIME}"))
        assert read.device_time is None
        assert "clock-not-set" in read.flags


class TestTemperature:
    def test_a_thermometers_reading(self) -> None:
        read = gatt.decode_temperature(octets(f"06 6e0100ff {TIME} 03"))
        assert (str(read.value), read.unit, read.place) == ("36.6", "Cel", "ear")
        assert read.device_time == HALF_PAST_TEN

    def test_fahrenheit_is_said_to_be_that(self) -> None:
        read = gatt.decode_temperature(octets("01 da0300ff"))
        assert (str(read.value), read.unit) == ("98.6", "[degF]")

    @pytest.mark.parametrize("kind", ["00", "0a", "ff"])
    def test_a_place_nobody_knows_is_none(self, kind: str) -> None:
        assert gatt.decode_temperature(octets(f"04 6e0100ff {kind}")).place is None

    @pytest.mark.parametrize("when", ["0000 0b16 0a1e00", "ea07 0016 0a1e00", "ea07 0b00 0a1e00"])
    def test_an_unset_clock_tells_no_time(self, when: str) -> None:
        read = gatt.decode_temperature(octets(f"02 6e0100ff {when}"))
        assert (read.device_time, read.flags) == (None, frozenset({"clock-not-set"}))

    def test_a_clock_that_cannot_be_right_tells_no_time(self) -> None:
        read = gatt.decode_temperature(octets("02 6e0100ff ea07 0d16 0a1e00"))
        assert (read.device_time, read.flags) == (None, frozenset({"clock-unreadable"}))


class TestGlucose:
    def test_a_record_in_milligrams(self) -> None:
        read = gatt.decode_glucose(octets(f"0b 2a00 {TIME} 0a00 5ab0 11 0100"))
        assert (texts(read.value), read.unit, read.sequence) == ("90", "mg/dL", 42)
        assert (read.sample, read.location) == ("capillary-whole-blood", "finger")
        assert read.device_time == datetime(2026, 11, 22, 10, 40)  # noqa: DTZ001  a device's clock
        assert read.flags == {"battery-low"}

    def test_a_record_in_millimoles_keeps_its_decimals(self) -> None:
        read = gatt.decode_glucose(octets(f"06 0100 {TIME} 37c0 12"))
        assert (str(read.value), read.unit) == ("5.5", "mmol/L")

    @pytest.mark.parametrize("kind", ["1a", "41"])
    def test_a_control_solution_is_nobodys_blood(self, kind: str) -> None:
        with pytest.raises(NotAReading, match="control-solution"):
            gatt.decode_glucose(octets(f"02 0100 {TIME} 5ab0 {kind}"))

    @pytest.mark.parametrize(
        ("status", "why"),
        [
            ("0200", "sensor-malfunction"),
            ("0400", "sample-too-small"),
            ("0800", "strip-error"),
            ("1000", "wrong-strip"),
            ("8000", "too-warm"),
            ("0001", "too-cold"),
            ("0002", "interrupted"),
            ("0004", "device-fault"),
        ],
    )
    def test_a_fault_is_refused_by_its_name(self, status: str, why: str) -> None:
        with pytest.raises(NotAReading, match=why):
            gatt.decode_glucose(octets(f"0a 0100 {TIME} 5ab0 11 {status}"))

    @pytest.mark.parametrize(
        ("status", "flag", "value"),
        [
            ("2000", "above-range", NotANumber.POSITIVE_INFINITY),
            ("4000", "below-range", NotANumber.NEGATIVE_INFINITY),
        ],
    )
    def test_hi_and_lo_are_words_not_numbers(self, status: str, flag: str, value: NotANumber) -> None:
        read = gatt.decode_glucose(octets(f"0a 0100 {TIME} 5ab0 11 {status}"))
        assert (read.value, flag in read.flags) == (value, True)

    def test_a_record_without_concentration_has_none(self) -> None:
        read = gatt.decode_glucose(octets(f"00 0100 {TIME}"))
        assert (read.value, read.unit) == (None, None)

    @pytest.mark.parametrize("offset", ["ff7f", "0080"])
    def test_an_offset_that_ran_over_tells_no_time(self, offset: str) -> None:
        read = gatt.decode_glucose(octets(f"01 0100 {TIME} {offset}"))
        assert (read.device_time, read.flags) == (None, frozenset({"clock-unreadable"}))


class TestWeight:
    def test_a_scales_reading(self) -> None:
        read = gatt.decode_weight(octets(f"0e 9c3b {TIME} 01 fb00 b206"))
        assert (str(read.value), read.unit, read.user) == ("76.300", "kg", 1)
        assert (str(read.bmi), str(read.height), read.height_unit) == ("25.1", "1.714", "m")

    def test_pounds_are_said_to_be_that(self) -> None:
        read = gatt.decode_weight(octets("01 b441"))
        assert (str(read.value), read.unit) == ("168.20", "[lb_av]")

    def test_a_scale_that_could_not_settle_has_no_weight(self) -> None:
        with pytest.raises(NotAReading, match="unsuccessful"):
            gatt.decode_weight(octets("00 ffff"))


class TestHeartRate:
    def test_a_sensors_beats(self) -> None:
        read = gatt.decode_heart_rate(octets("16 48 0004 0002"))
        assert texts(read.value, *read.intervals) == "72 1 0.5"

    def test_a_wide_number_and_spent_energy(self) -> None:
        assert gatt.decode_heart_rate(octets("09 2c01 1000")).value == 300

    def test_off_the_skin_there_is_no_reading(self) -> None:
        with pytest.raises(NotAReading, match="no-skin-contact"):
            gatt.decode_heart_rate(octets("04 48"))

    def test_nought_beats_are_no_pulse(self) -> None:
        with pytest.raises(NotAReading, match="no-pulse-found"):
            gatt.decode_heart_rate(octets("00 00"))


@pytest.mark.parametrize(
    ("decode", "whole"),
    [
        (gatt.decode_blood_pressure, f"1e 7800 5000 5d00 {TIME} 4800 03 0500"),
        (gatt.decode_plx_spot, f"0f 6200 4800 {TIME} 8001 200000 20f0"),
        (gatt.decode_temperature, f"06 6e0100ff {TIME} 03"),
        (gatt.decode_glucose, f"0b 2a00 {TIME} 0a00 5ab0 11 0100"),
        (gatt.decode_weight, f"0e 9c3b {TIME} 01 fb00 b206"),
        (gatt.decode_heart_rate, "09 2c01 1000"),
    ],
)
def test_a_byte_too_few_or_too_many_is_malformed(decode: Callable[[bytes], object], whole: str) -> None:
    data = octets(whole)
    assert decode(data) is not None
    for wrong in (data[:-1], data + b"\0", b""):
        with pytest.raises(Malformed):
            decode(wrong)


@given(st.binary(max_size=24))
def test_any_bytes_are_a_reading_or_refused_and_no_reading_holds_nan(data: bytes) -> None:
    for decode in DECODERS:
        try:
            read = decode(data)
        except (Malformed, NotAReading):
            continue
        values = [getattr(read, field.name) for field in fields(read)]  # type: ignore[arg-type]  # each is a dataclass
        assert all(value.is_finite() for value in values if isinstance(value, Decimal))
