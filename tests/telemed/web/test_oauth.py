"""How another system gets a token: its own key signs, once, for us, for a few minutes."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
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
from telemed.accounts.tables import attempt_failure
from telemed.services import Services
from telemed.web.assertion_tries import MOST_FROM_ADDRESS, MOST_IN_NAME
from telemed.web.oauth import MOST_TOKENS
from tests.telemed.conftest import ORIGIN

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


@pytest.mark.both_databases
def test_a_signed_assertion_gets_a_token_that_opens_the_door(signer: Callable[..., Signer]) -> None:
    asker = signer()
    answer = asker.ask(asker.assertion())
    assert answer.status_code == 200, answer.text
    body = answer.get_json()
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 600
    assert body["scope"] == f"{SLOTS} {BOOKING}"
    assert "refresh_token" not in body
    assert answer.headers["Cache-Control"] == "no-store"
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    opened = asker.client.get("/fhir/R4/Slot", headers=headers, base_url=ORIGIN)
    assert opened.status_code == 400
    assert "schedule" in opened.text


@pytest.mark.parametrize(
    ("key", "alg"),
    [
        (ECKey.generate_key("P-256"), "ES256"),
        (ECKey.generate_key("P-384"), "ES384"),
        (RSAKey.generate_key(2048), "RS384"),
    ],
    ids=["ES256", "ES384", "RS384"],
)
def test_the_three_algorithms_of_smart_are_accepted(
    signer: Callable[..., Signer], key: Key, alg: str
) -> None:
    asker = signer(key, alg)
    assert asker.ask(asker.assertion()).status_code == 200


@pytest.mark.parametrize("alg", ["RS256", "PS256"])
def test_any_other_algorithm_is_refused(signer: Callable[..., Signer], alg: str) -> None:
    asker = signer(RSAKey.generate_key(2048), alg)
    assert refused(asker.ask(asker.assertion())) == "invalid_client"


def test_an_assertion_works_once(signer: Callable[..., Signer]) -> None:
    asker = signer()
    assertion = asker.assertion()
    assert asker.ask(assertion).status_code == 200
    assert refused(asker.ask(assertion)) == "invalid_client"


def test_two_systems_may_happen_to_use_the_same_name_for_an_assertion(signer: Callable[..., Signer]) -> None:
    for asker in (signer(), signer()):
        assert asker.ask(asker.assertion(jti="1")).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://elsewhere.example/token"},
        {"aud": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"exp": int(time.time()) + 86_400},
        {"exp": 10**30},
        {"exp": "soon"},
        {"exp": True},
        {"iat": int(time.time()) + 86_400},
        {"iat": "yesterday"},
        {"nbf": int(time.time()) + 86_400},
        {"iss": "somebody else"},
        {"iss": None},
        {"sub": None},
        {"sub": 5},
        {"sub": "nobody"},
        {"sub": "x" * 5_000},
        {"sub": "\0"},
        {"jti": None},
        {"jti": 5},
        {"jti": ""},
        {"jti": "x" * 256},
    ],
    ids=lambda claims: next(iter(claims)),
)
def test_a_claim_that_is_not_right_is_refused(signer: Callable[..., Signer], claims: dict[str, Any]) -> None:
    asker = signer()
    assert refused(asker.ask(asker.assertion(**claims))) == "invalid_client"


def test_somebody_elses_key_opens_nothing(signer: Callable[..., Signer]) -> None:
    asker = replace(signer(), key=ECKey.generate_key("P-256"))
    assert refused(asker.ask(asker.assertion())) == "invalid_client"


@pytest.mark.parametrize(
    "assertion",
    [
        "",
        "x",
        "a.b.c",
        "e30.e30.",
        "eyJhbGciOiJub25lIn0.e30.",
        "é.é.é",
        "." * 500,
        "eyJhbGciOiJFUzI1NiJ9.W10.AA",
    ],
)
def test_what_is_no_assertion_is_refused_calmly(signer: Callable[..., Signer], assertion: str) -> None:
    assert refused(signer().ask(assertion)) == "invalid_client"


def test_without_a_signature_nobody_is_believed(signer: Callable[..., Signer]) -> None:
    asker = signer()
    form = {"grant_type": "client_credentials", "client_id": asker.id, "client_secret": "secret"}
    assert refused(asker.client.post("/oauth/token", data=form, base_url=ORIGIN)) == "invalid_client"


@pytest.mark.parametrize("grant", ["", "password", "authorization_code", "не", '"\\'])
def test_there_is_no_other_grant(signer: Callable[..., Signer], grant: str) -> None:
    asker = signer()
    answer = asker.ask(asker.assertion(), grant_type=grant)
    assert refused(answer) in ("unsupported_grant_type", "invalid_request")


def test_only_scopes_the_system_has_are_granted(signer: Callable[..., Signer]) -> None:
    asker = signer()
    asked = f"{SLOTS} system/Patient.r nonsense"
    assert asker.ask(asker.assertion(), scope=asked).get_json()["scope"] == SLOTS
    assert refused(asker.ask(asker.assertion(), scope="system/Patient.r")) == "invalid_scope"


def test_a_part_of_a_scope_may_be_asked_for(signer: Callable[..., Signer]) -> None:
    asker = signer()
    answer = asker.ask(asker.assertion(), scope="system/Appointment.r")
    assert answer.get_json()["scope"] == "system/Appointment.r"


def test_a_revoked_system_gets_no_token_and_its_tokens_end(
    signer: Callable[..., Signer], services: Services
) -> None:
    asker = signer()
    token = asker.ask(asker.assertion()).get_json()["access_token"]
    with database.write(services.engine) as connection:
        assert ClientStore(connection).revoke(asker.id, clock.real_now())
    assert refused(asker.ask(asker.assertion())) == "invalid_client"
    headers = {"Authorization": f"Bearer {token}"}
    assert asker.client.get("/fhir/R4/Slot", headers=headers, base_url=ORIGIN).status_code == 401


def test_tokens_are_kept_as_hashes_only(signer: Callable[..., Signer], services: Services) -> None:
    asker = signer()
    token = asker.ask(asker.assertion()).get_json()["access_token"]
    with database.read(services.engine) as connection:
        kept = connection.exec_driver_sql("SELECT * FROM api_token").all()
    assert token not in str(kept)


def test_a_body_that_is_no_form_is_refused(signer: Callable[..., Signer]) -> None:
    answer = signer().client.post("/oauth/token", json={"grant_type": "client_credentials"}, base_url=ORIGIN)
    assert refused(answer)


def too_often(answer: TestResponse) -> int:
    """After how many seconds one may come again, told to whoever came too often."""
    assert answer.status_code == 429, answer.text
    assert answer.get_json()["error"] == "temporarily_unavailable"
    assert answer.get_json()["error_description"]
    assert answer.headers["Cache-Control"] == "no-store"
    return int(answer.headers["Retry-After"])


@pytest.mark.both_databases
def test_an_address_that_is_wrong_too_often_has_to_wait_even_if_it_is_right_at_last(
    signer: Callable[..., Signer],
) -> None:
    asker, other = signer(), signer()
    for number in range(MOST_FROM_ADDRESS):
        who = (asker, other)[number % 2]
        assert refused(who.ask(who.assertion(aud="https://elsewhere.example"), "192.0.2.1"))
    assert too_often(asker.ask(asker.assertion(), "192.0.2.1")) == 900
    assert asker.ask(asker.assertion(), "192.0.2.2").status_code == 200


def test_whoever_was_right_between_wrong_tries_is_not_forgiven_them(signer: Callable[..., Signer]) -> None:
    asker = signer()
    for _ in range(MOST_FROM_ADDRESS):
        assert refused(asker.ask("nonsense"))
        if asker.ask(asker.assertion()).status_code == 429:
            break
    assert too_often(asker.ask(asker.assertion()))


def test_a_name_used_wrongly_from_many_places_is_closed_there_and_nowhere_else(
    signer: Callable[..., Signer],
) -> None:
    asker = signer()
    for number in range(MOST_IN_NAME):
        assert refused(asker.ask(asker.assertion(aud=None), f"198.51.100.{number}"))
    assert too_often(asker.ask(asker.assertion(aud=None), "198.51.100.7"))
    assert asker.ask(asker.assertion(), "192.0.2.1").status_code == 200


def test_what_is_refused_for_another_reason_is_no_wrong_assertion(signer: Callable[..., Signer]) -> None:
    asker = signer()
    for _ in range(MOST_FROM_ADDRESS):
        assert refused(asker.ask(asker.assertion(), scope="system/Patient.r")) == "invalid_scope"
    assert asker.ask(asker.assertion()).status_code == 200


def test_a_system_that_asks_for_a_token_each_time_is_told_to_keep_them(
    signer: Callable[..., Signer], services: Services
) -> None:
    asker = signer()
    with database.write(services.engine) as connection:
        for _ in range(MOST_TOKENS - 1):
            ClientStore(connection).issue(asker.id, [SLOTS], clock.real_now())
    assert asker.ask(asker.assertion()).status_code == 200
    assert too_often(asker.ask(asker.assertion())) == 600
    another = signer()
    assert another.ask(another.assertion()).status_code == 200


def test_addresses_and_names_are_counted_under_hashes(
    signer: Callable[..., Signer], services: Services
) -> None:
    asker = signer()
    assert refused(asker.ask(asker.assertion(aud=None), "192.0.2.77"))
    with database.read(services.engine) as connection:
        kept = connection.execute(attempt_failure.select()).all()
    assert len(kept) == 2
    assert "192.0.2.77" not in str(kept)
    assert asker.id not in str(kept)
