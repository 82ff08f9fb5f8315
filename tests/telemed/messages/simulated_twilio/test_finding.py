"""The real SDK looks for a lost message in the simulated provider's list."""

from datetime import timedelta
from uuid import UUID

import pytest

from telemed.messages.port import CannotTell, Found, Lost, OutcomeUnknown, Outgoing
from telemed.messages.simulated_twilio.behaviour import Answering, Behaviour, ending
from telemed.messages.simulated_twilio.server import RunningTwilio
from telemed.messages.twilio import TwilioProvider
from tests.telemed.messages.simulated_twilio.desk import ANNA, BORIS, CALLBACKS, SENDER, START, Desk

REFERENCE = UUID("0197a1f0-6c3e-7d55-9a41-5b1c66f0d2aa")
TEXT = "Телемед: утре 9:20"
LOST = Lost(ANNA, TEXT, START - timedelta(minutes=5))


@pytest.fixture
def sender(running: RunningTwilio) -> TwilioProvider:
    return TwilioProvider(running.provider.account, "token", SENDER, CALLBACKS, running.address)


def lose(sender: TwilioProvider, running: RunningTwilio, behaviour: Behaviour, to: str = ANNA) -> str:
    running.provider.script.next(to, behaviour)
    with pytest.raises(OutcomeUnknown):
        sender.send(Outgoing(to, TEXT, REFERENCE))
    taken = running.provider.ledger.messages(to)
    return taken[-1].sid if taken else ""


def test_what_was_taken_without_a_word_is_found_by_number_and_text(
    sender: TwilioProvider, running: RunningTwilio, desk: Desk
) -> None:
    sid = lose(sender, running, Behaviour(Answering.FAILS_AFTER))
    lose(sender, running, Behaviour(Answering.FAILS_AFTER), BORIS)
    assert sender.find(LOST) == Found(sid, "accepted")
    desk.pass_by(5)
    assert sender.find(LOST) == Found(sid, "delivered")


def test_what_is_not_shown_yet_is_not_there_until_it_is(
    sender: TwilioProvider, running: RunningTwilio, desk: Desk
) -> None:
    sid = lose(sender, running, Behaviour(Answering.DROPS_AFTER, shown_after=90))
    desk.pass_by(89)
    assert sender.find(LOST) is None
    desk.pass_by(1)
    assert sender.find(LOST) == Found(sid, "delivered")


def test_a_message_that_failed_is_found_with_its_code(
    sender: TwilioProvider, running: RunningTwilio, desk: Desk
) -> None:
    sid = lose(sender, running, Behaviour(Answering.GARBLES_AFTER, reports=ending("undelivered", 30003)))
    desk.pass_by(5)
    assert sender.find(LOST) == Found(sid, "undelivered", "30003")


def test_what_was_never_taken_is_not_there(sender: TwilioProvider, running: RunningTwilio) -> None:
    lose(sender, running, Behaviour(Answering.FAILS_BEFORE))
    assert sender.find(LOST) is None


def test_another_text_another_time_and_a_message_we_know_are_not_it(
    sender: TwilioProvider, running: RunningTwilio
) -> None:
    sid = lose(sender, running, Behaviour(Answering.FAILS_AFTER))
    assert sender.find(Lost(ANNA, "Телемед: утре 9:40", LOST.since)) is None
    assert sender.find(Lost(ANNA, TEXT, START + timedelta(minutes=1))) is None
    assert sender.find(Lost(ANNA, TEXT, LOST.since, frozenset({sid}))) is None


def test_an_account_that_may_not_look_proves_nothing(running: RunningTwilio) -> None:
    stranger = TwilioProvider(running.provider.account, "wrong", SENDER, CALLBACKS, running.address)
    with pytest.raises(CannotTell):
        stranger.find(LOST)


def test_a_provider_that_is_not_there_proves_nothing(running: RunningTwilio) -> None:
    nowhere = TwilioProvider(running.provider.account, "token", SENDER, CALLBACKS, "http://127.0.0.1:9")
    with pytest.raises(CannotTell):
        nowhere.find(LOST)
