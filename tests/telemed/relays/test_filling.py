"""Tokens are fetched before anybody needs them; a provider in trouble rests, and the operator is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import structlog
from sqlalchemy import Engine

from telemed.messages.circuits import Circuits
from telemed.messages.overview import Overview
from telemed.messages.simulated_twilio.behaviour import Answering, Behaviour
from telemed.messages.simulated_twilio.server import TOKENS, RunningTwilio
from telemed.relays import stock
from telemed.relays.filling import NAME, fill
from telemed.relays.source import Fetched, Source
from telemed.relays.tokens import RelayTokens
from tests.fakes import FakeClock
from tests.telemed.relays.conftest import Shelf, asking

SECONDS = timedelta(seconds=1)
DOWN = Behaviour(Answering.FAILS_BEFORE)


@dataclass
class SlowTwilio:
    """Takes nine seconds for each token."""

    source: Source
    clock: FakeClock

    def fetch(self, life: timedelta, now: datetime) -> Fetched:
        self.clock.forward(9 * SECONDS)
        return self.source.fetch(life, now)


def test_an_empty_shelf_is_filled_once_and_then_nobody_is_asked(shelf: Shelf) -> None:
    assert [shelf.tick(), shelf.tick()] == [stock.LEAST, 0]
    assert (shelf.ready.ready, len(shelf.made)) == (stock.LEAST, stock.LEAST)


def test_each_call_is_made_up_for_and_busy_hours_keep_more_ready(shelf: Shelf) -> None:
    shelf.tick()
    for number in range(10):
        assert shelf.tokens.of_room(f"room-{number}", shelf.now) is not None
    shelf.tick()
    assert shelf.ready == (20, 10)


def test_what_grew_old_on_the_shelf_is_fetched_anew_before_calls_miss_it(shelf: Shelf) -> None:
    shelf.tick()
    shelf.clock.forward(stock.LIFE - stock.CALL_WINDOW - stock.REPLACED_AHEAD + SECONDS)
    assert shelf.tick() == stock.LEAST
    shelf.clock.forward(stock.REPLACED_AHEAD)
    shelf.tick()
    assert shelf.ready.ready == stock.LEAST


def test_a_provider_that_fails_is_asked_once_then_left_in_peace_then_probed(shelf: Shelf) -> None:
    shelf.twilio.script.next(TOKENS, DOWN)
    assert [shelf.tick(), shelf.tick()] == [0, 0]
    assert len(shelf.twilio.ledger.asked()) == 1
    shelf.clock.forward(stock.FIRST_REST)
    assert [shelf.tick(), shelf.tick()] == [1, stock.LEAST - 1]


def test_a_slow_provider_does_not_hold_the_worker(shelf: Shelf) -> None:
    slow = SlowTwilio(shelf.source, shelf.clock)
    assert fill(shelf.tokens, slow, shelf.circuits, shelf.clock.now) == 3
    assert fill(shelf.tokens, slow, shelf.circuits, shelf.clock.now) == 3


@pytest.mark.both_databases
def test_two_workers_do_not_both_probe(shelf: Shelf, engine: Engine, running: RunningTwilio) -> None:
    shelf.twilio.script.next(TOKENS, DOWN)
    shelf.tick()
    shelf.clock.forward(stock.FIRST_REST)
    beside = Circuits(engine)
    assert beside.usable([NAME], shelf.now) == {NAME: True}
    assert shelf.tick() == 0


def test_the_rests_grow_while_it_stays_down_and_end_with_the_first_token(shelf: Shelf) -> None:
    shelf.twilio.script.always(TOKENS, DOWN)
    asked_after = []
    for second in range(0, 120, 5):
        before = len(shelf.twilio.ledger.asked())
        shelf.tick()
        if len(shelf.twilio.ledger.asked()) > before:
            asked_after.append(second)
        shelf.clock.forward(5 * SECONDS)
    assert asked_after == [0, 15, 45, 105]
    shelf.twilio.script.always(TOKENS, Behaviour())
    shelf.clock.forward(stock.LONGEST_REST)
    shelf.tick()
    shelf.tick()
    assert shelf.ready.ready == stock.LEAST


def test_the_operator_hears_when_none_is_left_and_when_the_account_is_not_known(
    shelf: Shelf, engine: Engine, running: RunningTwilio
) -> None:
    with structlog.testing.capture_logs() as logs:
        shelf.twilio.script.next(TOKENS, DOWN)
        shelf.tick()
        shelf.clock.forward(stock.FIRST_REST)
        fill(shelf.tokens, asking(running, token="another"), shelf.circuits, shelf.clock.now)
    told = [(line["event"], line["kind"], line["reason"]) for line in logs]
    assert told == [("carrier.alarm", NAME, "none-ready"), ("carrier.alarm", NAME, "20003")]
    with engine.connect() as connection:
        [state] = Overview(connection).carriers()
    assert (state.name, state.open_until) == (NAME, shelf.now + timedelta(minutes=5))


def test_with_tokens_left_it_is_the_third_failure_that_is_told(shelf: Shelf) -> None:
    shelf.tick()
    shelf.tokens.of_room("room-a", shelf.now)
    shelf.twilio.script.always(TOKENS, DOWN)
    with structlog.testing.capture_logs() as logs:
        for _ in range(4):
            shelf.tick()
            shelf.clock.forward(stock.LONGEST_REST)
    assert [(line["event"], line["reason"]) for line in logs] == [("carrier.alarm", "http-500")]


def test_nothing_that_opens_a_relay_is_ever_logged(
    shelf: Shelf, engine: Engine, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    bad = (Answering.GARBLES_AFTER, Answering.FAILS_AFTER, Answering.DROPS_AFTER)
    with structlog.testing.capture_logs() as logs:
        for answering in bad:
            shelf.twilio.script.next(TOKENS, Behaviour(answering))
            shelf.tick()
            shelf.clock.forward(stock.LONGEST_REST)
        shelf.tick()
        shelf.tokens.of_room("room-a", shelf.now)
        RelayTokens(engine, b"x" * 32).of_room("room-b", shelf.now)
    written = f"{logs} {caplog.text} {capfd.readouterr()}"
    assert len(shelf.made) > len(bad)
    assert [each for each in shelf.made if each.password in written or each.username in written] == []
