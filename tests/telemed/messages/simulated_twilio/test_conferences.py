"""The simulated Twilio joins calls in a conference; the first who goes ends it for all."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from telemed.messages.simulated_twilio.behaviour import Behaviour
from telemed.messages.simulated_twilio.live import LivePhones
from telemed.messages.simulated_twilio.provider import SimulatedTwilio
from tests.telemed.messages.simulated_twilio.desk import ANNA, BORIS, REPORTS, SENDER, Desk

TWIML = "https://telemed.example/voice/join"
JOINS = "<Response><Dial><Conference beep='false'>room-1</Conference></Dial></Response>"


@pytest.fixture
def both(sdk: Any, twilio: SimulatedTwilio, desk: Desk) -> list[str]:
    """Two calls that are brought into one conference, Anna's first."""
    desk.answers = {TWIML: (200, JOINS)}
    sids = [
        str(sdk.calls.create(to=to, from_=SENDER, url=TWIML, status_callback=REPORTS).sid)
        for to in (ANNA, BORIS)
    ]
    desk.pass_by(5)
    twilio.deliver()
    return sids


def ended(desk: Desk) -> list[tuple[str, str]]:
    return [(told["To"], told["CallStatus"]) for url, told, _ in desk.came if url == REPORTS]


def test_two_calls_talk_until_one_is_ended(
    sdk: Any, twilio: SimulatedTwilio, desk: Desk, both: list[str]
) -> None:
    assert [call.to for call in twilio.conferences.talked["room-1"]] == [ANNA, BORIS]
    assert [sdk.calls(sid).fetch().status for sid in both] == ["in-progress", "in-progress"]
    sdk.calls(both[1]).update(status="completed")
    assert sorted(ended(desk)) == [(ANNA, "completed"), (BORIS, "completed")]
    sdk.calls(both[0]).update(status="completed")
    assert len(ended(desk)) == 2


def test_somebody_puts_the_line_down_after_a_while(sdk: Any, twilio: SimulatedTwilio, desk: Desk) -> None:
    desk.answers = {TWIML: (200, JOINS)}
    twilio.script.next(ANNA, Behaviour(talks_for=60))
    sdk.calls.create(to=ANNA, from_=SENDER, url=TWIML, status_callback=REPORTS)
    desk.pass_by(5)
    twilio.deliver()
    assert ended(desk) == []
    desk.pass_by(60)
    twilio.deliver()
    assert ended(desk) == [(ANNA, "completed")]


def test_a_call_is_ended_before_it_rings(sdk: Any, twilio: SimulatedTwilio, desk: Desk) -> None:
    sid = sdk.calls.create(to=ANNA, from_=SENDER, url=TWIML, status_callback=REPORTS).sid
    sdk.calls(sid).update(status="completed")
    desk.pass_by(5)
    twilio.deliver()
    assert ended(desk) == [(ANNA, "canceled")]


def test_a_call_nobody_knows_cannot_be_ended(sdk: Any) -> None:
    with pytest.raises(TwilioRestException):
        sdk.calls("CA" + "f" * 32).update(status="completed")


def test_telephones_in_peoples_hands_talk_as_well(sdk: Any, twilio: SimulatedTwilio, desk: Desk) -> None:
    twilio.phones = LivePhones()
    desk.answers = {TWIML: (200, JOINS)}
    for to in (ANNA, BORIS):
        sdk.calls.create(to=to, from_=SENDER, url=TWIML, status_callback=REPORTS)
    desk.pass_by(5)
    twilio.deliver()
    assert [twilio.phones.move(to, "answer").state for to in (ANNA, BORIS)] == ["talking", "talking"]
    assert twilio.phones.move(ANNA, "listened").state == "talking"
    assert twilio.phones.move(ANNA, "hang_up").state == "over"
    assert twilio.phones.at(BORIS).state == "over"
