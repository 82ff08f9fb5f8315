"""The six sorts of devices that the Bluetooth SIG has described."""

from telemed.intake import gatt
from telemed.intake.drivers.driver import Decoded, Driver, lacking, take, whole


def _pressure(raw: bytes) -> Decoded:
    sent = gatt.decode_blood_pressure(raw)
    pair = (take("systolic", sent.systolic, sent.unit), take("diastolic", sent.diastolic, sent.unit))
    pulse = () if sent.pulse is None else (take("pulse", sent.pulse, "/min"),)
    upper, lower = (each.value for each in pair)
    if upper is not None and lower is not None and upper <= lower:
        return Decoded(
            lacking((*pair, *pulse), "not-above"), _sorted(sent.flags), sent.device_time, problem="not-above"
        )
    found = Decoded((*pair, *pulse), _sorted(sent.flags), sent.device_time)
    return whole(found, "systolic", "diastolic")


def _oxygen(raw: bytes) -> Decoded:
    sent = gatt.decode_plx_spot(raw)
    taken = (take("oxygen", sent.oxygen, "%"), take("pulse", sent.pulse, "/min"))
    return whole(Decoded(taken, _sorted(sent.flags), sent.device_time), "oxygen")


def _temperature(raw: bytes) -> Decoded:
    sent = gatt.decode_temperature(raw)
    taken = (take("temperature", sent.value, sent.unit),)
    return whole(
        Decoded(taken, _sorted(sent.flags), sent.device_time, detail=sent.place or ""), "temperature"
    )


def _glucose(raw: bytes) -> Decoded:
    sent = gatt.decode_glucose(raw)
    found = Decoded(
        (take("glucose", sent.value, sent.unit or ""),),
        _sorted(sent.flags),
        sent.device_time,
        sent.sequence,
        sent.sample or "",
    )
    return whole(found, "glucose")


def _weight(raw: bytes) -> Decoded:
    sent = gatt.decode_weight(raw)
    taken = (take("weight", sent.value, sent.unit),)
    return whole(Decoded(taken, _sorted(sent.flags), sent.device_time), "weight")


def _pulse(raw: bytes) -> Decoded:
    sent = gatt.decode_heart_rate(raw)
    return whole(Decoded((take("pulse", sent.value, "/min"),), _sorted(sent.flags)), "pulse")


def _sorted(flags: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(flags))


STANDARD: tuple[Driver, ...] = (
    Driver("standard-pressure", "pressure", "1810", "2a35", _pressure),
    Driver("standard-oxygen", "oxygen", "1822", "2a5e", _oxygen),
    Driver("standard-temperature", "temperature", "1809", "2a1c", _temperature),
    Driver("standard-glucose", "glucose", "1808", "2a18", _glucose, by_records=True),
    Driver("standard-weight", "weight", "181d", "2a9d", _weight),
    Driver("standard-pulse", "pulse", "180d", "2a37", _pulse),
)
