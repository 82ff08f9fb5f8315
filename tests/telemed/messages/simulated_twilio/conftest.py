"""A simulated Twilio on a port of its own, and the real SDK that knows its address."""

from collections.abc import Iterator
from typing import Any

import pytest

from telemed.messages.simulated_twilio.ledger import Ledger
from telemed.messages.simulated_twilio.provider import SimulatedTwilio
from telemed.messages.simulated_twilio.server import RunningTwilio, serve
from tests.telemed.messages.simulated_twilio.desk import Desk, client


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def running(desk: Desk) -> Iterator[RunningTwilio]:
    with serve(SimulatedTwilio(desk.now, post=desk.post), pumping=False) as running:
        yield running


@pytest.fixture
def twilio(running: RunningTwilio) -> SimulatedTwilio:
    return running.provider


@pytest.fixture
def ledger(twilio: SimulatedTwilio) -> Ledger:
    return twilio.ledger


@pytest.fixture
def sdk(running: RunningTwilio) -> Any:
    return client(running)
