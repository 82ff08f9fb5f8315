"""Reads and writes patients."""

from dataclasses import asdict, replace
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, update

from scheduling import tables
from scheduling.errors import IdentityTaken
from scheduling.ledger import Ledger, found
from scheduling.people import Patient


class PeopleStore(Ledger):
    """The part of the book that knows who the patients are."""

    def add_patient(self, patient: Patient) -> None:
        """Add a patient."""
        self._connection.execute(insert(tables.patient).values(asdict(patient)))

    def patient(self, patient_id: UUID) -> Patient:
        """The patient with this id."""
        patients = self._patients(tables.patient.c.id == patient_id)
        return found(next(iter(patients), None), "patient")

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

    def link_patient(self, from_id: UUID, to_id: UUID) -> None:
        """Hand the appointments and queue entries of a claimed patient to the person it turned out to be."""
        for table in (tables.appointment, tables.queue_entry):
            self._connection.execute(
                update(table).where(table.c.patient_id == from_id).values(patient_id=to_id)
            )

    def _patients(self, *where: ColumnElement[bool]) -> list[Patient]:
        query = select(tables.patient).where(*where).order_by(tables.patient.c.id)
        patients = [Patient(**row._asdict()) for row in self._connection.execute(query)]
        for patient in patients:
            self._seen(patient.id, "patient")
        return patients
