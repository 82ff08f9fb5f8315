"""Which relays a browser may use: ours with short-lived credentials (TURN REST, an HMAC), or a provider's."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, NotRequired, TypedDict


class IceServer(TypedDict):
    """One entry of `RTCConfiguration.iceServers`."""

    urls: list[str]
    username: NotRequired[str]
    credential: NotRequired[str]


MOST_RELAYS = 3
"""So many addresses of relays are used: each further one makes every call slower to start."""

# RFC 7064 and 7065: a browser throws for anything else, and the whole call with it.
_STUN = re.compile(r"stuns?:(?P<host>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:(?P<port>[0-9]{1,5}))?")
_TURN = re.compile(_STUN.pattern.replace("stun", "turn", 1) + r"(\?transport=(udp|tcp))?")
# RFC 8489: a longer name is refused by browsers.
_LONGEST_NAME, _LONGEST_PASSWORD = 508, 512


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


class _Offered(NamedTuple):
    """One address a provider names, with what to sign in with; both empty for STUN."""

    url: str
    username: str = ""
    credential: str = ""


def provided_servers(rows: object) -> list[IceServer]:
    """Turn a provider's answer (rows of `urls` or `url`, `username`, `credential`) into what our pages take.

    One STUN server and at most `MOST_RELAYS` addresses of relays, in the provider's order. A row that a
    browser could not read is left out; an answer that is no list of rows gives nothing.
    """
    offered = dict.fromkeys(_offers(rows))
    plain = [each for each in offered if not each.credential][:1]
    relays = [each for each in offered if each.credential][:MOST_RELAYS]
    servers: list[IceServer] = [{"urls": [each.url]} for each in plain]
    for username, credential in dict.fromkeys((each.username, each.credential) for each in relays):
        urls = [each.url for each in relays if (each.username, each.credential) == (username, credential)]
        servers.append({"urls": urls, "username": username, "credential": credential})
    return servers


def _offers(rows: object) -> Iterator[_Offered]:
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, Mapping):
            continue
        name, word = row.get("username"), row.get("credential")
        signs_in = _is_text(name, _LONGEST_NAME) and _is_text(word, _LONGEST_PASSWORD)
        for url in _addresses(row):
            if _is_address(_STUN, url):
                yield _Offered(url)
            elif signs_in and _is_address(_TURN, url):
                yield _Offered(url, str(name), str(word))


def _addresses(row: Mapping[object, object]) -> list[str]:
    named = row.get("urls") or row.get("url")
    return [url for url in (named if isinstance(named, list) else [named]) if isinstance(url, str)]


def _is_address(kind: re.Pattern[str], url: str) -> bool:
    found = kind.fullmatch(url)
    return found is not None and 0 < int(found["port"] or 3478) < 65_536


def _is_text(given: object, longest: int) -> bool:
    return isinstance(given, str) and given.isprintable() and 0 < len(given.encode()) <= longest
