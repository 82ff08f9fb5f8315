"""A post office on a Tuesday morning: a doctor on duty, a kiosk with its key, a browser without script."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partialmethod
from typing import Any
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from scheduling.store import Book
from scheduling.visit_types import CONSULTATION
from telemed import database
from telemed.accounts.store import AccountStore
from telemed.countries.packs import country
from telemed.services import Services
from telemed.settings import Settings
from telemed.texts import Texts
from telemed.web.proofs import DEVICE_COOKIE
from tests import build, reviewed
from tests.fakes import FakeClock
from tests.telemed.conftest import Visitor, visitor
from tests.telemed.intake.vectors import VECTORS


@pytest.fixture(autouse=True)
def quick_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    """PINs are hashed at the library's least price; what they cost for real is tested with the accounts."""
    cost = {"time_cost": CHEAPEST.time_cost, "memory_cost": CHEAPEST.memory_cost, "parallelism": 1}
    monkeypatch.setattr(PasswordHasher, "__init__", partialmethod(PasswordHasher.__init__, **cost))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def services(engine: Engine, settings: Settings, clock: FakeClock) -> Services:
    return Services(settings, engine, clock, Texts(), country("bg"), reviews=reviewed.everything())


@pytest.fixture
def world(services: Services) -> build.World:
    with database.write(services.engine) as connection:
        return build.world(Book(connection, lambda *_: None))


@pytest.fixture
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def counter(app: Flask, services: Services, world: build.World, key: ec.EllipticCurvePrivateKey) -> "Counter":
    """The browser on the counter, enrolled, with its own key."""
    now = datetime.now(UTC)
    with database.write(services.engine) as connection:
        devices = AccountStore(connection).devices
        _, token = devices.enrol(devices.make_code(world.kiosk.id, now), public_jwk(key), now)
    browser = visitor(app)
    browser.set_cookie(DEVICE_COOKIE, token, domain="127.0.0.1")
    return Counter(browser, key, world.kiosk.id)


@dataclass(frozen=True)
class Counter:
    """One patient at the counter: goes from page to page without script, or sends what the script sends."""

    browser: Visitor
    key: ec.EllipticCurvePrivateKey
    kiosk_id: UUID

    def see(self, step: str, lang: str = "bg") -> TestResponse:
        """Open a page."""
        return self.browser.get(f"/kiosk/{lang}/{step}")

    def answer(self, step: str, pressed: str = "given", lang: str = "bg", **typed: str) -> TestResponse:
        """Fill in the form of a page and press a button."""
        return self.browser.send(f"/kiosk/{lang}/{step}", **{step: pressed}, **typed)

    def go_through(self, answers: dict[str, str], until: str = "review") -> None:
        """Answer each question as it comes."""
        at = "welcome"
        while at != until:
            typed = {name: value for name, value in answers.items() if name != at}
            # Of a single kind of visit nobody is asked.
            told = self.see(at) if at == "type" else self.answer(at, answers[at], **typed)
            assert told.status_code == 303, (at, told.text)
            at = str(told.location).rsplit("/", 1)[1].split("?")[0]

    def ask(
        self, method: str, path: str, body: Any = None, beside: dict[str, str] | None = None, **changes: Any
    ) -> TestResponse:
        """Send what the script sends, signed, with headers `beside`; `changes` spoil the proof."""
        data = b"" if body is None else json.dumps(body).encode()
        proof = self.proof(method, path.split("?")[0], data, **changes)
        headers = {"Telemed-Device": proof, **(beside or {})}
        return self.browser.open(
            path, method=method, data=data, headers=headers, content_type="application/json"
        )

    def proof(
        self,
        method: str,
        path: str,
        body: bytes,
        seconds: int | None = None,
        kiosk_id: UUID | None = None,
        key: ec.EllipticCurvePrivateKey | None = None,
    ) -> str:
        """The header by which the kiosk proves itself."""
        at = int(datetime.now(UTC).timestamp()) if seconds is None else seconds
        message = "\n".join([method, path, str(at), hashlib.sha256(body).hexdigest()]).encode()
        r, s = decode_dss_signature((key or self.key).sign(message, ec.ECDSA(hashes.SHA256())))
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return (
            f"v1 {kiosk_id or self.kiosk_id} {at} {base64.urlsafe_b64encode(signature).decode().rstrip('=')}"
        )


def public_jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """The public half as the browser exports it."""
    numbers = key.public_key().public_numbers()
    x, y = (
        base64.urlsafe_b64encode(part.to_bytes(32, "big")).decode().rstrip("=")
        for part in (numbers.x, numbers.y)
    )
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


@pytest.fixture
def plain() -> dict[str, str]:
    """Answers that lead to the doctor now."""
    return dict(VECTORS["submissions"][0]["answers"])


@pytest.fixture
def take_slot(services: Services, clock: FakeClock) -> Callable[[str], None]:
    """Somebody else takes a slot, just before."""

    def take(answer: str) -> None:
        practitioner, kiosk, starts_at = answer.split("|")
        with database.write(services.engine) as connection:
            book = Book(connection, lambda *_: None)
            other = build.patient()
            book.add_patient(other)
            offered = book.free_slots(
                book.kiosk(UUID(kiosk)).site_id, None, CONSULTATION, build.TUESDAY, 14, clock.now()
            )
            chosen = next(
                slot
                for slot in offered
                if slot.starts_at == datetime.fromisoformat(starts_at)
                and slot.practitioner_id == UUID(practitioner)
            )
            wish = build.request(other.id, replace(chosen, kiosk_id=UUID(kiosk)))
            book.book(wish, clock.now(), build.CLERK)

    return take
