"""A service over a fresh database, and browsers in front of it: a stranger's, a colleague's, a kiosk's."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from scheduling.ids import uuid7
from scheduling.places import Facility, Kiosk, Opening, Settlement, Site
from scheduling.store import Book
from telemed import database
from telemed.accounts import credentials
from telemed.accounts.sessions import SessionStore, new_token
from telemed.accounts.store import AccountStore, Staff
from telemed.clock import SystemClock
from telemed.countries.packs import country
from telemed.run.web import Application, create_app
from telemed.services import Services
from telemed.settings import Settings
from telemed.texts import Texts
from telemed.web.assets import Assets
from telemed.web.proofs import DEVICE_COOKIE
from telemed.web.sessions import COOKIES
from tests import reviewed
from tests.telemed.compiled_once import TEMPLATES, QuickRule

ORIGIN = "http://127.0.0.1:8000"
PASSWORD = "correct horse battery"
TOTP_SECRET = b"12345678901234567890"

Application.url_rule_class = QuickRule


class BuiltAssets(Assets):
    """Assets as if they had been built: every name has an address."""

    def url(self, name: str) -> str:
        """An address that looks like a built one."""
        return f"/assets/{name}"


class Visitor(FlaskClient):
    """A browser as it behaves on our own pages: it says where requests come from and sends form tokens."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request from one of our own pages, unless the test says otherwise."""
        headers = dict(kwargs.pop("headers", None) or {})
        headers.setdefault("Sec-Fetch-Site", "same-origin")
        headers.setdefault("Origin", ORIGIN)
        sent = {name: value for name, value in headers.items() if value is not None}
        kwargs.setdefault("base_url", ORIGIN)
        return super().open(*args, headers=sent, **kwargs)

    def token(self, page: str) -> str:
        """The form token on a page."""
        found = re.search(r'name="csrf_token" value="([0-9a-f]{128})"', self.get(page).text)
        assert found, f"{page} has no form"
        return found[1]

    def send(self, address: str, page: str | None = None, **fields: str) -> TestResponse:
        """Fill in the form on a page and send it."""
        return self.post(address, data={"csrf_token": self.token(page or address), **fields})

    def cookies(self) -> dict[str, str]:
        """Every cookie this browser keeps."""
        return {kept.key: kept.value for kept in (self._cookies or {}).values()}

    def cookie(self, name: str) -> str | None:
        """The value of a cookie this browser keeps."""
        kept = self.get_cookie(name, domain="127.0.0.1")
        return kept.value if kept else None


@dataclass(frozen=True)
class Place:
    """One post office with a kiosk, and the facility whose doctors see its patients."""

    site_id: UUID
    kiosk_id: UUID
    facility_id: UUID


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        secret_key="a secret only for tests, long enough", data_dir=tmp_path, public_origin=ORIGIN
    )


@pytest.fixture
def services(engine: Engine, settings: Settings) -> Services:
    return Services(settings, engine, SystemClock(), Texts(), country("bg"), reviews=reviewed.everything())


@pytest.fixture
def demo_services(services: Services) -> Services:
    return replace(services, settings=replace(services.settings, demo=True))


@pytest.fixture
def place(services: Services) -> Place:
    """A post office that is there."""
    site_id, kiosk_id, facility_id = uuid7(), uuid7(), uuid7()
    hours = tuple(Opening(day, time(9), time(17)) for day in range(5))
    with database.write(services.engine) as connection:
        book = Book(connection, lambda *_: None)
        book.add_settlement(Settlement("00001", "Село", "Selo", "Област", "Община", 42.0, 24.0))
        book.add_facility(Facility(facility_id, "Болница", "Europe/Sofia"))
        book.add_site(Site(site_id, "post_office", "00001", "Поща Село", "Europe/Sofia", hours))
        book.add_kiosk(Kiosk(kiosk_id, site_id, "1"))
    return Place(site_id, kiosk_id, facility_id)


@pytest.fixture
def app(services: Services) -> Flask:
    return browsable(create_app(services, BuiltAssets()))


@pytest.fixture
def client(app: Flask) -> Visitor:
    """A browser that has never been here."""
    return visitor(app)


@pytest.fixture
def add_staff(services: Services) -> Callable[..., Staff]:
    """Adds a member of staff with the tests' password and TOTP secret."""

    def add(
        *roles: str,
        email: str | None = None,
        facility_id: UUID | None = None,
        practitioner_id: UUID | None = None,
        totp: bool = True,
    ) -> Staff:
        sealed = sealed_totp(services.settings.key("totp")) if totp else None
        with database.write(services.engine) as connection:
            return AccountStore(connection).add_staff(
                email=email or f"{'-'.join(roles)}@telemed.example",
                name=f"Test {roles[0]}",
                roles=frozenset(roles),
                password_hash=hashed(PASSWORD),
                sealed_totp=sealed,
                now=datetime.now(UTC),
                facility_id=facility_id,
                practitioner_id=practitioner_id,
            )

    return add


@pytest.fixture
def staff_client(app: Flask, services: Services, add_staff: Callable[..., Staff]) -> Callable[..., Visitor]:
    """A browser in which a new member of staff with these roles has signed in."""

    def signed_in(*roles: str, **details: Any) -> Visitor:
        return browser_of(app, services, add_staff(*roles, **details))

    return signed_in


@pytest.fixture
def kiosk_client(app: Flask, services: Services, place: Place) -> Visitor:
    """The browser on the counter, enrolled, without a key of its own."""
    now = datetime.now(UTC)
    with database.write(services.engine) as connection:
        devices = AccountStore(connection).devices
        _, token = devices.enrol(devices.make_code(place.kiosk_id, now), None, now)
    browser = visitor(app)
    browser.set_cookie(DEVICE_COOKIE, token, domain="127.0.0.1")
    return browser


def browsable(app: Flask) -> Flask:
    """The application, answering browsers that behave like ours."""
    app.test_client_class = Visitor
    app.jinja_env.bytecode_cache = TEMPLATES
    return app


def visitor(app: Flask) -> Visitor:
    """A new browser with no cookies."""
    browser = app.test_client()
    assert isinstance(browser, Visitor)
    return browser


def browser_of(app: Flask, services: Services, staff: Staff) -> Visitor:
    """A browser with a session of this person, without the slow way through password and digits."""
    browser, token = visitor(app), new_token()
    with database.write(services.engine) as connection:
        SessionStore(connection).open(
            token, "staff", staff.uniquifier, json.dumps({"_user_id": staff.uniquifier}), datetime.now(UTC)
        )
    browser.set_cookie(COOKIES["staff"], token, domain="127.0.0.1")
    return browser


def sign_in(browser: Visitor, services: Services, staff: Staff) -> TestResponse:
    """Go through both steps of signing in."""
    first = browser.send("/staff/sign-in", email=staff.email, password=PASSWORD, next="/staff")
    assert first.location == "/staff/code?next=/staff", first.text
    return browser.send("/staff/code", code=digits(services, staff))


def digits(services: Services, staff: Staff) -> str:
    """The six digits that the phone of this member of staff shows."""
    with database.read(services.engine) as connection:
        sealed = AccountStore(connection).sealed_totp(staff.uniquifier)
    assert sealed is not None
    return credentials.code_now(services.settings.key("totp"), *sealed, datetime.now(UTC))


@cache
def hashed(password: str) -> str:
    """The password's hash, made once for all tests: making it is slow on purpose."""
    return credentials.hash_password(password)


@cache
def sealed_totp(key: bytes) -> str:
    """The tests' TOTP secret, sealed once for each key: sealing it is slow on purpose, too."""
    return credentials.seal_totp(key, TOTP_SECRET)
