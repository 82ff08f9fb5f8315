"""Tokens by the real SDK over HTTP from the simulated Twilio: what comes, and what each bad answer means."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from telemed.messages.port import OutcomeUnknown, Refused, SendError, TryLater
from telemed.messages.simulated_twilio.behaviour import Answering, Behaviour
from telemed.messages.simulated_twilio.ledger import Token
from telemed.messages.simulated_twilio.resources import ice_servers
from telemed.messages.simulated_twilio.server import TOKENS, RunningTwilio
from telemed.relays.stock import LIFE
from telemed.relays.twilio_tokens import TwilioTokens
from tests.build import NOW
from tests.servers import free_port
from tests.telemed.relays.conftest import asking


def test_a_token_opens_one_stun_server_and_three_ways_to_the_relays(
    source: TwilioTokens, running: RunningTwilio
) -> None:
    fetched = source.fetch(LIFE, NOW)
    [made] = running.provider.ledger.tokens()
    assert (made.ttl, fetched.until) == ("28800", NOW + LIFE)
    plain, relay = fetched.servers
    assert plain == {"urls": ["stun:global.stun.twilio.com:3478"]}
    assert relay == {
        "urls": [
            "turn:global.turn.twilio.com:3478?transport=udp",
            "turn:global.turn.twilio.com:3478?transport=tcp",
            "turn:global.turn.twilio.com:443?transport=tcp",
        ],
        "username": made.username,
        "credential": made.password,
    }


def test_nothing_but_the_life_is_told(source: TwilioTokens, running: RunningTwilio) -> None:
    source.fetch(LIFE, NOW)
    assert [made.fields for made in running.provider.ledger.tokens()] == [{"Ttl": "28800"}]


@pytest.mark.parametrize(
    ("answering", "error", "reason"),
    [
        (Answering.THROTTLES, TryLater, "20429"),
        (Answering.FAILS_BEFORE, OutcomeUnknown, "http-500"),
        (Answering.FAILS_AFTER, OutcomeUnknown, "http-500"),
        (Answering.DROPS_AFTER, TryLater, "no-connection"),
        (Answering.GARBLES_AFTER, OutcomeUnknown, "unreadable-answer"),
    ],
)
def test_a_provider_on_a_bad_day_gives_none(
    source: TwilioTokens, running: RunningTwilio, answering: Answering, error: type[SendError], reason: str
) -> None:
    running.provider.script.next(TOKENS, Behaviour(answering))
    with pytest.raises(error) as failed:
        source.fetch(LIFE, NOW)
    assert failed.value.reason == reason


def test_one_that_is_silent_is_waited_for_so_long_and_no_longer(running: RunningTwilio) -> None:
    running.provider.script.next(TOKENS, Behaviour(Answering.HANGS_BEFORE))
    with pytest.raises(TryLater, match="no-connection"):
        asking(running, timeout=0.2).fetch(LIFE, NOW)


def test_one_that_is_not_there_is_no_connection(running: RunningTwilio) -> None:
    nobody = TwilioTokens(running.provider.account, "token", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(TryLater, match="no-connection"):
        nobody.fetch(LIFE, NOW)


def test_an_account_it_does_not_know_is_for_an_operator(running: RunningTwilio) -> None:
    with pytest.raises(TryLater, match="20003"):
        asking(running, token="another").fetch(LIFE, NOW)


def test_a_life_it_does_not_lend_is_refused(source: TwilioTokens) -> None:
    with pytest.raises(Refused, match="20001"):
        source.fetch(timedelta(days=2), NOW)


@pytest.mark.parametrize(
    "rows", [None, "relays", {}, [], [None], [{"urls": 7}], [{"urls": "turn:relay.example"}]]
)
def test_an_answer_without_a_usable_relay_is_no_token(
    source: TwilioTokens, running: RunningTwilio, rows: Any
) -> None:
    running.provider.relays = lambda _token: rows
    with pytest.raises(OutcomeUnknown, match="unreadable-answer"):
        source.fetch(LIFE, NOW)


@pytest.mark.parametrize("ttl", ["3600", "21000", "soon", "-1"])
def test_one_that_ends_too_soon_or_nobody_knows_when_is_no_token(
    source: TwilioTokens, running: RunningTwilio, ttl: str
) -> None:
    make = running.provider.make_token
    # By itself the simulation answers the life that it was asked for.
    vars(running.provider)["make_token"] = lambda fields: make({**fields, "Ttl": ttl})
    with pytest.raises(OutcomeUnknown, match="unreadable-answer"):
        source.fetch(LIFE, NOW)


def test_what_a_token_opens_is_not_shown_by_its_description(
    source: TwilioTokens, running: RunningTwilio
) -> None:
    def known(token: Token) -> object:
        return ice_servers(replace(token, password="not-to-be-seen"))

    running.provider.relays = known
    fetched = source.fetch(LIFE, NOW)
    assert "not-to-be-seen" in str(fetched.servers)
    assert "not-to-be-seen" not in repr(fetched)
