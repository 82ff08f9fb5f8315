"""A request that comes again under its key gets what it got, whatever has changed in between."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert

from scheduling import tables
from scheduling.ids import uuid7
from scheduling.store import Book
from telemed import database
from telemed.fhir.elements import CHANNEL
from telemed.services import Services
from tests import build
from tests.build import World
from tests.fakes import FakeClock
from tests.telemed.fhir.conftest import NINE, TEN, Make, System, add_patient, issue, people, wish

NOBODY_KNOWN = {
    "resourceType": "Patient",
    "id": "p",
    "name": [{"text": "Нов Пациент"}],
    "birthDate": "1980-01-01",
}


def described(world: World) -> dict[str, Any]:
    """An Appointment for somebody who is described inside it."""
    return wish(world, NINE, contained=[NOBODY_KNOWN], participant=people(world, patient="#p"))


def written(services: Services, act: Callable[[Book], object]) -> None:
    """Something changes in the book."""
    with database.write(services.engine) as connection:
        act(Book(connection, lambda *_: None))


def nothing_offered(book: Book, world: World) -> None:
    book.set_offers(world.practitioner.id, [])


def no_longer_on_duty(book: Book, world: World) -> None:
    book.set_shifts(world.practitioner.id, world.facility.id, [])


def longer_visits(book: Book, world: World) -> None:
    book.set_visit_type(build.visit_type(id="consultation", minutes=25))


def a_second_kiosk_and_nobody_there(book: Book, world: World) -> None:
    book.add_kiosk(build.kiosk(world.site.id, label="Гише 2"))
    book.set_offers(world.practitioner.id, [])


@pytest.mark.parametrize(
    "changed",
    [nothing_offered, no_longer_on_duty, longer_visits, a_second_kiosk_and_nobody_there],
)
def test_what_was_booked_under_a_key_is_said_again_though_the_calendar_changed(
    world: World, system: Make, services: Services, changed: Callable[[Book, World], None]
) -> None:
    asker = system()
    first = asker.post("/Appointment", wish(world, NINE), Idempotency_Key="k")
    written(services, lambda book: changed(book, world))
    again = asker.post("/Appointment", wish(world, NINE), Idempotency_Key="k")
    assert (first.status_code, again.status_code) == (201, 201), again.text
    assert again.get_json() == first.get_json()


def test_what_was_booked_under_a_key_is_said_again_though_the_line_broke(
    world: World, system: Make, services: Services, time: FakeClock
) -> None:
    asker, sent = system(), wish(world, NINE, extension=[{"url": CHANNEL, "valueCode": "video"}])
    first = asker.post("/Appointment", sent, Idempotency_Key="k")
    the_line_carries_nothing(services, world)
    # So long after, the process looks at the line again.
    time.forward(timedelta(minutes=11))
    other = add_patient(services, identifier="8001010000")
    somebody_else = sent | wish(world, TEN, participant=people(world, patient=f"Patient/{other.id}"))
    assert issue(asker.post("/Appointment", somebody_else), 422)
    again = asker.post("/Appointment", sent, Idempotency_Key="k")
    assert (again.status_code, again.get_json()) == (201, first.get_json())


def the_line_carries_nothing(services: Services, world: World) -> None:
    """Three weeks in which nothing went through at any time of the day."""
    reading = {"kiosk_id": world.kiosk.id, "up_kbps": 0, "down_kbps": 0, "source": "probe"}
    moments = [build.NOW - timedelta(minutes=30 * number) for number in range(1, 21 * 48)]
    with database.write(services.engine) as connection:
        connection.execute(
            insert(tables.line_reading), [reading | {"id": uuid7(), "at": each} for each in moments]
        )


def test_what_was_booked_under_a_key_is_said_again_after_its_time(
    world: World, system: Make, time: FakeClock
) -> None:
    asker = system()
    first = asker.post("/Appointment", wish(world, NINE), Idempotency_Key="k")
    time.forward(timedelta(days=3))
    again = asker.post("/Appointment", wish(world, NINE), Idempotency_Key="k")
    assert (again.status_code, again.get_json()) == (201, first.get_json())


def test_somebody_described_may_have_turned_out_to_be_somebody_known(
    world: World, system: Make, services: Services
) -> None:
    asker = system()
    first = asker.post("/Appointment", described(world), Idempotency_Key="k").get_json()
    claimed = first["participant"][0]["actor"]["reference"].removeprefix("Patient/")
    known = add_patient(services, identifier="8001010000")
    written(services, lambda book: book.link_patient(UUID(claimed), known.id))
    again = asker.post("/Appointment", described(world), Idempotency_Key="k")
    assert (again.status_code, again.get_json()["id"]) == (201, first["id"])


def test_a_number_may_have_come_to_lead_to_several_people(
    world: World, system: Make, services: Services
) -> None:
    asker = system()
    add_patient(services, identifier="8501010006")
    number = {"system": "urn:telemed:identifier:egn", "value": "8501010006"}
    actor = {"type": "Patient", "identifier": number}
    sent = wish(
        world,
        NINE,
        participant=[*people(world, patient=""), {"actor": actor, "status": "accepted"}],
    )
    first = asker.post("/Appointment", sent, Idempotency_Key="k")
    assert first.status_code == 201, first.text
    add_patient(services, identifier="8501010006")
    again = asker.post("/Appointment", sent, Idempotency_Key="k")
    assert (again.status_code, again.get_json()) == (201, first.get_json())


def test_another_request_under_the_key_is_refused_as_such_though_it_could_not_be_booked(
    world: World, system: Make, services: Services
) -> None:
    asker = system()
    assert asker.post("/Appointment", wish(world, NINE), Idempotency_Key="k").status_code == 201
    written(services, lambda book: nothing_offered(book, world))
    assert (
        issue(asker.post("/Appointment", wish(world, TEN), Idempotency_Key="k"), 409)["code"] == "duplicate"
    )


@pytest.mark.both_databases
def test_one_request_sent_many_times_at_once_makes_one_patient_and_one_visit(
    world: World, system: Make
) -> None:
    asker, ready = system(), threading.Barrier(6)

    def ask(_: int) -> tuple[int, str]:
        another = System(asker.client.application.test_client(), asker.token, asker.id)
        ready.wait()
        told = another.post("/Appointment", described(world), Idempotency_Key="k")
        return told.status_code, told.get_json().get("id", "")

    with ThreadPoolExecutor(6) as pool:
        answers = set(pool.map(ask, range(6)))
    assert len(answers) == 1
    assert {status for status, _ in answers} == {201}
