"""One village, one doctor, one patient with a telephone: what a message needs to exist."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Engine, select

from scheduling import booking
from scheduling.booking import Appointment
from scheduling.calendar import Shift, Slot
from scheduling.events import Actor
from scheduling.ids import uuid7
from scheduling.people import Patient, Practitioner
from scheduling.places import Facility, Kiosk, Opening, Settlement, Site
from scheduling.reminders import QuietHours
from scheduling.store import Book
from scheduling.visit_types import CONSULTATION
from telemed import database
from telemed.messages.carriers import alone
from telemed.messages.claiming import Look
from telemed.messages.inbound import Answer, Inbox
from telemed.messages.outbox import Addressee, Outbox
from telemed.messages.port import Outgoing, Port
from telemed.messages.sending import LEASE, Sender
from telemed.messages.tables import message
from telemed.messages.texts import Words
from telemed.texts import TEMPLATES, Texts
from tests import build

_NAMES = ("facility", "site", "kiosk", "kiosk2", "doctor", "doctor2", "patient")
ZONE = "Europe/Sofia"
QUIET = QuietHours()
PHONE = "+359888000001"
# Monday, 10:00 in Sofia.
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
WORDS = Words(TEMPLATES / "sms", Texts())
CLERK = Actor("staff", None)
PATIENT = Actor("patient", None)


def _unseen(_owner: UUID, _what: str) -> None:
    return None


@dataclass
class Unit:
    """The part of a unit of work that messages touch."""

    book: Book
    outbox: Outbox
    inbox: Inbox


@dataclass
class World:
    """Opens units on a database, and keeps who lives there."""

    engine: Engine
    now: datetime = NOW
    phone: str | None = PHONE
    consents: bool = True
    ids: dict[str, UUID] = field(default_factory=lambda: {name: uuid7() for name in _NAMES})

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        """Open a unit that turns its events into messages before it commits."""
        with database.write(self.engine) as connection:
            unit = Unit(Book(connection, _unseen), Outbox(connection, _unseen), Inbox(connection, _unseen))
            yield unit
            unit.outbox.from_events(
                unit.book.events, lambda each: self._addressee(unit.book, each.subject_id), self.now, QUIET
            )

    def settle(self) -> "World":
        """Put the village on the map."""
        with database.write(self.engine) as connection:
            book = Book(connection, _unseen)
            book.add_settlement(Settlement("38618", "Коритен", "Koriten", "Добрич", "Крушари", None, None))
            book.add_facility(Facility(self.ids["facility"], "МЦ „Извор“", ZONE))
            hours = tuple(Opening(day, time(8), time(22)) for day in range(7))
            site = Site(self.ids["site"], "post_office", "38618", "поща Коритен", ZONE, hours)
            book.add_site(site)
            for name in ("kiosk", "kiosk2"):
                book.add_kiosk(Kiosk(self.ids[name], site.id, name))
            for name in ("doctor", "doctor2"):
                book.add_practitioner(Practitioner(self.ids[name], self.ids["facility"], name, "gp", ("bg",)))
                for day in range(7):
                    book.add_shift(Shift(self.ids[name], self.ids["facility"], day, time(8), time(22)))
            birth = date(1950, 1, 1)
            book.add_patient(
                Patient(self.ids["patient"], "claimed", "Ана", birth, "f", None, None, PHONE, "bg")
            )
            book.allow_more(self.ids["patient"], CONSULTATION, 5, self.ids["doctor"], self.now)
        return self

    def book(self, starts_in: timedelta, doctor: str = "doctor", kiosk: str = "kiosk") -> Appointment:
        """Book the patient with a doctor."""
        starts_at = self.now + starts_in
        ends_at = starts_at + timedelta(minutes=20)
        slot = Slot(self.ids[doctor], self.ids[kiosk], self.ids["site"], starts_at, ends_at)
        with self.unit() as unit:
            return unit.book.book(build.request(self.ids["patient"], slot), self.now, CLERK)

    def cancel(self, appointment: Appointment, who: Actor = CLERK) -> None:
        """Cancel an appointment."""
        with self.unit() as unit:
            current = unit.book.appointment(appointment.id)
            unit.book.change(*booking.cancel(current, self.now, who))

    def confirm(self, appointment: Appointment, who: Actor = PATIENT) -> None:
        """Confirm an appointment."""
        with self.unit() as unit:
            current = unit.book.appointment(appointment.id)
            unit.book.change(*booking.confirm(current, self.now, who))

    def answer(self, text: str, provider_id: str = "in-1", phone: str = PHONE) -> Answer | None:
        """Let an SMS come in."""
        with self.unit() as unit:
            return unit.inbox.take("fake", provider_id, phone, text, self.now)

    def states(self, appointment: Appointment | None = None) -> dict[str, str]:
        """Return the state of each kind of message."""
        wanted = select(message.c.kind, message.c.state)
        if appointment is not None:
            wanted = wanted.where(message.c.appointment_id == appointment.id)
        with database.read(self.engine) as connection:
            return {row.kind: row.state for row in connection.execute(wanted)}

    def _addressee(self, book: Book, appointment_id: UUID) -> Addressee:
        appointment = book.appointment(appointment_id)
        return Addressee(appointment, self.phone, "bg", self.consents, "поща Коритен", ZONE)


def sender(world: World, port: Port, at_once: int = 1) -> Sender:
    """What the worker sends with, over one carrier."""
    return Sender(world.unit, alone(port), WORDS, lambda: world.now, QUIET, at_once)


def look(now: datetime, port: Port, lease: timedelta = LEASE) -> Look:
    """A look for what is due."""
    return Look(now, now + lease, QUIET, alone(port).look(now))


def bodies(received: list[Outgoing]) -> list[str]:
    """Return what the telephone shows."""
    return [sms.body for sms in received]
