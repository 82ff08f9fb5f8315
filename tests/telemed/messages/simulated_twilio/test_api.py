"""The simulated Twilio and the real SDK over HTTP: what it takes, shows, refuses, and how it misbehaves."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from telemed.messages.simulated_twilio import behaviour as behaviours
from telemed.messages.simulated_twilio.behaviour import Answering, Behaviour, Whims
from telemed.messages.simulated_twilio.ledger import Ledger
from telemed.messages.simulated_twilio.provider import SimulatedTwilio
from telemed.messages.simulated_twilio.server import TOKENS, RunningTwilio
from telemed.messages.twilio import Rebased
from tests.telemed.messages.simulated_twilio.desk import (
    ANNA,
    BORIS,
    REPORTS,
    SENDER,
    START,
    Desk,
    client,
    send,
)

# What it takes and shows


def test_a_message_is_accepted_and_stands_in_the_ledger_with_its_moment(sdk: Any, ledger: Ledger) -> None:
    made = send(sdk)
    [message] = ledger.messages(ANNA)
    assert (made.sid, made.status, made.num_segments) == (message.sid, "queued", "1")
    assert (message.body, message.at, message.callback) == ("Утре 9:20", START, REPORTS)


def test_a_message_can_be_fetched_in_the_state_it_has_reached(sdk: Any, desk: Desk) -> None:
    sid = send(sdk).sid
    desk.pass_by(2)
    assert sdk.messages(sid).fetch().status == "sent"
    desk.pass_by(2)
    assert sdk.messages(sid).fetch().status == "delivered"
    with pytest.raises(TwilioRestException) as missing:
        sdk.messages("SM" + "f" * 32).fetch()
    assert (missing.value.status, missing.value.code) == (404, 20404)


def test_the_list_is_filtered_by_recipient_and_by_the_day_it_was_sent(sdk: Any, desk: Desk) -> None:
    early = send(sdk).sid
    desk.pass_by(3600)
    late, other = send(sdk).sid, send(sdk, BORIS).sid
    assert [each.sid for each in sdk.messages.list()] == [other, late, early]
    assert [each.sid for each in sdk.messages.list(to=ANNA)] == [late, early]
    half_past = START + timedelta(minutes=30)
    assert [each.sid for each in sdk.messages.list(to=ANNA, date_sent_after=half_past)] == [late]
    assert [each.sid for each in sdk.messages.list(to=ANNA, date_sent_before=half_past)] == [early]
    assert len(sdk.messages.list(date_sent=START.date())) == 3
    assert sdk.messages.list(date_sent=START.date() - timedelta(days=1)) == []


def test_a_long_list_comes_in_pages_that_the_sdk_follows_by_itself(sdk: Any) -> None:
    sids = [send(sdk, body=f"№ {number}").sid for number in range(7)]
    assert [each.sid for each in sdk.messages.list(to=ANNA, page_size=3)] == sids[::-1]
    first = sdk.messages.page(to=ANNA, page_size=3)
    assert [each.sid for each in first] == sids[:3:-1]
    assert "PageToken=PASM" in first.next_page_url


def test_a_strangers_key_opens_nothing(running: RunningTwilio, ledger: Ledger) -> None:
    make: Any = Client
    with pytest.raises(TwilioRestException) as refused:
        send(make(running.provider.account, "wrong", http_client=Rebased(running.address)))
    assert (refused.value.status, refused.value.code) == (401, 20003)
    assert ledger.messages() == []


# What it refuses


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("+15005550001", 21211),
        ("+15005550002", 21612),
        ("+15005550003", 21408),
        ("+15005550004", 21610),
        ("+15005550009", 21614),
        ("0888", 21211),
    ],
)
def test_the_documented_numbers_answer_their_code(sdk: Any, ledger: Ledger, to: str, code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        send(sdk, to)
    assert (refused.value.status, refused.value.code) == (400, code)
    assert ledger.messages() == []
    assert [each.outcome for each in ledger.asked()] == [str(code)]


@pytest.mark.parametrize(
    ("sender", "status", "code"),
    [("+15005550001", 400, 21212), ("+15005550007", 400, 21606), ("+15005550008", 429, 21611)],
)
def test_the_documented_senders_answer_their_code(sdk: Any, sender: str, status: int, code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        sdk.messages.create(to=ANNA, from_=sender, body="x")
    assert (refused.value.status, refused.value.code) == (status, code)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": ANNA, "from_": SENDER}, 21602),
        ({"to": ANNA, "body": "x"}, 21603),
        ({"to": "", "from_": SENDER, "body": "x"}, 21604),
        ({"to": ANNA, "from_": SENDER, "body": "x" * 1_601}, 21617),
    ],
)
def test_a_request_that_lacks_something_is_refused(sdk: Any, fields: dict[str, str], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        sdk.messages.create(**fields)
    assert refused.value.code == code


# How it misbehaves


@pytest.mark.parametrize("wait", [7, None])
def test_too_many_requests_takes_nothing_and_may_say_how_long_to_wait(
    sdk: Any, twilio: SimulatedTwilio, wait: int | None
) -> None:
    twilio.script.next(ANNA, Behaviour(Answering.THROTTLES, retry_after=wait))
    with pytest.raises(TwilioRestException) as refused:
        send(sdk)
    assert (refused.value.status, refused.value.code) == (429, 20429)
    headers = sdk.http_client._test_only_last_response.headers
    assert headers.get("Retry-After") == (None if wait is None else str(wait))
    assert twilio.ledger.messages() == []
    assert send(sdk).sid


def test_a_server_error_may_come_before_or_after_the_message_was_taken(
    sdk: Any, twilio: SimulatedTwilio
) -> None:
    twilio.script.next(ANNA, Behaviour(Answering.FAILS_BEFORE), Behaviour(Answering.FAILS_AFTER))
    for taken in (0, 1):
        with pytest.raises(TwilioRestException) as failed:
            send(sdk)
        assert (failed.value.status, failed.value.code) == (500, 20500)
        assert len(twilio.ledger.messages()) == taken


@pytest.mark.parametrize(("answering", "taken"), [(Answering.HANGS_BEFORE, 0), (Answering.HANGS_AFTER, 1)])
def test_it_may_take_a_message_or_not_and_never_answer(
    running: RunningTwilio, answering: Answering, taken: int
) -> None:
    running.provider.script.always(ANNA, Behaviour(answering))
    with pytest.raises(requests.ReadTimeout):
        send(client(running, timeout=0.2))
    assert len(running.provider.ledger.messages()) == taken


def test_it_may_take_a_message_and_hang_up(sdk: Any, twilio: SimulatedTwilio) -> None:
    twilio.script.next(ANNA, Behaviour(Answering.DROPS_AFTER))
    with pytest.raises(requests.ConnectionError):
        send(sdk)
    assert len(twilio.ledger.messages()) == 1


def test_it_may_take_a_message_and_answer_rubbish(sdk: Any, twilio: SimulatedTwilio) -> None:
    twilio.script.next(ANNA, Behaviour(Answering.GARBLES_AFTER))
    with pytest.raises(json.JSONDecodeError):
        send(sdk)
    assert len(twilio.ledger.messages()) == 1


def test_it_may_be_slow(running: RunningTwilio) -> None:
    running.provider.script.next(ANNA, Behaviour(pause=0.3))
    with pytest.raises(requests.ReadTimeout):
        send(client(running, timeout=0.1))
    assert send(client(running, timeout=10)).sid


def test_an_accepted_message_may_appear_in_the_list_only_later_or_never(
    sdk: Any, twilio: SimulatedTwilio, desk: Desk
) -> None:
    twilio.script.next(ANNA, Behaviour(shown_after=40), Behaviour(shown_after=behaviours.NEVER))
    hidden, never = send(sdk, body="a").sid, send(sdk, body="b").sid
    desk.pass_by(39)
    assert sdk.messages.list(to=ANNA) == []
    desk.pass_by(1)
    assert [each.sid for each in sdk.messages.list(to=ANNA)] == [hidden]
    desk.pass_by(86_400)
    assert [each.sid for each in sdk.messages.list(to=ANNA)] == [hidden]
    assert sdk.messages(never).fetch().status == "delivered"


def test_a_bad_day_has_every_fault_and_is_the_same_for_the_same_seed() -> None:
    one, two = (Whims(random.Random(7)) for _ in range(2))
    days = [[whims() for _ in range(400)] for whims in (one, two)]
    assert days[0] == days[1]
    assert {each.answering for each in days[0]} == set(Answering)
    hidden = {each.shown_after for each in days[0]}
    assert behaviours.NEVER in hidden
    assert all(each <= behaviours.LONGEST_HIDDEN for each in hidden - {behaviours.NEVER})


# Many at once


def test_many_senders_at_once_lose_nothing_and_repeat_nothing(sdk: Any, twilio: SimulatedTwilio) -> None:
    with ThreadPoolExecutor(8) as pool:
        sids = set(pool.map(lambda number: send(sdk, body=f"№ {number}").sid, range(80)))
    assert sids == {each.sid for each in twilio.ledger.messages()}
    assert len(sids) == 80
    assert twilio.ledger.accepted_twice() == []
    send(sdk, body="№ 3")
    assert twilio.ledger.accepted_twice() == [(ANNA, "№ 3")]


# Tokens for relays


def test_a_token_is_made_with_the_life_asked_for_and_opens_its_own_servers(sdk: Any, ledger: Ledger) -> None:
    made = sdk.tokens.create(ttl=600)
    [token] = ledger.tokens()
    assert (made.ttl, made.username, made.password) == ("600", token.username, token.password)
    assert [row["urls"].split(":")[0] for row in made.ice_servers] == ["stun", "turn", "turn", "turn"]
    assert {row.get("credential") for row in made.ice_servers} == {None, token.password}
    assert sdk.tokens.create().ttl == "86400"


def test_a_token_that_would_live_too_long_is_refused(sdk: Any, ledger: Ledger) -> None:
    with pytest.raises(TwilioRestException) as refused:
        sdk.tokens.create(ttl=86_401)
    assert (refused.value.status, ledger.tokens()) == (400, [])


def test_tokens_misbehave_by_a_script_of_their_own(sdk: Any, twilio: SimulatedTwilio) -> None:
    twilio.script.next(TOKENS, Behaviour(Answering.FAILS_BEFORE))
    with pytest.raises(TwilioRestException):
        sdk.tokens.create()
    twilio.relays = lambda _token: "nonsense"
    assert sdk.tokens.create().ice_servers == "nonsense"
