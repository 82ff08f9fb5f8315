"""Guessing and flooding at the token's door end in 429, for whoever does it and for nobody else."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from telemed import clock, database
from telemed.accounts.clients import ClientStore
from telemed.accounts.tables import attempt_failure
from telemed.services import Services
from telemed.web.assertion_tries import MOST_FROM_ADDRESS, MOST_IN_NAME
from telemed.web.oauth import MOST_TOKENS
from tests.telemed.web.conftest import SLOTS, Signer, refused


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
