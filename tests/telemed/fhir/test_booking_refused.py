"""What another system cannot book, for whom it cannot, and what it is told instead."""

from typing import Any

import pytest

from scheduling.ids import uuid7
from scheduling.store import Book
from telemed import database
from telemed.services import Services
from tests import build
from tests.build import World
from tests.telemed.fhir.conftest import NINE, TEN, Make, book, issue, people, schedule_id, wish


def test_a_patient_is_found_by_an_exact_number(world: World, system: Make, services: Services) -> None:
    asker = system()
    person = build.patient(identifier="8501010006", identity="confirmed")
    with database.write(services.engine) as connection:
        Book(connection, lambda *_: None).add_patient(person)
    actor = {"type": "Patient", "identifier": {"system": "urn:telemed:identifier:egn", "value": "8501010006"}}
    participants = [*people(world, patient=""), {"actor": actor, "status": "accepted"}]
    made = asker.post("/Appointment", wish(world, NINE, participant=participants))
    assert made.status_code == 201, made.text
    assert made.get_json()["participant"][0]["actor"]["reference"] == f"Patient/{person.id}"


@pytest.mark.parametrize(
    ("identifier", "path", "code"),
    [
        ({"system": "urn:telemed:identifier:egn", "value": "7501020018"}, "", "not-found"),
        ({"system": "urn:telemed:identifier:egn", "value": "123"}, ".value", "value"),
        ({"system": "urn:telemed:identifier:ssn", "value": "123"}, ".system", "value"),
    ],
)
def test_a_number_that_leads_to_nobody_is_named(
    world: World, system: Make, identifier: dict[str, str], path: str, code: str
) -> None:
    participants = [*people(world, patient=""), {"actor": {"identifier": identifier}, "status": "accepted"}]
    refusal = issue(system().post("/Appointment", wish(world, NINE, participant=participants)), 400)
    assert refusal["expression"] == [f"Appointment.participant[2].actor.identifier{path}"]
    assert refusal["code"] == code


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"birthDate": "2030-01-01"}, ".birthDate"),
        ({"birthDate": "1900-01-01"}, ".birthDate"),
        ({"telecom": [{"system": "phone", "value": "112"}]}, ".telecom"),
        ({"identifier": [{"system": "urn:telemed:identifier:egn", "value": "1"}]}, ".identifier[0].value"),
        ({"gender": "f"}, ".gender"),
        ({"name": []}, ".name"),
    ],
)
def test_a_described_patient_must_be_possible(
    world: World, system: Make, changes: dict[str, Any], path: str
) -> None:
    inside = {"resourceType": "Patient", "id": "p", "name": [{"text": "Нов"}]} | changes
    sent = wish(world, NINE, contained=[inside], participant=people(world, patient="#p"))
    assert issue(system().post("/Appointment", sent), 400)["expression"] == [
        f"Appointment.contained[0]{path}"
    ]


@pytest.mark.parametrize(
    ("start", "status"),
    [
        ("2026-11-17T09:00:00+02:00", 422),
        ("2020-01-06T09:00:00+02:00", 422),
        ("2026-11-18T09:07:00+02:00", 422),
        ("2026-11-18T09:00:30+02:00", 422),
        ("2026-11-18T18:00:00+02:00", 422),
        ("2026-11-21T09:00:00+02:00", 422),
        ("2199-11-18T09:00:00+02:00", 422),
    ],
    ids=["just past", "long past", "off the grid", "off by seconds", "closed", "Saturday", "far ahead"],
)
def test_a_time_that_is_no_slot_is_refused(world: World, system: Make, start: str, status: int) -> None:
    asker = system()
    for place in (world.site.id, world.kiosk.id):
        sent = wish(world, start, participant=people(world, location=f"Location/{place}"))
        assert issue(asker.post("/Appointment", sent), status)["code"] == "business-rule"


def test_a_visit_of_another_length_is_refused(world: World, system: Make) -> None:
    refusal = issue(system().post("/Appointment", wish(world, NINE, minutes=30)), 422)
    assert refusal["expression"] == ["Appointment.end"]


def test_one_open_visit_of_a_kind_is_enough(world: World, system: Make) -> None:
    asker = system()
    book(asker, world, NINE)
    assert issue(asker.post("/Appointment", wish(world, TEN)), 422)["code"] == "business-rule"


@pytest.mark.parametrize("who", ["practitioner", "location", "patient"])
def test_what_is_unknown_is_not_found(world: World, system: Make, who: str) -> None:
    kind = who.capitalize()
    sent = wish(world, NINE, participant=people(world, **{who: f"{kind}/{uuid7()}"}))
    assert issue(system().post("/Appointment", sent), 404)["code"] == "not-found"


@pytest.mark.parametrize(
    ("changes", "element", "status"),
    [
        ({"serviceType": None}, "Appointment.serviceType", 400),
        ({"start": None, "end": None}, "Appointment.start", 400),
        ({"status": "cancelled"}, "Appointment.status", 422),
        ({"status": "fulfilled"}, "Appointment.status", 422),
    ],
)
def test_what_is_missing_or_not_done_is_named(
    world: World, system: Make, changes: dict[str, Any], element: str, status: int
) -> None:
    refusal = issue(system().post("/Appointment", wish(world, NINE, **changes)), status)
    assert refusal["expression"] == [element]


@pytest.mark.parametrize("who", ["practitioner", "location", "patient"])
def test_whoever_is_missing_is_asked_for(world: World, system: Make, who: str) -> None:
    sent = wish(world, NINE, participant=people(world, **{who: ""}))
    refusal = issue(system().post("/Appointment", sent), 400)
    assert who.capitalize() in refusal["diagnostics"]


def test_unknown_visit_types_and_channels_are_refused(world: World, system: Make) -> None:
    asker = system()
    other = [{"coding": [{"system": "urn:telemed:visit-type", "code": "surgery"}]}]
    assert issue(asker.post("/Appointment", wish(world, NINE, serviceType=other)), 404)
    audio = [{"url": "urn:telemed:channel", "valueCode": "audio"}]
    made = asker.post("/Appointment", wish(world, NINE, extension=audio))
    assert made.status_code == 201
    assert made.get_json()["extension"] == audio


def test_a_slot_and_a_place_that_disagree_are_refused(world: World, system: Make, services: Services) -> None:
    asker = system()
    listing = asker.get(f"/Slot?schedule={schedule_id(world)}&start=2026-11-18").get_json()
    slot = [{"reference": f"Slot/{listing['entry'][0]['resource']['id']}"}]
    elsewhere = build.site(name="Друга поща")
    with database.write(services.engine) as connection:
        Book(connection, lambda *_: None).add_site(elsewhere)
    sent = wish(world, NINE, slot=slot, participant=people(world, location=f"Location/{elsewhere.id}"))
    assert "does not agree" in issue(asker.post("/Appointment", sent), 400)["diagnostics"]
    later = issue(asker.post("/Appointment", wish(world, TEN, slot=slot)), 400)
    assert later["expression"] == ["Appointment.start"]


def test_other_media_types_and_huge_bodies_are_refused(world: World, system: Make) -> None:
    asker = system()
    for kind in ("application/fhir+xml", "text/plain", "application/x-www-form-urlencoded"):
        assert issue(asker.post("/Appointment", "<Appointment/>", Content_Type=kind), 415)
    huge = '{"resourceType":"Appointment","description":"' + "x" * 10_000_000 + '"}'
    assert issue(asker.post("/Appointment", huge), 413)["code"] == "too-long"
    assert asker.post("/Appointment", wish(world, NINE), Content_Type="application/json").status_code == 201
