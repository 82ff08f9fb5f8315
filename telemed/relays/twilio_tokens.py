"""Twilio's relays: tokens of its Network Traversal Service; only the worker imports this, as it does the SDK.

Twilio learns how many tokens an account takes, and nothing about a call, a kiosk or a person.
"""

from datetime import datetime, timedelta
from typing import Any

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.rest import Client

from signaling.ice import provided_servers
from telemed.messages.port import OutcomeUnknown, TryLater
from telemed.messages.twilio import Rebased, refusal
from telemed.relays.source import Fetched

UNREADABLE = "unreadable-answer"
# A token that lasts less than this share of what was asked for would be old before it is used.
_SOUND = 0.75


class TwilioTokens:
    """Makes tokens through one account; one that gets lost on its way is simply never used."""

    def __init__(self, account_sid: str, auth_token: str, base_url: str = "", timeout: float = 10) -> None:
        client: Any = Client
        self._client = client(account_sid, auth_token, http_client=Rebased(base_url, timeout))

    def fetch(self, life: timedelta, now: datetime) -> Fetched:
        """Make one token; an answer without a single usable relay, or without a time, is a failure."""
        try:
            made = self._client.tokens.create(ttl=int(life.total_seconds()))
            servers = provided_servers(made.ice_servers)
            lasts = min(life, timedelta(seconds=int(made.ttl)))
        except (TwilioRestException, TwilioServiceException) as error:
            raise refusal(error) from None
        except requests.RequestException:
            raise TryLater("no-connection") from None
        except (TwilioException, ValueError, KeyError, TypeError, AttributeError, OverflowError):
            raise OutcomeUnknown(UNREADABLE) from None
        if lasts < life * _SOUND or not any("credential" in server for server in servers):
            raise OutcomeUnknown(UNREADABLE)
        # Counted from before the request: a slow answer is not taken for a longer life.
        return Fetched(now + lasts, servers)
