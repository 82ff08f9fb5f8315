"""Who stands on our side of the simulated Twilio: a clock moved by hand, a desk for webhooks, the SDK."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from twilio.request_validator import RequestValidator
from twilio.rest import Client

from telemed.messages.callbacks import Callbacks
from telemed.messages.simulated_twilio.server import RunningTwilio
from telemed.messages.twilio import Rebased

ANNA, BORIS = "+359888000001", "+359888000002"
SENDER = "+15005550006"
CALLBACKS = Callbacks("https://telemed.example", b"k" * 32)
REPORTS = "https://telemed.example/sms/status/1"
START = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)


@dataclass
class Desk:
    """The domain's clock, moved by hand, and whoever answers our webhooks."""

    at: datetime = START
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    came: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def post(self, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str]:
        self.came.append((url, dict(fields), dict(headers)))
        return self.answers.get(url, (204, ""))

    def states(self) -> list[str]:
        return [fields["MessageStatus"] for _, fields, _ in self.came]


def client(running: RunningTwilio, timeout: float = 10) -> Any:
    make: Any = Client
    return make(
        running.provider.account, running.provider.token, http_client=Rebased(running.address, timeout)
    )


def send(sdk: Any, to: str = ANNA, body: str = "Утре 9:20", **fields: str) -> Any:
    return sdk.messages.create(to=to, from_=SENDER, body=body, status_callback=REPORTS, **fields)


def is_signed(webhook: tuple[str, dict[str, str], dict[str, str]], token: str = "token") -> bool:
    """Whether the real SDK believes that a webhook came from the holder of this token."""
    url, fields, headers = webhook
    make: Any = RequestValidator
    return bool(make(token).validate(url, fields, headers["X-Twilio-Signature"]))
