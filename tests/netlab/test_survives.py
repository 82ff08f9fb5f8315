"""A call outlives what breaks under it: the relay's death and return, and what both pages held before."""

import pytest

from tests.netlab.homes import selected_pair
from tests.netlab.lab import Lab


@pytest.mark.full
def test_a_relayed_call_comes_back_when_the_relay_does(lab: Lab) -> None:
    lab.network(router="symmetric", line="3g")
    call = lab.call()
    call.start()
    lab.relay.stop()
    for side in call.sides:
        side.turns("interrupted")
    lab.relay.start()
    call.talk()
    assert "relay" in selected_pair(call.kiosk)
    assert [side.connections() for side in call.sides] == [1, 1]
    call.end()


@pytest.mark.full
def test_before_the_doctor_admits_neither_learns_where_the_other_is(lab: Lab) -> None:
    lab.network(router="ordinary")
    call = lab.call("early&held")
    for side in call.sides:
        side.button("Start the call")
    for side in call.sides:
        side.turns("held")
        described = side.page.evaluate("window.peers.at(-1).remoteDescription.sdp")
        candidates = [line for line in described.splitlines() if line.startswith("a=candidate")]
        assert candidates
        assert all(" typ relay " in line for line in candidates)
    assert call.doctor.admits()
    call.talk()
    call.end()
