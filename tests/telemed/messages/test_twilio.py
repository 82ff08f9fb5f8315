"""Twilio's SDK against a small server of our own: what we send, and what each answer means."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qs
from uuid import UUID

import pytest
import requests

from telemed.messages.callbacks import Callbacks
from telemed.messages.port import Accepted, OutcomeUnknown, Outgoing, Refused, SendError, TryLater
from telemed.messages.twilio import TwilioProvider

ACCOUNT = "AC" + "0" * 32
CALLBACKS = Callbacks("https://telemed.example/", b"k" * 32)
SMS = Outgoing("+359888000001", "Телемед: днес 13:00", UUID("0197a1f0-6c3e-7d55-9a41-5b1c66f0d2aa"))


@dataclass
class FakeTwilio:
    """Answers what it is told to and remembers what it was asked."""

    status: int = 201
    body: str = json.dumps({"sid": "SM" + "a" * 32, "status": "queued"})
    hangs_up: bool = False
    requests: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    address: str = ""
    release: Event = field(default_factory=Event)


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    fake = FakeTwilio()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    fake.address = f"http://127.0.0.1:{server.server_port}"
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


def provider(twilio: FakeTwilio, sender: str = "+15005550006") -> TwilioProvider:
    return TwilioProvider(ACCOUNT, "token", sender, CALLBACKS, twilio.address)


def _handler(fake: FakeTwilio) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            fake.requests.append((self.path, parse_qs(body)))
            self.close_connection = True
            if fake.hangs_up:
                return
            self.send_response(fake.status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(fake.body.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler


def test_a_message_is_handed_over_with_our_reference_in_its_report_address(twilio: FakeTwilio) -> None:
    assert provider(twilio).send(SMS) == Accepted("SM" + "a" * 32)
    [(path, fields)] = twilio.requests
    assert path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert fields["To"] == [SMS.to]
    assert fields["Body"] == [SMS.body]
    assert fields["From"] == ["+15005550006"]
    [callback] = fields["StatusCallback"]
    before, token = callback.rsplit("/", 1)
    assert before == f"https://telemed.example/sms/status/{SMS.reference}"
    assert CALLBACKS.holds("sms/status", SMS.reference, token)
    assert fields["ValidityPeriod"] == ["14400"]


def test_a_messaging_service_sends_under_its_own_name(twilio: FakeTwilio) -> None:
    provider(twilio, "MG" + "0" * 32).send(SMS)
    [(_, fields)] = twilio.requests
    assert fields["MessagingServiceSid"] == ["MG" + "0" * 32]
    assert "From" not in fields


@pytest.mark.parametrize(
    ("status", "body", "expected", "reason"),
    [
        (400, '{"code": 21211, "message": "+359888000001 is not valid", "status": 400}', Refused, "21211"),
        (400, '{"code": 21610, "message": "opted out", "status": 400}', Refused, "21610"),
        (401, '{"code": 20003, "message": "Authenticate", "status": 401}', TryLater, "20003"),
        (429, '{"code": 20429, "message": "Too many", "status": 429}', TryLater, "20429"),
        (500, '{"code": 20500, "message": "Oops", "status": 500}', OutcomeUnknown, "http-500"),
        (503, "<html>down</html>", OutcomeUnknown, None),
        (201, "not json", OutcomeUnknown, None),
        (201, "{}", OutcomeUnknown, "no-sid"),
    ],
)
def test_what_each_answer_means(
    twilio: FakeTwilio, status: int, body: str, expected: type[SendError], reason: str | None
) -> None:
    twilio.status, twilio.body = status, body
    with pytest.raises(SendError) as refusal:
        provider(twilio).send(SMS)
    assert type(refusal.value) is expected
    assert reason is None or refusal.value.reason == reason
    assert len(twilio.requests) == 1


def test_a_connection_lost_after_sending_leaves_the_outcome_unknown(twilio: FakeTwilio) -> None:
    twilio.hangs_up = True
    with pytest.raises(OutcomeUnknown):
        provider(twilio).send(SMS)
    assert len(twilio.requests) == 1


@dataclass
class _Silent(requests.adapters.BaseAdapter):
    """A line on which the answer never comes."""

    error: type[requests.RequestException]

    def send(self, *args: object, **kwargs: object) -> requests.Response:
        assert kwargs["timeout"] == 10
        raise self.error("+359888000001")

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(
    ("error", "expected"),
    [(requests.ReadTimeout, OutcomeUnknown), (requests.ConnectTimeout, TryLater)],
)
def test_a_time_out_is_unknown_once_the_request_may_have_arrived(
    error: type[requests.RequestException], expected: type[SendError]
) -> None:
    sender = TwilioProvider(ACCOUNT, "token", "+15005550006", CALLBACKS)
    session: requests.Session = sender._client.http_client.session
    session.mount("https://", _Silent(error))
    with pytest.raises(expected) as refusal:
        sender.send(SMS)
    assert refusal.value.__cause__ is None
    assert SMS.to not in str(refusal.value)


def test_neither_numbers_nor_texts_reach_the_log(
    twilio: FakeTwilio, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    provider(twilio).send(SMS)
    assert "359888000001" not in caplog.text
    assert SMS.body not in caplog.text
