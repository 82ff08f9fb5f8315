"""Any HTTP gateway by its description: what it is asked, what each answer means, what it may not be."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs
from uuid import UUID

import pytest

from telemed.messages.callbacks import Callbacks
from telemed.messages.gateway import GatewayProvider
from telemed.messages.gateway_file import at, read
from telemed.messages.port import (
    Accepted,
    CannotTell,
    Lost,
    OutcomeUnknown,
    Outgoing,
    Refused,
    SendError,
    TryLater,
)
from telemed.settings import SettingsError
from tests.build import NOW

CALLBACKS = Callbacks("https://telemed.example", b"k" * 32)
SMS = Outgoing("+359888000001", 'Телемед: „утре" {secret}', UUID("0197a1f0-6c3e-7d55-9a41-5b1c66f0d2aa"))
DESCRIBED = """
[request]
url = "{address}/send"
body = "{form}"
[request.headers]
Authorization = "Bearer {{secret}}"
[request.fields]
msisdn = "{{to}}"
text = "{{body}}"
dlr = "{{callback}}"
ref = "{{reference}}"
[answer]
ok = [200]
id = "messages.0.id"
error = "error.code"
[answer.errors]
BAD_NUMBER = "invalid-number"
SLOW_DOWN = "throttled"
NO_CREDIT = "sign-in"
"""


@dataclass
class FakeGateway:
    """Answers as it is told, or takes the message and hangs up."""

    status: int = 200
    body: str = '{"messages": [{"id": "g-1"}]}'
    hangs_up: bool = False
    asked: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    fake = FakeGateway()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    fake.address = f"http://127.0.0.1:{server.server_port}"
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


def _handler(fake: FakeGateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            fake.asked.append((self.path, dict(self.headers), body))
            self.close_connection = True
            if fake.hangs_up:
                return
            self.send_response(fake.status)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            self.wfile.write(fake.body.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler


def described(folder: Path, text: str) -> Path:
    path = folder / "gateway.toml"
    path.write_text(text, "utf-8")
    return path


def provider(gateway: FakeGateway, folder: Path, form: str = "json") -> GatewayProvider:
    text = DESCRIBED.format(address=gateway.address, form=form)
    return GatewayProvider(read(described(folder, text)), "s3cret", CALLBACKS)


@pytest.mark.parametrize("form", ["json", "form"])
def test_a_message_is_handed_over_as_described(gateway: FakeGateway, tmp_path: Path, form: str) -> None:
    assert provider(gateway, tmp_path, form).send(SMS) == Accepted("g-1")
    [(path, headers, body)] = gateway.asked
    said = json.loads(body) if form == "json" else {name: each[0] for name, each in parse_qs(body).items()}
    assert path == "/send"
    assert headers["Authorization"] == "Bearer s3cret"
    # What a person or a place is called is never taken for a place of the template.
    assert (said["msisdn"], said["text"], said["ref"]) == (SMS.to, SMS.body, str(SMS.reference))
    assert said["dlr"] == CALLBACKS.address("gateway/status", SMS.reference)


@pytest.mark.parametrize(
    ("status", "body", "expected", "reason"),
    [
        (400, '{"error": {"code": "BAD_NUMBER"}}', Refused, "invalid-number"),
        (422, '{"error": {"code": "ODD"}}', Refused, "ODD"),
        (404, "<html>", Refused, "http-404"),
        (200, '{"error": {"code": "BAD_NUMBER"}}', Refused, "invalid-number"),
        (200, '{"error": {"code": "SLOW_DOWN"}}', TryLater, "throttled"),
        (200, '{"error": {"code": "NO_CREDIT"}}', TryLater, "sign-in"),
        (429, "", TryLater, "throttled"),
        (401, "", TryLater, "sign-in"),
        (200, '{"error": {"code": "WHAT"}}', OutcomeUnknown, "WHAT"),
        (200, "<html>\ufffd", OutcomeUnknown, "no-id"),
        (200, '{"messages": []}', OutcomeUnknown, "no-id"),
        (200, '{"messages": [{"id": {"x": 1}}]}', OutcomeUnknown, "no-id"),
        (500, "", OutcomeUnknown, "http-500"),
        (503, '{"error": {"code": "ODD"}}', OutcomeUnknown, "ODD"),
    ],
)
def test_what_each_answer_means(
    gateway: FakeGateway, tmp_path: Path, status: int, body: str, expected: type[SendError], reason: str
) -> None:
    gateway.status, gateway.body = status, body
    with pytest.raises(SendError) as refused:
        provider(gateway, tmp_path).send(SMS)
    assert (type(refused.value), refused.value.reason) == (expected, reason)
    assert len(gateway.asked) == 1


def test_a_line_that_ends_after_the_request_leaves_the_outcome_unknown(
    gateway: FakeGateway, tmp_path: Path
) -> None:
    gateway.hangs_up = True
    with pytest.raises(OutcomeUnknown):
        provider(gateway, tmp_path).send(SMS)
    assert len(gateway.asked) == 1


def test_a_gateway_is_not_followed_to_another_address(gateway: FakeGateway, tmp_path: Path) -> None:
    gateway.status = 307
    with pytest.raises(Refused):
        provider(gateway, tmp_path).send(SMS)
    assert len(gateway.asked) == 1


def test_a_gateway_cannot_be_asked_what_became_of_a_message(gateway: FakeGateway, tmp_path: Path) -> None:
    with pytest.raises(CannotTell):
        provider(gateway, tmp_path).find(Lost(SMS.to, SMS.body, NOW))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("http://127.0.0.1:9", "http://sms.example"), "https"),
        (("/send", "/send?to={{to}}"), "no person"),
        (("{{to}}", "me"), "{to}"),
        (("{{callback}}", "{{call_back}}"), "call_back"),
        (('"json"', '"xml"'), "json or form"),
        (("[request]", "[request"), "cannot be read"),
        (("[request.fields]", "[other]"), "cannot be read"),
    ],
)
def test_a_description_that_cannot_work_is_refused_at_start(
    tmp_path: Path, change: tuple[str, str], named: str
) -> None:
    text = DESCRIBED.replace("{form}", "json").replace("{address}", "http://127.0.0.1:9")
    path = described(tmp_path, text.replace(*change).replace("{{", "{").replace("}}", "}"))
    with pytest.raises(SettingsError, match="TELEMED_GATEWAY_FILE") as refused:
        read(path)
    assert named in str(refused.value)


@pytest.mark.parametrize(
    ("told", "path", "found"),
    [
        ({"a": [{"b": 7}]}, "a.0.b", "7"),
        ({"a": True}, "a", ""),
        ({"a": None}, "a", ""),
        ([], "0", ""),
        (None, "a", ""),
    ],
)
def test_what_stands_at_a_path(told: object, path: str, found: str) -> None:
    assert at(told, path) == found
