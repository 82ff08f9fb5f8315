"""What the simulated Twilio tells us: reports in every order, and what people write to it."""

import time
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from telemed.messages.simulated_twilio import behaviour as behaviours
from telemed.messages.simulated_twilio.behaviour import Behaviour, Report
from telemed.messages.simulated_twilio.provider import SimulatedTwilio
from telemed.messages.simulated_twilio.server import serve
from telemed.messages.simulated_twilio.webhooks import post_over_http
from tests.telemed.messages.simulated_twilio.desk import (
    ANNA,
    BORIS,
    REPORTS,
    SENDER,
    START,
    Desk,
    client,
    is_signed,
    send,
)

# What it reports


def test_reports_come_at_their_moment_signed_as_the_real_ones(
    sdk: Any, twilio: SimulatedTwilio, desk: Desk
) -> None:
    sid = send(sdk).sid
    assert twilio.deliver() == 0
    desk.pass_by(60)
    assert twilio.deliver() == 2
    assert desk.states() == ["sent", "delivered"]
    for webhook in desk.came:
        url, fields, _ = webhook
        assert (url, fields["MessageSid"], fields["To"]) == (REPORTS, sid, ANNA)
        assert is_signed(webhook)
        assert not is_signed(webhook, token="other")


@pytest.mark.parametrize(
    ("reports", "states"),
    [
        (behaviours.REORDERED, ["delivered", "sent", "queued"]),
        (behaviours.REPEATED, ["sent", "sent", "delivered", "delivered"]),
        (behaviours.SILENT, []),
        (behaviours.ending("undelivered", 30003), ["sent", "undelivered"]),
    ],
)
def test_reports_may_be_late_disordered_repeated_or_missing(
    sdk: Any, twilio: SimulatedTwilio, desk: Desk, reports: tuple[Report, ...], states: list[str]
) -> None:
    twilio.script.next(ANNA, Behaviour(reports=reports))
    send(sdk)
    desk.pass_by(600)
    twilio.deliver()
    assert desk.states() == states


def test_a_message_that_does_not_arrive_says_why(sdk: Any, twilio: SimulatedTwilio, desk: Desk) -> None:
    twilio.script.next(ANNA, Behaviour(reports=behaviours.ending("failed", 30006)))
    sid = send(sdk).sid
    desk.pass_by(10)
    twilio.deliver()
    assert desk.came[-1][1]["ErrorCode"] == "30006"
    assert sdk.messages(sid).fetch().error_code == 30006


def test_reports_go_out_by_themselves_over_a_real_socket_and_meet_nobody() -> None:
    desk = Desk(at=START)
    provider = SimulatedTwilio(desk.now, post=post_over_http("http://127.0.0.1:9"))
    with serve(provider) as running:
        send(client(running))
        desk.pass_by(10)
        until = time.monotonic() + 30
        while len(provider.ledger.told()) < 2:
            assert time.monotonic() < until
            time.sleep(0.01)
    assert [each.status for each in provider.ledger.told()] == [0, 0]


# What people write to it


def test_an_answer_is_brought_to_us_signed(twilio: SimulatedTwilio, desk: Desk) -> None:
    assert twilio.receive("https://telemed.example/sms/inbound", ANNA, SENDER, "да", "SM" + "a" * 32) == 204
    [(_, fields, _)] = desk.came
    assert (fields["From"], fields["To"], fields["Body"]) == (ANNA, SENDER, "да")
    assert is_signed(desk.came[0])


def test_whoever_writes_stop_is_not_written_to_until_they_write_start(
    sdk: Any, twilio: SimulatedTwilio
) -> None:
    twilio.receive("https://telemed.example/sms/inbound", ANNA, SENDER, " Stop ")
    with pytest.raises(TwilioRestException) as refused:
        send(sdk)
    assert refused.value.code == 21610
    assert send(sdk, BORIS).sid
    twilio.receive("https://telemed.example/sms/inbound", ANNA, SENDER, "START")
    assert send(sdk).sid
