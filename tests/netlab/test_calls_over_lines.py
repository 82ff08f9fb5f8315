"""Calls over villages' lines and through other people's networks, in real browsers."""

import pytest

from tests.netlab.homes import selected_pair
from tests.netlab.lab import Lab
from tests.netlab.world import Firewall, Router

CASES = [
    pytest.param("ordinary", "open", ("srflx", "prflx"), id="ordinary routers", marks=pytest.mark.full),
    pytest.param("symmetric", "open", ("relay",), id="routers that hide ports"),
    pytest.param("ordinary", "no_udp", ("relay",), id="no UDP", marks=pytest.mark.full),
    pytest.param("ordinary", "only_443", ("relay",), id="TCP 443 only", marks=pytest.mark.full),
]


@pytest.mark.parametrize(("router", "firewall", "kinds"), CASES)
def test_they_see_and_hear_each_other_through_it(
    lab: Lab, router: Router, firewall: Firewall, kinds: tuple[str, ...]
) -> None:
    lab.network(router=router)
    call = lab.call()
    lab.network(router=router, kiosk=firewall, line="3g")
    call.start()
    own, _protocol, other = selected_pair(call.kiosk)
    assert own in kinds or other in kinds
    call.end()
