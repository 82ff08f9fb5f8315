"""What the simulated provider has accepted, was asked and has told us: the truth that tests read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import RLock

from telemed.messages.segments import segments
from telemed.messages.simulated_twilio.behaviour import NEVER, Behaviour, Report

# A state never goes back; the reports about it may arrive in any order.
_RANK = {
    "accepted": 0,
    "queued": 0,
    "sending": 1,
    "sent": 2,
    "undelivered": 3,
    "failed": 3,
    "delivered": 3,
    "canceled": 3,
}


@dataclass(frozen=True)
class Message:
    """One SMS that was accepted; `fields` is the request as it came."""

    sid: str
    fields: dict[str, str]
    at: datetime
    behaviour: Behaviour

    @property
    def to(self) -> str:
        """Return the number it went to."""
        return self.fields["To"]

    @property
    def body(self) -> str:
        """Return its text."""
        return self.fields["Body"]

    @property
    def callback(self) -> str:
        """Return where its reports go; empty when nobody asked for any."""
        return self.fields.get("StatusCallback", "")

    @property
    def parts(self) -> int:
        """Return its number of segments."""
        return segments(self.body)

    def is_shown(self, now: datetime) -> bool:
        """Tell whether the provider's list has it yet."""
        hidden = self.behaviour.shown_after
        return hidden != NEVER and now >= self.at + timedelta(seconds=hidden)

    def state(self, now: datetime) -> Report:
        """Return the furthest state reached by now."""
        due = [each for each in self.behaviour.reports if now >= self.at + timedelta(seconds=each.after)]
        return max(due, key=lambda each: _RANK.get(each.status, 0), default=Report("queued", 0))


@dataclass
class Call:
    """One call that was accepted: what was heard by whoever picked up, and what they pressed."""

    sid: str
    fields: dict[str, str]
    at: datetime
    behaviour: Behaviour
    status: str = "queued"
    heard: list[str] = field(default_factory=list)

    @property
    def to(self) -> str:
        """Return the number it rings."""
        return self.fields["To"]


@dataclass(frozen=True)
class Token:
    """One token for relays, with what whoever has it signs in with; `fields` is the request as it came."""

    username: str
    password: str
    fields: dict[str, str]
    at: datetime

    @property
    def ttl(self) -> str:
        """Return for how many seconds it is good."""
        return self.fields.get("Ttl", "86400")


@dataclass(frozen=True)
class Told:
    """One webhook that was sent to us, and the HTTP status it met (0: nobody there)."""

    url: str
    fields: dict[str, str]
    at: datetime
    status: int


@dataclass(frozen=True)
class Asked:
    """One request to the API, and how it ended there."""

    method: str
    path: str
    to: str
    at: datetime
    outcome: str


@dataclass
class Ledger:
    """Everything, in the order it happened; safe to read and write from any thread."""

    lock: RLock = field(default_factory=RLock)
    _messages: list[Message] = field(default_factory=list)
    _calls: list[Call] = field(default_factory=list)
    _tokens: list[Token] = field(default_factory=list)
    _told: list[Told] = field(default_factory=list)
    _asked: list[Asked] = field(default_factory=list)
    _opted_out: set[tuple[str, str]] = field(default_factory=set)

    def add(self, entry: Message | Call | Token | Told | Asked) -> None:
        """Write one entry down."""
        with self.lock:
            if isinstance(entry, Message):
                self._messages.append(entry)
            elif isinstance(entry, Call):
                self._calls.append(entry)
            elif isinstance(entry, Token):
                self._tokens.append(entry)
            elif isinstance(entry, Told):
                self._told.append(entry)
            else:
                self._asked.append(entry)

    def messages(self, to: str | None = None) -> list[Message]:
        """Return what was accepted, oldest first."""
        with self.lock:
            return [each for each in self._messages if to in (None, each.to)]

    def calls(self, to: str | None = None) -> list[Call]:
        """Return the calls that were accepted, oldest first."""
        with self.lock:
            return [each for each in self._calls if to in (None, each.to)]

    def tokens(self) -> list[Token]:
        """Return the tokens for relays that were made, oldest first."""
        with self.lock:
            return list(self._tokens)

    def told(self) -> list[Told]:
        """Return the webhooks that were sent."""
        with self.lock:
            return list(self._told)

    def asked(self, to: str | None = None) -> list[Asked]:
        """Return the requests that came, refused ones included."""
        with self.lock:
            return [each for each in self._asked if to in (None, each.to)]

    def accepted_twice(self) -> list[tuple[str, str]]:
        """Return number and text of whatever went out more than once: what must stay empty."""
        return _repeated((each.to, each.body) for each in self.messages())

    def opt_out(self, number: str, sender: str, out: bool) -> None:
        """Remember that somebody wrote STOP (or START) to this sender."""
        with self.lock:
            if out:
                self._opted_out.add((number, sender))
            else:
                self._opted_out.discard((number, sender))

    def is_opted_out(self, number: str, sender: str) -> bool:
        """Tell whether the provider would refuse to write to this number."""
        with self.lock:
            return (number, sender) in self._opted_out


def _repeated(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    once: set[tuple[str, str]] = set()
    twice: list[tuple[str, str]] = []
    for pair in pairs:
        if pair in once and pair not in twice:
            twice.append(pair)
        once.add(pair)
    return twice
