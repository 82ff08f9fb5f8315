"""Which provider carries the messages of this installation; a demo never gets a real one."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from telemed import database, deployment
from telemed.messages import carrier
from telemed.messages.handset import HandsetProvider
from telemed.messages.port import Port
from telemed.messages.twilio import TwilioProvider
from telemed.settings import Settings


def make_provider(settings: Settings, engine: Engine, now: Callable[[], datetime]) -> Port:
    """Return the provider the settings name; on a database that carries the demo mark only the handset."""
    with database.read(engine) as connection:
        demo = deployment.is_demo(connection)
    carrier.refuse_unfit(settings, demo)
    if settings.sms_provider == carrier.HANDSET:
        return HandsetProvider(engine, now)
    return TwilioProvider(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        settings.twilio_from,
        settings.public_origin,
        settings.twilio_api_url,
    )
