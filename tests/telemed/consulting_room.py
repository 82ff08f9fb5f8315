"""A doctor's consulting room: two facilities, a doctor in each, and patients who come to a kiosk."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask

from scheduling.ids import uuid7
from scheduling.people import Practitioner
from telemed import database
from telemed.accounts.store import AccountStore, Staff
from telemed.intake.submission import Submission
from telemed.records.access_log import Reader
from telemed.services import Services
from telemed.visits import kiosk as kiosk_verbs
from telemed.visits.kiosk import Receipt
from tests import build
from tests.fakes import FakeClock
from tests.telemed.conftest import PASSWORD, Visitor, browser_of, hashed, sealed_totp

KIOSK = Reader("kiosk", "k-1", None, "Kiosk 1", "visit", "kiosk")
NAME = "Иванка Петрова"
EGN = "4403081217"


def submission(**changes: Any) -> Submission:
    """What a patient who feels dizzy tells and measures."""
    body: dict[str, Any] = {
        "language": "bg",
        "red_flag": False,
        "claim": {"identifier_kind": "egn", "identifier": EGN, "name": NAME, "birth_date": "1944-03-08"},
        "notice_version": "bg-2026-11",
        "phone": "+359888123456",
        "sms": True,
        "sharing": False,
        "complaint": "dizzy",
        "words": "Вие ми се свят, като стана.",
        "measurements": [
            {"code": "systolic", "value": "168", "taken_at": build.NOW.isoformat()},
            {"code": "diastolic", "value": "95", "taken_at": build.NOW.isoformat()},
            {"code": "temperature", "value": "36.8", "typed_by": "clerk", "taken_at": build.NOW.isoformat()},
            {"code": "oxygen", "reason": "failed", "taken_at": build.NOW.isoformat()},
            {"code": "weight", "reason": "refused", "taken_at": build.NOW.isoformat()},
        ],
        "choice": {"kind": "now"},
    }
    return Submission.model_validate({**body, **changes})


@dataclass(frozen=True)
class ConsultingRoom:
    """The world of these tests, and what happens in it."""

    services: Services
    clock: FakeClock
    world: build.World
    doctor: Staff
    stranger: Staff

    @property
    def doctor_id(self) -> UUID:
        """The practitioner behind the doctor's account."""
        return self.world.practitioner.id

    def comes(self, **changes: Any) -> Receipt:
        """A patient tells what is wrong and waits."""
        with self.services.unit(KIOSK) as unit:
            filed = kiosk_verbs.file_intake(unit, uuid7(), submission(**changes), self.world.kiosk)
        assert isinstance(filed, Receipt)
        return filed

    def books_and_arrives(self, **changes: Any) -> Receipt:
        """A patient books the doctor for later today and comes back in time."""
        slot = self.world.slot(build.local(11))
        choice = {
            "kind": "slot",
            "practitioner_id": str(slot.practitioner_id),
            "kiosk_id": str(slot.kiosk_id),
            "starts_at": slot.starts_at.isoformat(),
        }
        receipt = self.comes(choice=choice, **changes)
        self.clock.moment = slot.starts_at - timedelta(minutes=5)
        with self.services.unit(KIOSK) as unit:
            assert kiosk_verbs.arrive(unit, receipt.code, self.world.kiosk) is not None
        return receipt

    def reader(self, staff: Staff | None = None, role: str = "doctor") -> Reader:
        """The doctor (or another) as the doors announce them."""
        who = staff or self.doctor
        return Reader("staff", str(who.id), who.facility_id, who.name, "care", role)

    def browser(self, app: Flask, staff: Staff | None = None) -> Visitor:
        """A browser in which the doctor (or another) has signed in."""
        return browser_of(app, self.services, staff or self.doctor)


def open_room(services: Services, clock: FakeClock) -> ConsultingRoom:
    """Build it over an empty database."""
    services = replace(services, clock=clock)
    with services.unit(KIOSK) as unit:
        world = build.world(unit.book)
        elsewhere = build.facility(name="МЦ Друго място")
        colleague = build.practitioner(elsewhere.id, name="д-р Чужда")
        unit.book.add_facility(elsewhere)
        unit.book.add_practitioner(colleague)
    return ConsultingRoom(
        services, clock, world, add_doctor(services, world.practitioner), add_doctor(services, colleague)
    )


def add_doctor(services: Services, practitioner: Practitioner) -> Staff:
    """An account for a practitioner."""
    with database.write(services.engine) as connection:
        return AccountStore(connection).add_staff(
            email=f"{practitioner.id}@telemed.example",
            name=practitioner.name,
            roles=frozenset({"doctor"}),
            password_hash=hashed(PASSWORD),
            sealed_totp=sealed_totp(services.settings.key("totp")),
            now=build.NOW,
            practitioner_id=practitioner.id,
            facility_id=practitioner.facility_id,
        )


def words(page: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
