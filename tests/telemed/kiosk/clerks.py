"""A clerk of the kiosk's own counter, with a PIN."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from werkzeug.test import TestResponse

from telemed import database
from telemed.accounts.store import AccountStore, Staff
from telemed.services import Services
from tests.telemed.kiosk.conftest import Counter


@dataclass(frozen=True)
class ClerkHere:
    """Somebody who works at the counter and opens its kiosk."""

    staff: Staff
    pin: str
    counter: Counter

    def opens(self, pin: str | None = None) -> TestResponse:
        """Type a PIN at the kiosk."""
        return self.counter.ask("POST", "/api/v1/clerk", {"pin": self.pin if pin is None else pin})

    def token(self) -> str:
        """What the kiosk's page holds after the right PIN."""
        return str(self.opens().get_json()["token"])

    def asks(self, token: str, method: str, path: str, body: Any = None) -> TestResponse:
        """Send what the kiosk's page sends while it is open: the kiosk's signature and the token."""
        return self.counter.ask(method, path, body, beside={"Telemed-Clerk": token})


def clerk_at(services: Services, site_id: UUID, counter: Counter, email: str = "r@post.example") -> ClerkHere:
    """An account at this counter, with a new PIN."""
    now = datetime.now(UTC)
    with database.write(services.engine) as connection:
        accounts = AccountStore(connection)
        staff = accounts.add_staff(
            email=email,
            name="Росица Колева",
            roles=frozenset({"clerk"}),
            password_hash="-",
            sealed_totp=None,
            now=now,
            site_id=site_id,
        )
        return ClerkHere(staff, accounts.clerks.make_pin(staff.id, now), counter)
