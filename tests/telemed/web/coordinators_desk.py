"""A coordinator's desk: a facility, its doctor, somebody who is booked, and another facility beside."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from flask import Flask

from scheduling.booking import Appointment, Request
from scheduling.ids import uuid7
from scheduling.people import Patient, Practitioner
from scheduling.places import Facility
from telemed.accounts.store import AccountStore, Staff
from telemed.messages.tables import message
from telemed.records.access_log import Reader
from telemed.records.consent import Consent
from telemed.run.web import create_app
from telemed.services import Services
from tests import build
from tests.fakes import FakeClock
from tests.telemed.conftest import BuiltAssets, Visitor, browsable, browser_of

READER = Reader("job", "test", None, "test", "setting the table")


@dataclass(frozen=True)
class Desk:
    """The world of these tests; it is Tuesday 09:40."""

    services: Services
    app: Flask
    world: build.World
    elsewhere: Facility
    stranger: Practitioner
    coordinator: Staff

    @property
    def site_page(self) -> str:
        """The page of the one site."""
        return f"/admin/sites/{self.world.site.id}"

    @property
    def roster_page(self) -> str:
        """The page of the facility's one doctor."""
        return f"/admin/rosters/{self.world.practitioner.id}"

    def browser(self, staff: Staff | None = None) -> Visitor:
        """A browser in which the coordinator (or another) has signed in, reading English."""
        browser = browser_of(self.app, self.services, staff or self.coordinator)
        browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return browser

    def colleague(self, *roles: str, facility_id: UUID | None = None, site_id: UUID | None = None) -> Staff:
        """Another member of staff."""
        with self.services.unit(READER) as unit:
            return unit.accounts.add_staff(
                email=f"{uuid7()}@telemed.example",
                name=f"Test {roles[0]}",
                roles=frozenset(roles),
                password_hash="",
                sealed_totp=None,
                now=build.NOW,
                facility_id=facility_id,
                site_id=site_id,
            )

    def books(self, starts_at: datetime, who: Patient | None = None, sms: bool = True) -> Appointment:
        """A patient books the doctor at the one kiosk."""
        with self.services.unit(READER) as unit:
            patient = who or replace(build.patient(), name=f"Пациент {starts_at:%d %H%M}", identifier=None)
            if who is None:
                patient = replace(patient, identifier_kind=None)
                unit.book.add_patient(patient)
            if sms:
                agreed = Consent(uuid7(), patient.id, "sms", True, "bg-2026-11", unit.now)
                unit.records.consents.add(agreed)
            request = Request(patient.id, self.world.slot(starts_at), "consultation", "video", uuid7())
            return unit.book.book(request, unit.now, build.CLERK)

    def appointment(self, booked: Appointment) -> Appointment:
        """How an appointment stands now."""
        with self.services.unit(READER) as unit:
            return unit.book.appointment(booked.id)

    def messages(self, booked: Appointment) -> list[str]:
        """Which messages wait to go out about an appointment in its newest version."""
        with self.services.unit(READER) as unit:
            rows = unit.connection.execute(
                message.select().where(message.c.appointment_id == booked.id, message.c.state == "due")
            )
            return sorted({row.kind for row in rows})

    def looks(self, patient_id: UUID) -> list[str]:
        """Why staff have read something of a patient's."""
        with self.services.unit(READER) as unit:
            entries = unit.records.access.entries(patient_id)
            return [entry.reader.purpose for entry in entries if entry.reader.kind == "staff"]


def open_desk(services: Services) -> Desk:
    """Build it over an empty database."""
    services = replace(services, clock=FakeClock())
    with services.unit(READER) as unit:
        world = build.world(unit.book)
        elsewhere = build.facility(name="МЦ Друго място")
        stranger = build.practitioner(elsewhere.id, name="д-р Чужда")
        unit.book.add_facility(elsewhere)
        unit.book.add_practitioner(stranger)
        for shift in build.roster(stranger):
            unit.book.add_shift(shift)
        coordinator = _coordinator(unit.accounts, world.facility.id)
    return Desk(
        services, browsable(create_app(services, BuiltAssets())), world, elsewhere, stranger, coordinator
    )


def _coordinator(accounts: AccountStore, facility_id: UUID) -> Staff:
    return accounts.add_staff(
        email="coordinator@telemed.example",
        name="Test coordinator",
        roles=frozenset({"coordinator"}),
        password_hash="",
        sealed_totp=None,
        now=build.NOW,
        facility_id=facility_id,
    )
