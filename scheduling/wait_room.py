"""Turns the queue, today's appointments and who is on duty into the room that an estimate is played in."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from scheduling.wait_estimate import Doctor, Person, Room
from scheduling.waiting import BOOKED, LEVEL, Ticket, urgency

_MINUTE = timedelta(minutes=1)


class Promise(NamedTuple):
    """An appointment of today without its patient: with whom, when, and whether they still have to arrive."""

    appointment_id: UUID
    practitioner_id: UUID
    starts_at: datetime
    to_come: bool


def room_for(
    mine: Ticket,
    tickets: Iterable[Ticket],
    promises: Collection[Promise],
    doctors: Collection[Doctor],
    now: datetime,
) -> Room:
    """The room as this ticket sees it: everybody who goes before it, in order, whether here or expected."""
    with_whom = {promise.appointment_id: promise.practitioner_id for promise in promises}
    here = {doctor.id for doctor in doctors}

    def only(appointment_id: UUID | None) -> UUID | None:
        booked = with_whom.get(appointment_id) if appointment_id else None
        # Whose own doctor is not there goes to whoever is free.
        return booked if booked in here else None

    ahead = [
        (not ticket.emergency, ticket.turn, Person(0.0, only(ticket.appointment_id), ticket.at_home))
        for ticket in tickets
        if ticket.status == "waiting" and ticket.id != mine.id and urgency(ticket) < urgency(mine)
    ]
    for promise in promises:
        turn = max(promise.starts_at, now) + BOOKED * LEVEL
        if promise.to_come and not mine.emergency and turn < mine.turn:
            there_in = max(0.0, (promise.starts_at - now) / _MINUTE)
            ahead.append((True, turn, Person(there_in, only(promise.appointment_id), True)))
    ahead.sort(key=lambda each: each[:2])
    there_in = max(0.0, (mine.since - now) / _MINUTE)
    return Room(tuple(person for _, _, person in ahead), tuple(doctors), only(mine.appointment_id), there_in)
