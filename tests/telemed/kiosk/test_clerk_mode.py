"""A clerk opens the technical side of a kiosk with a PIN: no names are shown, and what is typed bears one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from scheduling.ids import uuid7
from telemed import database
from telemed.accounts.clerk_tables import clerk_mode, clerk_pin
from telemed.accounts.store import AccountStore
from telemed.accounts.tables import account, account_role
from telemed.services import Services
from telemed.web.access import ACCESS
from tests import build
from tests.fakes import FakeClock
from tests.telemed.conftest import Visitor
from tests.telemed.intake.vectors import VECTORS
from tests.telemed.kiosk.clerks import ClerkHere, clerk_at
from tests.telemed.kiosk.conftest import Counter
from tests.telemed.web.test_access_walk import doors

DESK = "/api/v1/clerk/desk"
BODY: dict[str, Any] = {**VECTORS["submissions"][0]["body"], "choice": {"kind": "now"}}
PRIVATE = ("Иванка", "Петрова", "4403081217", "0888123456", "+359888123456", "dizzy", "168")


@pytest.fixture
def clerk(services: Services, world: build.World, counter: Counter) -> ClerkHere:
    return clerk_at(services, world.site.id, counter)


def age(services: Services, minutes: float) -> None:
    """Let time pass for what is open."""
    back = timedelta(minutes=minutes)
    with database.write(services.engine) as connection:
        for row in connection.execute(select(clerk_mode)).all():
            moved = {"opened_at": row.opened_at - back, "expires_at": row.expires_at - back}
            if row.helps_from is not None:
                moved["helps_from"] = row.helps_from - back
            connection.execute(update(clerk_mode).where(clerk_mode.c.id == row.id).values(moved))


class TestThePin:
    def test_opens_the_desk(self, clerk: ClerkHere) -> None:
        page = clerk.asks(clerk.token(), "GET", f"{DESK}?lang=en")
        assert (page.status_code, "For the clerk" in page.text) == (200, True)

    @pytest.mark.parametrize("pin", ["", "12345", "1234567", "абвгде", "１２３４５６"])
    def test_is_six_digits(self, clerk: ClerkHere, pin: str) -> None:
        assert (clerk.opens(pin).status_code, clerk.opens(pin).get_json()) == (422, {"code": "pin_wrong"})

    def test_five_wrong_ones_shut_the_kiosk_even_for_the_right_one(self, clerk: ClerkHere) -> None:
        wrong = f"{(int(clerk.pin) + 1) % 1_000_000:06}"
        assert [clerk.opens(wrong).status_code for _ in range(5)] == [422] * 5
        assert clerk.opens().status_code == 429

    def test_is_stored_as_a_hash_only(self, clerk: ClerkHere, services: Services) -> None:
        with database.read(services.engine) as connection:
            (kept,) = connection.execute(select(clerk_pin.c.pin_hash)).scalars()
        assert clerk.pin not in kept
        assert kept.startswith("$argon2id$")

    def test_a_new_one_ends_the_old_one(self, clerk: ClerkHere, services: Services) -> None:
        with database.write(services.engine) as connection:
            made = AccountStore(connection).clerks.make_pin(clerk.staff.id, datetime.now(UTC))
        assert (clerk.opens().status_code, clerk.opens(made).status_code) == (422, 201)

    def test_of_a_clerk_who_works_here_no_longer_opens_nothing(
        self, clerk: ClerkHere, services: Services
    ) -> None:
        with database.write(services.engine) as connection:
            connection.execute(update(account).values(site_id=None))
        assert clerk.opens().status_code == 422

    def test_goes_with_the_account_and_so_does_what_is_open(
        self, clerk: ClerkHere, services: Services
    ) -> None:
        token = clerk.token()
        with database.write(services.engine) as connection:
            connection.execute(update(account).values(active=False))
        assert clerk.asks(token, "GET", DESK).status_code == 401
        assert clerk.opens().status_code == 422

    def test_a_new_one_ends_what_the_old_one_has_opened(self, clerk: ClerkHere, services: Services) -> None:
        token = clerk.token()
        with database.write(services.engine) as connection:
            AccountStore(connection).clerks.make_pin(clerk.staff.id, datetime.now(UTC))
        assert clerk.asks(token, "GET", DESK).status_code == 401

    def test_of_somebody_who_is_a_clerk_no_longer_keeps_nothing_open(
        self, clerk: ClerkHere, services: Services
    ) -> None:
        token = clerk.token()
        with database.write(services.engine) as connection:
            connection.execute(delete(account_role))
        assert clerk.asks(token, "GET", DESK).status_code == 401


class TestTheDesk:
    def test_closes_after_five_minutes(self, clerk: ClerkHere, services: Services) -> None:
        token = clerk.token()
        age(services, 4.9)
        assert clerk.asks(token, "GET", DESK).status_code == 200
        age(services, 0.2)
        assert clerk.asks(token, "GET", DESK).status_code == 401

    def test_closes_when_the_clerk_goes_back(self, clerk: ClerkHere) -> None:
        token = clerk.token()
        assert clerk.asks(token, "POST", "/api/v1/clerk/close").status_code == 204
        assert clerk.asks(token, "GET", DESK).status_code == 401

    def test_needs_the_kiosks_signature_beside_the_token(self, clerk: ClerkHere) -> None:
        token = clerk.token()
        assert clerk.counter.browser.get(DESK, headers={"Telemed-Clerk": token}).status_code == 401

    def test_shows_times_and_numbers_and_nothing_of_anybody(self, clerk: ClerkHere) -> None:
        times = clerk.counter.ask("GET", "/api/v1/slots?lang=bg").get_json()["days"][0]["times"]
        doctor, kiosk, starts_at = times[0]["value"].split("|")
        slot = {"kind": "slot", "practitioner_id": doctor, "kiosk_id": kiosk, "starts_at": starts_at}
        clerk.counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", {**BODY, "choice": slot})
        clerk.counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", BODY)
        page = clerk.asks(clerk.token(), "GET", f"{DESK}?lang=en").text
        assert "not here yet" in page
        assert "<b>A 1</b>" in page
        assert [word for word in PRIVATE if word in page] == []

    def test_keeps_the_place_of_somebody_who_is_coming_back(self, clerk: ClerkHere, clock: FakeClock) -> None:
        visit = clerk.counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", BODY).get_json()["visit"]
        clerk.counter.ask("POST", f"/api/v1/visits/{visit}/leave")
        token = clerk.token()
        page = clerk.asks(token, "GET", f"{DESK}?lang=en").text
        entry = page.split('data-entry="')[1].split('"')[0]
        clock.forward(timedelta(minutes=4))
        kept = clerk.asks(token, "POST", f"/api/v1/clerk/kept/{entry}?lang=en")
        assert "place kept until 09:49" in kept.text
        clock.forward(timedelta(minutes=5))
        assert clerk.asks(token, "POST", f"/api/v1/clerk/kept/{entry}").status_code == 409


class TestHelping:
    def body(self, clerk: ClerkHere, **changes: Any) -> dict[str, Any]:
        reading = {
            "code": "oxygen",
            "value": "97",
            "taken_at": datetime.now(UTC).isoformat(),
            "typed_by": "clerk",
            "assisted_by": str(clerk.staff.id),
        }
        return {**BODY, "measurements": [{**reading, **changes}]}

    def files(self, clerk: ClerkHere, body: dict[str, Any], intake: str | None = None) -> int:
        return clerk.counter.ask("PUT", f"/api/v1/intakes/{intake or uuid7()}", body).status_code

    def test_whoever_had_said_so_at_this_kiosk_is_believed_for_one_intake(self, clerk: ClerkHere) -> None:
        told = clerk.asks(clerk.token(), "POST", "/api/v1/clerk/help")
        assert told.get_json() == {"helper": str(clerk.staff.id)}
        body, intake = self.body(clerk), str(uuid7())
        assert [self.files(clerk, body, intake) for _ in range(2)] == [200, 200]
        assert self.files(clerk, body) == 422

    def test_whoever_only_looked_is_not(self, clerk: ClerkHere) -> None:
        clerk.asks(clerk.token(), "GET", DESK)
        assert self.files(clerk, self.body(clerk)) == 422

    def test_nor_is_a_colleague_nor_a_clerk_without_a_name(
        self, clerk: ClerkHere, services: Services, world: build.World
    ) -> None:
        clerk.asks(clerk.token(), "POST", "/api/v1/clerk/help")
        other = clerk_at(services, world.site.id, clerk.counter, "other@post.example")
        assert self.files(clerk, self.body(other)) == 422
        assert self.files(clerk, self.body(clerk, assisted_by=None)) == 422

    def test_it_does_not_last_into_the_next_half_day(self, clerk: ClerkHere, services: Services) -> None:
        clerk.asks(clerk.token(), "POST", "/api/v1/clerk/help")
        age(services, 121)
        assert self.files(clerk, self.body(clerk)) == 422

    def test_sent_again_hours_later_it_is_still_the_same_and_takes_nobody_elses(
        self, clerk: ClerkHere, services: Services
    ) -> None:
        clerk.asks(clerk.token(), "POST", "/api/v1/clerk/help")
        body, intake = self.body(clerk), str(uuid7())
        assert self.files(clerk, body, intake) == 200
        age(services, 121)
        clerk.asks(clerk.token(), "POST", "/api/v1/clerk/help")
        assert [self.files(clerk, body, intake), self.files(clerk, body)] == [200, 200]


def test_with_a_clerks_token_no_door_opens_but_the_clerks_own(
    app: Flask, clerk: ClerkHere, services: Services
) -> None:
    token, opened = clerk.token(), set()
    for method, address, entry in doors(app, methods={"GET"}):
        if entry.proof not in ("open", "device", "kiosk", "demo"):
            answer = clerk.asks(token, method, address)
            if answer.status_code not in (401, 403, 303):
                opened.add(address)
    assert opened == {DESK}


def test_a_signed_in_clerk_reads_nothing_clinical(app: Flask, staff_client: Callable[..., Visitor]) -> None:
    browser = staff_client("clerk")
    for method, address, entry in doors(app, proofs={"staff"}, methods={"GET"}):
        if "clerk" not in entry.who:
            assert browser.open(address, method=method).status_code == 403, address
    clinical = {name for name, entry in ACCESS.items() if name.startswith("clinic.") and "clerk" in entry.who}
    assert clinical == set()


def test_the_pin_is_made_on_the_clerks_own_page_shown_once_and_ended(
    staff_client: Callable[..., Visitor], services: Services, world: build.World
) -> None:
    browser = staff_client("clerk")
    with database.write(services.engine) as connection:
        connection.execute(update(account).values(site_id=world.site.id))
    made = browser.send("/counter/pin")
    assert 'class="digits-now"' in made.text
    assert 'class="digits-now"' not in browser.get("/counter/pin").text
    assert browser.send("/counter/pin/end", "/counter/pin").status_code == 303
    assert "Още нямате ПИН" in browser.get("/counter/pin?lang=bg").text
