"""Twilio as the carrier of SMS: the only module that imports its SDK, itself imported by the worker only."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from telemed.messages.callbacks import Callbacks
from telemed.messages.port import (
    Accepted,
    CannotTell,
    Channel,
    Found,
    Lost,
    OutcomeUnknown,
    Outgoing,
    Refused,
    TryLater,
)
from telemed.messages.twilio_states import STATES

_TIMEOUT = 10
# A reminder that could not be delivered within four hours helps nobody.
_VALIDITY_SECONDS = 4 * 3600
# More than this to one number within minutes is not ours to understand.
_MOST_LISTED = 200

# The SDK logs addresses and bodies of requests at INFO and DEBUG: these are personal data.
_silent = logging.getLogger("telemed.messages.twilio.sdk")
_silent.disabled = True


class Rebased(TwilioHttpClient):
    """The SDK's client, sent to another base address (a test server or a gateway)."""

    def __init__(self, base_url: str, timeout: float = _TIMEOUT) -> None:
        super().__init__(timeout=timeout, logger=_silent)
        self._base_url = base_url.rstrip("/")

    # The SDK's base class and its client name the second parameter differently.
    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:  # type: ignore[override]
        """Send the request, to our base address where one is set."""
        if self._base_url:
            parts = urlsplit(url)
            # The address of a list's next page carries its place in the query.
            url = self._base_url + parts.path + (f"?{parts.query}" if parts.query else "")
        return super().request(method, url, *args, **kwargs)


class TwilioProvider:
    """Sends through one account; never repeats a request whose outcome it does not know."""

    name = "twilio"
    channel: Channel = "sms"

    def __init__(
        self, account_sid: str, auth_token: str, sender: str, callbacks: Callbacks, base_url: str = ""
    ) -> None:
        client: Any = Client
        self._client = client(account_sid, auth_token, http_client=Rebased(base_url))
        self._sender = {"messaging_service_sid": sender} if sender.startswith("MG") else {"from_": sender}
        self._callbacks = callbacks

    def send(self, outgoing: Outgoing) -> Accepted:
        """Hand one message over."""
        return accepted(
            lambda: self._client.messages.create(
                to=outgoing.to,
                body=outgoing.body,
                status_callback=self._callbacks.address("sms/status", outgoing.reference),
                validity_period=_VALIDITY_SECONDS,
                **self._sender,
            )
        )

    def find(self, lost: Lost) -> Found | None:
        """Look through what went to this number; a trial account puts words of its own before ours."""
        try:
            listed = self._client.messages.list(
                to=lost.to, date_sent_after=lost.since, limit=_MOST_LISTED, page_size=_MOST_LISTED
            )
            ours = [each for each in listed if str(each.body).strip().endswith(lost.body.strip())]
            found = next((each for each in ours if each.sid not in lost.others), None)
            if found is None and len(listed) < _MOST_LISTED:
                return None
            if found is not None and str(found.status) in STATES:
                code = str(found.error_code or "") or None
                return Found(str(found.sid), STATES[str(found.status)], code)
        except (TwilioException, requests.RequestException, ValueError, KeyError, TypeError, AttributeError):
            raise CannotTell("no readable list") from None
        raise CannotTell("too many messages, or a state we do not know")


def accepted(create: Callable[[], Any]) -> Accepted:
    """Let the API make a message or a call, once; raises the errors of the port.

    `from None` keeps the number out of logged tracebacks.
    """
    try:
        made = create()
    except (TwilioRestException, TwilioServiceException) as error:
        raise refusal(error) from None
    except requests.ConnectTimeout:
        raise TryLater("no-connection") from None
    except requests.RequestException as error:
        raise OutcomeUnknown(type(error).__name__) from None
    except (TwilioException, ValueError, KeyError, TypeError):
        raise OutcomeUnknown("unreadable-answer") from None
    if not isinstance(made.sid, str) or not made.sid:
        raise OutcomeUnknown("no-sid")
    return Accepted(made.sid)


def refusal(error: TwilioRestException | TwilioServiceException) -> Refused | TryLater | OutcomeUnknown:
    """Return what an error of the API means for the request that met it."""
    status, code = error.status or 0, str(error.code or "")
    # Not processed in either case: too many requests, or an account that an operator has to put right.
    if status in (401, 403, 429):
        return TryLater(code or str(status))
    if 400 <= status < 500:
        return Refused(code or str(status))
    return OutcomeUnknown(f"http-{status}")
