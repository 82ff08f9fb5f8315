"""What happens in the queue: it rings and is passed on, somebody goes home, is called and comes back."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling import booking, ringing, waiting
from scheduling.errors import NotFound, StaleVersion, WrongState
from scheduling.events import Actor
from scheduling.openings import SiteCalendar
from scheduling.places import Kiosk
from scheduling.putting_off import waits_long
from scheduling.ringing import Duty, Patience
from scheduling.store import Book
from scheduling.waiting import QueueEntry, Ticket
from telemed.records import encounters
from telemed.records.encounters import Encounter
from telemed.unit import Unit
from telemed.visits.clinic import visit_for

JOB = Actor("job", None)
NEXT_FEW = 2
_NEAR = timedelta(hours=12)


SITS_FOR = timedelta(minutes=5)
"""For so long after the last sign of somebody at a kiosk their slip opens no other one."""


class NoTelephone(Exception):
    """Nobody can be called at home without a number and the consent to be written to."""


class SitsElsewhere(WrongState):
    """The place is another site's, or somebody sits at another kiosk with it: the clerk helps on."""


class TurnIsNear(WrongState):
    """Whoever goes home now would be called back at once."""


def with_a_queue(book: Book, _now: datetime) -> list[UUID]:
    """The facilities for which somebody waits."""
    return sorted({ticket.facility_id for ticket in book.tickets() if ticket.status == "waiting"})


def ring_due(unit: Unit, facility_id: UUID, patience: Patience) -> int:
    """Let it ring for whose turn it is, and for the next doctor where nobody has answered."""
    tickets = unit.book.tickets(facility_id=facility_id)
    near = unit.book.promises(facility_id, unit.now - _NEAR, unit.now + _NEAR)
    expected = {promise.appointment_id: promise.practitioner_id for promise in near}
    duty = _duty(unit.book, facility_id, tickets, unit.now)
    return sum(
        _changed(
            unit,
            waiting.ring(unit.book.queue_entry(each.ticket_id), each.practitioner_id, unit.now, JOB),
        )
        for each in ringing.rings(tickets, duty, expected, unit.now, patience)
    )


def with_somebody_at_home(book: Book, _now: datetime) -> list[UUID]:
    """The facilities for which somebody waits at home who was not called yet."""
    at_home = (ticket for ticket in book.tickets() if ticket.status == "waiting" and ticket.at_home)
    return sorted({ticket.facility_id for ticket in at_home if ticket.called_at is None})


def call_near(unit: Unit, facility_id: UUID) -> int:
    """Ask those at home to come whose turn is near."""
    tickets = unit.book.tickets(facility_id=facility_id)
    duty = _duty(unit.book, facility_id, tickets, unit.now)
    return sum(
        _changed(unit, waiting.call(unit.book.queue_entry(entry_id), unit.now, JOB))
        for visit_type_id in {ticket.visit_type_id for ticket in tickets}
        for entry_id in ringing.near(*_row(tickets, visit_type_id, duty, unit.now))
    )


def left_over(book: Book, now: datetime) -> list[UUID]:
    """The places in the queue whose day is over."""
    waits = [ticket for ticket in book.tickets() if ticket.status == "waiting"]
    calendars = {each: book.site_calendar(each) for each in {ticket.site_id for ticket in waits}}
    return [ticket.id for ticket in waits if _over(ticket, calendars[ticket.site_id], now)]


def end_day(unit: Unit, entry_id: UUID) -> int:
    """End a place whose day is over, with the visit and the appointment that belong to it."""
    entry = unit.book.queue_entry(entry_id)
    if not _over(entry, unit.book.site_calendar(entry.site_id), unit.now):
        return 0
    _end_visit(unit, entry, waiting.DAY_OVER)
    return 1


def no_longer_kept(book: Book, now: datetime) -> list[UUID]:
    """The places whose owners went away and did not come back in time."""
    return [ticket.id for ticket in book.tickets() if waiting.lapsed(ticket, now)]


def end_kept(unit: Unit, entry_id: UUID) -> int:
    """End such a place, with the visit and the appointment that belong to it."""
    entry = unit.book.queue_entry(entry_id)
    if not waiting.lapsed(entry, unit.now):
        return 0
    _end_visit(unit, entry, waiting.AWAY)
    return 1


def step_away(unit: Unit, visit: Encounter, kiosk: Kiosk) -> None:
    """The patient has left the screen; whoever waits at home has left it before."""
    entry = _entry(unit, visit)
    if entry.status == "waiting" and not (entry.at_home or entry.away_until):
        unit.book.change_entry(*waiting.step_away(entry, unit.now, Actor("kiosk", kiosk.id)))


def keep_longer(unit: Unit, entry_id: UUID, site_id: UUID) -> None:
    """A clerk of the site knows that the patient is coming back; another site's place does not exist here."""
    entry = unit.book.queue_entry(entry_id)
    if entry.site_id != site_id:
        raise NotFound("queue entry")
    unit.book.change_entry(*waiting.keep_longer(entry, unit.now, Actor("staff", UUID(unit.reader.id))))


def prioritise(unit: Unit, visit_id: UUID, practitioner_id: UUID, priority: int | None) -> None:
    """The doctor says how urgent a waiting patient is."""
    visit, _ = visit_for(unit, visit_id)
    entry = _entry(unit, visit)
    if entry.priority == priority:
        return
    who = Actor("staff", practitioner_id)
    unit.book.change_entry(*waiting.prioritise(entry, priority, practitioner_id, unit.now, who))


def may_go_home(book: Book, ticket: Ticket, now: datetime) -> bool:
    """Whether this place in the queue is far enough from its turn to wait at home."""
    tickets = book.tickets(facility_id=ticket.facility_id)
    duty = _duty(book, ticket.facility_id, tickets, now)
    row, ahead = _row(tickets, ticket.visit_type_id, duty, now)
    return ringing.may_go_home(row, ticket, ahead)


def go_home(unit: Unit, visit: Encounter, kiosk: Kiosk) -> str:
    """The patient keeps the place, whose token is returned, and waits at home.

    Raises NoTelephone where none can be called, TurnIsNear for whom it would not be worth the way.
    """
    patient = unit.book.patient(visit.patient_id)
    if patient.phone is None or not unit.records.consents.allows(patient.id, "sms"):
        raise NoTelephone
    entry = _entry(unit, visit)
    if not entry.at_home:
        if not may_go_home(unit.book, entry, unit.now):
            raise TurnIsNear("the turn is near")
        unit.book.change_entry(*waiting.send_home(entry, unit.now, Actor("kiosk", kiosk.id)))
    return entry.token


def come_back(unit: Unit, visit: Encounter, kiosk: Kiosk) -> Encounter:
    """The patient is here again, maybe at another kiosk of the site, and stands where they stood.

    Who went away and comes too late has no place any more: the visit comes back cancelled. Raises
    SitsElsewhere at another site, and at another kiosk while somebody may sit there.
    """
    entry = _entry(unit, visit)
    if visit.status != "waiting":
        if visit.kiosk_id != kiosk.id and visit.status != "cancelled":
            raise SitsElsewhere("a doctor has begun with it at another kiosk")
        return visit
    if waiting.lapsed(entry, unit.now):
        # The clock was quicker than the job that looks at it.
        _end_visit(unit, entry, waiting.AWAY)
        return unit.records.encounters.get(visit.id)
    if visit.site_id != kiosk.site_id or (visit.kiosk_id != kiosk.id and _sits(unit, visit, entry)):
        raise SitsElsewhere("the place is kept elsewhere")
    if entry.at_home or entry.away_until or visit.kiosk_id != kiosk.id:
        who = Actor("kiosk", kiosk.id)
        unit.book.change_entry(*waiting.come_back(entry, kiosk.id, kiosk.site_id, unit.now, who))
        visit = replace(visit, kiosk_id=kiosk.id, site_id=kiosk.site_id, version=visit.version + 1)
        unit.records.encounters.change(visit)
    return visit


def _sits(unit: Unit, visit: Encounter, entry: QueueEntry) -> bool:
    """Whether the patient must be thought to sit at the first kiosk, which nobody has left."""
    if entry.at_home or entry.away_until:
        return False
    said = unit.records.presence.of(visit.id).here_at
    return unit.now - max(entry.entered_at, said or entry.entered_at) < SITS_FOR


def give_up_place(unit: Unit, entry_id: UUID) -> None:
    """Somebody at home will not come: whoever is next moves up."""
    entry = unit.book.queue_entry(entry_id)
    if entry.status == "waiting":
        _end_place(unit, entry, Actor("patient", entry.patient_id), "sms")


def _end_visit(unit: Unit, entry: QueueEntry, why: str) -> None:
    _end_place(unit, entry, JOB, why)
    if entry.appointment_id is not None:
        appointment = unit.book.appointment(entry.appointment_id)
        unit.book.change(*booking.cancel(appointment, unit.now, JOB, why))


def _end_place(unit: Unit, entry: QueueEntry, who: Actor, why: str) -> None:
    unit.book.change_entry(*waiting.leave(entry, unit.now, who, why))
    visit = unit.records.encounters.by_queue_entry(entry.id)
    if visit is not None and visit.status == "waiting":
        unit.records.encounters.change(encounters.cancel(visit))
        unit.notices.say("close-room", visit.room, unit.real_now)


def _over(ticket: Ticket, site: SiteCalendar, now: datetime) -> bool:
    day = ticket.entered_at.astimezone(ZoneInfo(site.site.time_zone)).date()
    return waiting.day_over(ticket, site.opening(day), now)


def _entry(unit: Unit, visit: Encounter) -> QueueEntry:
    if visit.queue_entry_id is None:
        raise WrongState("this visit has no place in the queue")
    return unit.book.queue_entry(visit.queue_entry_id)


def _row(
    tickets: Collection[Ticket], visit_type_id: str, duty: Mapping[str, Sequence[Duty]], now: datetime
) -> tuple[list[Ticket], int]:
    """Those whose turn may come for one kind of visit, and how many of them should be here."""
    kind = (ticket for ticket in tickets if ticket.visit_type_id == visit_type_id)
    row = [ticket for ticket in kind if not waits_long(ticket, now)]
    return row, NEXT_FEW + len(duty.get(visit_type_id, ()))


def _duty(book: Book, facility_id: UUID, tickets: Collection[Ticket], now: datetime) -> dict[str, list[Duty]]:
    """Who is on duty now for each visit type, and whether they are with a patient."""
    busy = {ticket.practitioner_id for ticket in tickets if ticket.status == "admitted"}
    offers, found = book.offers(), defaultdict(list)
    for practitioner_id, _ in book.on_duty(now, facility_id):
        for visit_type_id in offers.get(practitioner_id, ()):
            found[visit_type_id].append(Duty(practitioner_id, practitioner_id in busy))
    return dict(found)


def _changed(unit: Unit, change: waiting.Change) -> bool:
    """Whether it still came to that: somebody may have taken the patient in at the same moment."""
    try:
        unit.book.change_entry(*change)
    except StaleVersion:
        return False
    return True
