"""Another system books, moves and cancels: once, for one, and every refusal says what to do."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from werkzeug.test import TestResponse

from scheduling.ids import uuid7
from scheduling.store import Book
from telemed import database
from telemed.records.access_store import AccessStore
from telemed.services import Services
from tests import build
from tests.build import World
from tests.fakes import FakeClock
from tests.telemed.fhir.conftest import System, book, schedule_id, wish
from tests.telemed.fhir.shapes import faults

Make = Callable[..., System]
NINE = "2026-11-18T09:00:00+02:00"
TEN = "2026-11-18T10:00:00+02:00"


def issue(answer: TestResponse, status: int) -> dict[str, Any]:
    """The one issue of a refusal with this status."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/fhir+json"
    body = answer.get_json()
    assert faults(body) == []
    found: dict[str, Any] = body["issue"][0]
    return found


def people(world: World, **changed: str) -> list[dict[str, Any]]:
    """Participants, with another reference for some of them."""
    actors = {
        "practitioner": f"Practitioner/{world.practitioner.id}",
        "location": f"Location/{world.site.id}",
        "patient": f"Patient/{world.patient.id}",
    } | changed
    return [{"actor": {"reference": each}, "status": "accepted"} for each in actors.values() if each]


def at(answer: TestResponse) -> str:
    """When an appointment begins."""
    return str(answer.get_json()["start"])


# Booking


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
    other = build.patient(identifier="8001010000")
    with database.write(services.engine) as connection:
        Book(connection, lambda *_: None).add_patient(other)
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


# The same request again


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
    other = build.patient(identifier="8001010000")
    with database.write(services.engine) as connection:
        Book(connection, lambda *_: None).add_patient(other)
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


# Who it is for


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


# What cannot be booked


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


# Moving and cancelling


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
    other = build.patient(identifier="8001010000")
    with database.write(services.engine) as connection:
        Book(connection, lambda *_: None).add_patient(other)
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


# Whose it is, and who has read it


def test_another_facilitys_appointments_do_not_exist(world: World, another: World, system: Make) -> None:
    made = book(system(), world, NINE)
    stranger = system(facility_id=another.facility.id)
    path = f"/Appointment/{made['id']}"
    assert issue(stranger.get(path), 404)
    assert issue(stranger.put(path, made | {"status": "cancelled"}, If_Match='W/"1"'), 404)
    assert stranger.get("/Appointment").get_json()["total"] == 0
    assert issue(stranger.get(f"/Patient/{world.patient.id}"), 404)
    assert issue(stranger.post("/Appointment", wish(world, TEN)), 404)
    own = system(facility_id=world.facility.id)
    assert own.get(path).status_code == 200
    assert own.get(f"/Patient/{world.patient.id}").status_code == 200


def test_a_facility_is_offered_only_its_own_times_instead(
    world: World, another: World, system: Make, services: Services
) -> None:
    own = system(facility_id=world.facility.id)
    book(own, world, NINE)
    other = build.patient(identifier="8001010000")
    with database.write(services.engine) as connection:
        Book(connection, lambda *_: None).add_patient(other)
    sent = wish(world, NINE, participant=people(world, patient=f"Patient/{other.id}"))
    refusal = issue(own.post("/Appointment", sent), 409)
    whose = {each["code"].split(".")[0] for each in refusal["details"]["coding"]}
    assert whose == {schedule_id(world).split(".")[0]}


def test_appointments_are_found_by_what_is_known(world: World, another: World, system: Make) -> None:
    asker = system()
    made = book(asker, world, NINE)

    def total(query: str) -> int:
        answer = asker.get(f"/Appointment?{query}")
        assert answer.status_code == 200, answer.text
        assert faults(answer.get_json()) == []
        return int(answer.get_json()["total"])

    for query in (
        "date=2026-11-18",
        "date=ge2026-11-18&date=lt2026-11-19",
        f"practitioner=Practitioner/{world.practitioner.id}",
        f"location=Location/{world.site.id}",
        f"location={world.kiosk.id}",
        f"patient=Patient/{world.patient.id}",
        "status=booked,arrived",
        f"_id={made['id']}",
    ):
        assert total(query) == 1, query
    for query in (
        "date=2026-11-19",
        "date=lt2026-11-18",
        f"practitioner={another.practitioner.id}",
        f"location={uuid7()}",
        f"patient={uuid7()}",
        "status=cancelled",
        "_id=x",
        f"_id={uuid7()}",
    ):
        assert total(query) == 0, query
    assert issue(asker.get("/Appointment?status=agreed"), 400)
    assert issue(asker.get("/Appointment?patient=Device/1"), 400)


def test_found_appointments_come_in_pages(world: World, system: Make, services: Services) -> None:
    asker = system()
    made = []
    for minute in ("00", "20", "40"):
        other = build.patient(identifier=f"80010100{minute}")
        with database.write(services.engine) as connection:
            Book(connection, lambda *_: None).add_patient(other)
        sent = wish(
            world,
            f"2026-11-18T09:{minute}:00+02:00",
            participant=people(world, patient=f"Patient/{other.id}"),
        )
        made.append(asker.post("/Appointment", sent).get_json()["id"])
    path: str | None = "/Appointment?date=2026-11-18&_count=2"
    seen = []
    while path:
        page = asker.get(path).get_json()
        seen += [each["resource"]["id"] for each in page["entry"]]
        after = [each["url"] for each in page["link"] if each["relation"] == "next"]
        path = after[0].split("/R4", 1)[1] if after else None
    assert seen == made
    assert issue(asker.get("/Appointment?_cursor=x"), 400)


def test_every_reading_is_written_down_for_the_patient(
    world: World, system: Make, services: Services
) -> None:
    asker = system(facility_id=world.facility.id)
    made = book(asker, world, NINE)
    asker.get(f"/Appointment/{made['id']}")
    asker.get("/Appointment?date=2026-11-18")
    asker.get(f"/Patient/{world.patient.id}")
    asker.get("/Appointment?_summary=count")
    with database.read(services.engine) as connection:
        entries = AccessStore(connection).entries(world.patient.id)
    assert len(entries) == 4
    assert {entry.reader.kind for entry in entries} == {"client"}
    assert {entry.reader.id for entry in entries} == {asker.id}
    assert {entry.reader.facility_id for entry in entries} == {world.facility.id}


def test_who_booked_stands_in_the_event(world: World, system: Make, services: Services) -> None:
    asker = system()
    made = book(asker, world, NINE)
    asker.put(
        f"/Appointment/{made['id']}",
        made | {"status": "cancelled", "cancelationReason": {"text": "друг лекар"}},
        If_Match='W/"1"',
    )
    with database.read(services.engine) as connection:
        rows = connection.exec_driver_sql("SELECT kind, who_kind, why FROM event ORDER BY version").all()
    assert [tuple(row) for row in rows] == [
        ("appointment.booked", "client", ""),
        ("appointment.cancelled", "client", "друг лекар"),
    ]
