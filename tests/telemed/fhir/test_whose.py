"""Whose appointments another system sees, how it finds them, and that every reading is written down."""

from uuid import UUID

import pytest

from scheduling.ids import uuid7
from scheduling.store import Book
from telemed import database
from telemed.records.access_log import Entry
from telemed.records.access_store import AccessStore
from telemed.services import Services
from tests import build
from tests.build import World
from tests.telemed.fhir.conftest import NINE, TEN, Make, add_patient, book, issue, people, schedule_id, wish
from tests.telemed.fhir.shapes import faults


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
    other = add_patient(services, identifier="8001010000")
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
    entries = looks(services, world.patient.id)
    assert len(entries) == 4
    assert {entry.reader.kind for entry in entries} == {"client"}
    assert {entry.reader.id for entry in entries} == {asker.id}
    assert {entry.reader.facility_id for entry in entries} == {world.facility.id}


@pytest.mark.parametrize(
    "query",
    [
        "patient={patient}&_summary=count",
        "patient=Patient/{patient}&status=cancelled",
        "patient={patient}&date=2030-01-01",
        "_id={visit}&status=cancelled&_summary=count",
    ],
)
def test_who_is_asked_about_is_told_even_when_nothing_is_shown(
    world: World, system: Make, services: Services, query: str
) -> None:
    asker = system(facility_id=world.facility.id)
    made = book(asker, world, NINE)
    before = len(looks(services, world.patient.id))
    answer = asker.get("/Appointment?" + query.format(patient=world.patient.id, visit=made["id"]))
    assert "entry" not in answer.get_json()
    new = looks(services, world.patient.id)[before:]
    assert [(each.reader.id, each.reader.purpose, each.what) for each in new] == [
        (asker.id, "exchange", "appointment")
    ]


def test_asking_about_somebody_elses_patient_is_told_to_that_patient(
    world: World, another: World, system: Make, services: Services
) -> None:
    stranger = system(facility_id=another.facility.id)
    assert stranger.get(f"/Appointment?patient={world.patient.id}").get_json()["total"] == 0
    assert [each.reader.id for each in looks(services, world.patient.id)] == [stranger.id]


def test_a_search_that_names_nobody_known_is_told_to_nobody(
    world: World, system: Make, services: Services
) -> None:
    asker, nobody = system(), uuid7()
    for query in (f"patient={nobody}", f"_id={nobody}", "status=booked&_summary=count"):
        assert asker.get(f"/Appointment?{query}").get_json()["total"] == 0
    assert looks(services, nobody) == []
    assert looks(services, world.patient.id) == []


def looks(services: Services, owner: UUID) -> list[Entry]:
    """What a patient finds in the list of who has read."""
    with database.read(services.engine) as connection:
        return AccessStore(connection).entries(owner)


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
