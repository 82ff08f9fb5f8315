"""What devices, their standing and what they doubt are called; all are message ids."""

from collections.abc import Iterable, Mapping
from datetime import date

from telemed.intake.devices import MeasuringDevice

KIND_WORDS: Mapping[str, str] = {
    "pressure": "Blood pressure cuff",
    "oxygen": "Oximeter",
    "temperature": "Thermometer",
    "glucose": "Glucose meter",
    "weight": "Scale",
    "pulse": "Heart rate sensor",
}
STANDING_WORDS: Mapping[str, str] = {
    "calibration_overdue": "Calibration overdue",
    "calibration_soon": "Calibration due within 30 days",
    "calibration_unknown": "No calibration date",
    "strips_expired": "Strips expired",
    "strips_out": "Strips run out",
    "strips_few": "Few strips left",
}
FLAG_WORDS: Mapping[str, str] = {
    "body-movement": "the patient moved",
    "cuff-too-loose": "the cuff was too loose",
    "irregular-pulse": "the device found the pulse irregular",
    "improper-position": "the arm was not in its place",
    "pulse-above-range": "pulse above what the device measures",
    "pulse-below-range": "pulse below what the device measures",
    "ongoing": "still measuring when sent",
    "early-estimate": "an early estimate",
    "from-storage": "from the device’s memory",
    "questionable": "the device calls it questionable",
    "display-delayed": "sent late",
    "irregular-signal": "irregular signal",
    "inadequate-signal": "too weak a signal",
    "poor-signal": "poor signal",
    "low-perfusion": "little blood in the finger",
    "erratic-signal": "erratic signal",
    "questionable-pulse": "the device doubts the pulse",
    "analysis-ongoing": "still measuring when sent",
    "interference": "disturbed signal",
    "unknown-sensor": "a sensor the device does not know",
    "battery-low": "battery low",
    "time-fault": "the device’s clock has failed",
    "clock-not-set": "the device’s clock was never set",
    "clock-unreadable": "the device’s clock cannot be read",
    "clock_wrong": "the device’s clock is wrong",
    "calibration_overdue": "calibration overdue",
    "strips_expired": "expired strips",
    "seen_before": "right after another patient’s reading",
    "used_before": "another visit’s reading",
    "not-a-number": "the device sent no number",
    "not-sent": "the device did not send it",
    "above-range": "higher than the device can measure",
    "below-range": "lower than the device can measure",
    "out-of-range": "a number that no body has",
    "not-above": "upper and lower pressure do not fit",
    "malformed": "what the device sent cannot be read",
    "unknown-unit": "a unit nobody knows",
    "demo": "the device’s demonstration",
    "test": "the device’s test",
    "calibration": "the device was being calibrated",
    "unavailable": "the device had nothing to send",
    "invalid": "the device calls it invalid",
    "control-solution": "control solution, not blood",
    "unsuccessful": "the scale did not settle",
    "no-skin-contact": "no contact with the skin",
    "no-pulse-found": "no pulse found",
    "equipment-malfunction": "the device is faulty",
    "sensor-unconnected": "the sensor was not connected",
    "sensor-displaced": "the sensor was not in its place",
    "sensor-malfunction": "the sensor is faulty",
    "sensor-disconnected": "the sensor was pulled off",
    "sample-too-small": "too little blood on the strip",
    "strip-error": "the strip was not put in well",
    "wrong-strip": "a wrong strip",
    "too-warm": "too warm for the meter",
    "too-cold": "too cold for the meter",
    "interrupted": "the strip was pulled out too early",
    "device-fault": "the device is faulty",
}
"""For the doctor, beside a value or instead of one."""


def worries_of(table: Iterable[MeasuringDevice], today: date) -> tuple[str, ...]:
    """What somebody should see to at a table, each once; message ids."""
    found = (standing for each in table for standing in each.standings(today))
    return tuple(dict.fromkeys(STANDING_WORDS[each] for each in found))
