"""What happens on the line: TwiML is fetched and followed, somebody listens and may press digits."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from telemed.messages.simulated_twilio.ledger import Call

_MOST_DOCUMENTS = 20

# Address and further fields of the webhook (None: a sound file is fetched) → status and body.
Fetch = Callable[[str, dict[str, str] | None], tuple[int, str]]


class _HungUp(Exception):
    """Whoever listened put the line down."""


@dataclass
class _Line:
    call: Call
    fetch: Fetch
    address: str
    digits: list[str]
    documents: int = 0


class _Brought(Exception):
    """The call was brought into a conference; its name."""


def play(call: Call, fetch: Fetch) -> str | None:
    """Follow the call's TwiML to its end, or into the conference whose name is returned.

    What is heard goes into the call, one entry a verb.
    """
    given = call.fields.get("Twiml")
    line = _Line(call, fetch, call.fields.get("Url", ""), list(call.behaviour.presses))
    detected = {"AnsweredBy": call.behaviour.picks_up} if call.fields.get("MachineDetection") else {}
    try:
        if given:
            _follow(line, given)
        else:
            _go(line, line.address, detected)
    except _HungUp:
        call.heard.append("hangs up")
    except _Brought as brought:
        call.heard.append(f"conference: {brought}")
        return str(brought)
    return None


def _go(line: _Line, address: str, fields: dict[str, str]) -> None:
    line.documents += 1
    if line.documents > _MOST_DOCUMENTS:
        line.call.heard.append("error: too many documents")
        return
    line.address = urljoin(line.address, address)
    status, body = line.fetch(line.address, fields)
    if status != 200:
        line.call.heard.append(f"error: {status} from {line.address}")
        return
    _follow(line, body)


def _follow(line: _Line, twiml: str) -> None:
    try:
        verbs = list(ET.fromstring(twiml))
    except ET.ParseError:
        line.call.heard.append("error: 12100 document parse failure")
        return
    for verb in verbs:
        if verb.tag == "Gather" and _gather(line, verb):
            return
        if verb.tag == "Redirect":
            _go(line, (verb.text or "").strip(), {})
            return
        if verb.tag == "Hangup":
            return
        if verb.tag == "Dial":
            raise _Brought(conference_of(verb))
        if verb.tag in ("Say", "Play"):
            _hear(line, verb)


def conference_of(dial: ET.Element) -> str:
    """The conference that a Dial leads to; of what else it can do we use nothing."""
    found = dial.find("Conference")
    return "" if found is None else (found.text or "").strip()


def _gather(line: _Line, verb: ET.Element) -> bool:
    for inner in verb:
        _hear(line, inner)
    if not line.digits:
        return False
    pressed = line.digits.pop(0)[: int(verb.get("numDigits", "1"))]
    line.call.heard.append(f"press: {pressed}")
    _go(line, verb.get("action", ""), {"Digits": pressed})
    return True


def _hear(line: _Line, verb: ET.Element) -> None:
    if len(line.call.heard) == line.call.behaviour.hangs_up_after:
        raise _HungUp
    text = (verb.text or "").strip()
    if verb.tag == "Say":
        line.call.heard.append(f"say {verb.get('language', 'en-US')}: {text}")
    elif verb.tag == "Play":
        address = urljoin(line.address, text)
        line.call.heard.append(f"play {line.fetch(address, None)[0]}: {address}")
