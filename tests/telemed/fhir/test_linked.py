"""A claim that turned out to be somebody known is bound by what binds that person."""

import pytest

from scheduling.people import Patient
from telemed.records.access_log import Reader
from telemed.services import Services
from tests.build import World
from tests.telemed.fhir.conftest import NINE, TEN, Make, add_patient, book, issue, people, wish

DOCTOR = Reader("staff", "doctor", None, "д-р Илиева", "care", "doctor")


@pytest.fixture
def claimed(services: Services) -> Patient:
    """Somebody who typed the same number at a kiosk."""
    return add_patient(services)


def linked(services: Services, claimed: Patient, world: World) -> None:
    """A doctor has heard name and birth year: the claim is the world's patient."""
    with services.unit(DOCTOR) as unit:
        unit.book.link_patient(claimed.id, world.patient.id)
        unit.records.links.add(claimed.id, world.patient.id, unit.now)


def test_before_that_a_claim_books_for_itself(world: World, claimed: Patient, system: Make) -> None:
    asker = system()
    book(asker, world, NINE)
    sent = wish(world, TEN, participant=people(world, patient=f"Patient/{claimed.id}"))
    assert asker.post("/Appointment", sent).status_code == 201


@pytest.mark.both_databases
def test_after_that_what_the_claim_booked_counts_for_the_person(
    world: World, claimed: Patient, system: Make, services: Services
) -> None:
    asker = system()
    sent = wish(world, TEN, participant=people(world, patient=f"Patient/{claimed.id}"))
    assert asker.post("/Appointment", sent).status_code == 201
    linked(services, claimed, world)
    assert issue(asker.post("/Appointment", wish(world, NINE)), 422)["code"] == "business-rule"


def test_and_nobody_books_under_the_claims_old_id(
    world: World, claimed: Patient, system: Make, services: Services
) -> None:
    asker = system()
    linked(services, claimed, world)
    sent = wish(world, TEN, participant=people(world, patient=f"Patient/{claimed.id}"))
    refusal = issue(asker.post("/Appointment", sent), 404)
    assert str(world.patient.id) in refusal["diagnostics"]
    assert asker.get("/Appointment").get_json()["total"] == 0
    assert book(asker, world, TEN)["start"] == "2026-11-18T08:00:00Z"
