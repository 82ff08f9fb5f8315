"""Takes practitioner and kiosk together, for a booking or for a while, so that nobody else has them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, select, update
from sqlalchemy.exc import IntegrityError

from scheduling import booking, tables
from scheduling.booking import HOLD_LENGTH, Hold, Request
from scheduling.calendar import Slot
from scheduling.errors import Forbidden, KeyReused, NotFound, SlotTaken, TooManyBookings
from scheduling.events import Actor
from scheduling.hours import Span
from scheduling.openings import SiteCalendar
from scheduling.placing import offered, placing
from scheduling.rosters import PractitionerCalendar
from scheduling.stores.booking_facts import Facts, read_facts
from scheduling.stores.calendars import CalendarStore
from scheduling.stores.statements import Rows, insert_together
from scheduling.visit_types import VisitType

Calendars = tuple[PractitionerCalendar, SiteCalendar]

_AT = tables.allocation.c


class AllocationStore(CalendarStore):
    """The part of the book that decides who has practitioner and kiosk, and until when."""

    def hold(
        self, slot: Slot, visit_type_id: str, now: datetime, who: Actor, lasts: timedelta = HOLD_LENGTH
    ) -> Hold:
        """Keep a slot while somebody makes up their mind; refused for the reasons a booking would be."""
        visit_type, _ = self._lock_and_place(slot, visit_type_id)
        facts = read_facts(self._connection, slot, visit_type.id, visit_type.buffer, now)
        made = booking.hold(slot, visit_type, now, who, lasts)
        self._clear(facts)
        taken = taken_rows(made.id, facts.needed, made.expires_at)
        self._insert_at(facts, (tables.hold, [_hold_row(made)]), (tables.allocation, taken))
        return made

    def release(self, hold_id: UUID, now: datetime) -> None:
        """Give a held slot back; what was booked with the hold stays booked."""
        self._connection.execute(
            update(tables.allocation)
            .where(_AT.booking == hold_id, _AT.active, _AT.expires_at.is_not(None))
            .values(active=False, expires_at=now)
        )

    def standing_hold(self, hold_id: UUID, now: datetime) -> Hold | None:
        """The hold, if it still keeps its slot."""
        standing = select(_AT.booking).where(_AT.booking == hold_id, _AT.active, _AT.expires_at > now)
        query = select(tables.hold).where(tables.hold.c.id == hold_id, tables.hold.c.id.in_(standing))
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _hold(row)

    def _held_for(self, request: Request, now: datetime) -> bool:
        """Whether the hold is for just this: one for another type may take a kiosk this visit does not."""
        held = None if request.hold_id is None else self.standing_hold(request.hold_id, now)
        return held is not None and (held.slot, held.visit_type_id) == (request.slot, request.visit_type_id)

    def _lock_and_place(self, slot: Slot, visit_type_id: str) -> tuple[VisitType, UUID]:
        """Lock what a slot takes; the visit type, and the facility for which the practitioner works then."""
        return self._placed_in(self._lock(slot), slot, visit_type_id)

    def _lock(self, slot: Slot) -> Calendars:
        return self._lock_calendars(slot.practitioner_id, slot.kiosk_id, slot.site_id)

    def _placed_in(self, calendars: Calendars, slot: Slot, visit_type_id: str) -> tuple[VisitType, UUID]:
        practitioner, site = calendars
        visit_type = offered(practitioner, visit_type_id)
        if visit_type.service in self._forbidden_services:
            raise Forbidden(visit_type.service)
        return visit_type, placing(slot, visit_type, practitioner, site)

    def _clear(self, facts: Facts, *mine: UUID | None) -> None:
        """Make way: expired holds go, what is `mine` does not count, anything else is in the way."""
        gone = facts.expired
        if any(row.id not in gone and row.id not in mine for row in facts.in_the_way):
            raise SlotTaken(facts.slot, facts.visit_type_id)
        if gone:
            # Only on what is locked here: the hold's other half is its own locker's to clear.
            self._connection.execute(
                update(tables.allocation)
                .where(_AT.booking.in_(sorted(gone)), _AT.resource.in_(sorted(facts.needed)))
                .values(active=False)
            )

    def _insert_at(self, facts: Facts, *rows: tuple[Table, Rows]) -> None:
        try:
            insert_together(self._connection, *rows)
        except IntegrityError as refusal:
            raise refused(refusal, facts.slot, facts.visit_type_id) from refusal

    def _take_instead(self, taker: UUID, facts: Facts) -> None:
        """Take this in place of whatever the booking took before."""
        self._connection.execute(tables.allocation.delete().where(_AT.booking == taker))
        self._insert_at(facts, (tables.allocation, taken_rows(taker, facts.needed)))

    def _keep(self, hold_id: UUID, facts: Facts) -> None:
        """What a standing hold has taken is its appointment's from now on."""
        kept = self._connection.execute(
            update(tables.allocation).where(_AT.booking == hold_id).values(expires_at=None)
        )
        if kept.rowcount != len(facts.needed):
            # A clock that jumped ahead has let somebody forget the hold in this very moment.
            raise SlotTaken(facts.slot, facts.visit_type_id)


def taken_rows(
    taker: UUID, needed: dict[UUID, Span], expires_at: datetime | None = None
) -> list[dict[str, Any]]:
    """The rows by which practitioner and kiosk belong to a booking."""
    return [
        {
            "booking": taker,
            "resource": resource,
            "starts_at": span.starts_at,
            "ends_at": span.ends_at,
            "active": True,
            "expires_at": expires_at,
        }
        for resource, span in needed.items()
    ]


def refused(refusal: IntegrityError, slot: Slot, visit_type_id: str) -> Exception:
    """What the database meant when it had the last word."""
    said = str(refusal.orig)
    if "allocation_no_overlap" in said:
        return SlotTaken(slot, visit_type_id)
    if "booking_key" in said:
        return KeyReused("this key was used at the same moment")
    if "open_type" in said or "appointment.nth" in said:
        return TooManyBookings("another visit of this type was booked at the same moment")
    if "fk_appointment_patient_id" in said or "FOREIGN KEY" in said:
        return NotFound("patient")
    return refusal


def _hold_row(made: Hold) -> dict[str, Any]:
    names = ("practitioner_id", "kiosk_id", "site_id", "starts_at", "ends_at")
    row = {name: getattr(made.slot, name) for name in names}
    row |= {"id": made.id, "visit_type_id": made.visit_type_id, "expires_at": made.expires_at}
    return row | {"who_kind": made.who.kind, "who_id": made.who.id}


def _hold(row: Row[Any]) -> Hold:
    slot = Slot(row.practitioner_id, row.kiosk_id, row.site_id, row.starts_at, row.ends_at)
    return Hold(row.id, slot, row.visit_type_id, row.expires_at, Actor(row.who_kind, row.who_id))
