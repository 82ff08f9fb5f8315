"""An intake is filed once and wholly, or not at all; the slip brings a booked patient back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from scheduling import tables
from scheduling.errors import NotFound, SlotTaken
from scheduling.ids import uuid7
from scheduling.people import Patient
from scheduling.waiting import KEPT
from telemed import services
from telemed.intake.submission import Submission
from telemed.intake.tables import intake_conflict
from telemed.messages.tables import message
from telemed.records.access_log import Reader
from telemed.services import Services
from telemed.settings import Settings
from telemed.visits import kiosk as visits
from telemed.visits.kiosk import Arrival, Conflict, Receipt, TooManyTries
from tests import build
from tests.fakes import FakeClock

KIOSK = Reader("kiosk", "k-1", None, "kiosk", "booking")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def house(database_url: str, tmp_path: Path, clock: FakeClock) -> Iterator[Services]:
    settings = Settings(database_url=database_url, data_dir=tmp_path, secret_key="s" * 32)
    built = replace(services.build(settings), clock=clock)
    yield built
    built.engine.dispose()


@pytest.fixture
def world(house: Services) -> build.World:
    with house.unit(KIOSK) as unit:
        return build.world(unit.book)


def submission(**changes: Any) -> Submission:
    body: dict[str, Any] = {
        "language": "bg",
        "red_flag": False,
        "claim": {
            "identifier_kind": None,
            "identifier": None,
            "name": "Иванка Петрова",
            "birth_date": "1944-03-08",
        },
        "notice_version": "bg-2026-11",
        "phone": "+359888123456",
        "sms": True,
        "sharing": False,
        "complaint": "dizzy",
        "measurements": [{"code": "pulse", "value": "72", "taken_at": build.NOW.isoformat()}],
        "choice": {"kind": "now"},
    }
    return Submission.model_validate({**body, **changes})


def at(world: build.World, starts_at: datetime) -> dict[str, str]:
    return {
        "kind": "slot",
        "practitioner_id": str(world.practitioner.id),
        "kiosk_id": str(world.kiosk.id),
        "starts_at": starts_at.isoformat(),
    }


def file(house: Services, world: build.World, intake_id: UUID, body: Submission) -> Receipt | Conflict:
    with house.unit(KIOSK) as unit:
        return visits.file_intake(unit, intake_id, body, world.kiosk)


def booked(house: Services, world: build.World) -> Receipt:
    receipt = file(house, world, uuid7(), submission(choice=at(world, build.local(11))))
    assert isinstance(receipt, Receipt)
    return receipt


def arrive(house: Services, world: build.World, code: str) -> Arrival | None:
    with house.unit(KIOSK) as unit:
        return visits.arrive(unit, code, world.kiosk)


def count(house: Services, table: Any) -> int:
    with house.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.mark.both_databases
def test_who_wants_a_doctor_now_waits_at_the_facility_on_duty(house: Services, world: build.World) -> None:
    receipt = file(house, world, uuid7(), submission())
    assert isinstance(receipt, Receipt)
    with house.unit(KIOSK) as unit:
        visit = unit.records.encounters.get(receipt.visit_id)
        queue = unit.book.queue(world.facility.id)
    assert visit.status == "waiting"
    assert [entry.id for entry in queue] == [visit.queue_entry_id]


def test_a_red_flag_goes_before_everybody(house: Services, world: build.World) -> None:
    file(house, world, uuid7(), submission())
    urgent = file(house, world, uuid7(), submission(red_flag=True))
    assert isinstance(urgent, Receipt)
    with house.unit(KIOSK) as unit:
        first = unit.book.queue(world.facility.id)[0]
        visit = unit.records.encounters.by_queue_entry(first.id)
    assert visit is not None
    assert visit.id == urgent.visit_id


@pytest.mark.both_databases
def test_the_same_intake_sent_again_gets_the_same_receipt_and_files_nothing(
    house: Services, world: build.World
) -> None:
    intake_id, body = uuid7(), submission(choice=at(world, build.local(11)))
    first, second = file(house, world, intake_id, body), file(house, world, intake_id, body)
    assert first == second
    assert count(house, tables.appointment) == 1


@pytest.mark.both_databases
def test_another_body_under_the_same_id_is_kept_for_a_person(house: Services, world: build.World) -> None:
    intake_id = uuid7()
    file(house, world, intake_id, submission())
    assert isinstance(file(house, world, intake_id, submission(complaint="pain")), Conflict)
    assert count(house, intake_conflict) == 1
    assert count(house, tables.queue_entry) == 1


@pytest.mark.both_databases
def test_when_the_slot_is_gone_nothing_is_filed(house: Services, world: build.World) -> None:
    booked(house, world)
    patients = count(house, tables.patient)
    with pytest.raises(SlotTaken):
        file(house, world, uuid7(), submission(choice=at(world, build.local(11))))
    assert count(house, tables.patient) == patients


def test_a_booking_puts_its_messages_into_the_outbox(house: Services, world: build.World) -> None:
    booked(house, world)
    with house.engine.connect() as connection:
        kinds = set(connection.execute(select(message.c.kind)).scalars())
    assert "booked" in kinds


def test_who_refused_sms_gets_none(house: Services, world: build.World) -> None:
    file(house, world, uuid7(), submission(phone=None, sms=False, choice=at(world, build.local(11))))
    assert count(house, message) == 0


def test_a_known_number_changes_nothing_about_the_person_it_belongs_to(
    house: Services, world: build.World
) -> None:
    known = build.patient(identity="confirmed", identifier="4403080010", name="Somebody Else")
    with house.unit(KIOSK) as unit:
        unit.book.add_patient(known)
    claim = {
        "identifier_kind": "egn",
        "identifier": "4403080010",
        "name": "Друг Човек",
        "birth_date": "1944-03-08",
    }
    file(house, world, uuid7(), submission(claim=claim))
    with house.unit(KIOSK) as unit:
        holders: list[Patient] = unit.book.patients_with("egn", "4403080010")
    assert {(holder.identity, holder.name) for holder in holders} == {
        ("confirmed", "Somebody Else"),
        ("claimed", "Друг Човек"),
    }


@pytest.mark.both_databases
def test_the_code_on_the_slip_brings_the_patient_into_the_queue_once(
    house: Services, world: build.World, clock: FakeClock
) -> None:
    receipt = booked(house, world)
    clock.forward(timedelta(hours=1))
    first, second = arrive(house, world, receipt.code), arrive(house, world, receipt.code)
    assert first == second == Arrival(receipt.visit_id, build.local(11), too_early=False)
    assert count(house, tables.queue_entry) == 1


def test_a_red_flag_is_not_forgotten_between_booking_and_arriving(
    house: Services, world: build.World, clock: FakeClock
) -> None:
    file(house, world, uuid7(), submission())
    body = submission(red_flag=True, choice=at(world, build.local(11)))
    receipt = file(house, world, uuid7(), body)
    assert isinstance(receipt, Receipt)
    clock.forward(timedelta(hours=1))
    arrive(house, world, receipt.code)
    with house.unit(KIOSK) as unit:
        first = unit.book.queue(world.facility.id)[0]
    assert first.emergency
    assert first.appointment_id is not None


def test_who_comes_a_day_early_is_told_the_time(house: Services, world: build.World) -> None:
    tomorrow = build.local(11, day=date(2026, 11, 18))
    receipt = file(house, world, uuid7(), submission(choice=at(world, tomorrow)))
    assert isinstance(receipt, Receipt)
    assert arrive(house, world, receipt.code) == Arrival(None, tomorrow, too_early=True)


def test_after_five_wrong_codes_the_clerk_helps(house: Services, world: build.World) -> None:
    for _ in range(5):
        assert arrive(house, world, "2222222A") is None
    with pytest.raises(TooManyTries):
        arrive(house, world, "2222222A")


def test_who_leaves_before_being_seen_keeps_the_place_for_a_while(
    house: Services, world: build.World
) -> None:
    receipt = file(house, world, uuid7(), submission())
    assert isinstance(receipt, Receipt)
    with house.unit(KIOSK) as unit:
        visits.leave(unit, receipt.visit_id, world.kiosk)
    with house.unit(KIOSK) as unit:
        (place,) = unit.book.queue(world.facility.id)
        assert place.away_until == unit.now + KEPT
        assert unit.records.encounters.get(receipt.visit_id).status == "waiting"


def test_another_kiosk_cannot_touch_the_visit(house: Services, world: build.World) -> None:
    receipt = file(house, world, uuid7(), submission())
    assert isinstance(receipt, Receipt)
    other = build.kiosk(world.site.id)
    with pytest.raises(NotFound), house.unit(KIOSK) as unit:
        visits.leave(unit, receipt.visit_id, other)
