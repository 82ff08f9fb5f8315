"""Providers for tests that misbehave as real ones do."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from telemed.messages.port import Accepted, OutcomeUnknown, SendError, Sms


@dataclass
class FakeProvider:
    """Accepts everything and remembers it; `answers` names what to raise instead, one per call."""

    answers: Sequence[SendError | None] = ()
    received: list[Sms] = field(default_factory=list)
    name: str = "fake"
    calls: int = 0

    def send(self, sms: Sms) -> Accepted:
        """Take the message, or raise what this call is to raise."""
        error = self.answers[self.calls] if self.calls < len(self.answers) else None
        self.calls += 1
        if error is not None:
            raise error
        self.received.append(sms)
        return Accepted(f"fake-{sms.reference}")


@dataclass
class AcceptsAndTimesOut:
    """Takes the message, sends it on to the telephone and then never answers: the worst a provider can do."""

    received: list[Sms] = field(default_factory=list)
    name: str = "silent"

    def send(self, sms: Sms) -> Accepted:
        """Deliver the message and leave the caller in the dark."""
        self.received.append(sms)
        raise OutcomeUnknown("ReadTimeout")


@dataclass
class DiesWhileSending:
    """Kills the worker in the middle of the call, after the message went out."""

    received: list[Sms] = field(default_factory=list)
    name: str = "deadly"

    def send(self, sms: Sms) -> Accepted:
        """Deliver the message, then end the process as a power cut would."""
        self.received.append(sms)
        raise KeyboardInterrupt
