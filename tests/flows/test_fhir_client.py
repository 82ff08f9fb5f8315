"""A FHIR client library that we did not write books, moves and cancels against the running service."""

from typing import Any

import pytest
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import (
    AuthorizationError,
    MultipleResourcesFound,
    OperationOutcome,
    ResourceNotFound,
)

from tests.running import Running


def client(service: Running, **headers: str) -> SyncFHIRClient:
    """The library, with the token that the demo prints."""
    shown = service.command("demo", "accounts")
    token = shown.split("Authorization: Bearer ")[1].split('"')[0]
    return SyncFHIRClient(
        f"{service.origin}/fhir/R4",
        authorization=f"Bearer {token}",
        extra_headers={name.replace("_", "-"): value for name, value in headers.items()} or None,
    )


def offered(fhir: SyncFHIRClient, count: int) -> list[Any]:
    """Free slots of one practitioner at one site."""
    for role in fhir.resources("PractitionerRole").fetch():
        who = role["practitioner"]["reference"]
        schedules = fhir.resources("Schedule").search(actor=who).limit(3).fetch()
        for schedule in schedules:
            slots = fhir.resources("Slot").search(schedule=f"Schedule/{schedule.id}", status="free")
            free = slots.limit(count).fetch()
            if len(free) == count:
                return list(free)
    raise AssertionError("nobody is free in the demo")


def test_fhirpy_books_moves_and_cancels(service: Running) -> None:
    fhir = client(service)
    first, second = offered(fhir, 2)
    patient = {
        "resourceType": "Patient",
        "id": "p",
        "name": [{"family": "Проба", "given": ["Фхирпи"]}],
        "birthDate": "1980-02-01",
    }
    appointment = fhir.resource(
        "Appointment",
        status="booked",
        slot=[{"reference": f"Slot/{first.id}"}],
        contained=[patient],
        participant=[{"actor": {"reference": "#p"}, "status": "accepted"}],
    )
    appointment.save()
    assert appointment.id
    assert appointment["start"] == first["start"]
    assert fhir.get("Slot", first.id)["status"] == "busy"

    taken = fhir.resource("Appointment", **{**dict(appointment), "id": None, "contained": [patient]})
    taken["participant"] = [{"actor": {"reference": "#p"}, "status": "accepted"}]
    taken["slot"] = [{"reference": f"Slot/{first.id}"}]
    with pytest.raises(OperationOutcome) as refusal:
        taken.save()
    assert refusal.value.resource["issue"][0]["code"] == "conflict"

    moved = client(service, If_Match='W/"1"').resource("Appointment", **dict(appointment))
    moved["start"], moved["end"] = second["start"], second["end"]
    moved.save()
    assert moved["start"] == second["start"]
    assert moved["meta"]["versionId"] == "2"
    assert fhir.get("Slot", first.id)["status"] == "free"

    late = client(service, If_Match='W/"1"').resource("Appointment", **dict(moved))
    late["status"] = "cancelled"
    # The library takes every 412 for a search that found too much.
    with pytest.raises(MultipleResourcesFound):
        late.save()

    found = fhir.resources("Appointment").search(_id=moved.id, status="booked").fetch_all()
    assert [each.id for each in found] == [moved.id]
    cancelled = client(service, If_Match='W/"2"').resource("Appointment", **dict(moved))
    cancelled["status"] = "cancelled"
    cancelled.save()
    assert fhir.get("Appointment", moved.id)["status"] == "cancelled"
    assert fhir.get("Slot", second.id)["status"] == "free"


def test_fhirpy_is_turned_away_politely(service: Running) -> None:
    stranger = SyncFHIRClient(f"{service.origin}/fhir/R4", authorization="Bearer nobody")
    with pytest.raises(AuthorizationError):
        stranger.resources("Location").fetch()
    with pytest.raises(ResourceNotFound):
        client(service).get("Appointment", "none")


def test_every_page_is_reached(service: Running) -> None:
    fhir = client(service)
    everything = fhir.resources("Location").limit(500).fetch()
    assert len(fhir.resources("Location").limit(7).fetch_all()) == len(everything) > 7
