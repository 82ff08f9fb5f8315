"""Calls over villages' lines and through other people's networks, in real browsers."""

import pytest

from tests.netlab.homes import leaves_the_relay, selected_pair
from tests.netlab.lab import Lab
from tests.netlab.world import RELAY, SERVER, Firewall, Router

# Milliseconds in which what was sent before the line broke may still come in.
STILL_UNDER_WAY = 1_500
CASES = [
    pytest.param("ordinary", "open", False, {"udp"}, id="ordinary routers"),
    pytest.param("symmetric", "open", True, {"udp"}, id="routers that hide ports"),
    pytest.param("ordinary", "no_udp", True, {"tcp", "tls"}, id="no UDP"),
    pytest.param("ordinary", "only_443", True, {"tls"}, id="TCP 443 only"),
]


@pytest.mark.full
@pytest.mark.parametrize(("router", "firewall", "relayed", "protocols"), CASES)
def test_they_see_and_hear_each_other_through_it(
    lab: Lab, router: Router, firewall: Firewall, relayed: bool, protocols: set[str]
) -> None:
    lab.network(router, firewall, "3g")
    call = lab.call()
    call.start()
    if not relayed:
        # No address is told before the doctor admits: the call begins over the relay and leaves it then.
        leaves_the_relay(call.kiosk)
    own, protocol, other = selected_pair(call.kiosk)
    assert not relayed or "relay" in (own, other)
    assert protocol in protocols
    call.end()


@pytest.mark.full
def test_an_office_that_lets_out_nothing_but_its_proxy_is_called_through_it(lab: Lab) -> None:
    lab.network("ordinary", "only_proxy", "3g")
    with lab.kiosk_by_proxy() as proxy:
        call = lab.call()
        call.start()
        own, protocol, _other = selected_pair(call.kiosk)
        call.end()
    assert own == "relay"
    assert protocol in {"tcp", "tls"}
    assert f"{SERVER}:443" in proxy.tunnels
    assert {f"{RELAY}:443", f"{RELAY}:3478"} & set(proxy.tunnels)


@pytest.mark.full
def test_after_ten_seconds_without_a_line_they_hear_each_other_again(lab: Lab) -> None:
    lab.network(line="3g")
    call = lab.call()
    call.start()
    lab.world.lines["kiosk"].cut(10)
    call.kiosk.page.wait_for_timeout(10_000)
    call.talk()
    assert call.kiosk.connections() == 1
    call.end()


def test_the_call_comes_along_into_another_network(lab: Lab) -> None:
    """Routers that hide ports, so that nothing but the relay carries it, before and after."""
    lab.network("symmetric", line="3g")
    call = lab.call()
    call.start()
    lab.world.move("spare")
    call.kiosk.page.wait_for_timeout(STILL_UNDER_WAY)
    call.talk()
    own, _protocol, other = selected_pair(call.kiosk)
    assert "relay" in (own, other)
    assert call.kiosk.connections() == 1
    call.end()
