"""Which carriers bring the messages of this installation; a demo never gets one that reaches anybody."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Engine

from telemed import database, deployment
from telemed.messages import carrier, gateway_file
from telemed.messages.callbacks import callbacks_of
from telemed.messages.carriers import Carriers
from telemed.messages.circuits import Circuits
from telemed.messages.gateway import GatewayProvider
from telemed.messages.handset import HandsetProvider
from telemed.messages.mailing import EmailProvider
from telemed.messages.modem import ModemProvider
from telemed.messages.port import Port
from telemed.messages.smpp import Operator, SmppProvider
from telemed.messages.twilio import TwilioProvider
from telemed.messages.twilio_bridge import TwilioBridge
from telemed.messages.twilio_voice import TwilioVoice
from telemed.settings import Settings

Now = Callable[[], datetime]


def make_carriers(settings: Settings, engine: Engine, now: Now) -> Carriers:
    """Return the carriers the settings name; on a database that carries the demo mark none that is real."""
    with database.read(engine) as connection:
        demo = deployment.is_demo(connection)
    carrier.refuse_unfit(settings, demo)
    order = [_MAKERS[name](settings, engine, now) for name in carrier.order(settings)]
    return Carriers(order, Circuits(engine), carrier.costs(settings), settings.cost_currency)


def make_exchange(settings: Settings) -> TwilioBridge | None:
    """Return who joins two telephones; None where nobody carries calls."""
    if carrier.TWILIO_VOICE not in carrier.order(settings):
        return None
    return TwilioBridge(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        settings.twilio_voice_from,
        callbacks_of(settings),
        settings.twilio_api_url,
    )


def make_provider(settings: Settings, engine: Engine, now: Now) -> Port:
    """Return the first carrier of SMS."""
    return make_carriers(settings, engine, now).of("sms")[0]


def _handset(_settings: Settings, engine: Engine, now: Now) -> Port:
    return HandsetProvider(engine, now)


def _twilio(settings: Settings, _engine: Engine, _now: Now) -> Port:
    return TwilioProvider(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        settings.twilio_from,
        callbacks_of(settings),
        settings.twilio_api_url,
    )


def _twilio_voice(settings: Settings, _engine: Engine, _now: Now) -> Port:
    return TwilioVoice(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        settings.twilio_voice_from,
        callbacks_of(settings),
        settings.twilio_api_url,
    )


def _gateway(settings: Settings, _engine: Engine, _now: Now) -> Port:
    described = gateway_file.read(Path(settings.gateway_file))
    return GatewayProvider(described, settings.gateway_secret, callbacks_of(settings))


def _smpp(settings: Settings, _engine: Engine, _now: Now) -> Port:
    server = urlsplit(f"//{settings.smpp_server}")
    account = (settings.smpp_user, settings.smpp_password, settings.smpp_sender, settings.smpp_tls)
    return SmppProvider(Operator(server.hostname or "", server.port or 0, *account))


def _modem(settings: Settings, _engine: Engine, _now: Now) -> Port:
    return ModemProvider(Path(settings.modem_spool))


def _email(settings: Settings, _engine: Engine, _now: Now) -> Port:
    return EmailProvider(carrier.mailbox(settings))


_MAKERS: dict[str, Callable[[Settings, Engine, Now], Port]] = {
    carrier.HANDSET: _handset,
    carrier.TWILIO: _twilio,
    carrier.TWILIO_VOICE: _twilio_voice,
    carrier.GATEWAY: _gateway,
    carrier.SMPP: _smpp,
    carrier.MODEM: _modem,
    carrier.EMAIL: _email,
}
