"""Providers for tests that misbehave as real ones do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from telemed.messages.port import (
    Accepted,
    CannotTell,
    Channel,
    Found,
    Lost,
    OutcomeUnknown,
    Outgoing,
    SendError,
)


@dataclass
class FakeProvider:
    """Accepts everything and remembers it; `answers` names what to raise instead, one per call."""

    answers: Sequence[SendError | None] = ()
    received: list[Outgoing] = field(default_factory=list)
    name: str = "fake"
    channel: Channel = "sms"
    calls: int = 0

    def send(self, outgoing: Outgoing) -> Accepted:
        """Take the message, or raise what this call is to raise."""
        error = self.answers[self.calls] if self.calls < len(self.answers) else None
        self.calls += 1
        if error is not None:
            raise error
        self.received.append(outgoing)
        return Accepted(f"fake-{outgoing.reference}")

    def find(self, lost: Lost) -> Found | None:
        """Show what was taken."""
        return _found(self.received, lost)


@dataclass
class AcceptsAndTimesOut:
    """Takes the message, sends it on to the telephone and then never answers: the worst a provider can do."""

    received: list[Outgoing] = field(default_factory=list)
    name: str = "silent"
    channel: Channel = "sms"

    def send(self, outgoing: Outgoing) -> Accepted:
        """Deliver the message and leave the caller in the dark."""
        self.received.append(outgoing)
        raise OutcomeUnknown("ReadTimeout")

    def find(self, lost: Lost) -> Found | None:
        """Admit what was taken, once asked."""
        return _found(self.received, lost)


@dataclass
class DiesWhileSending:
    """Kills the worker in the middle of the call, after the message went out."""

    received: list[Outgoing] = field(default_factory=list)
    name: str = "deadly"
    channel: Channel = "sms"

    def send(self, outgoing: Outgoing) -> Accepted:
        """Deliver the message, then end the process as a power cut would."""
        self.received.append(outgoing)
        raise KeyboardInterrupt

    def find(self, lost: Lost) -> Found | None:
        """Show what was taken."""
        return _found(self.received, lost)


@dataclass
class Forgetful:
    """Never answers a request; takes it or not, and shows what it took only after a while, or never."""

    now: Callable[[], datetime]
    takes: bool = True
    shown_after: timedelta | None = timedelta(0)
    answers: bool = False
    can_be_asked: bool = True
    received: list[tuple[Outgoing, datetime]] = field(default_factory=list)
    requests: int = 0
    asked: int = 0
    name: str = "forgetful"
    channel: Channel = "sms"

    def send(self, outgoing: Outgoing) -> Accepted:
        """Take the message or not, and say so or not."""
        self.requests += 1
        if self.takes:
            self.received.append((outgoing, self.now()))
        if not self.answers:
            raise OutcomeUnknown("ReadTimeout")
        return Accepted(f"fake-{self.requests}")

    def find(self, lost: Lost) -> Found | None:
        """Show what it took, when it shows it yet and answers at all."""
        self.asked += 1
        if not self.can_be_asked:
            raise CannotTell("down")
        hidden = self.shown_after
        shown = [sms for sms, at in self.received if hidden is not None and self.now() >= at + hidden]
        return _found(shown, lost)


def _found(received: Sequence[Outgoing], lost: Lost) -> Found | None:
    ours = [f"fake-{sms.reference}" for sms in received if (sms.to, sms.body) == (lost.to, lost.body)]
    sid = next((each for each in ours if each not in lost.others), None)
    return None if sid is None else Found(sid, "accepted")
