"""Another system moves and cancels, from the version it has read and no other."""

from typing import Any

import pytest

from scheduling.ids import uuid7
from telemed.services import Services
from tests import build
from tests.build import World
from tests.fakes import FakeClock
from tests.telemed.fhir.conftest import (
    NINE,
    TEN,
    Make,
    add_patient,
    at,
    book,
    issue,
    people,
    schedule_id,
    wish,
)
from tests.telemed.fhir.shapes import faults


@pytest.mark.both_databases
def test_an_appointment_is_moved_by_its_start(world: World, system: Make) -> None:
    asker = system()
    made = book(asker, world, NINE)
    sent = made | {"start": TEN, "end": "2026-11-18T10:20:00+02:00"}
    moved = asker.put(f"/Appointment/{made['id']}", sent, If_Match='W/"1"')
    assert moved.status_code == 200, moved.text
    assert moved.headers["ETag"] == 'W/"2"'
    assert at(moved) == "2026-11-18T08:00:00Z"
    assert faults(moved.get_json()) == []
    assert asker.get(f"/{made['slot'][0]['reference']}").get_json()["status"] == "free"


def test_an_appointment_is_moved_by_its_slot(world: World, system: Make) -> None:
    asker = system()
    made = book(asker, world, NINE)
    listing = asker.get(f"/Slot?schedule={schedule_id(world)}&start=2026-11-19&status=free").get_json()
    slot = listing["entry"][0]["resource"]
    sent = made | {"slot": [{"reference": f"Slot/{slot['id']}"}]}
    moved = asker.put(f"/Appointment/{made['id']}", sent, If_Match='"1"')
    assert moved.status_code == 200, moved.text
    assert at(moved) == slot["start"]


def test_an_appointment_is_moved_to_a_colleague(world: World, another: World, system: Make) -> None:
    asker = system()
    made = book(asker, world, NINE)
    sent = made | {"participant": people(world, practitioner=f"Practitioner/{another.practitioner.id}")}
    moved = asker.put(f"/Appointment/{made['id']}", sent, If_Match='W/"1"')
    assert moved.status_code == 200, moved.text
    assert f"Practitioner/{another.practitioner.id}" in moved.text


@pytest.mark.both_databases
def test_an_appointment_is_cancelled_and_its_time_is_free_again(world: World, system: Make) -> None:
    asker = system()
    made = book(asker, world, NINE)
    sent = made | {"status": "cancelled", "cancelationReason": {"text": "настинка"}}
    answer = asker.put(f"/Appointment/{made['id']}", sent, If_Match='W/"1"')
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["status"] == "cancelled"
    again = asker.put(f"/Appointment/{made['id']}", sent, If_Match='W/"2"')
    assert again.headers["ETag"] == 'W/"2"'
    assert asker.get(f"/{made['slot'][0]['reference']}").get_json()["status"] == "free"
    assert asker.post("/Appointment", wish(world, NINE)).status_code == 201


def test_what_asks_for_nothing_new_changes_nothing(world: World, system: Make) -> None:
    asker = system()
    made = book(asker, world, NINE)
    answer = asker.put(f"/Appointment/{made['id']}", made, If_Match='W/"1"')
    assert answer.get_json() == made


def test_a_change_needs_the_version_it_was_made_from(world: World, system: Make) -> None:
    asker = system()
    made = book(asker, world, NINE)
    path, sent = f"/Appointment/{made['id']}", made | {"status": "cancelled"}
    assert issue(asker.put(path, sent), 428)["code"] == "required"
    for version in ('W/"2"', 'W/"0"', '"7"'):
        assert issue(asker.put(path, sent, If_Match=version), 412)["code"] == "conflict"
    for version in ("", "*", "1", 'W/"x"', 'W/"99999999999999999999"'):
        assert issue(asker.put(path, sent, If_Match=version), 400)
    assert asker.put(path, sent, If_Match='W/"1"').status_code == 200


def test_of_two_changes_at_the_same_version_one_counts(world: World, system: Make) -> None:
    asker = system()
    made = book(asker, world, NINE)
    path = f"/Appointment/{made['id']}"
    moved = made | {"start": TEN, "end": "2026-11-18T10:20:00+02:00"}
    assert asker.put(path, moved, If_Match='W/"1"').status_code == 200
    assert issue(asker.put(path, made | {"status": "cancelled"}, If_Match='W/"1"'), 412)


def test_a_taken_time_cannot_be_moved_to(world: World, system: Make, services: Services) -> None:
    asker = system()
    other = add_patient(services, identifier="8001010000")
    sent = wish(world, TEN, participant=people(world, patient=f"Patient/{other.id}"))
    assert asker.post("/Appointment", sent).status_code == 201
    made = book(asker, world, NINE)
    moved = made | {"start": TEN, "end": "2026-11-18T10:20:00+02:00"}
    assert issue(asker.put(f"/Appointment/{made['id']}", moved, If_Match='W/"1"'), 409)["code"] == "conflict"
    assert asker.get(f"/Appointment/{made['id']}").get_json() == made


@pytest.mark.parametrize(
    ("changes", "element", "status"),
    [
        ({"id": None}, "Appointment.id", 400),
        ({"id": "other"}, "Appointment.id", 400),
        ({"status": "fulfilled"}, "Appointment.status", 422),
        ({"status": "entered-in-error"}, "Appointment.status", 422),
        ({"extension": [{"url": "urn:telemed:channel", "valueCode": "audio"}]}, "Appointment.extension", 422),
    ],
)
def test_what_cannot_change_is_named(
    world: World, system: Make, changes: dict[str, Any], element: str, status: int
) -> None:
    asker = system()
    made = book(asker, world, NINE)
    sent = {name: value for name, value in (made | changes).items() if value is not None}
    refusal = issue(asker.put(f"/Appointment/{made['id']}", sent, If_Match='W/"1"'), status)
    assert refusal["expression"] == [element]


def test_the_patient_stays_the_same(world: World, system: Make) -> None:
    asker = system()
    made = book(asker, world, NINE)
    sent = made | {"participant": people(world, patient=f"Patient/{uuid7()}")}
    assert issue(asker.put(f"/Appointment/{made['id']}", sent, If_Match='W/"1"'), 422)


def test_after_the_visit_nothing_is_moved_or_cancelled(world: World, system: Make, time: FakeClock) -> None:
    asker = system()
    made = book(asker, world, NINE)
    time.moment = build.local(12, day=build.TUESDAY.replace(day=18))
    for changes in (
        {"status": "cancelled"},
        {"start": "2026-11-19T09:00:00Z", "end": "2026-11-19T09:20:00Z"},
    ):
        answer = asker.put(f"/Appointment/{made['id']}", made | changes, If_Match='W/"1"')
        assert issue(answer, 422)["code"] == "business-rule"
