"""What a screen at a site shows of the queue: tokens and waits, nobody's data."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scheduling.putting_off import is_put_off
from scheduling.store import Book
from scheduling.wait_estimate import Interval
from scheduling.waiting import Ticket, order
from telemed.visits import waits
from telemed.visits.waits import Wait

SHOWN = 8


@dataclass(frozen=True)
class Board:
    """Who is being called to which kiosk, who is next, and what a newcomer should expect."""

    now: datetime
    called: tuple[tuple[str, str], ...]
    next: tuple[Wait, ...]
    more: int
    newcomer: Interval | None


def board(book: Book, site_id: UUID, now: datetime) -> Board:
    """How the queue stands at a site, whichever facilities see its patients."""
    tickets = book.tickets(site_id=site_id)
    labels = {kiosk.id: kiosk.label for kiosk in book.kiosks(site_id)}
    called = [ticket for ticket in tickets if ticket.status == "admitted"]
    here = [
        ticket
        for ticket in order(tickets)
        if not (ticket.at_home or ticket.away_until or is_put_off(ticket, now))
    ]
    scenes = {each: waits.look(book, each, now) for each in {ticket.facility_id for ticket in here[:SHOWN]}}
    return Board(
        now=now,
        called=tuple((ticket.token, labels.get(ticket.kiosk_id, "")) for ticket in called),
        next=tuple(scenes[ticket.facility_id].wait_of(ticket) for ticket in here[:SHOWN]),
        more=max(0, len(here) - SHOWN),
        newcomer=_newcomer(book, site_id, now),
    )


def of_kiosk(book: Book, kiosk_id: UUID, now: datetime) -> Wait | None:
    """How long whoever waits at this kiosk has to wait; None when nobody does."""
    site_id = book.kiosk(kiosk_id).site_id
    mine: list[Ticket] = [
        ticket
        for ticket in book.tickets(site_id=site_id)
        if ticket.kiosk_id == kiosk_id
        and ticket.status == "waiting"
        and not (ticket.at_home or ticket.away_until)
    ]
    if not mine:
        return None
    latest = max(mine, key=lambda ticket: (ticket.entered_at, ticket.id))
    return waits.look(book, latest.facility_id, now).wait_of(latest)


def _newcomer(book: Book, site_id: UUID, now: datetime) -> Interval | None:
    """What the facility on duty that would say the shortest wait says."""
    on_duty = sorted({facility_id for _, facility_id in book.on_duty(now)})
    told = [
        wait.interval
        for each in on_duty
        if (wait := waits.newcomer(waits.look(book, each, now), site_id)).interval is not None
    ]
    return min((interval for interval in told if interval is not None), default=None)
