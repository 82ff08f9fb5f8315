"""The worker's part in calls by telephone: what is to ring is rung, and what is over is put down."""

from datetime import timedelta

from telemed.jobs import Job, one_at_a_time
from telemed.messages.bridges import Bridges
from telemed.messages.bridging import Exchange, ring_due
from telemed.messages.providers import make_exchange
from telemed.records.access_log import Reader
from telemed.services import Services
from telemed.settings import Settings

RINGING = Reader(kind="job", id="worker", facility_id=None, name="Telemed", purpose="joining two telephones")
# Somebody sits there and waits for it to ring.
_SOON = timedelta(seconds=2)


def jobs(settings: Settings) -> dict[str, tuple[Job, timedelta]]:
    """Return the job that rings; none where nobody carries calls."""
    exchange = make_exchange(settings)
    if exchange is None:
        return {}
    every = min(timedelta(seconds=settings.tick_seconds), _SOON)
    return {"phones.ring": (one_at_a_time(ringing(exchange)), every)}


def ringing(exchange: Exchange) -> Job:
    """Make the job of an exchange."""

    def run(services: Services) -> int:
        with services.view() as view:
            busy = Bridges(view.connection).busy()
        # Nothing is written while no telephone is about to ring.
        return 0 if not busy else ring_due(lambda: services.unit(RINGING), exchange)

    return run
