"""The carriers of this installation in their order: which of them gets a message, and what it costs.

One message goes to one carrier at a time. A carrier that said that it has not processed it, or that it may
not send it, is added to the message's `refused_by`; the next is tried then. With none left the list is
emptied and the message waits. An outcome that nobody knows is never handed to another carrier.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import NamedTuple

import structlog

from telemed.messages import breaking
from telemed.messages.circuits import Circuits
from telemed.messages.consequences import consequence
from telemed.messages.port import Accepted, OutcomeUnknown, Outgoing, Port, SendError, TryLater
from telemed.messages.segments import segments

log = structlog.get_logger()


class Price(NamedTuple):
    """What a message costs, in millionths of one unit of the currency; none where nobody stated a price."""

    segments: int
    micros: int | None
    currency: str | None


@dataclass
class Choice:
    """The carriers that may be used at one moment: asked any number of times, it reads no database."""

    order: Sequence[Port]
    usable: dict[str, bool]

    def pick(self, channel: str, refused_by: Collection[str] = ()) -> Port | None:
        """Return the first carrier for a message; one that is only probed is given out once."""
        for port in self.order:
            if port.channel == channel and port.name in self.usable and port.name not in refused_by:
                if self.usable[port.name]:
                    del self.usable[port.name]
                return port
        return None

    def has_another(self, channel: str, refused_by: Collection[str]) -> bool:
        """Tell whether a carrier is left for a message that these refused."""
        return any(
            port.channel == channel and port.name in self.usable and port.name not in refused_by
            for port in self.order
        )


@dataclass(frozen=True)
class Carriers:
    """Every carrier, in the order in which they are tried; safe to use from any thread."""

    order: Sequence[Port]
    circuits: Circuits | None = None
    # Millionths of one unit of the currency a segment (a call, an e-mail).
    costs: Mapping[str, int] = field(default_factory=dict)
    currency: str = ""

    def look(self, now: datetime) -> Choice:
        """See which carriers may be used now; not inside a transaction that writes."""
        names = [port.name for port in self.order]
        usable = self.circuits.usable(names, now) if self.circuits else dict.fromkeys(names, False)
        return Choice(self.order, usable)

    def pick(self, channel: str, refused_by: Collection[str], now: datetime) -> Port | None:
        """Return the carrier that gets a message; None: none may be used now."""
        return self.look(now).pick(channel, refused_by)

    def named(self, name: str) -> Port | None:
        """Return the carrier of this name, to be asked about what it was handed."""
        return next((port for port in self.order if port.name == name), None)

    def of(self, channel: str) -> list[Port]:
        """Return everybody who carries this channel."""
        return [port for port in self.order if port.channel == channel]

    def hand(self, name: str, outgoing: Outgoing, now: datetime) -> Accepted | SendError:
        """Hand a message over once and remember how that carrier is doing; errors are returned."""
        port = self.named(name)
        if port is None:
            # Left out of the settings between claim and call: nobody has seen the message.
            return TryLater("no-connection")
        try:
            outcome: Accepted | SendError = port.send(outgoing)
        except SendError as error:
            outcome = error
        self.note(name, outcome, now)
        return outcome

    def note(self, name: str, outcome: Accepted | SendError, now: datetime) -> None:
        """Remember how a carrier answered, for the breaker; an operator hears of what only he can mend."""
        if isinstance(outcome, SendError):
            follows = consequence(name, outcome.reason).value
            if follows.alarm:
                alarm(name, outcome.reason)
            self._failed(name, outcome, follows.opens, now)
        elif self.circuits is not None:
            self.circuits.step(name, partial(breaking.after_success, now=now), now)

    def price(self, name: str, body: str) -> Price:
        """Return what a message costs with a carrier."""
        port = self.named(name)
        counted = segments(body) if port is not None and port.channel == "sms" else 1
        if name not in self.costs:
            return Price(counted, None, None)
        return Price(counted, counted * self.costs[name], self.currency)

    def _failed(self, name: str, outcome: SendError, opens: bool, now: datetime) -> None:
        if self.circuits is None:
            return
        if opens:
            step = partial(breaking.after_denial, reason=outcome.reason, now=now)
        elif isinstance(outcome, OutcomeUnknown) or outcome.reason == "no-connection":
            step = partial(breaking.after_failure, reason=outcome.reason, now=now)
        else:
            # It looked at the message and said no: it is in good health.
            step = partial(breaking.after_success, now=now)
        before, after = self.circuits.step(name, step, now)
        if after.open_until is not None and before.open_until is None:
            alarm(name, "circuit-open")


def alarm(name: str, reason: str) -> None:
    """Tell the operator what only a person can put right."""
    log.error("carrier.alarm", kind=name, reason=reason)


def alone(port: Port) -> Carriers:
    """Carriers of which there is one, always trusted."""
    return Carriers((port,))


def names(listed: str | None) -> tuple[str, ...]:
    """Read `message.refused_by`."""
    return tuple(name for name in (listed or "").split(",") if name)


def listed(names: Iterable[str]) -> str | None:
    """Write `message.refused_by`."""
    return ",".join(dict.fromkeys(names)) or None
