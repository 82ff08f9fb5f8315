"""Relay credentials are what coturn computes itself from the shared secret."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

from signaling import ice

UNTIL = datetime(2026, 3, 3, 13, 40, tzinfo=UTC)
URLS = [
    "stun:turn.example:3478",
    "turn:turn.example:3478?transport=udp",
    "turns:turn.example:443?transport=tcp",
]


def test_the_password_is_the_hmac_of_expiry_and_room() -> None:
    username, password = ice.credentials("room-a", "secret", UNTIL)
    assert username == f"{int(UNTIL.timestamp())}:room-a"
    assert base64.b64decode(password) == hmac.new(b"secret", username.encode(), hashlib.sha1).digest()


def test_two_rooms_never_share_credentials() -> None:
    assert ice.credentials("room-a", "secret", UNTIL) != ice.credentials("room-b", "secret", UNTIL)


def test_only_relays_get_credentials() -> None:
    plain, relay = ice.ice_servers("room-a", URLS, "secret", UNTIL)
    assert plain == {"urls": URLS[:1]}
    assert relay["urls"] == URLS[1:]
    assert relay["username"].endswith(":room-a")
    assert relay["credential"]


def test_relays_without_a_secret_are_left_out_and_nothing_is_no_server() -> None:
    assert ice.ice_servers("room-a", URLS, "", UNTIL) == [{"urls": URLS[:1]}]
    assert ice.ice_servers("room-a", [], "secret", UNTIL) == []
