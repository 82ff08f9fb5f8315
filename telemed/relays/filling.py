"""Keeps relay tokens ready: fetches what lacks, and leaves a provider in trouble in peace."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from telemed.messages import breaking
from telemed.messages.carriers import alarm
from telemed.messages.circuits import Circuits
from telemed.messages.consequences import consequence
from telemed.messages.port import SendError
from telemed.relays import stock
from telemed.relays.source import Source
from telemed.relays.tokens import RelayTokens

NAME = "twilio_relays"
"""How the operator's page and the log call the provider of relays."""


def fill(tokens: RelayTokens, source: Source, circuits: Circuits, now: Callable[[], datetime]) -> int:
    """Forget old tokens and fetch new ones, as many as lack and the provider may be asked for."""
    moment = now()
    tokens.forget_old(moment)
    ready = tokens.count(moment)
    lacks = stock.lacking(ready)
    usable = circuits.usable([NAME], moment) if lacks else {}
    if NAME not in usable:
        return 0
    fetched = 0
    for _ in range(1 if usable[NAME] else lacks):
        try:
            token = source.fetch(stock.LIFE, now())
        except SendError as error:
            _failed(circuits, error.reason, ready.ready + fetched == 0, now())
            return fetched
        tokens.add(token, now())
        fetched += 1
        if now() - moment > stock.LONGEST_PASS:
            break
    circuits.step(NAME, partial(breaking.after_success, now=now()), now())
    return fetched


def _failed(circuits: Circuits, reason: str, none_left: bool, now: datetime) -> None:
    follows = consequence(NAME, reason).value
    step = breaking.after_denial if follows.opens else stock.after_failure
    _, after = circuits.step(NAME, partial(step, reason=reason, now=now), now)
    if follows.alarm or none_left or after.failures == stock.WORRYING:
        alarm(NAME, "none-ready" if none_left and not follows.alarm else reason)
