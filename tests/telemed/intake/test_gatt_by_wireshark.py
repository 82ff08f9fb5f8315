"""Wireshark reads the same in the same bytes; its thermometer prints nought: decimals hold that one."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from telemed.intake import gatt
from tests.missing import miss
from tests.servers import NotInstalled
from tests.telemed.intake import wireshark

Judge = Callable[[int, bytes], dict[str, str]]
TIME = "ea07 0b16 0a1e00"
PRESSURE = "blood_pressure_measurement."
SPOT = "plxs.spot_check_measurement."


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    try:
        tshark = wireshark.program()
    except NotInstalled as lack:
        miss(str(lack))
    folder = tmp_path_factory.mktemp("captures")
    return lambda characteristic, value: wireshark.fields(tshark, folder, characteristic, value)


@pytest.mark.parametrize(
    ("sent", "unit"),
    [
        ("1e 7800 5000 5d00 ea07 0b16 0a1e00 4800 03 0500", "mmhg"),
        ("04 8cf0 50f0 5df0 48f0", "mmhg"),
        ("05 a0f0 6bf0 7cf0 4800", "kpa"),
    ],
)
def test_blood_pressure(judge: Judge, sent: str, unit: str) -> None:
    data = bytes.fromhex(sent)
    read, seen = gatt.decode_blood_pressure(data), judge(0x2A35, data)
    values = (read.systolic, read.diastolic, read.mean, read.pulse)
    names = [f"compound_value.{each}.{unit}" for each in ("systolic", "diastolic", "arterial_pressure")]
    assert [Decimal(seen[PRESSURE + name]) for name in (*names, "pulse_rate")] == list(values)
    flags = {"body_movement": "body-movement", "irregular_pulse": "irregular-pulse"}
    raised = {ours for theirs, ours in flags.items() if seen.get(f"{PRESSURE}status.{theirs}") == "1"}
    assert raised == read.flags


def test_oximetry(judge: Judge) -> None:
    data = bytes.fromhex(f"0f 62f0 48f0 {TIME} 8040 200000 20f0")
    read, seen = gatt.decode_plx_spot(data), judge(0x2A5E, data)
    values = (read.oxygen, read.pulse, read.amplitude_index)
    names = ("spo2", "pulse_rate", "pulse_amplitude_index")
    assert [Decimal(seen[SPOT + name]) for name in names] == list(values)
    assert read.device_time is not None
    assert seen["minutes"] == str(read.device_time.minute)
    assert seen[f"{SPOT}measurement_status.questionable_measurement_detected"] == "1"
    assert "questionable" in read.flags


def test_glucose(judge: Judge) -> None:
    data = bytes.fromhex(f"0b 2a00 {TIME} 0a00 5ab0 11 0100")
    read, seen = gatt.decode_glucose(data), judge(0x2A18, data)
    name = "glucose_measurement.glucose_concentration.kg_per_l"
    assert Decimal(seen[name]) * 100_000 == read.value
    assert seen["glucose_measurement.sequence_number"] == str(read.sequence)
    assert seen["glucose_measurement.type_and_sample_location.type"] == "0x01"
    assert read.sample == "capillary-whole-blood"


@pytest.mark.parametrize(("sent", "name", "step"), [("00 e02e", "kg", "0.005"), ("01 b441", "lb", "0.01")])
def test_weight(judge: Judge, sent: str, name: str, step: str) -> None:
    data = bytes.fromhex(sent)
    seen = judge(0x2A9D, data)[f"weight_measurement.weight.{name}"]
    assert Decimal(seen) * Decimal(step) == gatt.decode_weight(data).value


def test_heart_rate(judge: Judge) -> None:
    data = bytes.fromhex("16 48 0004")
    read, seen = gatt.decode_heart_rate(data), judge(0x2A37, data)
    assert seen["heart_rate_measurement.value.8"] == str(read.value)
    assert Decimal(seen["heart_rate_measurement.rr_interval"]) / 1024 == read.intervals[0]
