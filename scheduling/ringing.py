"""For whom it rings: whose turn it is rings for a practitioner, and for the next one when nobody answers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from scheduling.putting_off import is_put_off
from scheduling.waiting import Ticket, order


@dataclass(frozen=True, slots=True)
class Patience:
    """How long it rings for one practitioner before it rings for the next."""

    emergency: timedelta = timedelta(minutes=1)
    others: timedelta = timedelta(minutes=3)

    def for_ticket(self, ticket: Ticket) -> timedelta:
        """The patience with which this one rings."""
        return self.emergency if ticket.emergency else self.others


class Duty(NamedTuple):
    """A practitioner on duty now, and whether they are with a patient."""

    practitioner_id: UUID
    busy: bool


class Ring(NamedTuple):
    """It is to ring, for this ticket and for that practitioner."""

    ticket_id: UUID
    practitioner_id: UUID


def rings(
    tickets: Collection[Ticket],
    duty: Mapping[str, Sequence[Duty]],
    expected: Mapping[UUID, UUID],
    now: datetime,
    patience: Patience,
) -> list[Ring]:
    """Every ring that is due now: at most one for each ticket and, emergencies apart, for each practitioner.

    `duty` names for each visit type who is on duty and offers it, `expected` the practitioner with whom an
    appointment is. Only an emergency rings for practitioners who are with a patient.
    """
    taken = {ticket.rings_for for ticket in tickets if _still_rings(ticket, now, patience)}
    due = []
    for ticket in order(tickets):
        if not ticket.here or is_put_off(ticket, now) or _before_time(ticket, now):
            continue
        if _still_rings(ticket, now, patience):
            continue
        booked_with = expected.get(ticket.appointment_id) if ticket.appointment_id else None
        asked = _whom(ticket, duty.get(ticket.visit_type_id, ()), taken, booked_with)
        if asked is not None:
            taken.add(asked)
            due.append(Ring(ticket.id, asked))
    return due


def near(tickets: Iterable[Ticket], ahead: int) -> list[UUID]:
    """Who waits at home, is not called yet, and has fewer than so many people before them."""
    return [ticket.id for ticket in _nearest(tickets, ahead) if ticket.at_home and ticket.called_at is None]


def may_go_home(tickets: Iterable[Ticket], ticket: Ticket, ahead: int) -> bool:
    """Whether somebody here would not be called back at once: the same number decides both."""
    return not ticket.emergency and ticket.id not in {each.id for each in _nearest(tickets, ahead)}


def _nearest(tickets: Iterable[Ticket], ahead: int) -> list[Ticket]:
    return order(tickets)[: max(ahead, 0)]


def _before_time(ticket: Ticket, now: datetime) -> bool:
    """Whether a booked patient came early; no emergency does, nor anybody because a clock was set back."""
    return not ticket.emergency and ticket.since > max(now, ticket.entered_at)


def _still_rings(ticket: Ticket, now: datetime, patience: Patience) -> bool:
    if ticket.status != "waiting" or ticket.rung_at is None:
        return False
    # In the future only where the clock was set back: nobody waits an hour for that.
    return abs(now - ticket.rung_at) < patience.for_ticket(ticket)


def _whom(
    ticket: Ticket, duty: Sequence[Duty], taken: Collection[UUID | None], booked_with: UUID | None
) -> UUID | None:
    """The one booked first, then round the pool in one order: so each is asked once before any is twice."""
    if ticket.emergency:
        free = sorted(each.practitioner_id for each in duty)
    else:
        free = sorted(
            each.practitioner_id for each in duty if not each.busy and each.practitioner_id not in taken
        )
    if ticket.rings_for is None:
        if booked_with in free:
            return booked_with
        # Whose doctor is here but busy waits for this doctor, as promised; an emergency does not.
        here = any(each.practitioner_id == booked_with for each in duty)
        return None if here and not ticket.emergency else next(iter(free), None)
    others = [each for each in free if each != ticket.rings_for]
    if not others:
        # Alone on duty: an emergency rings again, anybody else simply stays next on that list.
        return ticket.rings_for if ticket.emergency and ticket.rings_for in free else None
    return next((each for each in others if each > ticket.rings_for), others[0])
