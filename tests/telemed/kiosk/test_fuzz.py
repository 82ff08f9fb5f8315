"""Ten thousand spoiled readings and intakes each: never a fault of ours, never a number from a bad value."""

import copy
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from scheduling.ids import uuid7
from telemed.intake import submission
from telemed.intake.devices import MeasuringDevice
from telemed.intake.drivers import DRIVERS, decode, simulator
from telemed.intake.vitals import VITALS, value_problem
from telemed.records.access_log import Reader
from telemed.services import Services
from tests import build
from tests.telemed.intake.vectors import VECTORS
from tests.telemed.kiosk.conftest import Counter

pytestmark = pytest.mark.long
CASES = 10_000
SEED = 20261122
READER = Reader("job", "test", None, "test", "setting the table")
AT = datetime(2026, 11, 17, 9, 40)  # noqa: DTZ001  a device's clock knows no zone
DATED = (simulator.pressure(at=AT, status=5), simulator.oxygen(at=AT, status=64, sensor=32))
GOOD = (*simulator.GOOD.values(), *DATED, simulator.temperature(at=AT))
CORPUS = (*GOOD, *GOOD, *GOOD, *simulator.BAD.values())
ODD: tuple[Any, ...] = (
    *(None, True, "", " ", "x" * 5000, "\x00", "\ud800", "NaN", "Infinity", "-0", "1e400", "2a35", "zz"),
    *(0, -1, 2**63, 10**400, 0.1, 1e308, [], {}, [[]] * 50, {"value": "1"}, "0001-01-01T00:00:00Z"),
    *("9999-12-31T23:59:59+14:00", "device", "typed", "failed", "120", "36.6", ["demo"], str(uuid4())),
)


def spoiled_bytes(random: Random) -> tuple[str, bytes]:
    """Bytes of a device with some changed, cut off, put in or sent as another characteristic."""
    sent = random.choice(CORPUS)
    raw = bytearray(sent.raw)
    for _ in range(random.choice((0, 1, 1, 2, 5))):
        what = random.randrange(4)
        if what == 0 and raw:
            raw[random.randrange(len(raw))] = random.choice(
                (0, 1, 7, 8, 0x7F, 0x80, 0xFF, random.randrange(256))
            )
        elif what == 1 and raw:
            del raw[random.randrange(len(raw)) :]
        elif what == 2:
            raw.insert(random.randrange(len(raw) + 1), random.randrange(256))
        elif raw:
            raw[random.randrange(len(raw))] ^= 1 << random.randrange(8)
    others = [driver.characteristic for driver in DRIVERS.values()]
    return (sent.characteristic if random.random() < 0.9 else random.choice(others)), bytes(raw)


def places(held: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a body, as the way to it."""
    inside = held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ()
    for key, value in inside:
        yield (*path, key)
        yield from places(value, (*path, key))


def spoiled(body: Any, random: Random) -> Any:
    """A body with up to three things changed, taken away or added."""
    changed = copy.deepcopy(body)
    for _ in range(random.choice((0, 0, 1, 2, 3))):
        *way, last = random.choice(list(places(changed)) or [("nothing",)])
        held = changed
        for key in way:
            held = held[key]
        what = random.randrange(4)
        if what == 0 and isinstance(held, dict):
            held.pop(last, None)
        elif what == 1 and isinstance(held, dict):
            held[random.choice(("extra", "raw", "value", "source", "flags"))] = copy.deepcopy(
                random.choice(ODD)
            )
        else:
            held[last] = copy.deepcopy(random.choice(ODD))
    return changed


@pytest.mark.parametrize("characteristic", [driver.characteristic for driver in DRIVERS.values()])
def test_decoders(characteristic: str) -> None:
    random, numbers = Random(f"{SEED} {characteristic}"), 0
    for _ in range(CASES):
        _, raw = spoiled_bytes(random)
        decoded = decode(characteristic, raw)
        found = [each for each in decoded.taken if each.value is not None]
        assert bool(found) == (decoded.problem is None), raw.hex()
        for each in found:
            assert each.value is not None
            assert value_problem(VITALS[each.code], each.value) is None, raw.hex()
        numbers += bool(found)
    assert 0 < numbers < CASES


def test_readings(services: Services, counter: Counter) -> None:
    random, answers, numbers = Random(SEED), dict.fromkeys((200, 422), 0), 0
    made = []
    with services.unit(READER) as unit:
        for driver in DRIVERS.values():
            device = MeasuringDevice(
                uuid7(), counter.kiosk_id, driver.kind, "M", driver.name, driver.name, build.NOW
            )
            unit.measuring.add(device)
            made.append((driver.characteristic, device.id))
    devices = dict(made)
    for _ in range(CASES):
        characteristic, raw = spoiled_bytes(random)
        told: Any = {
            "device_id": str(devices.get(characteristic, made[0][1])),
            "characteristic": characteristic,
            "raw": raw.hex(),
            "session": str(uuid4()),
        }
        told = spoiled(told, random) if random.random() < 0.3 else told
        answer = counter.ask("POST", "/api/v1/readings", told)
        assert answer.status_code in answers, (told, answer.text)
        answers[answer.status_code] += 1
        values = answer.get_json().get("values") or {}
        if values:
            numbers += 1
            decoded = decode(told["characteristic"], bytes.fromhex(told["raw"]))
            assert decoded.problem is None, told
            assert values == {each.code: str(each.value) for each in decoded.taken if each.value is not None}
    assert min(*answers.values(), numbers) > 0, (answers, numbers)
    print(f"\nreadings: {CASES} asked, {answers}, {numbers} with a number")


def test_intakes(counter: Counter) -> None:
    random, answers, numbers = Random(SEED), dict[int, int](), 0
    bodies = [each["body"] for each in VECTORS["submissions"]]
    for _ in range(CASES):
        body = copy.deepcopy(random.choice(bodies))
        code = random.choice(list(VITALS))
        body["measurements"] = [*body["measurements"], _device_reading(code, random)][
            -random.randrange(1, 9) :
        ]
        told = spoiled(body, random)
        answer = counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", told)
        assert answer.status_code < 500, (told, answer.text)
        answers[answer.status_code] = answers.get(answer.status_code, 0) + 1
        if answer.status_code == 200:
            numbers += _judge(told)
    assert answers.get(200, 0) > 0
    assert answers.get(422, 0) > 0
    assert numbers > 0
    print(f"\nintakes: {CASES} sent, {dict(sorted(answers.items()))}, {numbers} numbers of devices filed")


def _device_reading(code: str, random: Random) -> dict[str, Any]:
    """A reading said to come from a device: as its bytes say, or not."""
    characteristic, raw = spoiled_bytes(random)
    taken = [each for each in decode(characteristic, raw).taken if each.value is not None]
    true = random.choice(taken) if taken and random.random() < 0.7 else None
    value = str(true.value) if true else random.choice((None, "120", "36.6", "97"))
    moment = build.NOW - timedelta(seconds=random.randrange(600))
    return {
        "code": true.code if true else code,
        "value": value,
        "reason": None if value else "failed",
        "number": 9,
        "taken_at": moment.isoformat(),
        "source": "device",
        "characteristic": characteristic,
        "raw": raw.hex(),
    }


def _judge(told: Any) -> int:
    """Look at what was accepted: every number of a device is what its bytes say."""
    found = 0
    for reading in submission.read(told).readings():
        if reading.source == "device" and reading.value is not None:
            taken = decode(reading.characteristic, bytes.fromhex(reading.raw)).of(reading.code)
            assert taken is not None, reading
            assert taken.value == Decimal(reading.value), reading
            found += 1
    return found
