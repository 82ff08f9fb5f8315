"""Two doctors of one facility, one of whom has promised to answer in writing, and a worker who looks."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from scheduling.ids import uuid7
from scheduling.people import Practitioner
from telemed import database
from telemed.accounts.phones import Phones, StaffPhone
from telemed.accounts.store import Staff
from telemed.intake.written import Written
from telemed.messages.tables import doctor_page
from telemed.records.access_log import Reader
from telemed.services import Services
from telemed.visits import clinic, in_writing, owed, passing_on
from tests import build
from tests.fakes import FakeClock
from tests.telemed.consulting_room import KIOSK, ConsultingRoom, add_doctor, open_room

WORKER = Reader(
    kind="job", id="worker", facility_id=None, name="Telemed", purpose="passing a written answer on"
)
MINUTE = timedelta(minutes=1)


@dataclass
class Ward:
    """Two doctors of one facility, and a visit in which the first has promised to answer in writing."""

    room: ConsultingRoom
    colleague: Practitioner
    account: Staff
    visit_id: UUID

    def later(self, minutes: float) -> int:
        """So much time goes by; how many were told then by the worker's look."""
        self.room.clock.forward(minutes * MINUTE)
        with self.room.services.view() as view:
            found = passing_on.to_pass_on(view.connection, view.book, view.now)
        told = 0
        for visit_id in found:
            with self.room.services.unit(WORKER) as unit:
                told += passing_on.pass_on(unit, visit_id)
        return told

    def told(self) -> list[tuple[str, UUID | None]]:
        with self.room.services.view() as view:
            return [
                (step.what, step.who)
                for each in owed.standings(view.connection, view.now)
                for step in each.told
            ]

    def answers(self, words: str = "Боли ме силно в гърдите") -> None:
        """The doctor asks, and three minutes later the patient answers."""
        with self.room.services.unit(self.room.reader()) as unit:
            asked = in_writing.ask(unit, self.visit_id, self.room.doctor_id, f"Как сте? {uuid7()}")
        self.room.clock.forward(3 * MINUTE)
        with self.room.services.unit(KIOSK) as unit:
            told = Written(question=asked.id, words=words)
            assert in_writing.answer(unit, self.visit_id, uuid7(), told, self.room.world.kiosk) == "new"

    def agrees(self, staff: Staff, phone: str) -> None:
        with database.write(self.room.services.engine) as connection:
            Phones(connection).keep(StaffPhone(staff.id, phone, True, True, build.NOW))

    def pages(self) -> list[str]:
        with self.room.services.view() as view:
            return sorted(view.connection.scalars(select(doctor_page.c.phone)))

    def list_of(self, practitioner_id: UUID, staff: Staff) -> list[owed.Owed]:
        with self.room.services.unit(self.room.reader(staff)) as unit:
            return owed.owed(unit, practitioner_id)

    def takes(self) -> UUID | None:
        with self.room.services.unit(self.room.reader(self.account)) as unit:
            return passing_on.take_over(unit, self.visit_id, self.colleague.id).practitioner_id


def open_ward(services: Services) -> Ward:
    """Make such a ward, with both on duty."""
    room = open_room(services, FakeClock())
    colleague = build.practitioner(room.world.facility.id, name="д-р Колева")
    with room.services.unit(KIOSK) as unit:
        unit.book.add_practitioner(colleague)
        for shift in build.roster(colleague):
            unit.book.add_shift(shift)
    visit_id = room.comes().visit_id
    with room.services.unit(room.reader()) as unit:
        clinic.admit(unit, visit_id, room.doctor_id)
        in_writing.answer_later(unit, visit_id, room.doctor_id)
    return Ward(room, colleague, add_doctor(room.services, colleague), visit_id)
