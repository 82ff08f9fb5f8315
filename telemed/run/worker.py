"""The worker process: Celery's worker and beat, and the jobs they tick."""

from datetime import timedelta

from telemed import services as wiring
from telemed.jobs import Job, make_celery, register
from telemed.messages.sending import send_due
from telemed.messages.providers import make_provider
from telemed.records.access_log import Reader
from telemed.services import Services
from telemed.settings import Settings
from telemed.visits import housekeeping

WORKER = Reader(kind="job", id="worker", facility_id=None, name="worker", purpose="sending messages")


def main(settings: Settings) -> None:
    """Run the worker and its beat until the process is told to stop."""
    services = wiring.build(settings)
    celery = make_celery(settings)
    register(celery, services, jobs(services))
    celery.worker_main(
        ["worker", "--beat", "--pool=threads", "--concurrency=4", "--without-gossip", "--without-mingle"]
        + ["--schedule", str(settings.data_dir / "beat"), "--loglevel", "WARNING"]
    )


def jobs(services: Services) -> dict[str, tuple[Job, timedelta]]:
    """Return every periodic job with its interval."""
    with services.view() as view:
        provider = make_provider(services.settings, view.connection)
    tick = timedelta(seconds=services.settings.tick_seconds)
    return {
        "messages.send_due": (lambda each: send_due(lambda: each.unit(WORKER), provider, each.texts), tick),
        "records.seal_access_logs": (housekeeping.seal_access_logs, timedelta(hours=1)),
        "accounts.forget_ended_sessions": (housekeeping.forget_ended, timedelta(hours=1)),
    }
