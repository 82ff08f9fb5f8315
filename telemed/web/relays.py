"""Which relays a page may use now: of our own coturn, or a provider's from what lies ready for calls."""

import secrets
from datetime import datetime, timedelta

import structlog

from signaling import ice
from telemed.relays.choice import TWILIO
from telemed.services import Services
from telemed.settings import Settings

TRYING = timedelta(minutes=5)
TRIED = "try"
"""What stands for a call where a line is only tried: all who try share one of the provider's tokens."""

log = structlog.get_logger()


def of_call(services: Services, room: str, now_real: datetime, until: datetime) -> list[ice.IceServer]:
    """Return the relays of one call, the same for both its sides; they can be used until that moment."""
    return _provided(services, room, now_real) or _own(services.settings, room, until)


def of_trying(services: Services, now_real: datetime) -> list[ice.IceServer]:
    """Return the relays for trying a line."""
    room = f"{TRIED}-{secrets.token_hex(8)}"
    return _provided(services, TRIED, now_real) or _own(services.settings, room, now_real + TRYING)


def _provided(services: Services, room: str, now_real: datetime) -> list[ice.IceServer]:
    if services.settings.relays != TWILIO:
        return []
    servers = services.relay_tokens.of_room(room, now_real)
    if servers is None:
        log.warning("relays.none_ready", own=bool(services.settings.turn_urls))
    return servers or []


def _own(settings: Settings, room: str, until: datetime) -> list[ice.IceServer]:
    urls = [url.strip() for url in settings.turn_urls.split(",") if url.strip()]
    return ice.ice_servers(room, urls, settings.turn_secret, until)
