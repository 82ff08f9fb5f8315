"""Nobody answers a call for help: whoever is asked, and agreed to it, gets one SMS with time and place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduling.ids import uuid7
from telemed import database
from telemed.accounts.phones import Phones, StaffPhone
from telemed.intake.written import Written
from telemed.messages.carriers import alone
from telemed.messages.fakes import FakeProvider
from telemed.messages.port import OutcomeUnknown, Refused, SendError, TryLater
from telemed.messages.tables import doctor_page
from telemed.messages.texts import Words
from telemed.run import alarm_jobs
from telemed.run.page_jobs import paging_by
from telemed.services import Services
from telemed.texts import TEMPLATES
from telemed.visits import clinic, emergencies, in_writing, passing_on
from telemed.visits.paging import PAGED_AFTER
from tests import build
from tests.fakes import FakeClock
from tests.telemed.consulting_room import KIOSK, NAME, ConsultingRoom, open_room

PHONE = "+359888000009"


@dataclass
class Ward:
    """A doctor on duty with a telephone, and the worker's job with a carrier that may fail."""

    room: ConsultingRoom
    carrier: FakeProvider

    def agrees(self, pages: bool = True) -> None:
        with database.write(self.room.services.engine) as connection:
            own = StaffPhone(self.room.doctor.id, PHONE, True, pages, build.NOW)
            Phones(connection).keep(own)

    def help(self) -> None:
        with self.room.services.unit(KIOSK) as unit:
            emergencies.call_for_help(unit, uuid7(), "pressed", self.room.world.kiosk)

    def look(self, after: timedelta = PAGED_AFTER) -> list[str]:
        self.room.clock.forward(after)
        services = self.room.services
        words = Words(TEMPLATES / "sms", services.texts)
        paging_by(alone(self.carrier), words)(services)
        return [each.body for each in self.carrier.received]

    def states(self) -> list[tuple[str, str]]:
        with self.room.services.view() as view:
            rows = view.connection.execute(select(doctor_page.c.state, doctor_page.c.phone))
            return [(row.state, row.phone) for row in rows]


@pytest.fixture
def ward(services: Services) -> Ward:
    return Ward(open_room(services, FakeClock()), FakeProvider())


def told(ward: Ward, *answers: SendError | None) -> Ward:
    return replace(ward, carrier=FakeProvider(list[SendError | None](answers)))


def test_one_sms_says_time_and_place_and_nothing_of_anybody(ward: Ward) -> None:
    ward.agrees()
    ward.help()
    [body] = ward.look()
    assert body == "Telemed: Поща Аврен чака лекар от 09:40. Отворете списъка си"
    assert ward.look() == [body]
    assert ward.states() == [("accepted", "")]


def test_who_looks_at_the_screen_at_once_is_left_in_peace(ward: Ward) -> None:
    ward.agrees()
    ward.help()
    assert ward.look(timedelta(seconds=20)) == []
    with ward.room.services.unit(ward.room.reader()) as unit:
        [call] = unit.emergencies.open_at(ward.room.world.facility.id)
        emergencies.acknowledge(unit, call.id, ward.room.doctor_id)
    assert ward.look() == []


def test_nobody_is_written_to_who_has_not_agreed(ward: Ward) -> None:
    ward.agrees(pages=False)
    ward.help()
    assert ward.look() == []


def test_a_value_beyond_its_limit_pages_without_a_word_of_it(ward: Ward) -> None:
    ward.agrees()
    taken = build.NOW.isoformat()
    ward.room.comes(measurements=[{"code": "oxygen", "value": "80", "taken_at": taken}])
    bodies = ward.look()
    assert len(bodies) == 1
    assert not any(private in bodies[0] for private in ("80", NAME, "44"))


def promised(ward: Ward) -> UUID:
    """A doctor promised an hour ago to answer a visit in writing, and is told."""
    visit_id = ward.room.comes().visit_id
    with ward.room.services.unit(ward.room.reader()) as unit:
        clinic.admit(unit, visit_id, ward.room.doctor_id)
        in_writing.answer_later(unit, visit_id, ward.room.doctor_id)
    ward.room.clock.forward(timedelta(hours=1))
    job, _ = alarm_jobs.jobs(ward.room.services.settings)["written.pass_on"]
    job(ward.room.services)
    return visit_id


def test_an_answer_in_writing_that_nobody_reads_pages_its_doctor_without_a_word_of_it(ward: Ward) -> None:
    ward.agrees()
    visit_id = ward.room.comes().visit_id
    with ward.room.services.unit(ward.room.reader()) as unit:
        clinic.admit(unit, visit_id, ward.room.doctor_id)
        asked = in_writing.ask(unit, visit_id, ward.room.doctor_id, "Как сте?")
    ward.room.clock.forward(timedelta(minutes=1))
    with ward.room.services.unit(KIOSK) as unit:
        in_writing.answer(
            unit, visit_id, uuid7(), Written(question=asked.id, words="Зле"), ward.room.world.kiosk
        )
    ward.room.clock.forward(timedelta(minutes=5))
    job, _ = alarm_jobs.jobs(ward.room.services.settings)["written.pass_on"]
    assert [job(ward.room.services), job(ward.room.services)] == [1, 0]
    assert ward.look() == ["Telemed: Поща Аврен чака лекар от 09:41. Отворете списъка си"]
    assert len(ward.look()) == 1


def test_a_promise_of_an_hour_ago_is_still_worth_a_second_try(ward: Ward) -> None:
    ward = told(ward, TryLater("429"))
    ward.agrees()
    promised(ward)
    ward.look(timedelta(0))
    assert len(ward.look(timedelta(seconds=5))) == 1


def test_an_answer_that_was_read_before_the_carrier_could_page_is_left_in_peace(ward: Ward) -> None:
    ward = told(ward, TryLater("429"))
    ward.agrees()
    visit_id = promised(ward)
    ward.look(timedelta(0))
    with ward.room.services.unit(ward.room.reader()) as unit:
        passing_on.have_read(unit, visit_id, ward.room.doctor_id, 0)
    assert ward.look(timedelta(seconds=5)) == []
    assert ward.states() == [("over", "")]


def test_a_clock_that_was_set_back_keeps_nobody_waiting(ward: Ward) -> None:
    ward.agrees()
    taken = build.NOW.isoformat()
    ward.room.comes(measurements=[{"code": "oxygen", "value": "80", "taken_at": taken}])
    ward.help()
    ward.room.clock.forward(-timedelta(hours=1))
    assert len(ward.look(timedelta(0))) == 2
    passed = alarm_jobs.jobs(ward.room.services.settings)
    assert [passed[name][0](ward.room.services) for name in ("alarms.pass_on", "emergencies.pass_on")] == [
        1,
        1,
    ]


def test_looking_reads_nobodys_record(ward: Ward) -> None:
    ward.agrees()
    taken = build.NOW.isoformat()
    ward.room.comes(measurements=[{"code": "oxygen", "value": "80", "taken_at": taken}])
    ward.look()
    with ward.room.services.unit(KIOSK) as unit:
        alarm = unit.alarms.open_at(ward.room.world.facility.id)[0]
        readers = {entry.reader.purpose for entry in unit.records.access.entries(alarm.patient_id)}
    assert "calling a doctor" not in readers


@pytest.mark.parametrize(
    ("answers", "state", "sent"),
    [
        ((TryLater("429"), None), "accepted", 1),
        ((OutcomeUnknown("ReadTimeout"), None), "unknown", 0),
        ((Refused("21211"), None), "failed", 0),
    ],
)
def test_what_is_not_known_to_be_unsent_is_never_sent_again(
    ward: Ward, answers: Sequence[SendError | None], state: str, sent: int
) -> None:
    ward = told(ward, *answers)
    ward.agrees()
    ward.help()
    ward.look()
    assert len(ward.look(timedelta(seconds=5))) == sent
    assert ward.states() == [(state, "")]


def test_a_page_nobody_could_take_for_ten_minutes_is_no_use_any_more(ward: Ward) -> None:
    ward = told(ward, *[TryLater("429")] * 9)
    ward.agrees()
    ward.help()
    ward.look()
    ward.look(timedelta(minutes=10))
    assert ward.states() == [("over", "")]


def test_one_who_answered_before_the_carrier_could_is_not_written_to(ward: Ward) -> None:
    ward = told(ward, TryLater("429"))
    ward.agrees()
    ward.help()
    ward.look()
    with ward.room.services.unit(ward.room.reader()) as unit:
        [call] = unit.emergencies.open_at(ward.room.world.facility.id)
        emergencies.acknowledge(unit, call.id, ward.room.doctor_id)
    assert ward.look(timedelta(seconds=5)) == []
    assert ward.states() == [("over", "")]
