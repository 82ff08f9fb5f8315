"""Telephones played by a person: a call rings until somebody answers on a page, listens and presses keys."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock
from typing import Literal, NamedTuple
from urllib.parse import urljoin

from telemed.messages.simulated_twilio.ledger import Call
from telemed.messages.simulated_twilio.telephone import Fetch, conference_of

_MOST_DOCUMENTS = 20

State = Literal["ringing", "talking", "over"]
# The call, the provider's event, and the status that it shows.
Report = Callable[[Call, str, str], None]


class Heard(NamedTuple):
    """What the page shows of a call: how far it is, what is heard now, and whether keys are waited for."""

    state: State
    plays: tuple[str, ...] = ()
    asks: bool = False
    step: int = 0


@dataclass
class LiveCall:
    """One call in somebody's hand; each move fetches the next document, as the provider would."""

    call: Call
    fetch: Fetch
    report: Report
    # Where a call is brought that is to talk with another one, and how it leaves.
    join: Callable[[str], None] = lambda _name: None
    leave: Callable[[], None] = lambda: None
    state: State = "ringing"
    plays: list[str] = field(default_factory=list)
    action: str | None = None
    step: int = 0
    joined: bool = False
    _rest: list[ET.Element] = field(default_factory=list)
    _address: str = ""

    def answer(self) -> None:
        """Pick up."""
        if self.state == "ringing":
            self.state = "talking"
            self.report(self.call, "answered", "in-progress")
            self._go(self.call.fields["Url"], {"AnsweredBy": "human"})

    def press(self, digit: str) -> None:
        """Press a key; nobody waits for one at other times."""
        if self.state == "talking" and self.action is not None:
            self._go(self.action, {"Digits": digit})

    def listened(self) -> None:
        """Everything was heard, and no key was pressed in time."""
        if self.state == "talking" and not self.joined:
            self.plays, self.action = [], None
            self._follow(self._rest)

    def end(self, status: str = "completed") -> None:
        """Put the line down, or never pick it up."""
        if self.state != "over":
            self.state, self.plays, self.action = "over", [], None
            self.report(self.call, "completed", status)
            if self.joined:
                self.leave()

    def heard(self) -> Heard:
        """Return what the page shows."""
        return Heard(self.state, tuple(self.plays), self.action is not None, self.step)

    def _go(self, address: str, fields: dict[str, str]) -> None:
        self.step += 1
        self._address = urljoin(self._address, address)
        status, body = self.fetch(self._address, fields)
        self.plays, self.action = [], None
        if status != 200 or self.step > _MOST_DOCUMENTS:
            self.end("failed")
            return
        self._follow(list(ET.fromstring(body)))

    def _follow(self, verbs: list[ET.Element]) -> None:
        """Collect what is heard up to the first question or turn; the rest waits until it was heard."""
        for place, verb in enumerate(verbs):
            self._rest = verbs[place + 1 :]
            if verb.tag == "Gather":
                self.plays += [self._sound(inner) for inner in verb if inner.tag == "Play"]
                self.action = urljoin(self._address, verb.get("action", ""))
                return
            if verb.tag == "Play":
                self.plays.append(self._sound(verb))
            elif self.plays:
                self._rest = verbs[place:]
                return
            elif verb.tag == "Dial":
                self.joined = True
                self.join(conference_of(verb))
                return
            elif verb.tag == "Redirect":
                self._go((verb.text or "").strip(), {})
                return
        if not self.plays:
            self.end()

    def _sound(self, verb: ET.Element) -> str:
        return urljoin(self._address, (verb.text or "").strip())


@dataclass
class LivePhones:
    """Which call is at which number; one at a time, the newest."""

    calls: dict[str, LiveCall] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)

    def ring(self, live: LiveCall) -> None:
        """Let a telephone ring; somebody on the line hears nothing of a second call."""
        with self.lock:
            before = self.calls.get(live.call.to)
            if before is not None and before.state != "over":
                live.end("busy")
                return
            self.calls[live.call.to] = live

    def of(self, call: Call) -> LiveCall | None:
        """Return the call in somebody's hand, if it is."""
        with self.lock:
            live = self.calls.get(call.to)
            return live if live is not None and live.call is call else None

    def at(self, number: str) -> Heard:
        """Return the call at a number."""
        with self.lock:
            return self.calls[number].heard() if number in self.calls else Heard("over")

    def move(self, number: str, do: str, digit: str = "") -> Heard:
        """Do something with the call at a number: answer, decline, press, listened or hang_up."""
        with self.lock:
            live = self.calls.get(number)
            if live is None:
                return Heard("over")
            if do == "press":
                live.press(digit)
            elif do == "decline":
                live.end("busy" if live.state == "ringing" else "completed")
            elif do in ("answer", "listened"):
                (live.answer if do == "answer" else live.listened)()
            else:
                live.end()
            return live.heard()
