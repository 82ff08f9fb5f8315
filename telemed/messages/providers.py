"""Which provider carries the messages of this installation; a demo never gets a real one."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from telemed import database, deployment
from telemed.messages import handset
from telemed.messages.handset import HandsetProvider
from telemed.messages.port import SmsPort
from telemed.messages.twilio import TwilioProvider
from telemed.settings import Settings, SettingsError


class DemoSendsNothing(Exception):
    """A demo's numbers are invented and may belong to somebody: only the simulated handset is allowed."""


def make_provider(settings: Settings, engine: Engine, now: Callable[[], datetime]) -> SmsPort:
    """Return the provider the settings name; on a database that carries the demo mark only the handset."""
    with database.read(engine) as connection:
        demo = deployment.is_demo(connection)
    if settings.sms_provider == handset.NAME:
        return HandsetProvider(engine, now)
    if demo or settings.demo:
        raise DemoSendsNothing("This is a demo: set TELEMED_SMS_PROVIDER=handset or leave it out.")
    if settings.sms_provider == "twilio":
        return _twilio(settings)
    raise SettingsError(f"TELEMED_SMS_PROVIDER={settings.sms_provider!r}: known are handset and twilio.")


def _twilio(settings: Settings) -> TwilioProvider:
    needed = ("twilio_account_sid", "twilio_auth_token", "twilio_from")
    missing = [f"TELEMED_{name.upper()}" for name in needed if not getattr(settings, name)]
    if missing:
        raise SettingsError(f"TELEMED_SMS_PROVIDER=twilio also needs {', '.join(missing)}.")
    return TwilioProvider(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        settings.twilio_from,
        settings.public_origin,
        settings.twilio_api_url,
    )
