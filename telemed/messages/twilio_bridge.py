"""Twilio as the exchange that joins two telephones: it rings each, then asks our door where to bring it."""

from typing import Any

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.rest import Client

from telemed.messages.bridges import Leg
from telemed.messages.callbacks import Callbacks
from telemed.messages.port import Accepted, Found, Lost, OutcomeUnknown
from telemed.messages.twilio import Rebased, refusal
from telemed.messages.twilio_voice import find_call, place_call

# Twilio's word for a call that it no longer knows, and for one that is over already.
_GONE = (404, 400)


class TwilioBridge:
    """Rings through one account; Twilio learns two numbers and a random name, and nothing else."""

    def __init__(
        self, account_sid: str, auth_token: str, caller: str, callbacks: Callbacks, base_url: str = ""
    ) -> None:
        client: Any = Client
        self._client = client(account_sid, auth_token, http_client=Rebased(base_url))
        self._caller = caller
        self._callbacks = callbacks

    def ring(self, leg: Leg) -> Accepted:
        """Let one telephone ring; a machine at the doctor's is told apart, the kiosk's handset has none."""
        told_apart = {"machine_detection": "Enable"} if leg.who == "doctor" else {}
        return place_call(
            self._client,
            to=leg.phone,
            from_=self._caller,
            url=self._callbacks.address("voice/join", leg.id),
            status_callback=self._callbacks.address("voice/left", leg.id),
            **told_apart,
        )

    def find(self, lost: Lost) -> Found | None:
        """Look through the calls to this number."""
        return find_call(self._client, lost)

    def put_down(self, sid: str) -> None:
        """End a call; one that is over or unknown is left alone."""
        try:
            self._client.calls(sid).update(status="completed")
        except (TwilioRestException, TwilioServiceException) as error:
            if error.status not in _GONE:
                raise refusal(error) from None
        except (requests.RequestException, TwilioException, ValueError, KeyError, TypeError) as error:
            raise OutcomeUnknown(type(error).__name__) from None
