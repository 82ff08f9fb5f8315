"""What a page may do with the simulated telephones: answer a call, write an SMS, switch one off.

The exchange that understands it, and the small client by which the demo's pages ask it over the loopback.
"""

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

from telemed.messages.simulated_twilio.behaviour import Behaviour, ending
from telemed.messages.simulated_twilio.live import Heard
from telemed.messages.simulated_twilio.provider import SimulatedTwilio

_TIMEOUT = 10
# What the provider reports of a telephone that is switched off.
_OFF = Behaviour(reports=ending("undelivered", 30003), call_ends="no-answer")


def ask(provider: SimulatedTwilio, path: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """Do what a page asks for, and return what it shows then."""
    number = fields.get("Number", "")
    if path == "/phones/sms":
        status = provider.receive(fields["Url"], number, fields["To"], fields["Body"])
        return {"status": status}
    if path == "/phones/power":
        provider.script.always(number, Behaviour() if fields["On"] == "1" else _OFF)
    phones = provider.phones
    if phones is None:
        return Heard("over")._asdict()
    do = fields.get("Do", "")
    heard = phones.move(number, do, fields.get("Digit", "")) if do else phones.at(number)
    return {**heard._asdict(), "off": provider.script.is_set(number, _OFF)}


class Exchange:
    """The demo's telephone exchange, as its pages see it; one that is not there has no calls."""

    def __init__(self, address: str, account: str, token: str) -> None:
        self._address = address.rstrip("/")
        self._basic = base64.b64encode(f"{account}:{token}".encode()).decode()
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call_at(self, number: str) -> dict[str, Any]:
        """Return the call at a number."""
        return self._ask("call", {"Number": number})

    def move(self, number: str, do: str, digit: str) -> dict[str, Any]:
        """Answer, decline, press a key, hang up."""
        return self._ask("call", {"Number": number, "Do": do, "Digit": digit})

    def write(self, number: str, to: str, url: str, body: str) -> bool:
        """Send an SMS from a telephone to us; false when it did not arrive."""
        said = self._ask("sms", {"Number": number, "To": to, "Url": url, "Body": body})
        return said.get("status") == 200

    def switch(self, number: str, on: bool) -> None:
        """Switch a telephone on or off."""
        self._ask("power", {"Number": number, "On": "1" if on else "0"})

    def _ask(self, what: str, fields: dict[str, str]) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self._address}/phones/{what}",
            urlencode(fields).encode(),
            {"Authorization": f"Basic {self._basic}"},
        )
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as answer:
                said: dict[str, Any] = json.loads(answer.read())
        except (urllib.error.URLError, OSError, HTTPException, ValueError):
            return {**Heard("over")._asdict(), "off": False}
        return said
