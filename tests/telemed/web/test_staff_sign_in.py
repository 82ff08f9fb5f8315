"""Signing in as staff: both proofs, each once, and never the old cookie afterwards."""

from collections.abc import Callable

from telemed.accounts.store import Staff
from telemed.services import Services
from tests.telemed.conftest import Visitor, sign_in

COOKIE = "__Host-telemed-staff"


def test_a_coordinator_signs_in_with_password_and_digits(
    client: Visitor, services: Services, add_staff: Callable[..., Staff]
) -> None:
    answer = sign_in(client, services, add_staff("coordinator"))
    assert (answer.status_code, answer.location) == (302, "/staff")
    assert client.get("/staff").location == "/admin"
    assert "Test coordinator" in client.get("/admin?lang=en").text
