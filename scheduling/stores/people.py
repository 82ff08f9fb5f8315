"""Reads and writes patients."""

from collections.abc import Iterable
from dataclasses import asdict, fields, replace
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from scheduling import booking, tables
from scheduling.errors import IdentityTaken, KeyReused
from scheduling.ids import uuid7
from scheduling.people import Contact, ContactWay, Patient
from scheduling.stores.ledger import Ledger, found


class PeopleStore(Ledger):
    """The part of the book that knows who the patients are."""

    def add_patient(self, patient: Patient) -> None:
        """Add a patient; KeyReused when one with this id was added at the same moment."""
        try:
            self._connection.execute(insert(tables.patient).values(asdict(patient)))
        except IntegrityError as refusal:
            if "pk_patient" not in str(refusal.orig) and "patient.id" not in str(refusal.orig):
                raise
            raise KeyReused("this patient was added at the same moment") from refusal

    def patient(self, patient_id: UUID) -> Patient:
        """The patient with this id."""
        patients = self._patients(tables.patient.c.id == patient_id)
        return found(next(iter(patients), None), "patient")

    def patients(self, patient_ids: Iterable[UUID]) -> dict[UUID, Patient]:
        """The patients with these ids, in one question."""
        asked = tables.patient.c.id.in_(sorted(set(patient_ids)))
        return {patient.id: patient for patient in self._patients(asked)}

    def patients_with(self, kind: str, value: str) -> list[Patient]:
        """Every patient, claimed or confirmed, with exactly this identifier, or this phone (`phone`)."""
        columns = tables.patient.c
        if kind == "phone":
            return self._patients(columns.phone == value)
        return self._patients(columns.identifier_kind == kind, columns.identifier == value)

    def confirm_patient(self, patient_id: UUID) -> Patient:
        """Somebody compared the claim with the person; IdentityTaken when the number is confirmed already."""
        patient = self.patient(patient_id)
        if patient.identity == "confirmed":
            return patient
        columns = tables.patient.c
        other = self._connection.scalar(
            select(columns.id).where(
                columns.identifier_kind == patient.identifier_kind,
                columns.identifier == patient.identifier,
                columns.identity == "confirmed",
            )
        )
        if other is not None:
            raise IdentityTaken(other)
        self._connection.execute(
            update(tables.patient).where(columns.id == patient_id).values(identity="confirmed")
        )
        return replace(patient, identity="confirmed")

    def contacts(self, patient_id: UUID) -> dict[ContactWay, Contact]:
        """Return the further ways to reach a patient that stand now."""
        columns = tables.contact.c
        standing = (columns.patient_id == patient_id, columns.replaced_at.is_(None))
        wanted = select(*(columns[each.name] for each in fields(Contact))).where(*standing)
        rows = self._connection.execute(wanted).all()
        if rows:
            self._seen(patient_id, "patient")
        return {row.way: Contact(**row._asdict()) for row in rows}

    def set_contact(self, contact: Contact) -> None:
        """Reach a patient this way from now on; what stood before is kept with the moment it was replaced."""
        columns = tables.contact.c
        before = (columns.patient_id == contact.patient_id, columns.way == contact.way)
        self._connection.execute(
            update(tables.contact)
            .where(*before, columns.replaced_at.is_(None))
            .values(replaced_at=contact.entered_at)
        )
        self._connection.execute(insert(tables.contact).values(asdict(contact)))

    def link_patient(self, from_id: UUID, to_id: UUID) -> None:
        """Hand everything of a claimed patient to the person it turned out to be.

        What is booked stays booked, even where the two together have more than one of them could book.
        """
        self._written.clear()
        self._link_contacts(from_id, to_id)
        columns = tables.appointment.c
        mine = (columns.patient_id == from_id, columns.status.in_(sorted(booking.OPEN)))
        query = select(columns.id, columns.visit_type_id).where(*mine).order_by(columns.starts_at)
        for appointment_id, visit_type_id in self._connection.execute(query).all():
            self._connection.execute(
                update(tables.appointment)
                .where(columns.id == appointment_id)
                .values(patient_id=to_id, nth=self._next_nth(to_id, visit_type_id))
            )
        for table in (tables.appointment, tables.queue_entry, tables.wish):
            self._connection.execute(
                update(table).where(table.c.patient_id == from_id).values(patient_id=to_id)
            )

    def _link_contacts(self, from_id: UUID, to_id: UUID) -> None:
        # The claim was told later than what the person told before: what it names replaces that.
        columns = tables.patient.c
        told = self._connection.execute(
            select(columns.phone, columns.script).where(columns.id == from_id, columns.phone.is_not(None))
        ).one_or_none()
        if told is not None:
            person = update(tables.patient).where(columns.id == to_id)
            self._connection.execute(person.values(phone=told.phone, script=told.script))
        earlier = {way: each.entered_at for way, each in self.contacts(to_id).items()}
        for contact in self.contacts(from_id).values():
            if contact.entered_at >= earlier.get(contact.way, contact.entered_at):
                self.set_contact(replace(contact, id=uuid7(), patient_id=to_id))

    def _next_nth(self, patient_id: UUID, visit_type_id: str) -> int:
        columns = tables.appointment.c
        query = select(func.coalesce(func.max(columns.nth), -1) + 1).where(
            columns.patient_id == patient_id,
            columns.visit_type_id == visit_type_id,
            columns.status.in_(sorted(booking.OPEN)),
        )
        return int(self._connection.execute(query).scalar_one())

    def _patients(self, *where: ColumnElement[bool]) -> list[Patient]:
        query = select(tables.patient).where(*where).order_by(tables.patient.c.id)
        patients = [Patient(**row._asdict()) for row in self._connection.execute(query)]
        for patient in patients:
            self._seen(patient.id, "patient")
        return patients
