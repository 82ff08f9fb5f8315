"""The addresses under which carriers tell us about one message: each carries a token that nobody can guess.

A carrier's signature says who calls; the token says that the call is about this message: a signature of
another message, or one made with a leaked account, does not open it. Nothing is stored: it is an HMAC.
"""

import base64
import hashlib
import hmac
from typing import Literal
from uuid import UUID

from telemed.settings import Settings

Door = Literal[
    "sms/status",
    "voice/call",
    "voice/answer",
    "voice/status",
    "voice/join",
    "voice/left",
    "gateway/status",
]
_LENGTH = 16


def callbacks_of(settings: Settings) -> "Callbacks":
    """Return the addresses at which carriers reach this installation."""
    return Callbacks(settings.public_origin, settings.key("callbacks"))


class Callbacks:
    """Makes and checks the addresses of this installation."""

    def __init__(self, origin: str, key: bytes) -> None:
        self._origin = origin.rstrip("/")
        self._key = key

    def address(self, door: Door, message_id: UUID) -> str:
        """Return the address of a door for one message."""
        return f"{self._origin}/{door}/{message_id}/{self.token(door, message_id)}"

    def inbound(self, carrier: str) -> str:
        """Return the address at which a carrier without signatures hands in what people write."""
        return f"{self._origin}/{carrier}/inbound/{self._mac(f'{carrier}/inbound')}"

    def token(self, door: Door, message_id: UUID) -> str:
        """Return the token of one message at one door; at another door it is worth nothing."""
        return self._mac(f"{door}/{message_id}")

    def holds(self, door: Door, message_id: UUID, token: str) -> bool:
        """Tell whether this is the message's token, in a time that does not depend on it."""
        return hmac.compare_digest(self.token(door, message_id).encode(), token.encode())

    def is_inbound(self, carrier: str, token: str) -> bool:
        """Tell whether this is the token of a carrier's door for what people write."""
        return hmac.compare_digest(self._mac(f"{carrier}/inbound").encode(), token.encode())

    def _mac(self, of: str) -> str:
        made = hmac.new(self._key, of.encode(), hashlib.sha256).digest()[:_LENGTH]
        return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
