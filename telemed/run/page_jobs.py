"""The worker's part in paging doctors: whom an unanswered call asks is written to, once."""

from datetime import timedelta

from telemed.jobs import Job, one_at_a_time
from telemed.messages.carriers import Carriers
from telemed.messages.paging import Pager, Pages, page_due
from telemed.messages.texts import Words
from telemed.records.access_log import Reader
from telemed.services import Services
from telemed.settings import Settings
from telemed.visits import paging

PAGING = Reader(kind="job", id="worker", facility_id=None, name="Telemed", purpose="calling a doctor")


def jobs(settings: Settings, carriers: Carriers, words: Words) -> dict[str, tuple[Job, timedelta]]:
    """Return the job that pages."""
    every = timedelta(seconds=settings.tick_seconds)
    return {"doctors.page": (one_at_a_time(paging_by(carriers, words)), every)}


def paging_by(carriers: Carriers, words: Words) -> Job:
    """Make the job: what is to be said is promised and claimed first, then handed over."""

    def run(services: Services) -> int:
        with services.view() as view:
            now = view.now
            called = view.emergencies.unseen(now, now) or view.alarms.unseen(now, now)
            busy = Pages(view.connection).busy()
        if not called and not busy:
            return 0
        with services.unit(PAGING) as unit:
            paging.promise(unit)
        with services.unit(PAGING) as unit:
            pages, now = paging.claim(unit), unit.now
        pager = Pager(lambda: services.unit(PAGING), carriers, words, services.country.languages[0])
        return page_due(pager, pages, now)

    return run
