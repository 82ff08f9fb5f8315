"""Other systems at the door: registered, with tokens, in front of a small world of places and people."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from scheduling.ids import uuid7
from scheduling.people import Patient
from scheduling.store import Book
from telemed import clock, database
from telemed.accounts.clients import ApiClient, ClientStore
from telemed.countries.packs import country
from telemed.fhir.ids import ScheduleKey
from telemed.run.web import create_app
from telemed.services import Services
from telemed.settings import Settings
from telemed.texts import Texts
from tests import build
from tests.build import World
from tests.fakes import FakeClock
from tests.telemed.conftest import ORIGIN, BuiltAssets
from tests.telemed.fhir.shapes import faults

BASE = f"{ORIGIN}/fhir/R4"
EVERYTHING = ("system/*.cruds",)
NINE = "2026-11-18T09:00:00+02:00"
TEN = "2026-11-18T10:00:00+02:00"


@dataclass(frozen=True)
class System:
    """Another system with a token, asking as its own software would."""

    client: FlaskClient
    token: str
    id: str

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Send a request; a path is under the base, names of headers have underscores for dashes."""
        sent = {"Authorization": f"Bearer {self.token}", "Accept": "application/fhir+json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent.setdefault("Content-Type", "application/fhir+json")
        data = body if isinstance(body, str | bytes) or body is None else json.dumps(body)
        return self.client.open(f"/fhir/R4{path}", method=method, data=data, headers=sent, base_url=ORIGIN)

    def get(self, path: str, **headers: str) -> TestResponse:
        """Read or search."""
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        """Create."""
        return self.ask("POST", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> TestResponse:
        """Change."""
        return self.ask("PUT", path, body, **headers)


Make = Callable[..., System]


@pytest.fixture
def time() -> FakeClock:
    """Tuesday 09:40 in Sofia, until it is moved."""
    return FakeClock()


@pytest.fixture
def services(engine: Engine, settings: Settings, time: FakeClock) -> Services:
    return Services(settings, engine, time, Texts(), country("bg"))


@pytest.fixture
def world(services: Services) -> World:
    """One of everything: a practitioner on duty, a site with a kiosk, a patient."""
    with database.write(services.engine) as connection:
        return build.world(Book(connection, lambda *_: None))


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services, BuiltAssets())


@pytest.fixture
def system(services: Services, app: Flask) -> Callable[..., System]:
    """Registers another system and gives it a token."""

    def make(*scopes: str, facility_id: UUID | None = None) -> System:
        now = clock.real_now()
        granted = scopes or EVERYTHING
        made = ApiClient(str(uuid7()), "Болнична система", facility_id, granted, {"keys": []}, now, None)
        with database.write(services.engine) as connection:
            clients = ClientStore(connection)
            clients.add(made)
            token = clients.issue(made.id, list(granted), now)
        return System(app.test_client(), token, made.id)

    return make


@pytest.fixture
def another(services: Services, world: World) -> World:
    """A second facility with a practitioner of its own, who works at the same kiosk."""
    centre = build.facility(name="Друга болница")
    doctor = build.practitioner(centre.id, name="д-р Друга")
    with database.write(services.engine) as connection:
        book = Book(connection, lambda *_: None)
        book.add_facility(centre)
        book.add_practitioner(doctor)
        for shift in build.roster(doctor):
            book.add_shift(shift)
    return replace(world, facility=centre, practitioner=doctor)


def schedule_id(world: World) -> str:
    """The schedule of the world's practitioner at its site."""
    return ScheduleKey(world.practitioner.id, "consultation", world.site.id).id


def wish(world: World, start: str, /, minutes: int = 20, **changes: Any) -> dict[str, Any]:
    """An Appointment that asks for the world's practitioner, site and patient at a time."""
    begins = datetime.fromisoformat(start)
    actors = [
        f"Practitioner/{world.practitioner.id}",
        f"Location/{world.site.id}",
        f"Patient/{world.patient.id}",
    ]
    asked = {
        "resourceType": "Appointment",
        "status": "booked",
        "serviceType": [{"coding": [{"system": "urn:telemed:visit-type", "code": "consultation"}]}],
        "start": start,
        "end": (begins + timedelta(minutes=minutes)).isoformat(),
        "participant": [{"actor": {"reference": each}, "status": "accepted"} for each in actors],
    } | changes
    return {name: value for name, value in asked.items() if value is not None}


def book(asker: System, world: World, start: str) -> dict[str, Any]:
    """An appointment that is booked."""
    answer = asker.post("/Appointment", wish(world, start))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.get_json()
    return made


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


def add_patient(services: Services, **changes: Any) -> Patient:
    """Somebody else who is known here."""
    person = build.patient(**changes)
    with database.write(services.engine) as connection:
        Book(connection, lambda *_: None).add_patient(person)
    return person
