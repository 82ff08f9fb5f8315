"""The job that keeps tokens for a provider's relays ready; where the relays are our own there is none."""

from datetime import timedelta

from telemed import clock
from telemed.jobs import Job, one_at_a_time
from telemed.messages.circuits import Circuits
from telemed.relays.choice import TWILIO
from telemed.relays.filling import fill
from telemed.relays.source import Source
from telemed.relays.twilio_tokens import TwilioTokens
from telemed.services import Services
from telemed.settings import Settings

EVERY = timedelta(seconds=10)


def jobs(settings: Settings) -> dict[str, tuple[Job, timedelta]]:
    """Return the job of the relays that are in use."""
    if settings.relays != TWILIO:
        return {}
    account = (settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_api_url)
    return {"relays.refill": (one_at_a_time(refilling(TwilioTokens(*account))), EVERY)}


def refilling(source: Source) -> Job:
    """Make the job: security time, because what is counted are lives of credentials."""

    def run(services: Services) -> int:
        return fill(services.relay_tokens, source, Circuits(services.engine), clock.real_now)

    return run
