"""Which provider is built, and that a demo can never build a real one."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from scheduling.ids import uuid7
from telemed import database, deployment
from telemed.messages import carrier
from telemed.messages.carrier import DemoSendsNothing
from telemed.messages.handset import Handset, HandsetProvider
from telemed.messages.port import Outgoing
from telemed.messages.providers import make_carriers, make_provider
from telemed.messages.twilio import TwilioProvider
from telemed.settings import Settings, SettingsError
from tests.telemed.messages.world import NOW, PHONE


@pytest.fixture
def twilio(tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path,
        secret_key="s" * 64,
        carriers="twilio",
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_token="token",
        twilio_from="+15005550006",
    )


def test_a_real_installation_gets_the_provider_it_names(twilio: Settings, engine: Engine) -> None:
    assert isinstance(make_provider(twilio, engine, lambda: NOW), TwilioProvider)


def test_a_database_with_the_demo_mark_gets_only_the_handset(twilio: Settings, engine: Engine) -> None:
    with database.write(engine) as connection:
        deployment.mark_demo(connection, 7, NOW, NOW)
    for demo_mode in (False, True):
        with pytest.raises(DemoSendsNothing, match="handset"):
            make_provider(replace(twilio, demo=demo_mode), engine, lambda: NOW)
    handset = make_provider(replace(twilio, carriers="handset"), engine, lambda: NOW)
    assert isinstance(handset, HandsetProvider)


@pytest.mark.parametrize("address", ["", "https://api.twilio.com", "https://127.0.0.1.example"])
def test_a_demo_talks_to_a_twilio_on_this_machine_only(
    twilio: Settings, engine: Engine, address: str
) -> None:
    here = replace(twilio, demo=True, twilio_api_url="http://127.0.0.1:4010")
    assert isinstance(make_provider(here, engine, lambda: NOW), TwilioProvider)
    with pytest.raises(DemoSendsNothing):
        make_provider(replace(here, twilio_api_url=address), engine, lambda: NOW)


def test_without_a_word_the_countrys_order_holds_as_far_as_it_is_set_up(twilio: Settings) -> None:
    assert carrier.order(replace(twilio, carriers="")) == ("twilio",)
    assert carrier.order(replace(twilio, carriers="", twilio_from="")) == ("handset",)
    assert carrier.order(replace(twilio, carriers="", demo=True)) == ("handset",)


@pytest.mark.parametrize("costs", ["twilio", "twilio=much", "twilio=-1", "twilio=NaN", "pigeon=1"])
def test_costs_that_are_none_are_named(twilio: Settings, engine: Engine, costs: str) -> None:
    with pytest.raises(SettingsError, match="TELEMED_CARRIER_COSTS"):
        make_carriers(replace(twilio, carrier_costs=costs), engine, lambda: NOW)


def test_what_a_segment_costs_reaches_the_carriers(twilio: Settings, engine: Engine) -> None:
    every = make_carriers(replace(twilio, carrier_costs="twilio = 0.0745"), engine, lambda: NOW)
    assert every.price("twilio", "да") == (1, 74_500, "EUR")
    with pytest.raises(SettingsError, match="TELEMED_COST_CURRENCY"):
        make_carriers(replace(twilio, cost_currency="Lev"), engine, lambda: NOW)


def test_demo_mode_alone_is_enough_to_refuse(twilio: Settings, engine: Engine) -> None:
    with pytest.raises(DemoSendsNothing):
        make_provider(replace(twilio, demo=True), engine, lambda: NOW)


def test_an_unknown_provider_and_a_half_configured_one_are_named(twilio: Settings, engine: Engine) -> None:
    with pytest.raises(SettingsError, match="pigeon"):
        make_provider(replace(twilio, carriers="twilio,pigeon"), engine, lambda: NOW)
    with pytest.raises(SettingsError, match="TELEMED_TWILIO_AUTH_TOKEN"):
        make_provider(replace(twilio, twilio_auth_token=""), engine, lambda: NOW)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("twilio_account_sid", "SK" + "0" * 32),
        ("twilio_account_sid", "token"),
        ("twilio_from", "0888 123 456"),
    ],
)
def test_what_cannot_be_an_account_or_a_sender_is_named(
    twilio: Settings, engine: Engine, setting: str, value: str
) -> None:
    with pytest.raises(SettingsError, match=f"TELEMED_{setting.upper()}"):
        make_provider(replace(twilio, **{setting: value}), engine, lambda: NOW)  # type: ignore[arg-type]  # any text


@pytest.mark.both_databases
def test_the_handset_shows_a_message_once_however_often_it_is_handed_over(engine: Engine) -> None:
    provider = HandsetProvider(engine, lambda: NOW)
    sms = Outgoing(PHONE, "Здравейте", uuid7())
    assert provider.send(sms) == provider.send(sms)
    with database.read(engine) as connection:
        [bubble] = Handset(connection).conversation(PHONE)
    assert (bubble.incoming, bubble.body, bubble.segments) == (True, "Здравейте", 1)


def test_the_latest_telephone_comes_first_and_keeps_its_handle(engine: Engine) -> None:
    provider = HandsetProvider(engine, lambda: NOW)
    for number in ("+359888000001", "+359888000002"):
        provider.send(Outgoing(number, "text", uuid7()))
    with database.write(engine) as connection:
        handset = Handset(connection)
        first = handset.phones()
        handset.answer("+359888000001", "1", NOW + timedelta(minutes=1))
        then = handset.phones()
        assert [phone.number for phone in first] == ["+359888000002", "+359888000001"]
        assert [phone.number for phone in then] == ["+359888000001", "+359888000002"]
        assert then[0] == replace(first[1], messages=2)
        assert handset.number(then[0].handle) == "+359888000001"
        assert handset.number(uuid7()) is None
