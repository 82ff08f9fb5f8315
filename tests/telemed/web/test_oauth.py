"""How another system gets a token: its own key signs, once, for us, for a few minutes."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from telemed import clock, database
from telemed.accounts.clients import ClientStore
from telemed.services import Services
from tests.telemed.conftest import ORIGIN
from tests.telemed.web.conftest import BOOKING, SLOTS, Key, Signer, refused


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
