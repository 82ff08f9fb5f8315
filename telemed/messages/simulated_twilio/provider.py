"""The simulated provider itself: takes requests, keeps its ledger, and sends webhooks when they are due."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from telemed.messages.simulated_twilio import faults, resources, telephone
from telemed.messages.simulated_twilio.behaviour import Behaviour, Report, Script
from telemed.messages.simulated_twilio.conferences import Conferences
from telemed.messages.simulated_twilio.faults import Fault
from telemed.messages.simulated_twilio.ledger import Call, Ledger, Message, Token, Told
from telemed.messages.simulated_twilio.live import LiveCall, LivePhones
from telemed.messages.simulated_twilio.resources import VERSION
from telemed.messages.simulated_twilio.webhooks import Agenda, Post, post_over_http, signature

# Twilio's own words, which it obeys before we hear of them: https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
_STOP = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
_START = {"START", "UNSTOP", "YES"}
_RINGS = timedelta(seconds=30)
_ENDED = ("completed", "busy", "no-answer", "canceled", "failed")
_TOLD_OF_A_CALL = ("initiated", "ringing", "answered", "completed")


@dataclass
class SimulatedTwilio:
    """One account; `now` is the domain's clock, `post` carries webhooks out."""

    now: Callable[[], datetime]
    account: str = "AC" + "0" * 32
    token: str = "token"
    post: Post = field(default_factory=post_over_http)
    script: Script = field(default_factory=Script)
    ledger: Ledger = field(default_factory=Ledger)
    agenda: Agenda = field(default_factory=Agenda)
    # Told of everything that was taken; and where calls ring at people instead of at the script.
    taken: Callable[[Message | Call], None] = field(default=lambda _taken: None)
    phones: LivePhones | None = None
    # The relays that a token opens, as rows of its answer: a test's own, or nonsense.
    relays: Callable[[Token], object] = field(default=resources.ice_servers)
    conferences: Conferences = field(init=False)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.conferences = Conferences(self._put_down)

    def behaviour(self, number: str) -> Behaviour:
        """Return what the next request about this number meets."""
        with self.ledger.lock:
            return self.script.take(number)

    def refusal(self, fields: Mapping[str, str]) -> Fault | None:
        """Return why a message would not be taken at all, or None."""
        sender = fields.get("From") or fields.get("MessagingServiceSid", "")
        if self.ledger.is_opted_out(fields.get("To", ""), sender):
            return faults.OPTED_OUT
        return faults.fault_of_a_message(fields)

    def accept(self, fields: dict[str, str], behaviour: Behaviour) -> Message:
        """Take a message: from here on it has gone out, whatever its sender is told."""
        message = Message(self._sid("SM"), fields, self.now(), behaviour)
        self.ledger.add(message)
        self.taken(message)
        if message.callback:
            for report in behaviour.reports:
                self._plan(message, report)
        return message

    def accept_call(self, fields: dict[str, str], behaviour: Behaviour) -> Call:
        """Take a call; it rings a second later."""
        call = Call(self._sid("CA"), fields, self.now(), behaviour)
        self.ledger.add(call)
        self.taken(call)
        self.agenda.at(call.at + timedelta(seconds=1), lambda: self._ring(call))
        return call

    def make_token(self, fields: dict[str, str]) -> Token:
        """Make a token for relays."""
        token = Token(self._sid("NT"), self._sid("PW"), fields, self.now())
        self.ledger.add(token)
        return token

    def end_call(self, sid: str) -> Call | None:
        """End a call by request: whether it rings or is in a conference; None: there is no such call."""
        call = next((each for each in self.ledger.calls() if each.sid == sid), None)
        if call is not None and call.status not in _ENDED:
            self.conferences.leave(call)
        return call

    def deliver(self) -> int:
        """Send every webhook and ring every call that is due by now; returns how many things happened."""
        return self.agenda.run(self.now())

    def receive(self, url: str, number: str, to: str, body: str, sid: str | None = None) -> int:
        """Bring an SMS that somebody wrote to us; returns the status our webhook answered with."""
        word = body.strip().upper()
        if word in _STOP | _START:
            self.ledger.opt_out(number, to, word in _STOP)
        known = sid or self._sid("SM")
        fields = {
            "MessageSid": known,
            "SmsMessageSid": known,
            "SmsSid": known,
            "SmsStatus": "received",
            "AccountSid": self.account,
            "ApiVersion": VERSION,
            "From": number,
            "To": to,
            "Body": body,
            "NumMedia": "0",
            "NumSegments": "1",
        }
        return self._tell(url, fields)[0]

    def _plan(self, message: Message, report: Report) -> None:
        fields = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "MessageStatus": report.status,
            "SmsStatus": report.status,
            "AccountSid": self.account,
            "ApiVersion": VERSION,
            "To": message.to,
            **{
                name: message.fields[name]
                for name in ("From", "MessagingServiceSid")
                if name in message.fields
            },
            **({"ErrorCode": str(report.error)} if report.error is not None else {}),
        }
        due = message.at + timedelta(seconds=report.after)
        self.agenda.at(due, lambda: _ignore(self._tell(message.callback, fields)))

    def _ring(self, call: Call) -> None:
        if call.status in _ENDED:
            # It was ended by request before it rang.
            return
        ends = call.behaviour.call_ends
        self._report(call, "initiated")
        self._report(call, "ringing")
        if self.phones is not None:
            live = LiveCall(
                call,
                lambda url, fields: self._fetch(call, url, fields),
                self._report,
                lambda name: self.conferences.join(name, call),
                lambda: self.conferences.leave(call),
            )
            self.phones.ring(live)
            self.agenda.at(self.now() + _RINGS, lambda: _give_up(live))
            return
        if ends == "completed":
            self._report(call, "answered", "in-progress")
            name = telephone.play(call, lambda url, fields: self._fetch(call, url, fields))
            if name is not None:
                self._talk(name, call)
                return
        self._report(call, "completed", ends)

    def _talk(self, name: str, call: Call) -> None:
        self.conferences.join(name, call)
        lasts = call.behaviour.talks_for
        if lasts is not None:
            over = self.now() + timedelta(seconds=lasts)
            self.agenda.at(over, lambda: _ignored(self.end_call(call.sid)))

    def _put_down(self, call: Call) -> None:
        live = self.phones.of(call) if self.phones is not None else None
        if live is not None:
            live.end()
        elif call.status not in _ENDED:
            self._report(call, "completed", "completed" if call.status == "in-progress" else "canceled")

    def _report(self, call: Call, event: str, status: str = "") -> None:
        call.status = status or event
        wanted = call.fields.get("StatusCallbackEvent", "completed").split()
        if call.fields.get("StatusCallback") and event in wanted:
            sequence = str(_TOLD_OF_A_CALL.index(event))
            fields = {"CallbackSource": "call-progress-events", "SequenceNumber": sequence}
            self._tell(call.fields["StatusCallback"], {**self._of(call), **fields})

    def _fetch(self, call: Call, url: str, fields: dict[str, str] | None) -> tuple[int, str]:
        return self._tell(url, {**self._of(call), **fields} if fields is not None else {})

    def _of(self, call: Call) -> dict[str, str]:
        return {
            "CallSid": call.sid,
            "AccountSid": self.account,
            "ApiVersion": VERSION,
            "CallStatus": call.status,
            "Direction": "outbound-api",
            "From": call.fields.get("From", ""),
            "To": call.to,
        }

    def _tell(self, url: str, fields: dict[str, str]) -> tuple[int, str]:
        status, body = self.post(url, fields, {"X-Twilio-Signature": signature(self.token, url, fields)})
        self.ledger.add(Told(url, fields, self.now(), status))
        return status, body

    def _sid(self, kind: str) -> str:
        with self.ledger.lock:
            number = next(self._numbers)
        return kind + hashlib.sha256(f"{self.account}/{number}".encode()).hexdigest()[:32]


def _give_up(live: LiveCall) -> None:
    """Nobody came to the telephone in time."""
    if live.state == "ringing":
        live.end("no-answer")


def _ignored(_ended: Call | None) -> None:
    """Whoever has put the line down hears nothing more."""


def _ignore(_answer: tuple[int, str]) -> None:
    """A report that meets nobody is not sent again: so it is at Twilio by default."""
