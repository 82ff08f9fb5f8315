"""The queue of people who are there and wait to be seen: whose turn it is, and the steps of one entry.

A turn is a moment: the moment from which somebody waits, plus half an hour for each level of priority. The
earliest turn is next. So half an hour of waiting lifts by one level, nobody is overtaken by anybody who comes
more than two hours later, and the order of two people never changes by itself. Emergencies stand before all
others, however long these have waited.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar
from uuid import UUID

from scheduling.errors import WrongState
from scheduling.events import Actor, Event, Kind
from scheduling.hours import Span
from scheduling.ids import uuid7

Status = Literal["waiting", "admitted", "left", "done"]

OPEN: frozenset[Status] = frozenset({"waiting", "admitted"})
"""The statuses in which a patient is still there."""

LEVEL = timedelta(minutes=30)
"""What one level of priority weighs in time waited."""

LEVELS = range(1, 6)
"""The priorities a clinician may set, 1 the most urgent."""

STAYS = timedelta(hours=6)
"""How long after its site has closed somebody who sat down there is still taken to be there."""

DAY_OVER = "the day is over"
"""Why a place in the queue ended of which nobody said anything."""

KEPT = timedelta(minutes=5)
"""How long the place is kept of somebody who has left the screen without a word."""

AWAY = "away for too long"
"""Why a place in the queue ended whose owner did not come back in time."""

URGENT, BOOKED, WALK_IN = 1, 2, 4
"""Where an emergency, a booked patient and a walk-in stand as long as no clinician says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One place in the queue without who stands in it: all that a screen or a job needs to know."""

    id: UUID
    facility_id: UUID
    site_id: UUID
    kiosk_id: UUID
    appointment_id: UUID | None
    entered_at: datetime
    emergency: bool
    status: Status
    practitioner_id: UUID | None
    version: int
    visit_type_id: str = "consultation"
    token: str = ""
    counts_from: datetime | None = None
    priority: int | None = None
    priority_by: UUID | None = None
    at_home: bool = False
    called_at: datetime | None = None
    away_until: datetime | None = None
    rings_for: UUID | None = None
    rung_at: datetime | None = None
    escalations: int = 0
    put_off_until: datetime | None = None
    put_off_why: str = ""
    put_offs: int = 0

    @property
    def since(self) -> datetime:
        """From when the waiting counts: the appointment's time, or the arrival if that was later."""
        return self.counts_from or self.entered_at

    @property
    def level(self) -> int:
        """The priority in force."""
        if self.priority is not None:
            return self.priority
        if self.emergency:
            return URGENT
        return WALK_IN if self.appointment_id is None else BOOKED

    @property
    def here(self) -> bool:
        """Whether somebody is taken to sit there; of an emergency that is always so."""
        return self.emergency or not (self.at_home or self.away_until)

    @property
    def turn(self) -> datetime:
        """The moment that decides the order."""
        return self.since + self.level * LEVEL


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry(Ticket):
    """One patient waiting at a site for a facility, with an appointment or without."""

    patient_id: UUID


AnyTicket = TypeVar("AnyTicket", bound=Ticket)
Change = tuple[QueueEntry, Event]


def order(tickets: Iterable[AnyTicket]) -> list[AnyTicket]:
    """Who still waits, next first: emergencies, then by turn."""
    return sorted((ticket for ticket in tickets if ticket.status == "waiting"), key=urgency)


def urgency(ticket: Ticket) -> tuple[bool, datetime, datetime, UUID]:
    """What the order is made by; no two places in the queue have the same."""
    return not ticket.emergency, ticket.turn, ticket.entered_at, ticket.id


def position(tickets: Iterable[Ticket], ticket_id: UUID) -> int | None:
    """The place of a ticket among those who wait, 1 is next; None when it does not wait."""
    for number, ticket in enumerate(order(tickets), start=1):
        if ticket.id == ticket_id:
            return number
    return None


class Away(WrongState):
    """The patient has left the screen; the place is kept for a few minutes."""


def enter(
    patient_id: UUID,
    facility_id: UUID,
    site_id: UUID,
    kiosk_id: UUID,
    appointment_id: UUID | None,
    emergency: bool,
    now: datetime,
    who: Actor,
    *,
    visit_type_id: str = "consultation",
    token: str = "",
    appointment_at: datetime | None = None,
) -> Change:
    """The patient begins to wait; who came before the appointment's time waits from that time on."""
    entry = QueueEntry(
        id=uuid7(),
        patient_id=patient_id,
        facility_id=facility_id,
        site_id=site_id,
        kiosk_id=kiosk_id,
        appointment_id=appointment_id,
        entered_at=now,
        counts_from=max(now, appointment_at or now),
        emergency=emergency,
        status="waiting",
        practitioner_id=None,
        version=1,
        visit_type_id=visit_type_id,
        token=token,
    )
    return entry, _event("queue.entered", entry, now, who, "emergency" if emergency else "")


def raise_alarm(entry: QueueEntry, now: datetime, who: Actor) -> Change:
    """The patient who already waits, and is here now, has become an emergency, and rings anew."""
    if entry.status not in OPEN:
        raise WrongState(f"the patient is {entry.status}")
    still = {"at_home": False, "away_until": None, "put_off_until": None, "rings_for": None, "rung_at": None}
    return step(entry, "queue.entered", now, who, "emergency", emergency=True, **still)


def prioritise(
    entry: QueueEntry, priority: int | None, practitioner_id: UUID, now: datetime, who: Actor
) -> Change:
    """A clinician says how urgent it is, or takes that back with None."""
    require(entry, "waiting")
    if priority is not None and priority not in LEVELS:
        raise ValueError(f"a priority is {LEVELS.start} to {LEVELS.stop - 1}, not {priority}")
    by = None if priority is None else practitioner_id
    why = "" if priority is None else str(priority)
    return step(entry, "queue.prioritised", now, who, why, priority=priority, priority_by=by)


def send_home(entry: QueueEntry, now: datetime, who: Actor) -> Change:
    """The patient waits at home and is called by SMS; the place in the queue stays."""
    require(entry, "waiting")
    if entry.emergency:
        raise WrongState("an emergency waits here")
    if entry.at_home:
        raise WrongState("the patient is at home already")
    return step(entry, "queue.sent_home", now, who, "", at_home=True, called_at=None)


def call(entry: QueueEntry, now: datetime, who: Actor) -> Change:
    """Ask the patient at home to come now; once."""
    require(entry, "waiting")
    if not entry.at_home or entry.called_at is not None:
        raise WrongState("the patient is here, or called already")
    return step(entry, "queue.called", now, who, "", called_at=now)


def come_back(entry: QueueEntry, kiosk_id: UUID, site_id: UUID, now: datetime, who: Actor) -> Change:
    """The patient who waited at home or went away is here again, at this kiosk or another."""
    require(entry, "waiting")
    here = {"at_home": False, "away_until": None, "kiosk_id": kiosk_id, "site_id": site_id}
    return step(entry, "queue.returned", now, who, "", **here)


def step_away(entry: QueueEntry, now: datetime, who: Actor) -> Change:
    """The patient has left the screen: for a while the place is kept, and rings for nobody meanwhile."""
    require(entry, "waiting")
    if entry.at_home or entry.away_until is not None:
        raise WrongState("the patient is away already")
    gone = {"away_until": now + KEPT, "rings_for": None, "rung_at": None}
    return step(entry, "queue.away", now, who, "", **gone)


def keep_longer(entry: QueueEntry, now: datetime, who: Actor) -> Change:
    """Somebody at the counter knows that the patient is coming back: from now on it is kept as long again."""
    require(entry, "waiting")
    if entry.away_until is None or lapsed(entry, now):
        raise WrongState("the place is not kept")
    return step(entry, "queue.kept", now, who, "", away_until=now + KEPT)


def lapsed(ticket: Ticket, now: datetime) -> bool:
    """Whether a place was kept for long enough; an emergency's is kept until somebody has looked."""
    if ticket.status != "waiting" or ticket.emergency or ticket.away_until is None:
        return False
    return now >= ticket.away_until


def ring(entry: QueueEntry, practitioner_id: UUID, now: datetime, who: Actor) -> Change:
    """It rings for a practitioner; for another one when the first has not answered."""
    require(entry, "waiting")
    again = entry.rings_for is not None
    return step(
        entry,
        "queue.escalated" if again else "queue.rung",
        now,
        who,
        "",
        rings_for=practitioner_id,
        rung_at=now,
        escalations=entry.escalations + again,
    )


def admit(entry: QueueEntry, practitioner_id: UUID, now: datetime, who: Actor, why: str = "") -> Change:
    """The practitioner takes the patient in; only one can. Raises Away while nobody sits there."""
    require(entry, "waiting")
    if entry.away_until is not None and not entry.emergency:
        raise Away(f"the place is kept until {entry.away_until}")
    seen = {"status": "admitted", "practitioner_id": practitioner_id, "at_home": False, "away_until": None}
    return step(entry, "queue.admitted", now, who, why, put_off_until=None, **seen)


def day_over(ticket: Ticket, hours: Sequence[Span], now: datetime) -> bool:
    """Whether nobody will come for this place any more; `hours` are those of its site on the day it is of.

    Whoever waits at home could not get in after the last of them. An emergency never ends by itself.
    """
    closed_at = max((span.ends_at for span in hours), default=ticket.entered_at)
    still = timedelta(0) if ticket.at_home else STAYS
    return ticket.status == "waiting" and not ticket.emergency and now >= closed_at + still


def leave(entry: QueueEntry, now: datetime, who: Actor, why: str = "") -> Change:
    """The patient went away, before or while being seen."""
    require(entry, "waiting", "admitted")
    return step(entry, "queue.left", now, who, why, status="left")


def finish(entry: QueueEntry, now: datetime, who: Actor, why: str = "") -> Change:
    """The patient was seen."""
    require(entry, "admitted")
    return step(entry, "queue.done", now, who, why, status="done")


def require(entry: Ticket, *allowed: Status) -> None:
    """Refuse with WrongState what is not for a place that stands like this."""
    if entry.status not in allowed:
        raise WrongState(f"the patient is {entry.status}")


def step(entry: QueueEntry, kind: Kind, now: datetime, who: Actor, why: str, **changes: Any) -> Change:
    """The next version of a place, and the event that tells of it."""
    changed = replace(entry, version=entry.version + 1, **changes)
    return changed, _event(kind, changed, now, who, why)


def _event(kind: Kind, entry: QueueEntry, now: datetime, who: Actor, why: str) -> Event:
    return Event(uuid7(), now, kind, entry.id, entry.version, who, why)
