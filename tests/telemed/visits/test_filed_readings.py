"""Whose reading was filed, and whether its clocks fit, is the server's finding and not the browser's word."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from scheduling.ids import uuid7
from telemed.intake.devices import MeasuringDevice
from telemed.intake.drivers import simulator
from telemed.intake.submission import Measurement
from telemed.services import Services
from telemed.visits import measuring, worklist
from telemed.visits.kiosk import Receipt
from tests import build
from tests.fakes import FakeClock
from tests.telemed.consulting_room import KIOSK, ConsultingRoom, open_room

KEY = b"k" * 32
METER = UUID("7f3c1c1e-0000-4000-8000-000000000001")
HERE = build.NOW.replace(tzinfo=None) + timedelta(hours=2)


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    room = open_room(services, FakeClock())
    meter = MeasuringDevice(
        METER, room.world.kiosk.id, "glucose", "Meter", "1", "standard-glucose", build.NOW
    )
    with services.unit(KIOSK) as unit:
        unit.measuring.add(meter)
    return room


def glucose(sequence: int = 7, **said: Any) -> dict[str, Any]:
    sent = simulator.glucose(sequence=sequence, at=HERE)
    return {
        "code": "glucose",
        "value": "5.4",
        "source": "device",
        "characteristic": "2a18",
        "raw": sent.raw.hex(),
        "taken_at": build.NOW.isoformat(),
        "device_id": str(METER),
        **said,
    }


def files(room: ConsultingRoom, *readings: dict[str, Any]) -> Receipt:
    receipt = room.comes(measurements=list(readings))
    for _ in range(2):
        note(room, receipt.intake_id, *readings)
    return receipt


def note(room: ConsultingRoom, filing_id: UUID, *readings: dict[str, Any]) -> None:
    taken = [Measurement.model_validate(each).reading() for each in readings]
    with room.services.unit(KIOSK) as unit:
        measuring.note_filed(unit, room.world.kiosk, filing_id, taken, KEY)


def case(room: ConsultingRoom, receipt: Receipt) -> worklist.Case:
    with room.services.unit(room.reader()) as unit:
        return worklist.case(unit, receipt.visit_id, room.doctor_id)


@pytest.mark.both_databases
def test_a_meters_record_counts_for_the_first_patient_only(room: ConsultingRoom) -> None:
    first, other = files(room, glucose()), files(room, glucose())
    found = {each: case(room, each).measured for each in (first, other)}
    assert [str(each.results[0].value) for each in found.values()] == ["5.4", "None"]
    assert [each.parts[0][0].flags for each in found.values()] == [(), ("used_before",)]
    assert found[other].rounds[-1].results["glucose"].value is None


def test_a_browsers_word_for_what_the_server_decides_counts_nothing(room: ConsultingRoom) -> None:
    receipt = files(room, glucose(flags=["used_before", "clock_wrong", "not_rested", "zzz"]))
    (reading,) = case(room, receipt).measured.parts[0]
    assert (reading.flags, str(reading.value)) == (("not_rested",), "5.4")


def test_what_the_device_is_worth_is_looked_up_when_filed(room: ConsultingRoom) -> None:
    overdue = MeasuringDevice(
        uuid7(),
        room.world.kiosk.id,
        "glucose",
        "Meter",
        "2",
        "standard-glucose",
        build.NOW,
        calibrate_by=(build.NOW - timedelta(days=1)).date(),
    )
    with room.services.unit(KIOSK) as unit:
        unit.measuring.add(overdue)
    room.clock.forward(timedelta(hours=1))
    receipt = files(room, glucose(device_id=str(overdue.id)))
    assert case(room, receipt).measured.parts[0][0].flags == ("calibration_overdue",)
    room.clock.forward(timedelta(days=2))
    late = files(room, glucose(8, taken_at=room.clock.now().isoformat()))
    assert case(room, late).measured.parts[0][0].flags == ("clock_wrong",)


@pytest.mark.parametrize("year", [2, 1970, 2090, 9997])
def test_a_moment_far_from_the_servers_is_doubted_and_moves_no_round(room: ConsultingRoom, year: int) -> None:
    wrong = build.NOW.replace(year=year).isoformat()
    receipt = room.comes(measurements=[{"code": "oxygen", "value": "97", "taken_at": wrong}])
    found = case(room, receipt).measured
    assert found.parts[0][0].flags == ("clock_doubtful",)
    assert [each.at for each in found.rounds] == [build.NOW]


@pytest.mark.parametrize(
    ("minutes", "flags"), [(-119, ()), (4, ()), (-121, ("clock_doubtful",)), (6, ("clock_doubtful",))]
)
def test_a_reading_is_taken_shortly_before_it_is_sent(
    room: ConsultingRoom, minutes: int, flags: tuple[str, ...]
) -> None:
    taken = (build.NOW + timedelta(minutes=minutes)).isoformat()
    receipt = room.comes(measurements=[{"code": "oxygen", "value": "97", "taken_at": taken}])
    assert case(room, receipt).measured.parts[0][0].flags == flags
