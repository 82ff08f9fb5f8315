"""Which relays a browser may use, with short-lived credentials (TURN REST: an HMAC of expiry and room)."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import NotRequired, TypedDict


class IceServer(TypedDict):
    """One entry of `RTCConfiguration.iceServers`."""

    urls: list[str]
    username: NotRequired[str]
    credential: NotRequired[str]


def credentials(room: str, secret: str, until: datetime) -> tuple[str, str]:
    """Return the user name and password coturn's `use-auth-secret` accepts until the given moment.

    The room is in the name because relays count allocations by what follows the expiry.
    """
    username = f"{int(until.timestamp())}:{room}"
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return username, base64.b64encode(digest).decode()


def ice_servers(room: str, urls: Sequence[str], secret: str, until: datetime) -> list[IceServer]:
    """List the servers for one room; without addresses the two browsers must reach each other directly."""
    plain = [url for url in urls if url.startswith(("stun:", "stuns:"))]
    relays = [url for url in urls if url.startswith(("turn:", "turns:"))]
    servers: list[IceServer] = []
    if plain:
        servers.append({"urls": plain})
    if relays and secret:
        username, password = credentials(room, secret, until)
        servers.append({"urls": relays, "username": username, "credential": password})
    return servers
