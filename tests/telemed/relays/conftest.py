"""A simulated Twilio, the real SDK that asks it for tokens over HTTP, and a shelf that is filled by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import Engine

from telemed.messages.circuits import Circuits
from telemed.messages.simulated_twilio.ledger import Token
from telemed.messages.simulated_twilio.provider import SimulatedTwilio
from telemed.messages.simulated_twilio.server import RunningTwilio, serve
from telemed.relays.filling import fill
from telemed.relays.stock import Stock
from telemed.relays.tokens import RelayTokens
from telemed.relays.twilio_tokens import TwilioTokens
from tests.fakes import FakeClock


@dataclass
class Shelf:
    """The tokens of one installation and the worker that fills them up."""

    clock: FakeClock
    twilio: SimulatedTwilio
    source: TwilioTokens
    tokens: RelayTokens
    circuits: Circuits

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def ready(self) -> Stock:
        return self.tokens.count(self.now)

    @property
    def made(self) -> list[Token]:
        return self.twilio.ledger.tokens()

    def tick(self) -> int:
        return fill(self.tokens, self.source, self.circuits, self.clock.now)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def running(clock: FakeClock) -> Iterator[RunningTwilio]:
    with serve(SimulatedTwilio(clock.now), pumping=False) as running:
        yield running


@pytest.fixture
def source(running: RunningTwilio) -> TwilioTokens:
    return asking(running)


@pytest.fixture
def shelf(engine: Engine, clock: FakeClock, running: RunningTwilio, source: TwilioTokens) -> Shelf:
    return Shelf(clock, running.provider, source, RelayTokens(engine, b"k" * 32), Circuits(engine))


def asking(running: RunningTwilio, token: str = "token", timeout: float = 10) -> TwilioTokens:
    """The real SDK, which knows the simulation's address."""
    return TwilioTokens(running.provider.account, token, running.address, timeout)
