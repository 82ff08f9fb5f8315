"""Which relays the two pages of a call get, and a line that is tried: ours, or a provider's."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import structlog

from signaling import passes
from signaling.ice import IceServer
from telemed import clock
from telemed.relays import stock
from telemed.relays.source import Fetched
from telemed.services import Services
from telemed.settings import Settings
from telemed.web import calls
from telemed.web.relays import of_trying

NOW = clock.real_now()
OURS = "turn:relay.example:3478?transport=udp"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, relays="twilio", turn_urls=OURS, turn_secret="s" * 32)


def lay_ready(services: Services, *names: str) -> None:
    for name in names:
        relay: IceServer = {
            "urls": ["turn:theirs.example"],
            "username": name,
            "credential": f"secret of {name}",
        }
        services.relay_tokens.add(Fetched(NOW + stock.LIFE, [relay]), NOW)


def issue(
    services: Services, role: passes.Role, room: str = "room-a", after: timedelta = timedelta(0)
) -> Any:
    given = calls.issue_pass(
        services, room=room, role=role, session="one", nonce_hash=passes.hashed("nonce"), now_real=NOW + after
    )
    return given["ice"]


def test_both_sides_of_a_call_and_a_page_loaded_anew_use_one_token(services: Services) -> None:
    lay_ready(services, "first", "second")
    roles: tuple[passes.Role, passes.Role] = ("patient", "practitioner")
    given = [
        issue(services, role, after=after) for role in roles for after in (timedelta(0), timedelta(hours=2))
    ]
    assert given == [given[0]] * 4
    assert issue(services, "patient", "room-b") != given[0]


def test_without_a_token_the_call_goes_over_our_own_relays_and_the_operator_can_read_it(
    services: Services,
) -> None:
    with structlog.testing.capture_logs() as logs:
        [server] = issue(services, "patient")
    assert (server["urls"], server["username"].split(":")[1]) == ([OURS], "room-a")
    assert logs == [{"event": "relays.none_ready", "own": True, "log_level": "warning"}]


def test_with_neither_the_two_pages_must_reach_each_other_directly(services: Services) -> None:
    without = replace(services, settings=replace(services.settings, turn_urls="", turn_secret=""))
    assert issue(without, "patient") == []


def test_our_own_relays_need_no_token(services: Services) -> None:
    lay_ready(services, "first")
    own = replace(services, settings=replace(services.settings, relays="coturn"))
    [server] = issue(own, "patient")
    assert server["urls"] == [OURS]
    assert services.relay_tokens.count(NOW).lately == 0


def test_all_who_try_their_lines_share_one_token(services: Services) -> None:
    lay_ready(services, "first", "second")
    tried = [of_trying(services, NOW + after) for after in (timedelta(0), timedelta(hours=3))]
    assert tried == [tried[0]] * 2
    assert issue(services, "patient") != tried[0]
