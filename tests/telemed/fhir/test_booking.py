"""Another system books: once, for one, and the same request gets the same answer."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from scheduling.store import Book
from telemed import database
from telemed.services import Services
from tests import build
from tests.build import World
from tests.telemed.fhir.conftest import (
    NINE,
    TEN,
    Make,
    System,
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
def test_an_appointment_is_booked_and_can_be_read(world: World, system: Make) -> None:
    asker = system()
    answer = asker.post("/Appointment", wish(world, NINE))
    assert answer.status_code == 201, answer.text
    made = answer.get_json()
    assert faults(made) == []
    assert answer.headers["Location"].endswith(f"/fhir/R4/Appointment/{made['id']}")
    assert answer.headers["ETag"] == 'W/"1"'
    assert (made["status"], made["start"], made["minutesDuration"]) == ("booked", "2026-11-18T07:00:00Z", 20)
    references = {each["actor"]["reference"] for each in made["participant"]}
    assert references == {
        f"Patient/{world.patient.id}",
        f"Practitioner/{world.practitioner.id}",
        f"Location/{world.kiosk.id}",
    }
    again = asker.get(f"/Appointment/{made['id']}")
    assert again.get_json() == made
    assert again.headers["ETag"] == 'W/"1"'
    assert asker.get(f"/{made['slot'][0]['reference']}").get_json()["status"] == "busy"


def test_a_slot_alone_says_who_when_and_what(world: World, system: Make) -> None:
    asker = system()
    listing = asker.get(f"/Slot?schedule={schedule_id(world)}&start=2026-11-18&status=free").get_json()
    slot = listing["entry"][3]["resource"]
    sent = wish(
        world,
        NINE,
        start=None,
        end=None,
        serviceType=None,
        slot=[{"reference": f"Slot/{slot['id']}"}],
        participant=people(world, practitioner="", location=""),
    )
    made = asker.post("/Appointment", sent)
    assert made.status_code == 201, made.text
    assert at(made) == slot["start"]


def test_a_kiosk_may_be_named_instead_of_its_site(world: World, system: Make) -> None:
    sent = wish(world, NINE, participant=people(world, location=f"Location/{world.kiosk.id}"))
    assert system().post("/Appointment", sent).status_code == 201


def test_at_a_site_the_next_free_kiosk_is_taken(
    world: World, another: World, system: Make, services: Services
) -> None:
    asker = system()
    second = build.kiosk(world.site.id, label="Гише 2")
    other = build.patient(identifier="8001010000")
    with database.write(services.engine) as connection:
        Book(connection, lambda *_: None).add_kiosk(second)
        Book(connection, lambda *_: None).add_patient(other)
    first = book(asker, world, NINE)
    sent = wish(another, NINE, participant=people(another, patient=f"Patient/{other.id}"))
    then = asker.post("/Appointment", sent)
    assert then.status_code == 201, then.text
    kiosks = {each["participant"][2]["actor"]["reference"] for each in (first, then.get_json())}
    assert kiosks == {f"Location/{world.kiosk.id}", f"Location/{second.id}"}


def test_what_is_taken_is_refused_with_the_nearest_free_times(
    world: World, system: Make, services: Services
) -> None:
    asker = system()
    book(asker, world, NINE)
    other = add_patient(services, identifier="8001010000")
    sent = wish(world, NINE, participant=people(world, patient=f"Patient/{other.id}"))
    refusal = issue(asker.post("/Appointment", sent), 409)
    assert refusal["code"] == "conflict"
    offered = [each["code"] for each in refusal["details"]["coding"]]
    assert len(offered) == 3
    taken_instead = wish(
        world,
        NINE,
        start=None,
        end=None,
        slot=[{"reference": f"Slot/{offered[0]}"}],
        participant=people(world, patient=f"Patient/{other.id}"),
    )
    assert asker.post("/Appointment", taken_instead).status_code == 201


@pytest.mark.both_databases
def test_of_many_at_once_one_gets_the_slot(world: World, system: Make, services: Services) -> None:
    asker = system()
    crowd = [build.patient(identifier=f"80010100{number:02}") for number in range(8)]
    with database.write(services.engine) as connection:
        for person in crowd:
            Book(connection, lambda *_: None).add_patient(person)
    ready = threading.Barrier(len(crowd))

    def ask(patient_id: object) -> int:
        sent = wish(world, NINE, participant=people(world, patient=f"Patient/{patient_id}"))
        ready.wait()
        return (
            System(asker.client.application.test_client(), asker.token, asker.id)
            .post("/Appointment", sent)
            .status_code
        )

    with ThreadPoolExecutor(len(crowd)) as pool:
        answers = sorted(pool.map(ask, [person.id for person in crowd]))
    assert answers == [201] + [409] * 7


@pytest.mark.both_databases
def test_the_same_request_under_its_key_gets_the_same_answer(world: World, system: Make) -> None:
    asker = system()
    sent = wish(world, NINE)
    first = asker.post("/Appointment", sent, Idempotency_Key="k-1")
    again = asker.post("/Appointment", dict(reversed(sent.items())), Idempotency_Key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    assert first.headers["Location"] == again.headers["Location"]


def test_a_key_means_one_request(world: World, system: Make) -> None:
    asker = system()
    asker.post("/Appointment", wish(world, NINE), Idempotency_Key="k-1")
    refusal = issue(asker.post("/Appointment", wish(world, TEN), Idempotency_Key="k-1"), 409)
    assert refusal["code"] == "duplicate"
    assert asker.get("/Appointment?_summary=count").get_json()["total"] == 1


def test_two_systems_may_use_the_same_key(world: World, system: Make, services: Services) -> None:
    other = add_patient(services, identifier="8001010000")
    assert system().post("/Appointment", wish(world, NINE), Idempotency_Key="1").status_code == 201
    sent = wish(world, TEN, participant=people(world, patient=f"Patient/{other.id}"))
    assert system().post("/Appointment", sent, Idempotency_Key="1").status_code == 201


def test_a_described_patient_is_made_once_under_a_key(world: World, system: Make) -> None:
    asker = system()
    inside = {
        "resourceType": "Patient",
        "id": "p",
        "name": [{"text": "Нов Пациент"}],
        "birthDate": "1980-01-01",
    }
    sent = wish(world, NINE, contained=[inside], participant=people(world, patient="#p"))
    first = asker.post("/Appointment", sent, Idempotency_Key="k-1")
    again = asker.post("/Appointment", sent, Idempotency_Key="k-1")
    assert first.status_code == 201, first.text
    assert first.get_json() == again.get_json()
    patient = first.get_json()["participant"][0]["actor"]["reference"]
    read = asker.get(f"/{patient}").get_json()
    assert faults(read) == []
    assert (read["name"][0]["text"], read["birthDate"]) == ("Нов Пациент", "1980-01-01")


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_has_a_sensible_length(world: World, system: Make, key: str) -> None:
    assert issue(system().post("/Appointment", wish(world, NINE), Idempotency_Key=key), 400)
