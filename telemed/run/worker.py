"""The worker process: Celery's worker and beat, and the jobs they tick."""

from datetime import timedelta
from uuid import UUID

import click
import structlog

from scheduling.ringing import Patience
from telemed import services as wiring
from telemed.jobs import (
    Job,
    Round,
    forget_ticks,
    in_pieces,
    make_celery,
    one_at_a_time,
    piece_by_piece,
    register,
)
from telemed.messages import climbing
from telemed.messages.carriers import Carriers, alarm
from telemed.messages.overview import Overview
from telemed.messages.providers import make_carriers
from telemed.messages.sending import Sender, send_due
from telemed.messages.settling import settle_unknown
from telemed.messages.texts import Words
from telemed.records.access_log import Reader
from telemed.run import alarm_jobs, carrier_jobs, page_jobs, phone_jobs, relay_jobs
from telemed.run.beat import Beat
from telemed.services import Services, View
from telemed.settings import Settings
from telemed.texts import TEMPLATES
from telemed.unit import Unit
from telemed.visits import call_log, climbs, housekeeping, publishing, queue, waiting_list
from telemed.visits.posting import QUIET

log = structlog.get_logger()
WORKER = Reader(kind="job", id="worker", facility_id=None, name="Telemed", purpose="sending messages")

QUEUE = WORKER.with_purpose("keeping the queue and the waiting list")


@click.command(help="Run the periodic jobs.")
@click.pass_obj
def command(settings: Settings) -> None:
    """Run the worker and its beat until the process is told to stop."""
    work(wiring.build(settings))


def work(services: Services) -> None:
    """Run the jobs of these services until the process is told to stop."""
    settings = services.settings
    forget_ticks(settings)
    celery = make_celery(settings)
    register(celery, services, jobs(services))
    beat = Beat(celery, settings.data_dir / "beat")
    beat.start()
    try:
        celery.worker_main(
            [
                "--quiet",
                "worker",
                "--pool=threads",
                "--concurrency=4",
                "--without-gossip",
                "--without-mingle",
                "--loglevel",
                "WARNING",
            ]
        )
    finally:
        beat.stop()


def jobs(services: Services) -> dict[str, tuple[Job, timedelta]]:
    """Return every periodic job with its interval."""
    carriers = make_carriers(services.settings, services.engine, services.clock.now)
    settings = services.settings
    words = Words(
        TEMPLATES / "sms",
        services.texts,
        settings.desk_phone,
        drafts=settings.demo,
        instead=services.country.languages[0],
    )
    seconds = timedelta(seconds=services.settings.ring_seconds)
    patience = Patience(emergency=seconds / 3, others=seconds)
    rounds = waiting_rounds(patience, timedelta(seconds=services.settings.tick_seconds))

    def sender(each: Services) -> Sender:
        clock, at_once = each.clock, each.settings.send_at_once
        return Sender(lambda: each.unit(WORKER), carriers, words, clock.now, QUIET, at_once)

    def send(each: Services) -> int:
        return send_due(sender(each))

    def settle(each: Services) -> int:
        return settle_unknown(sender(each))

    climb = ladder_job(carriers)

    def tidy(each: Services) -> int:
        with each.unit(WORKER) as unit:
            return housekeeping.end_stale_sessions(unit)

    def forget(each: Services) -> int:
        with each.unit(WORKER) as unit:
            return housekeeping.forget_readings(unit) + call_log.forget_old(unit)

    def tidy_holds(each: Services) -> int:
        with each.unit(QUEUE) as unit:
            return waiting_list.tidy(unit)

    return {
        **{name: (piece_by_piece(name, each, QUEUE), every) for name, (each, every) in rounds.items()},
        "scheduling_links.publish": (publish_free_times, timedelta(minutes=5)),
        "messages.send_due": (one_at_a_time(send), timedelta(seconds=services.settings.tick_seconds)),
        "messages.settle_unknown": (one_at_a_time(settle), timedelta(seconds=services.settings.tick_seconds)),
        **carrier_jobs.jobs(services.settings, carriers),
        **alarm_jobs.jobs(services.settings),
        **phone_jobs.jobs(services.settings),
        **page_jobs.jobs(services.settings, carriers, words),
        **relay_jobs.jobs(services.settings),
        "messages.climb": (one_at_a_time(climb), timedelta(seconds=services.settings.tick_seconds)),
        "messages.watch": (watch_delivery, timedelta(minutes=5)),
        "records.seal_access_log": (sealing(settings.key("access-log")), timedelta(hours=1)),
        "holds.forget": (tidy_holds, timedelta(minutes=1)),
        "lines.forget_readings": (forget, timedelta(hours=6)),
        "accounts.end_stale_sessions": (tidy, timedelta(minutes=1)),
    }


def sealing(key: bytes) -> Job:
    """Make the job that seals the access log: the digest goes to the process' log, out of the database."""

    def seal(each: Services) -> int:
        with each.unit(WORKER) as unit:
            digest, day = housekeeping.seal_access_log(unit, key), unit.real_now.date()
        if digest is None:
            return 0
        # Whoever may write to the database could take the last days away, and their seals with them.
        log.info("records.sealed", day=day.isoformat(), digest=digest)
        return 1

    return seal


def watch_delivery(each: Services) -> int:
    """Tell the operator when fewer messages arrive than should."""
    with each.view() as view:
        fallen = Overview(view.connection).has_fallen(view.now)
    if fallen:
        alarm("all", "delivery-fell")
    return int(fallen)


def publish_free_times(each: Services) -> int:
    """Write the files of free times anew."""
    folder, origin = each.settings.data_dir / publishing.FOLDER, each.settings.public_origin.rstrip("/")
    with each.view() as view:
        address = f"{origin}/{publishing.FOLDER}"
        return publishing.publish(view.book, folder, address, each.country.code, view.now)


def ladder_job(carriers: Carriers) -> Job:
    """Return the job that climbs: what did not arrive is tried by the next way, or listed for the clerk."""
    by_channel: dict[str, list[str]] = {"sms": []}
    for port in carriers.order:
        by_channel.setdefault(port.channel, []).append(port.name)

    def find(view: View) -> list[UUID]:
        return climbing.to_climb(view.connection, view.now)

    def step(unit: Unit, message_id: UUID) -> int:
        return climbs.climb(unit, message_id, by_channel)

    return in_pieces("messages.climb", find, step, WORKER)


def waiting_rounds(patience: Patience, tick: timedelta) -> dict[str, tuple[Round, timedelta]]:
    """Return what is done with each pool, offer and wish of those who wait, and how often."""

    def ring(unit: Unit, facility_id: UUID) -> int:
        return queue.ring_due(unit, facility_id, patience)

    return {
        "queue.ring": (Round(queue.with_a_queue, ring), tick),
        "queue.call_near": (Round(queue.with_somebody_at_home, queue.call_near), tick),
        "queue.end_day": (Round(queue.left_over, queue.end_day), timedelta(minutes=1)),
        "queue.end_kept": (Round(queue.no_longer_kept, queue.end_kept), tick),
        "waiting_list.pass_overdue": (Round(waiting_list.overdue, waiting_list.pass_overdue), tick),
        "waiting_list.withdraw": (Round(waiting_list.hollow, waiting_list.withdraw), tick),
        "waiting_list.offer_freed": (Round(waiting_list.freed, waiting_list.offer_freed), tick),
        "waiting_list.offer_news": (
            Round(waiting_list.with_news, waiting_list.offer_news),
            timedelta(minutes=1),
        ),
        "waiting_list.end_past": (Round(waiting_list.past, waiting_list.end_past), timedelta(minutes=1)),
    }
