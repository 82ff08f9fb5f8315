"""Whose relays carry the calls: what the settings must hold, said before anybody waits for a relay."""

from dataclasses import replace

import pytest

from telemed.messages.carrier import DemoSendsNothing
from telemed.relays.choice import refuse_unfit
from telemed.settings import Settings, SettingsError

HIRED = Settings(relays="twilio", twilio_account_sid="AC" + "0" * 32, twilio_auth_token="token")


def test_without_a_word_the_relays_are_our_own() -> None:
    assert Settings().relays == "coturn"
    refuse_unfit(Settings())


def test_twilios_need_the_account_and_nothing_else_of_twilio() -> None:
    refuse_unfit(HIRED)
    with pytest.raises(SettingsError, match="TELEMED_TWILIO_ACCOUNT_SID, TELEMED_TWILIO_AUTH_TOKEN"):
        refuse_unfit(Settings(relays="twilio"))
    with pytest.raises(SettingsError, match="is no account"):
        refuse_unfit(replace(HIRED, twilio_account_sid="mine"))


def test_a_word_that_nobody_knows_is_refused() -> None:
    with pytest.raises(SettingsError, match="known are coturn, twilio"):
        refuse_unfit(Settings(relays="Twilio"))


def test_a_demo_asks_nobody_outside() -> None:
    with pytest.raises(DemoSendsNothing):
        refuse_unfit(replace(HIRED, demo=True))
