"""Everything we send is R4 in the eyes of somebody else: the strict models of SMART's client (R4 4.0.1)."""

from collections.abc import Iterator
from typing import Any

import pytest
from fhirclient.models.fhirabstractbase import FHIRValidationError
from fhirclient.models.fhirelementfactory import FHIRElementFactory

from telemed.fhir.table import SERVED
from tests.build import World
from tests.telemed.fhir.conftest import NINE, TEN, Make, System, book, schedule_id, wish

NO_TYPE_OF_ITS_OWN = {"Bundle", "CapabilityStatement", "OperationOutcome", "Parameters"}


def complaints(resource: dict[str, Any]) -> list[str]:
    """What an unknown, missing or wrongly typed element there is, as they say it."""
    try:
        FHIRElementFactory.instantiate(resource["resourceType"], resource)
    except FHIRValidationError as refusal:
        return [str(error) for error in refusal.errors]
    return []


def inside(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A resource and what a Bundle of them holds."""
    yield resource
    for entry in resource.get("entry", []):
        yield entry["resource"]


def found_by(asker: System, world: World) -> Iterator[dict[str, Any]]:
    """Each type as it is found, read, booked, moved, cancelled and refused."""
    yield asker.get("/metadata").get_json()
    made = book(asker, world, NINE)
    yield made
    yield asker.post("/Appointment", wish(world, NINE)).get_json()
    asked = {"Slot": f"?schedule=Schedule/{schedule_id(world)}&start=2026-11-18&_count=2"}
    for each in SERVED:
        if "search-type" in each.interactions:
            yield asker.get(f"/{each.type}{asked.get(each.type, '')}").get_json()
            yield asker.get(f"/{each.type}?_id=x&_summary=count").get_json()
        yield asker.get(f"/{each.type}/x").get_json()
    yield asker.get(f"/Patient/{world.patient.id}").get_json()
    yield asker.get("/OperationDefinition/Schedule-days").get_json()
    yield asker.get(f"/Schedule?actor=Practitioner/{world.practitioner.id}").get_json()
    yield asker.get(f"/Schedule/{schedule_id(world)}/$days?start=2026-11-18&days=3").get_json()
    yield asker.post("/Appointment", {"resourceType": "Appointment"}).get_json()
    moved = made | {"start": TEN, "end": "2026-11-18T10:20:00+02:00"}
    path = f"/Appointment/{made['id']}"
    yield asker.put(path, moved).get_json()
    yield asker.put(path, moved, If_Match='W/"9"').get_json()
    moved = asker.put(path, moved, If_Match='W/"1"').get_json()
    yield moved
    yield asker.put(path, moved | {"status": "cancelled"}, If_Match='W/"2"').get_json()


def test_every_type_we_send_is_what_another_reader_of_r4_expects(world: World, system: Make) -> None:
    told = [each for answer in found_by(system(), world) for each in inside(answer)]
    assert {each["resourceType"] for each in told} == {each.type for each in SERVED} | NO_TYPE_OF_ITS_OWN
    assert [(each["resourceType"], wrong) for each in told if (wrong := complaints(each))] == []


@pytest.mark.parametrize(
    "planted", [{"colour": "red"}, {"end": None}, {"start": "tomorrow"}, {"status": 5}, {"schedule": "S/1"}]
)
def test_the_other_reader_is_strict(world: World, system: Make, planted: dict[str, Any]) -> None:
    query = f"/Slot?schedule=Schedule/{schedule_id(world)}&start=2026-11-18&_count=1"
    slot = system().get(query).get_json()["entry"][0]["resource"]
    assert complaints(slot) == []
    wrong = {name: value for name, value in (slot | planted).items() if value is not None}
    assert complaints(wrong) != []
