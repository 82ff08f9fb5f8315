"""The doors for trying the line: who may, what is handed on, and plain words when all places are taken."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from telemed.services import Services
from telemed.settings import Settings
from telemed.web.line_probe import ask_media
from tests import build
from tests.servers import free_port
from tests.telemed.conftest import Visitor
from tests.telemed.kiosk.conftest import Counter

DOOR = "/api/v1/line-probe"
OFFER = "v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"


class Media:
    """The media process as far as its HTTP goes; says what it is told to say and keeps what it was asked."""

    def __init__(self) -> None:
        self.says: tuple[int, object] = (200, {"sdp": "v=0 answer", "type": "answer"})
        self.asked: list[tuple[str | None, dict[str, Any]]] = []
        media = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                media.asked.append((self.headers["Authorization"], json.loads(body)))
                status, said = media.says
                self.send_response(status)
                if status == 503:
                    self.send_header("Retry-After", "7")
                self.end_headers()
                self.wfile.write(said if isinstance(said, bytes) else json.dumps(said).encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Door)


@pytest.fixture
def media() -> Iterator[Media]:
    media = Media()
    thread = threading.Thread(target=media.server.serve_forever, args=(0.01,))
    thread.start()
    yield media
    media.server.shutdown()
    thread.join()
    media.server.server_close()


@pytest.fixture
def settings(settings: Settings, media: Media) -> Settings:
    relays = "turn:relay.example:3478?transport=udp,turns:relay.example:443?transport=tcp"
    return replace(settings, media_port=media.server.server_port, turn_urls=relays, turn_secret="s" * 32)


def test_a_kiosk_asks_for_relays_and_then_with_its_offer(counter: Counter, media: Media) -> None:
    [relays] = counter.ask("POST", DOOR, {}).get_json()["ice"]
    assert [url.split(":")[0] for url in relays["urls"]] == ["turn", "turns"]
    assert relays["username"].split(":")[1].startswith("try-")
    assert media.asked == []
    assert counter.ask("POST", DOOR, {"sdp": OFFER}).get_json() == {"sdp": "v=0 answer", "type": "answer"}


def test_the_offer_is_handed_on_with_the_token_and_an_opaque_name(
    counter: Counter, media: Media, services: Services
) -> None:
    counter.ask("POST", DOOR, {"sdp": OFFER})
    [(shown, asked)] = media.asked
    assert shown == f"Bearer {services.settings.media_token()}"
    assert (asked["sdp"], asked["type"], len(asked["asker"])) == (OFFER, "offer", 32)
    assert str(counter.kiosk_id) not in str(asked)


def test_when_all_places_are_taken_it_is_said_when_to_come_again(counter: Counter, media: Media) -> None:
    media.says = 503, {"error": "all places are taken"}
    answer = counter.ask("POST", DOOR, {"sdp": OFFER})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")


@pytest.mark.parametrize("said", [(500, {}), (401, {}), (200, b"not json")])
def test_whatever_else_it_says_is_as_if_it_were_full(
    counter: Counter, media: Media, said: tuple[int, object]
) -> None:
    media.says = said
    assert counter.ask("POST", DOOR, {"sdp": OFFER}).status_code == 503


def test_without_a_media_process_it_is_as_if_it_were_full(settings: Settings) -> None:
    assert ask_media(replace(settings, media_port=free_port()), OFFER, "").status == 503


@pytest.mark.parametrize("body", [[], {"sdp": 7}, {"sdp": "v" * 30_000}])
def test_what_is_no_offer_is_not_handed_on(counter: Counter, media: Media, body: Any) -> None:
    assert counter.ask("POST", DOOR, body).status_code == 400
    assert media.asked == []


def test_what_the_media_process_cannot_read_is_said_to_be_so(counter: Counter, media: Media) -> None:
    media.says = 400, {"error": "not an offer"}
    assert counter.ask("POST", DOOR, {"sdp": OFFER}).status_code == 400


@pytest.mark.parametrize(("minutes", "status"), [(29, 204), (31, 200)])
def test_a_kiosk_by_itself_tries_at_most_every_half_hour(counter: Counter, minutes: int, status: int) -> None:
    at = (build.NOW - timedelta(minutes=minutes)).isoformat()
    counter.ask("POST", "/api/v1/line-readings", {"readings": [{"at": at, "up_kbps": 100}]})
    assert counter.ask("POST", DOOR, {"by_itself": True}).status_code == status
    assert counter.ask("POST", DOOR, {}).status_code == 200


def test_the_page_at_the_kiosk_carries_what_visits_need(counter: Counter) -> None:
    page = counter.browser.get("/kiosk/try?lang=en").text
    assert "Try camera, sound and line" in page
    assert "&#34;kbps&#34;: 400" in page


def test_a_stranger_tries_nothing(client: Visitor) -> None:
    assert client.post(DOOR, json={}).status_code == 401
    assert client.get("/kiosk/try").status_code in (303, 401)
