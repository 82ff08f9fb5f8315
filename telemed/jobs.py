"""The only Celery door: every tick the worker runs, one line each."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import structlog
from celery import Celery

from telemed.logs import describe_error
from telemed.services import Services
from telemed.settings import Settings

log = structlog.get_logger()
Job = Callable[[Services], int]


def make_celery(settings: Settings) -> Celery:
    """Return the Celery application: JSON only, no results, tuned for the embedded broker."""
    celery = Celery("telemed", broker=settings.broker_url, set_as_current=False)
    celery.conf.update(
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_prefetch_multiplier=16,
        broker_connection_retry_on_startup=True,
        broker_transport_options=_transport(settings),
        timezone="UTC",
        beat_schedule_filename=str(settings.data_dir / "beat"),
    )
    return celery


def register(celery: Celery, services: Services, jobs: dict[str, tuple[Job, timedelta]]) -> None:
    """Make one task of each job and let beat call it; a tick that nobody took in time is dropped."""
    schedule = {}
    for name, (job, every) in jobs.items():
        celery.task(name=name)(_door(name, job, services))
        schedule[name] = {"task": name, "schedule": every, "options": {"expires": every.total_seconds() * 2}}
    celery.conf.beat_schedule = schedule


def _door(name: str, job: Job, services: Services) -> Callable[[], None]:
    def run() -> None:
        try:
            done = job(services)
        except Exception as error:  # noqa: BLE001  a door: the next tick tries again, the log says why
            log.error("job.failed", task=name, **describe_error(error))
            return
        if done:
            log.info("job.done", task=name, count=done)

    return run


def _transport(settings: Settings) -> dict[str, object]:
    if not settings.broker_url.startswith("filesystem"):
        return {}
    spool: Path = settings.data_dir / "broker"
    control = settings.data_dir / "broker-control"
    for folder in (spool, control):
        folder.mkdir(parents=True, exist_ok=True)
    # 4-23 tasks a second by default, 733 with this interval (facts: runtime §4).
    return {
        "data_folder_in": str(spool),
        "data_folder_out": str(spool),
        "control_folder": str(control),
        "polling_interval": 0.05,
    }
