"""Makers of test data: each gives a valid thing, with what the test cares about put in its place."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from scheduling.booking import Appointment, Request
from scheduling.calendar import Shift, Slot
from scheduling.events import Actor
from scheduling.ids import uuid7
from scheduling.people import Contact, Patient, Practitioner
from scheduling.places import Facility, Kiosk, Opening, Settlement, Site
from scheduling.store import Book
from scheduling.visit_types import VisitType
from scheduling.waiting import QueueEntry
from scheduling.wishes import Wish

SOFIA = "Europe/Sofia"
TUESDAY = date(2026, 11, 17)
NOW = datetime(2026, 11, 17, 7, 40, tzinfo=UTC)  # Tuesday 09:40 in Sofia
MINUTES_20 = timedelta(minutes=20)
CLERK = Actor("kiosk", UUID(int=1))
DOCTOR = Actor("staff", UUID(int=2))


def local(hour: int, minute: int = 0, day: date = TUESDAY) -> datetime:
    """A wall-clock time in Sofia in winter, as the UTC instant it is."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=2)


def settlement(**changes: Any) -> Settlement:
    """A village."""
    village = Settlement("00084", "Аврен", "Avren", "Варна", "Аврен", 43.1, 27.6667)
    return replace(village, **changes)


def hours(opens: time = time(9), closes: time = time(17)) -> tuple[Opening, ...]:
    """The same opening on each working day."""
    return tuple(Opening(weekday, opens, closes) for weekday in range(5))


def site(**changes: Any) -> Site:
    """A post office, open from nine to five on working days."""
    return replace(Site(uuid7(), "post_office", "00084", "Поща Аврен", SOFIA, hours()), **changes)


def kiosk(site_id: UUID, **changes: Any) -> Kiosk:
    """A kiosk at a site."""
    return replace(Kiosk(uuid7(), site_id, "Гише 1"), **changes)


def facility(**changes: Any) -> Facility:
    """A health centre."""
    return replace(Facility(uuid7(), "Медицински център", SOFIA), **changes)


def practitioner(facility_id: UUID, **changes: Any) -> Practitioner:
    """A general practitioner."""
    return replace(Practitioner(uuid7(), facility_id, "д-р Илиева", "general", ("bg", "en")), **changes)


def visit_type(**changes: Any) -> VisitType:
    """The consultation: twenty minutes, in any way."""
    consultation = VisitType(
        id="consultation",
        names={"en": "Consultation", "bg": "Консултация"},
        service="general",
        minutes=20,
        buffer_minutes=0,
        channels=("video", "audio", "written"),
        needs_kiosk=True,
        needs_clerk=True,
        lead_minutes=0,
        cancel_minutes=0,
    )
    return replace(consultation, **changes)


def roster(who: Practitioner, starts: time = time(8), ends: time = time(16)) -> list[Shift]:
    """The same shift on each working day."""
    return [Shift(who.id, who.facility_id, weekday, starts, ends) for weekday in range(5)]


def patient(**changes: Any) -> Patient:
    """A patient who has claimed a number and left a phone."""
    claimed = Patient(
        id=uuid7(),
        identity="claimed",
        name="Мария Петрова",
        birth_date=date(1950, 3, 8),
        sex="female",
        identifier_kind="egn",
        identifier="5003080000",
        phone="+359880000001",
        language="bg",
    )
    return replace(claimed, **changes)


def contact(patient_id: UUID, **changes: Any) -> Contact:
    """A landline at which a patient may be called."""
    landline = Contact(uuid7(), patient_id, "voice", "+35952111111", None, NOW)
    return replace(landline, **changes)


def slot(**changes: Any) -> Slot:
    """A slot on Tuesday from 11:00 to 11:20."""
    return replace(Slot(uuid7(), uuid7(), uuid7(), local(11), local(11, 20)), **changes)


def appointment(**changes: Any) -> Appointment:
    """An appointment on Tuesday from 11:00 to 11:20, just booked."""
    booked = Appointment(
        id=uuid7(),
        version=1,
        patient_id=uuid7(),
        practitioner_id=uuid7(),
        facility_id=uuid7(),
        site_id=uuid7(),
        kiosk_id=uuid7(),
        starts_at=local(11),
        ends_at=local(11, 20),
        channel="video",
        status="booked",
        confirmed_at=None,
    )
    return replace(booked, **changes)


def request(patient_id: UUID, slot: Slot, key: UUID | None = None, **changes: Any) -> Request:
    """A wish for a consultation by video at this slot."""
    wish = Request(patient_id, slot, "consultation", "video", key or uuid7())
    return replace(wish, **changes)


def queue_entry(**changes: Any) -> QueueEntry:
    """Somebody who just came without an appointment."""
    entry = QueueEntry(
        id=uuid7(),
        patient_id=uuid7(),
        facility_id=uuid7(),
        site_id=uuid7(),
        kiosk_id=uuid7(),
        appointment_id=None,
        entered_at=NOW,
        emergency=False,
        status="waiting",
        practitioner_id=None,
        version=1,
    )
    return replace(entry, **changes)


@dataclass(frozen=True)
class World:
    """The smallest world in which somebody can be seen."""

    facility: Facility
    practitioner: Practitioner
    site: Site
    kiosk: Kiosk
    patient: Patient

    def slot(self, starts_at: datetime, length: timedelta = MINUTES_20) -> Slot:
        """A slot of this practitioner at this kiosk."""
        return Slot(self.practitioner.id, self.kiosk.id, self.site.id, starts_at, starts_at + length)


def world(book: Book) -> World:
    """Store one of everything: a facility with a practitioner on duty, a site with a kiosk, a patient."""
    village, place, centre = settlement(), site(), facility()
    doctor, counter, person = practitioner(centre.id), kiosk(place.id), patient()
    book.add_settlement(village)
    book.add_facility(centre)
    book.add_site(place)
    book.add_kiosk(counter)
    book.add_practitioner(doctor)
    for shift in roster(doctor):
        book.add_shift(shift)
    book.add_patient(person)
    return World(centre, doctor, place, counter, person)


def wish(**changes: Any) -> Wish:
    """A wish for any doctor in this week and the next."""
    entered = Wish(
        id=uuid7(),
        visit_type_id="consultation",
        facility_id=uuid7(),
        site_id=uuid7(),
        practitioner_id=None,
        earliest=TUESDAY,
        latest=TUESDAY + timedelta(days=10),
        entered_at=NOW,
        status="waiting",
        version=1,
    )
    return replace(entered, **changes)


def somebody(book: Book) -> UUID:
    """Store one more patient."""
    person = patient(identifier=None, identifier_kind=None)
    book.add_patient(person)
    return person.id


def offer(book: Book, who: World, **changes: Any) -> VisitType:
    """Store one more kind of visit, which the practitioner of this world offers."""
    kind = visit_type(**{"id": "control", **changes})
    book.set_visit_type(kind)
    book.set_offers(who.practitioner.id, ["consultation", kind.id])
    return kind
