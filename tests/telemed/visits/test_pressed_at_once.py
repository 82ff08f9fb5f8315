"""Buttons that were pressed twice at the same moment, in two processes, do once what they do."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Table, func, select

from scheduling.ids import uuid7
from telemed import database
from telemed.accounts.phones import Phones, StaffPhone
from telemed.clerk_calls import clerk_call
from telemed.intake.alarm_tables import alarm
from telemed.intake.asked_again import Answered
from telemed.intake.written_tables import written_question
from telemed.messages.tables import phone_bridge
from telemed.services import Services
from telemed.unit import Unit
from telemed.visits import by_telephone, clinic, in_writing, measuring_again, stopping
from telemed.visits.kiosk import Receipt
from tests import build
from tests.fakes import FakeClock
from tests.telemed.alarming import measured
from tests.telemed.consulting_room import KIOSK, ConsultingRoom, open_room

pytestmark = pytest.mark.both_databases

Press = Callable[[Unit, ConsultingRoom, Receipt], object]


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    room = open_room(services, FakeClock())
    with database.write(services.engine) as connection:
        phones, own = Phones(connection), StaffPhone(room.doctor.id, "+359888000001", True, True, build.NOW)
        phones.keep(own)
        phones.keep_at_site(room.world.site.id, "+35952000001", room.doctor.id, build.NOW)
    return room


def ask(unit: Unit, room: ConsultingRoom, receipt: Receipt) -> object:
    return in_writing.ask(unit, receipt.visit_id, room.doctor_id, "Как сте?")


def stop(unit: Unit, room: ConsultingRoom, receipt: Receipt) -> object:
    return stopping.stop_and_call_clerk(unit, receipt.visit_id, room.doctor_id, "danger")


def ring(unit: Unit, room: ConsultingRoom, receipt: Receipt) -> object:
    return by_telephone.ring(unit, receipt.visit_id, room.doctor_id, room.doctor.id)


def count(room: ConsultingRoom, table: Table) -> int:
    with room.services.view() as view:
        return view.connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.mark.parametrize(
    ("press", "made"), [(ask, written_question), (stop, clerk_call), (ring, phone_bridge)]
)
def test_a_second_press_is_seen_as_one(room: ConsultingRoom, press: Press, made: Table) -> None:
    receipt = room.comes()
    with room.services.unit(room.reader()) as unit:
        clinic.admit(unit, receipt.visit_id, room.doctor_id)

    def pressed(_turn: int) -> object:
        with room.services.unit(room.reader()) as unit:
            return press(unit, room, receipt)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(pressed, range(4)))
    assert found == [found[0]] * 4
    assert count(room, made) == 1


def test_readings_that_come_at_once_raise_one_alarm_that_all_stand_in(room: ConsultingRoom) -> None:
    receipt = room.comes()
    bodies = []
    for kind, value in (("oxygen", "85"), ("pulse", "190")):
        with room.services.unit(room.reader()) as unit:
            asked = measuring_again.ask(unit, receipt.visit_id, room.doctor_id, kind)
        told = {"asked": str(asked.id), "measurements": measured(**{kind: value})}
        bodies.append(Answered.model_validate(told))

    def sends(body: Answered) -> str:
        with room.services.unit(KIOSK) as unit:
            return measuring_again.answer(unit, receipt.visit_id, uuid7(), body, room.world.kiosk)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(sends, bodies)) == ["new", "new"]
    assert count(room, alarm) == 1
    with room.services.unit(room.reader()) as unit:
        raised = unit.alarms.of_visit(receipt.visit_id)
    assert raised is not None
    assert {each.code for each in raised.values} == {"oxygen", "pulse"}
