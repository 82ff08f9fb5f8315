"""The simulated Twilio rings: TwiML is fetched and followed, somebody listens and presses."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from telemed.messages.simulated_twilio.behaviour import Behaviour
from telemed.messages.simulated_twilio.provider import SimulatedTwilio
from tests.telemed.messages.simulated_twilio.desk import ANNA, REPORTS, SENDER, Desk, is_signed

TWIML = "https://telemed.example/voice/1"
ASKS = """<Response><Gather numDigits="1" action="/voice/1/answer"><Say language="bg-BG">Утре</Say>
<Play>/sound.wav</Play></Gather><Say>Довиждане</Say></Response>"""


def ring(sdk: Any, to: str = ANNA) -> Any:
    events = ["initiated", "ringing", "answered", "completed"]
    return sdk.calls.create(
        to=to, from_=SENDER, url=TWIML, status_callback=REPORTS, status_callback_event=events
    )


def test_a_call_fetches_what_to_say_and_presses_a_digit(
    sdk: Any, twilio: SimulatedTwilio, desk: Desk
) -> None:
    desk.answers = {
        TWIML: (200, ASKS),
        f"{TWIML}/answer": (200, "<Response><Say>Благодаря</Say><Hangup/></Response>"),
        "https://telemed.example/sound.wav": (200, ""),
    }
    twilio.script.always(ANNA, Behaviour(presses="1"))
    sid = ring(sdk).sid
    desk.pass_by(5)
    twilio.deliver()
    [call] = twilio.ledger.calls(ANNA)
    assert call.heard == [
        "say bg-BG: Утре",
        "play 200: https://telemed.example/sound.wav",
        "press: 1",
        "say en-US: Благодаря",
    ]
    answer = next(fields for url, fields, _ in desk.came if url.endswith("/answer"))
    assert (answer["Digits"], answer["CallSid"]) == ("1", sid)
    assert sdk.calls(sid).fetch().status == "completed"
    events = [fields["CallStatus"] for url, fields, _ in desk.came if url == REPORTS]
    assert events == ["initiated", "ringing", "in-progress", "completed"]
    assert all(map(is_signed, desk.came))


def test_who_presses_nothing_hears_the_rest(sdk: Any, twilio: SimulatedTwilio, desk: Desk) -> None:
    desk.answers = {TWIML: (200, ASKS)}
    ring(sdk)
    desk.pass_by(5)
    twilio.deliver()
    assert twilio.ledger.calls()[0].heard[-1] == "say en-US: Довиждане"


@pytest.mark.parametrize("ending", ["busy", "no-answer", "failed"])
def test_a_call_that_nobody_takes_ends_so(sdk: Any, twilio: SimulatedTwilio, desk: Desk, ending: str) -> None:
    twilio.script.next(ANNA, Behaviour(call_ends=ending))
    ring(sdk)
    desk.pass_by(5)
    twilio.deliver()
    assert [fields["CallStatus"] for _, fields, _ in desk.came] == ["initiated", "ringing", ending]
    assert twilio.ledger.calls()[0].heard == []


@pytest.mark.parametrize(
    ("answer", "heard"),
    [((500, ""), f"error: 500 from {TWIML}"), ((200, "<Resp"), "error: 12100 document parse failure")],
)
def test_a_call_whose_words_cannot_be_had_says_so_in_the_ledger(
    sdk: Any, twilio: SimulatedTwilio, desk: Desk, answer: tuple[int, str], heard: str
) -> None:
    desk.answers = {TWIML: answer}
    ring(sdk)
    desk.pass_by(5)
    twilio.deliver()
    assert twilio.ledger.calls()[0].heard == [heard]


def test_words_that_lead_in_a_circle_end(sdk: Any, twilio: SimulatedTwilio, desk: Desk) -> None:
    desk.answers = {TWIML: (200, f"<Response><Redirect>{TWIML}</Redirect></Response>")}
    ring(sdk)
    desk.pass_by(5)
    twilio.deliver()
    assert twilio.ledger.calls()[0].heard == ["error: too many documents"]


@pytest.mark.parametrize(
    ("to", "code"),
    [("+15005550001", 21217), ("+15005550002", 21214), ("+15005550003", 21215), ("+15005550004", 21216)],
)
def test_the_documented_numbers_cannot_be_rung(sdk: Any, to: str, code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        ring(sdk, to)
    assert refused.value.code == code
