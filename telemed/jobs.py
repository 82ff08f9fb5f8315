"""The only Celery door: every tick the worker runs, one line each."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import structlog
from celery import Celery
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

from scheduling.errors import StaleVersion
from scheduling.store import Book
from telemed.logs import describe_error
from telemed.records.access_log import Reader
from telemed.services import Services, View
from telemed.settings import Settings
from telemed.unit import Unit

log = structlog.get_logger()
Job = Callable[[Services], int]


class Round(NamedTuple):
    """A job of many pieces: what a look that reads nobody's data finds, and what is done with each."""

    find: Callable[[Book, datetime], Iterable[UUID]]
    step: Callable[[Unit, UUID], int]


class WholeFiles(filesystem.Channel):
    """The embedded broker's channel; kombu shows files before they are written: half a tick ends a worker."""

    # The stubs name the second parameter twice, differently.
    def _put(self, queue: str, payload: Any, **_kwargs: Any) -> None:  # type: ignore[override]
        """Put a tick into the spool whole."""
        folder, name = Path(self.data_folder_out), f"{time.monotonic_ns() // 1_000_000:015}_{uuid4()}"
        beside = folder / f".{name}.part"
        beside.write_bytes(dumps(payload).encode())
        beside.replace(folder / f"{name}.{queue}.msg")


class Spool(filesystem.Transport):
    """The embedded broker: files in the data folder."""

    Channel = WholeFiles


def make_celery(settings: Settings) -> Celery:
    """Return the Celery application: JSON only, no results, tuned for the embedded broker."""
    # The only way in which a transport of one's own gets an address.
    TRANSPORT_ALIASES["filesystem"] = "telemed.jobs:Spool"
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


def piece_by_piece(name: str, each: Round, reader: Reader) -> Job:
    """Make a job of a round: every piece has a unit of its own, so one that fails stops no other."""
    return in_pieces(name, lambda view: each.find(view.book, view.now), each.step, reader)


def in_pieces(
    name: str,
    find: Callable[[View], Iterable[UUID]],
    step: Callable[[Unit, UUID], int],
    reader: Reader,
) -> Job:
    """The same for pieces that the book does not know of."""

    def run(services: Services) -> int:
        with services.view() as view:
            pieces = list(find(view))
        done = 0
        for piece in pieces:
            try:
                with services.unit(reader) as unit:
                    done += step(unit, piece)
            except StaleVersion:
                # Somebody did something with it at the same moment; the next tick looks again.
                continue
            except Exception as error:  # noqa: BLE001  a door: the next tick tries again, the log says which
                log.error("job.piece_failed", task=name, piece=str(piece), **describe_error(error))
        return done

    return run


def one_at_a_time(job: Job) -> Job:
    """Make a job that is not begun in this process while it is at work: a long pass takes one thread."""
    at_work = Lock()

    def run(services: Services) -> int:
        if not at_work.acquire(blocking=False):
            return 0
        try:
            return job(services)
        finally:
            at_work.release()

    return run


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


def forget_ticks(settings: Settings) -> None:
    """Drop the ticks that a killed worker left in the spool: one cut in half would end this one as well."""
    for left in (settings.data_dir / "broker").glob("*"):
        left.unlink(missing_ok=True)


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
