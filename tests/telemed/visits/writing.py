"""Somebody with a telephone: has visits, is written to, and writes back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import select

from scheduling import booking
from scheduling.booking import Appointment
from scheduling.events import Actor
from scheduling.ids import uuid7
from scheduling.people import Contact, ContactWay
from telemed import database
from telemed.messages.carriers import alone
from telemed.messages.fakes import FakeProvider
from telemed.messages.inbound import Answer
from telemed.messages.sending import Sender, send_due
from telemed.messages.tables import call_list, message, stopped_number
from telemed.records.consent import Consent, Kind
from telemed.unit import Unit
from telemed.visits.posting import QUIET
from telemed.visits.replies import take_reply
from tests import build
from tests.build import CLERK
from tests.telemed.consulting_room import ConsultingRoom
from tests.telemed.messages.world import WORDS

PHONE = "+359880000001"
"""The number of the patient whom the room's world has."""


@dataclass
class Writing:
    """The patient and the worker that sends what is due."""

    room: ConsultingRoom
    carrier: FakeProvider = field(default_factory=FakeProvider)
    whose: UUID | None = None

    @property
    def patient_id(self) -> UUID:
        """Whose telephone it is."""
        return self.whose or self.room.world.patient.id

    def within(self, act: Callable[[Unit], object]) -> object:
        """Do something in a unit."""
        with self.room.services.unit(self.room.reader()) as unit:
            return act(unit)

    def agrees(self, *ways: Kind) -> None:
        """The patient agrees to be reached in these ways."""
        with self.room.services.unit(self.room.reader()) as unit:
            for way in ways:
                unit.records.consents.add(
                    Consent(uuid7(), self.patient_id, way, True, "bg-2026-11", unit.now)
                )

    def refuses(self, *ways: Kind) -> None:
        """The patient does not want to be reached in these ways any more."""
        with self.room.services.unit(self.room.reader()) as unit:
            for way in ways:
                no = Consent(uuid7(), self.patient_id, way, False, "bg-2026-11", unit.now)
                unit.records.consents.add(no)

    def gives(self, way: ContactWay, address: str) -> None:
        """The patient names a further way and agrees to it."""
        contact = Contact(
            id=uuid7(), patient_id=self.patient_id, way=way, address=address, name=None, entered_at=build.NOW
        )
        self.within(lambda unit: unit.book.set_contact(contact))
        self.agrees(way)

    def books(self, starts_at: datetime) -> Appointment:
        """The patient has a visit, however many there are already."""
        with self.room.services.unit(self.room.reader()) as unit:
            more = (self.patient_id, "consultation", 5, self.room.doctor_id)
            unit.book.allow_more(*more, unit.now)
            request = build.request(self.patient_id, self.room.world.slot(starts_at))
            return unit.book.book(request, unit.now, CLERK)

    def somebody_else_has(self, starts_at: datetime) -> None:
        """Another patient has this time."""
        with self.room.services.unit(self.room.reader()) as unit:
            request = build.request(build.somebody(unit.book), self.room.world.slot(starts_at))
            unit.book.book(request, unit.now, CLERK)

    def visit(self, appointment: Appointment) -> Appointment:
        """How a visit stands now."""
        with self.room.services.unit(self.room.reader()) as unit:
            return unit.book.appointment(appointment.id)

    def clerk_cancels(self, appointment: Appointment) -> None:
        """Somebody at the counter cancels a visit."""
        with self.room.services.unit(self.room.reader()) as unit:
            current = unit.book.appointment(appointment.id)
            unit.book.change(*booking.cancel(current, unit.now, Actor("staff", None)))

    def clerk_moves(self, appointment: Appointment, starts_at: datetime) -> None:
        """Somebody at the counter moves a visit."""
        with self.room.services.unit(self.room.reader()) as unit:
            current = unit.book.appointment(appointment.id)
            slot = self.room.world.slot(starts_at)
            unit.book.move(current.id, current.version, slot, unit.now, Actor("staff", None))

    def at(self, moment: datetime) -> list[str]:
        """It is this moment: whatever is due is sent; returned are the texts."""
        self.room.clock.moment = moment
        return self.hears()

    def hears(self) -> list[str]:
        """What the worker sends now."""
        before = len(self.carrier.received)
        room = self.room
        opened = partial(room.services.unit, room.reader())
        send_due(Sender(opened, alone(self.carrier), WORDS, room.clock.now, QUIET))
        return [each.body for each in self.carrier.received[before:]]

    def writes(self, text: str, phone: str = PHONE, name: str | None = None) -> Answer | None:
        """The patient writes back; what is due in return is sent by the next ``hears``."""
        with self.room.services.unit(self.room.reader()) as unit:
            return take_reply(unit, "fake", name or str(uuid7()), phone, text)

    def due(self) -> dict[str, str]:
        """The kinds of message that wait, and the number they are for."""
        with database.read(self.room.services.engine) as connection:
            waiting = select(message.c.kind, message.c.phone).where(message.c.state == "due")
            return {row.kind: row.phone for row in connection.execute(waiting)}

    def calls(self) -> list[tuple[str, str]]:
        """Why somebody must be called, and how that stands."""
        with database.read(self.room.services.engine) as connection:
            lines = select(call_list.c.reason, call_list.c.status).order_by(call_list.c.id)
            return [(row.reason, row.status) for row in connection.execute(lines)]

    def stopped(self) -> set[tuple[str, str, str]]:
        """The numbers left in peace, the channel and the reason."""
        with database.read(self.room.services.engine) as connection:
            columns = stopped_number.c
            there = select(columns.address, columns.channel, columns.reason).where(
                columns.lifted_at.is_(None)
            )
            return {(row.address, row.channel, row.reason) for row in connection.execute(there)}
