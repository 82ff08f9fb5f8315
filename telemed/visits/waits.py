"""What a patient who waits is told: the token, who is before them, and an honest interval or no word."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling import wait_estimate
from scheduling.hours import Span
from scheduling.store import Book
from scheduling.stores.waits import PastWait
from scheduling.wait_estimate import Doctor, Forecast, History, Interval, Offset, calibrate, interval, rounded
from scheduling.wait_room import room_for
from scheduling.waiting import Ticket, order, position

LEARN_FROM = timedelta(days=28)
SOON = timedelta(hours=2)
DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_LATEST = 120.0


@dataclass(frozen=True)
class Wait:
    """How things stand for one place in the queue; no interval: we cannot say yet."""

    ticket: Ticket
    ahead: int
    interval: Interval | None


@dataclass(frozen=True)
class Scene:
    """One facility now: its queue, and all that an estimate needs to know of it."""

    book: Book
    facility_id: UUID
    now: datetime
    tickets: tuple[Ticket, ...]
    today: tuple[PastWait, ...]
    known: History
    offset: Offset | None
    offers: dict[UUID, frozenset[str]]

    def wait_of(self, ticket: Ticket) -> Wait:
        """What to tell whoever has this ticket."""
        said = self.forecast(ticket) if self.offset is not None else None
        told = rounded(*interval(said, self.offset)) if said is not None and self.offset is not None else None
        place = position([*self._pool(ticket), ticket], ticket.id)
        return Wait(ticket, (place or 1) - 1, told)

    def forecast(self, ticket: Ticket) -> Forecast | None:
        """What the play alone says, before it is corrected; None while too few visits are known."""
        if not self.known.enough:
            return None
        promises = self.book.promises(self.facility_id, self._midnight(), self.now + SOON)
        room = room_for(ticket, self._pool(ticket), promises, self._doctors(ticket.visit_type_id), self.now)
        # The same question at the same minute has the same answer on every screen.
        return wait_estimate.forecast(room, self.known, Random(f"{ticket.id}{self.now:%H%M}"))

    def _pool(self, mine: Ticket) -> list[Ticket]:
        """Those who wait for any of the practitioners that this ticket waits for."""
        pool = self._practitioners(mine.visit_type_id)
        return [
            ticket
            for ticket in self.tickets
            if ticket.id != mine.id and pool & self._practitioners(ticket.visit_type_id)
        ]

    def _practitioners(self, visit_type_id: str) -> set[UUID]:
        return {each for each, types in self.offers.items() if visit_type_id in types}

    def _doctors(self, visit_type_id: str) -> list[Doctor]:
        busy = {past.practitioner_id: past.admitted_at for past in self.today if past.done_at is None}
        seen = {past.practitioner_id for past in self.today}
        doctors = []
        for each in sorted(self._practitioners(visit_type_id)):
            duties = self.book.practitioner_calendar(each).duties(Span(self.now, self.now + SOON))
            duty = next((duty.span for duty in duties if duty.facility_id == self.facility_id), None)
            if duty is not None:
                doctors.append(
                    Doctor(
                        each,
                        (self.now - busy[each]) / _MINUTE if each in busy else None,
                        max(0.0, (duty.starts_at - self.now) / _MINUTE),
                        each not in seen,
                        (duty.ends_at - self.now) / _MINUTE,
                    )
                )
        return doctors

    def _midnight(self) -> datetime:
        return midnight(self.book, self.facility_id, self.now)


def look(book: Book, facility_id: UUID, now: datetime) -> Scene:
    """See how a facility stands now; reads nobody's data."""
    began = midnight(book, facility_id, now)
    past = book.past_waits(facility_id, began - LEARN_FROM, began)
    return Scene(
        book=book,
        facility_id=facility_id,
        now=now,
        tickets=tuple(book.tickets(facility_id=facility_id)),
        today=tuple(book.past_waits(facility_id, began, now + DAY)),
        known=_history(book, facility_id, past, began),
        # Only earlier days teach: what was said today is not known to be true yet.
        offset=calibrate((each.said, _waited(each)) for each in past if each.said is not None),
        offers=book.offers(),
    )


def newcomer(scene: Scene, site_id: UUID, visit_type_id: str = "consultation") -> Wait:
    """What somebody is told who would come in now without an appointment."""
    nobody = Ticket(
        # Behind whoever came at this very moment.
        id=UUID(int=2**128 - 1),
        facility_id=scene.facility_id,
        site_id=site_id,
        kiosk_id=UUID(int=0),
        appointment_id=None,
        entered_at=scene.now,
        emergency=False,
        status="waiting",
        practitioner_id=None,
        version=1,
        visit_type_id=visit_type_id,
    )
    return scene.wait_of(nobody)


def remember(book: Book, entry_id: UUID, facility_id: UUID, now: datetime) -> None:
    """Keep what is forecast for somebody who has just come, so that later days learn from it."""
    scene = look(book, facility_id, now)
    ticket = next((each for each in order(scene.tickets) if each.id == entry_id), None)
    said = scene.forecast(ticket) if ticket is not None else None
    if said is not None:
        book.keep_forecast(entry_id, said)


def midnight(book: Book, facility_id: UUID, now: datetime) -> datetime:
    """When the facility's local day began."""
    zone = ZoneInfo(book.facility(facility_id).time_zone)
    return datetime.combine(now.astimezone(zone).date(), time(), zone)


def _history(book: Book, facility_id: UUID, past: Collection[PastWait], until: datetime) -> History:
    lengths = [(each.done_at - each.admitted_at) / _MINUTE for each in past if each.done_at is not None]
    days = {each.admitted_at.astimezone(until.tzinfo).date() for each in past}
    hours = 8 * max(1, len(days))
    return History(
        lengths=tuple(length for length in lengths if length > 0),
        late=tuple(_late(book, facility_id, past, until)) or (0.0,),
        no_show=book.no_show_share(facility_id, until - LEARN_FROM, until),
        emergencies_per_hour=sum(each.emergency for each in past) / hours,
    )


def _late(book: Book, facility_id: UUID, past: Collection[PastWait], until: datetime) -> Iterable[float]:
    """By how much each doctor's first visit of a day began after duty and patient were there."""
    first: dict[tuple[UUID, object], PastWait] = {}
    for each in past:
        day = each.practitioner_id, each.admitted_at.astimezone(until.tzinfo).date()
        if day not in first or each.admitted_at < first[day].admitted_at:
            first[day] = each
    by_doctor: dict[UUID, list[PastWait]] = defaultdict(list)
    for (doctor, _), each in first.items():
        by_doctor[doctor].append(each)
    for doctor, firsts in by_doctor.items():
        calendar = book.practitioner_calendar(doctor)
        for each in firsts:
            duties = calendar.duties(Span(each.admitted_at - timedelta(hours=6), each.admitted_at))
            starts = [duty.span.starts_at for duty in duties if duty.facility_id == facility_id]
            if starts:
                late = (each.admitted_at - max(*starts, each.since)) / _MINUTE
                yield min(max(late, 0.0), _LATEST)


def _waited(past: PastWait) -> float:
    return max(0.0, (past.admitted_at - past.since) / _MINUTE)
