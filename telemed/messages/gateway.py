"""Any SMS gateway that is asked over HTTP, as its operator's file describes it."""

from typing import Any

import requests

from telemed.messages.callbacks import Callbacks
from telemed.messages.gateway_file import Gateway, at, code_kept, fill
from telemed.messages.port import (
    Accepted,
    CannotTell,
    Channel,
    Found,
    Lost,
    OutcomeUnknown,
    Outgoing,
    Refused,
    SendError,
    TryLater,
)

_TIMEOUT = 10
_LONGEST_SID = 64


class GatewayProvider:
    """Sends through one gateway; what it did not plainly answer is unknown."""

    name = "gateway"
    channel: Channel = "sms"

    def __init__(self, gateway: Gateway, secret: str, callbacks: Callbacks) -> None:
        self._gateway = gateway
        self._secret = secret
        self._callbacks = callbacks

    def send(self, outgoing: Outgoing) -> Accepted:
        """Hand one message over; its own words for an error stay out of tracebacks."""
        values = {
            "to": outgoing.to,
            "body": outgoing.body,
            "reference": str(outgoing.reference),
            "callback": self._callbacks.address("gateway/status", outgoing.reference),
            "secret": self._secret,
        }
        gateway = self._gateway
        fields = {name: fill(str(value), values) for name, value in gateway.fields.items()}
        try:
            answer = requests.request(
                gateway.method,
                fill(gateway.url, values),
                headers={name: fill(str(value), values) for name, value in gateway.headers.items()},
                timeout=_TIMEOUT,
                allow_redirects=False,
                **({"json": fields} if gateway.body == "json" else {"data": fields}),  # type: ignore[arg-type]  # one of two keywords
            )
        except requests.ConnectTimeout:
            raise TryLater("no-connection") from None
        except requests.RequestException as error:
            raise OutcomeUnknown(type(error).__name__) from None
        return self._read(answer)

    def find(self, lost: Lost) -> Found | None:
        """A gateway in general cannot be asked: what is unknown ends with a person."""
        raise CannotTell("this gateway cannot be asked")

    def _read(self, answer: requests.Response) -> Accepted:
        told = _json(answer)
        code = at(told, self._gateway.error) if self._gateway.error else ""
        if answer.status_code in self._gateway.ok and not code:
            sid = at(told, self._gateway.id)
            if not sid or len(sid) > _LONGEST_SID:
                raise OutcomeUnknown("no-id")
            return Accepted(sid)
        raise self._error(answer.status_code, code)

    def _error(self, status: int, code: str) -> SendError:
        word, kept = self._gateway.errors.get(code, ""), code_kept(code, self._gateway.errors)
        if status in (401, 403) or word == "sign-in":
            return TryLater("sign-in")
        if status == 429 or word == "throttled":
            return TryLater("throttled")
        if status >= 500 or (status in self._gateway.ok and not word):
            # An error inside a success that nobody has explained: it may have gone out all the same.
            return OutcomeUnknown((kept or f"http-{status}")[:40])
        return Refused((kept or f"http-{status}")[:40])


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
