"""What health devices send over Bluetooth, decoded from raw bytes; what is no reading is refused by name.

Layouts: Bluetooth SIG, GATT Specification Supplement, and PLXS 1.0.1 for pulse oximeters. All little-endian.
A reading keeps the unit it was sent in and the device's own clock, which knows no zone and may never
have been set.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from telemed.intake.gatt_readings import BloodPressure, Glucose, HeartRate, Oximetry, Temperature, Weight
from telemed.intake.medical_float import Malformed, NotANumber, Value, decode_float, decode_sfloat
from telemed.intake.octets import NotAReading, Octets

__all__ = [
    "BloodPressure",
    "Glucose",
    "HeartRate",
    "Malformed",
    "NotANumber",
    "NotAReading",
    "Oximetry",
    "Temperature",
    "Value",
    "Weight",
    "decode_blood_pressure",
    "decode_float",
    "decode_glucose",
    "decode_heart_rate",
    "decode_plx_spot",
    "decode_sfloat",
    "decode_temperature",
    "decode_weight",
]

_PRESSURE_FLAGS = {0: "body-movement", 1: "cuff-too-loose", 2: "irregular-pulse", 5: "improper-position"}
_PULSE_RANGE = {1: "pulse-above-range", 2: "pulse-below-range"}
_PLX_REFUSED = {10: "demo", 11: "test", 12: "calibration", 13: "unavailable", 15: "invalid"}
_PLX_FLAGS = {5: "ongoing", 6: "early-estimate", 9: "from-storage", 14: "questionable"}
_SENSOR_REFUSED = {
    1: "equipment-malfunction",
    7: "no-pulse-found",
    11: "sensor-unconnected",
    13: "sensor-displaced",
    14: "sensor-malfunction",
    15: "sensor-disconnected",
}
_SENSOR_FLAGS = {
    0: "display-delayed",
    2: "irregular-signal",
    3: "inadequate-signal",
    4: "poor-signal",
    5: "low-perfusion",
    6: "erratic-signal",
    8: "questionable-pulse",
    9: "analysis-ongoing",
    10: "interference",
    12: "unknown-sensor",
}
_PLACES = ("armpit", "body", "ear", "finger", "gut", "mouth", "rectum", "toe", "eardrum")
_SAMPLES = (
    "capillary-whole-blood",
    "capillary-plasma",
    "venous-whole-blood",
    "venous-plasma",
    "arterial-whole-blood",
    "arterial-plasma",
    "whole-blood",
    "plasma",
    "interstitial-fluid",
)
_CONTROL_TYPE, _CONTROL_LOCATION = 10, 4
_LOCATIONS = {1: "finger", 2: "alternate-site", 3: "earlobe"}
_GLUCOSE_REFUSED = {
    1: "sensor-malfunction",
    2: "sample-too-small",
    3: "strip-error",
    4: "wrong-strip",
    7: "too-warm",
    8: "too-cold",
    9: "interrupted",
    10: "device-fault",
}
_GLUCOSE_FLAGS = {0: "battery-low", 5: "above-range", 6: "below-range", 11: "time-fault"}
_OVERRUN, _UNDERRUN = 0x7FFF, -0x8000
_UNSUCCESSFUL = 0xFFFF


def decode_blood_pressure(data: bytes) -> BloodPressure:
    """Return one Blood Pressure Measurement (0x2A35); Malformed when the bytes are not one."""
    source = Octets(data)
    bits = source.number(1)
    systolic, diastolic, mean = source.sfloat(), source.sfloat(), source.sfloat()
    device_time = source.time() if bits & 2 else None
    pulse = source.sfloat() if bits & 4 else None
    user = source.user() if bits & 8 else None
    if bits & 16:
        status = source.number(2)
        source.note(status, _PRESSURE_FLAGS)
        beyond = _PULSE_RANGE.get(status >> 3 & 3)
        source.flags.update({beyond} if beyond else set())
    unit: Literal["mm[Hg]", "kPa"] = "kPa" if bits & 1 else "mm[Hg]"
    return BloodPressure(systolic, diastolic, mean, unit, pulse, device_time, user, source.finish())


def decode_plx_spot(data: bytes) -> Oximetry:
    """Return one PLX Spot-Check Measurement (0x2A5E).

    NotAReading when a status calls it a demo, a test, a calibration, invalid or unavailable, or when the
    sensor is off the finger; doubtful ones keep their flags. Malformed when the bytes are not one.
    """
    source = Octets(data)
    bits = source.number(1)
    oxygen, pulse = source.sfloat(), source.sfloat()
    device_time = source.time() if bits & 1 else None
    status = source.number(2) if bits & 2 else 0
    sensor = source.number(3) if bits & 4 else 0
    index = source.sfloat() if bits & 8 else None
    if bits & 16:
        device_time = None
        source.flags.add("clock-not-set")
    source.note(status, _PLX_FLAGS)
    source.note(sensor, _SENSOR_FLAGS)
    flags = source.finish()
    source.refuse(status, _PLX_REFUSED)
    source.refuse(sensor, _SENSOR_REFUSED)
    return Oximetry(oxygen, pulse, index, device_time, flags)


def decode_temperature(data: bytes) -> Temperature:
    """Return one Temperature Measurement (0x2A1C); Malformed when the bytes are not one."""
    source = Octets(data)
    bits = source.number(1)
    value = decode_float(source.take(4))
    device_time = source.time() if bits & 2 else None
    kind = source.number(1) if bits & 4 else 0
    place = _PLACES[kind - 1] if 1 <= kind <= len(_PLACES) else None
    return Temperature(value, "[degF]" if bits & 1 else "Cel", place, device_time, source.finish())


def decode_glucose(data: bytes) -> Glucose:
    """Return one Glucose Measurement (0x2A18).

    NotAReading when it is of a control solution or the meter reports a fault. Malformed when the bytes
    are not one.
    """
    source = Octets(data)
    bits = source.number(1)
    sequence = source.number(2)
    device_time = source.time()
    if bits & 1:
        device_time = _offset(device_time, source.number(2, signed=True), source.flags)
    value = source.sfloat() if bits & 2 else None
    location, sample = divmod(source.number(1) if bits & 2 else 0, 16)
    status = source.number(2) if bits & 8 else 0
    source.note(status, _GLUCOSE_FLAGS)
    flags = source.finish()
    if sample == _CONTROL_TYPE or location == _CONTROL_LOCATION:
        raise NotAReading("control-solution")
    source.refuse(status, _GLUCOSE_REFUSED)
    return Glucose(
        sequence=sequence,
        value=_concentration(value, bool(bits & 4), flags),
        unit=None if value is None else "mmol/L" if bits & 4 else "mg/dL",
        sample=_SAMPLES[sample - 1] if 1 <= sample <= len(_SAMPLES) else None,
        location=_LOCATIONS.get(location),
        device_time=device_time,
        flags=flags,
    )


def decode_weight(data: bytes) -> Weight:
    """Return one Weight Measurement (0x2A9D); NotAReading when the scale could not settle."""
    source = Octets(data)
    bits = source.number(1)
    raw = source.number(2)
    device_time = source.time() if bits & 2 else None
    user = source.user() if bits & 4 else None
    bmi = height = None
    if bits & 8:
        bmi = source.number(2) * Decimal("0.1")
        height = source.number(2) * Decimal("0.1" if bits & 1 else "0.001")
    flags = source.finish()
    if raw == _UNSUCCESSFUL:
        raise NotAReading("unsuccessful")
    pounds = bool(bits & 1)
    return Weight(
        value=raw * Decimal("0.01" if pounds else "0.005"),
        unit="[lb_av]" if pounds else "kg",
        bmi=bmi or None,
        height=height or None,
        height_unit=None if not height else "[in_i]" if pounds else "m",
        device_time=device_time,
        user=user,
        flags=flags,
    )


def decode_heart_rate(data: bytes) -> HeartRate:
    """Return one Heart Rate Measurement (0x2A37); NotAReading without skin contact or without a pulse."""
    source = Octets(data)
    bits = source.number(1)
    beats = source.number(2 if bits & 1 else 1)
    if bits & 8:
        source.number(2)
    intervals = []
    while bits & 16 and source.left:
        intervals.append(Decimal(source.number(2)) / 1024)
    flags = source.finish()
    if bits & 4 and not bits & 2:
        raise NotAReading("no-skin-contact")
    if beats == 0:
        raise NotAReading("no-pulse-found")
    return HeartRate(Decimal(beats), tuple(intervals), flags)


def _offset(base: datetime | None, minutes: int, flags: set[str]) -> datetime | None:
    if minutes in (_OVERRUN, _UNDERRUN):
        flags.add("clock-unreadable")
        return None
    try:
        return None if base is None else base + timedelta(minutes=minutes)
    except OverflowError:
        flags.add("clock-unreadable")
        return None


def _concentration(value: Value | None, molar: bool, flags: frozenset[str]) -> Value | None:
    if "above-range" in flags:
        return NotANumber.POSITIVE_INFINITY
    if "below-range" in flags:
        return NotANumber.NEGATIVE_INFINITY
    # Sent in mol/L or kg/L, read by people in mmol/L or mg/dL.
    return value.scaleb(3 if molar else 5) if isinstance(value, Decimal) else value
