"""Who sits and waits when the demo begins: some walked in, one comes for an appointment."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random
from uuid import UUID

from scheduling import booking
from scheduling.booking import Appointment
from scheduling.events import Actor
from scheduling.ids import uuid7
from scheduling.people import Patient
from scheduling.places import Kiosk
from telemed.demo.people import Cast
from telemed.demo.places import HOME, Map
from telemed.intake.intake import Filing
from telemed.intake.submission import Claim, Measurement, Now, Submission
from telemed.records.encounters import Encounter
from telemed.unit import Unit

# Few wait at the shown facility, so whoever tries the kiosk is sent to the doctor they can sign in as.
_WALK_INS = (1, 3, 3)
_COMPLAINTS = (
    ("pressure", "От два дни ме боли главата сутрин."),
    ("breath", "Кашлям от една седмица."),
    ("medicine", "Хапчетата ми свършват в петък."),
    ("pain", "Боли ме коляното, като слизам по стълби."),
    ("stomach", ""),
    ("skin", "Обрив на ръката."),
    ("dizzy", "Вие ми се свят, като стана."),
    ("other", ""),
)


@dataclass
class WaitingRoom:
    """Fills the waiting room inside one unit."""

    unit: Unit
    where: Map
    cast: Cast
    notice_version: str
    rng: Random
    complaints: Iterator[tuple[str, str]] = field(default_factory=lambda: cycle(_COMPLAINTS))

    def fill(self) -> None:
        """Let people walk in, and the shown doctor's next patient arrive."""
        kiosks = iter(self._kiosks_elsewhere())
        patients = iter(self.rng.sample(self.cast.patients, sum(_WALK_INS) + 1))
        for facility, number in zip(self.where.facilities, _WALK_INS, strict=True):
            for place in range(number):
                since = self.unit.now - timedelta(minutes=6 + 9 * place)
                self._wait(next(patients), next(kiosks), facility.id, since, None)
        appointment = self._next_appointment()
        if appointment is not None and appointment.kiosk_id is not None:
            kiosk = self.unit.book.kiosk(appointment.kiosk_id)
            since = self.unit.now - timedelta(minutes=4)
            self.unit.book.change(*booking.arrive(appointment, since, Actor("kiosk", kiosk.id)))
            person = self.unit.book.patient(appointment.patient_id)
            self._wait(person, kiosk, appointment.facility_id, since, appointment.id)

    def _kiosks_elsewhere(self) -> list[Kiosk]:
        sites = [site for site in self.where.sites if site.settlement_code != HOME]
        return [self.where.kiosk_at(site) for site in self.rng.sample(sites, len(sites))]

    def _next_appointment(self) -> Appointment | None:
        soon = self.unit.book.appointments_on(
            self.unit.now - timedelta(minutes=15),
            self.unit.now + timedelta(hours=2),
            practitioner_id=self.cast.doctor().id,
        )
        return next((each for each in soon if each.status == "booked"), None)

    def _wait(
        self, person: Patient, kiosk: Kiosk, facility_id: UUID, since: datetime, appointment_id: UUID | None
    ) -> None:
        unit = self.unit
        if appointment_id is None:
            person = replace(person, id=uuid7(), identity="claimed")
            unit.book.add_patient(person)
        filing = Filing(uuid7(), uuid7(), person.id, kiosk.id, kiosk.site_id, since)
        unit.intakes.file(filing, self._submission(person, since))
        actor = Actor("kiosk", kiosk.id)
        entry = unit.book.enter_queue(
            person.id, facility_id, kiosk.site_id, kiosk.id, appointment_id, False, since, actor
        )
        unit.records.encounters.add(
            Encounter(
                id=filing.visit_id,
                room=secrets.token_urlsafe(24),
                patient_id=person.id,
                intake_id=filing.intake_id,
                appointment_id=appointment_id,
                queue_entry_id=entry.id,
                facility_id=facility_id,
                site_id=kiosk.site_id,
                kiosk_id=kiosk.id,
                practitioner_id=None,
                opened_at=since,
            )
        )

    def _submission(self, person: Patient, at: datetime) -> Submission:
        complaint, words = next(self.complaints)
        return Submission(
            language=person.language,
            red_flag=False,
            claim=Claim(
                identifier_kind=person.identifier_kind,
                identifier=person.identifier,
                name=person.name,
                birth_date=person.birth_date,
            ),
            notice_version=self.notice_version,
            phone=person.phone,
            sms=person.phone is not None,
            sharing=self.rng.random() < 0.6,
            complaint=complaint,
            words=words,
            measurements=self._measurements(at),
            choice=Now(),
        )

    def _measurements(self, at: datetime) -> tuple[Measurement, ...]:
        upper = self.rng.randrange(112, 168)
        values = {
            "systolic": Decimal(upper),
            # Nobody who waits in the demo from the beginning is beyond a limit.
            "diastolic": Decimal(min(upper - self.rng.randrange(38, 62), 105)),
            "pulse": Decimal(self.rng.randrange(58, 96)),
            "oxygen": Decimal(self.rng.randrange(93, 100)),
            "temperature": Decimal(self.rng.randrange(362, 381)) / 10,
        }
        taken = [Measurement(code=code, value=value, taken_at=at) for code, value in values.items()]
        return (*taken, Measurement(code="weight", reason="not_measured", taken_at=at))
