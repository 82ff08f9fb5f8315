"""Another system cancels and moves for the patient, with notice; a facility's own also for its staff."""

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from scheduling.store import Book
from telemed import database
from telemed.fhir.appointments import CANCELLATION_REASON
from telemed.services import Services
from tests import build
from tests.build import World
from tests.fakes import FakeClock
from tests.telemed.fhir.conftest import NINE, Make, System, book, issue

CLOSED = build.local(21)
ILL = {"coding": [{"system": CANCELLATION_REASON, "code": "prov-pers"}], "text": "лекарят е болен"}
CANCEL: dict[str, Any] = {"status": "cancelled"}
MOVE: dict[str, Any] = {"start": "2026-11-19T09:00:00+02:00", "end": "2026-11-19T09:20:00+02:00"}


@pytest.fixture(autouse=True)
def _twelve_hours_notice(services: Services, world: World) -> None:
    """The consultation of Wednesday at nine can be called off until Tuesday at nine in the evening."""
    with database.write(services.engine) as connection:
        Book(connection, lambda *_: None).set_visit_type(build.visit_type(cancel_minutes=12 * 60))


def change(asker: System, made: dict[str, Any], changes: dict[str, Any]) -> TestResponse:
    return asker.put(f"/Appointment/{made['id']}", made | changes, If_Match='W/"1"')


@pytest.mark.parametrize("changes", [CANCEL, MOVE])
def test_a_change_in_time_is_made(
    world: World, system: Make, time: FakeClock, changes: dict[str, Any]
) -> None:
    asker = system()
    made = book(asker, world, NINE)
    time.moment = CLOSED
    assert change(asker, made, changes).status_code == 200


@pytest.mark.parametrize("changes", [CANCEL, MOVE, CANCEL | {"cancelationReason": {"text": "болен"}}])
def test_a_change_after_that_is_refused_and_the_visit_stands(
    world: World, system: Make, time: FakeClock, changes: dict[str, Any]
) -> None:
    asker = system(facility_id=world.facility.id)
    made = book(asker, world, NINE)
    time.moment = CLOSED + timedelta(minutes=1)
    refusal = issue(change(asker, made, changes), 422)
    assert refusal["code"] == "business-rule"
    assert asker.get(f"/Appointment/{made['id']}").get_json() == made


def test_a_facilitys_own_system_may_say_that_the_practitioner_cannot_come(
    world: World, system: Make, time: FakeClock
) -> None:
    asker = system(facility_id=world.facility.id)
    made = book(asker, world, NINE)
    time.moment = CLOSED + timedelta(minutes=1)
    answer = change(asker, made, CANCEL | {"cancelationReason": ILL})
    assert (answer.status_code, answer.get_json()["status"]) == (200, "cancelled")


@pytest.mark.parametrize("code", ["pat", "pat-crs", "provider", "other"])
def test_any_other_reason_is_the_patients(world: World, system: Make, time: FakeClock, code: str) -> None:
    asker = system(facility_id=world.facility.id)
    made = book(asker, world, NINE)
    time.moment = CLOSED + timedelta(minutes=1)
    reason = {"coding": [{"system": CANCELLATION_REASON, "code": code}]}
    assert issue(change(asker, made, CANCEL | {"cancelationReason": reason}), 422)


def test_a_system_of_no_facility_cannot_speak_for_a_practitioner(
    world: World, system: Make, time: FakeClock
) -> None:
    asker = system()
    made = book(asker, world, NINE)
    time.moment = CLOSED + timedelta(minutes=1)
    assert issue(change(asker, made, CANCEL | {"cancelationReason": ILL}), 422)
