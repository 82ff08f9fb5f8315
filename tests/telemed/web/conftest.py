"""Who stands at the doors: a doctor, a clerk, and another system that is registered and able to sign."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from werkzeug.test import TestResponse

from scheduling.ids import uuid7
from telemed import clock, database
from telemed.accounts.clients import ApiClient, ClientStore
from telemed.run.web import create_app
from telemed.services import Services
from tests import build
from tests.fakes import FakeClock
from tests.telemed.conftest import ORIGIN, PASSWORD, BuiltAssets, Visitor, browsable, browser_of, hashed
from tests.telemed.consulting_room import ConsultingRoom, open_room

TOKEN = f"{ORIGIN}/oauth/token"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SLOTS = "system/Slot.rs"
BOOKING = "system/Appointment.cru"

Key = ECKey | RSAKey


@dataclass(frozen=True)
class Signer:
    """A registered system that can sign."""

    client: FlaskClient
    id: str
    key: Key
    alg: str = "ES256"
    claims: dict[str, Any] = field(default_factory=dict)

    def assertion(self, **claims: Any) -> str:
        """A signed assertion of this minute; a claim that is None is left out."""
        now = int(time.time())
        said = {
            "iss": self.id,
            "sub": self.id,
            "aud": TOKEN,
            "iat": now,
            "exp": now + 240,
            "jti": str(uuid7()),
        } | claims
        kept = {name: value for name, value in said.items() if value is not None}
        return jwt.encode({"alg": self.alg}, kept, self.key, algorithms=[self.alg])

    def ask(self, assertion: str, address: str = "127.0.0.1", **fields: str) -> TestResponse:
        """Ask for a token with an assertion, from this address."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": assertion,
        } | fields
        # A system is no browser: it says nothing of where the request comes from.
        silent = {"Sec-Fetch-Site": None, "Origin": None}
        place = {"REMOTE_ADDR": address}
        return self.client.post(
            "/oauth/token", data=form, base_url=ORIGIN, headers=silent, environ_overrides=place
        )


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    """One doctor's room and one kiosk."""
    return open_room(services, FakeClock())


@pytest.fixture
def house(room: ConsultingRoom) -> Flask:
    """The web application over that room."""
    return browsable(create_app(room.services, BuiltAssets()))


@pytest.fixture
def doctor(room: ConsultingRoom, house: Flask) -> Visitor:
    """The browser of the room's doctor."""
    return room.browser(house)


@pytest.fixture
def clerk(room: ConsultingRoom, house: Flask) -> Visitor:
    """The browser of the clerk beside the room's kiosk."""
    with room.services.unit(room.reader()) as unit:
        account = unit.accounts.add_staff(
            email="clerk@telemed.example",
            name="Test clerk",
            roles=frozenset({"clerk"}),
            password_hash=hashed(PASSWORD),
            sealed_totp=None,
            now=build.NOW,
            site_id=room.world.site.id,
        )
    return browser_of(house, room.services, account)


@pytest.fixture
def signer(services: Services, app: Flask) -> Callable[..., Signer]:
    """Registers a system with the public half of a new key."""

    def make(
        key: Key | None = None, alg: str = "ES256", scopes: tuple[str, ...] = (SLOTS, BOOKING)
    ) -> Signer:
        own = key or ECKey.generate_key("P-256")
        jwks: Any = KeySet([own]).as_dict(private=False)
        client = ApiClient(str(uuid7()), "ХИС", None, scopes, jwks, clock.real_now(), None)
        with database.write(services.engine) as connection:
            ClientStore(connection).add(client)
        return Signer(app.test_client(), client.id, own, alg)

    return make


def refused(answer: TestResponse) -> str:
    """The error that was answered, which is OAuth's JSON and never a failure of ours."""
    assert answer.status_code in (400, 401), answer.text
    return str(answer.get_json()["error"])
