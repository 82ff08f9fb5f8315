"""Twilio as the carrier of calls: it rings, then asks our door what to say; only the worker imports it."""

from typing import Any

import requests
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from telemed.messages.callbacks import Callbacks
from telemed.messages.port import (
    Accepted,
    CannotTell,
    Channel,
    Found,
    Lost,
    Outgoing,
)
from telemed.messages.twilio import Rebased, accepted
from telemed.messages.twilio_states import CALL_STATES

# Six times a ring of five seconds: an old person needs that long to the telephone.
_RINGS_SECONDS = 30
_MOST_LISTED = 50


class TwilioVoice:
    """Rings through one account; never repeats a call whose outcome it does not know."""

    name = "twilio_voice"
    channel: Channel = "voice"

    def __init__(
        self, account_sid: str, auth_token: str, caller: str, callbacks: Callbacks, base_url: str = ""
    ) -> None:
        client: Any = Client
        self._client = client(account_sid, auth_token, http_client=Rebased(base_url))
        self._caller = caller
        self._callbacks = callbacks

    def send(self, outgoing: Outgoing) -> Accepted:
        """Let it ring; a machine that answers is told apart, because it has not heard anything."""
        return place_call(
            self._client,
            to=outgoing.to,
            from_=self._caller,
            url=self._callbacks.address("voice/call", outgoing.reference),
            status_callback=self._callbacks.address("voice/status", outgoing.reference),
            machine_detection="Enable",
        )

    def find(self, lost: Lost) -> Found | None:
        """Look through the calls to this number; one that has rung has not told whether somebody heard it."""
        return find_call(self._client, lost)


def place_call(client: Any, **fields: str) -> Accepted:
    """Let a telephone ring, once; its end is reported. Raises the errors of the port."""
    return accepted(
        lambda: client.calls.create(
            method="POST",
            status_callback_event=["completed"],
            status_callback_method="POST",
            timeout=_RINGS_SECONDS,
            **fields,
        )
    )


def find_call(client: Any, lost: Lost) -> Found | None:
    """Look through the calls to a number for one that we do not know of."""
    try:
        listed = client.calls.list(
            to=lost.to, start_time_after=lost.since, limit=_MOST_LISTED, page_size=_MOST_LISTED
        )
        found = next((each for each in listed if str(each.sid) not in lost.others), None)
        if found is None and len(listed) < _MOST_LISTED:
            return None
        if found is not None and str(found.status) in CALL_STATES:
            return Found(str(found.sid), *CALL_STATES[str(found.status)])
    except (TwilioException, requests.RequestException, ValueError, KeyError, TypeError, AttributeError):
        raise CannotTell("no readable list") from None
    raise CannotTell("too many calls, or a state we do not know")
