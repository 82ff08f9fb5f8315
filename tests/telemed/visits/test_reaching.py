"""By which ways somebody may be reached: with consent, a number and no stop; and when a counter opens."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from scheduling import booking, tables
from scheduling.booking import Appointment
from scheduling.ids import uuid7
from telemed import database
from telemed.messages import climbing, steps
from telemed.messages.ladder import Reach, Way
from telemed.messages.tables import call_list, message, stopped_number
from telemed.records.access_log import Reader
from telemed.records.consent import Consent, Kind
from telemed.services import Services
from telemed.visits import climbs, reaching
from tests import build
from tests.fakes import FakeClock
from tests.telemed.consulting_room import ConsultingRoom, open_room

WORKER = Reader("job", "worker", None, "Telemed", "sending messages")
LANDLINE, DAUGHTER, SON = "+35952111111", "+359888000002", "+35952333333"
CARRIERS = {"sms": ("twilio",), "voice": ("twilio-voice",)}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def room(services: Services, clock: FakeClock) -> ConsultingRoom:
    return open_room(services, clock)


def agree(room: ConsultingRoom, *kinds: Kind, given: bool = True, at: datetime = build.NOW) -> None:
    with room.services.unit(WORKER) as unit:
        for kind in kinds:
            answer = Consent(uuid7(), room.world.patient.id, kind, given, "bg-2026-11", at)
            unit.records.consents.add(answer)


def has(room: ConsultingRoom, **contacts: str) -> None:
    with room.services.unit(WORKER) as unit:
        for way, address in contacts.items():
            told: Any = {"way": way, "address": address, "name": "Ани" if way == "proxy" else None}
            unit.book.set_contact(build.contact(room.world.patient.id, **told))


def reach(room: ConsultingRoom) -> Reach:
    with room.services.unit(WORKER) as unit:
        return reaching.reach_of(unit, room.world.patient.id)


def test_only_what_was_agreed_to_and_has_a_number_is_a_way(room: ConsultingRoom) -> None:
    phone = room.world.patient.phone
    assert phone is not None
    has(room, voice=LANDLINE, email="ana@example.org", proxy=DAUGHTER)
    assert reach(room) == Reach((), wanted=False)
    agree(room, "sms", "voice", "proxy")
    assert reach(room).ways == (
        Way("sms", "patient", phone),
        Way("voice", "patient", LANDLINE),
        Way("sms", "proxy", DAUGHTER),
    )
    agree(room, "email")
    assert Way("email", "patient", "ana@example.org") in reach(room).ways


def test_a_proxy_with_a_landline_is_for_the_clerk_to_call(room: ConsultingRoom) -> None:
    has(room, proxy=SON)
    agree(room, "proxy")
    assert reach(room) == Reach((), wanted=True)


def test_a_later_no_closes_the_way_and_a_letter_alone_still_wants_to_hear(room: ConsultingRoom) -> None:
    agree(room, "sms", "letter")
    agree(room, "sms", given=False, at=build.NOW + timedelta(minutes=1))
    assert reach(room) == Reach((), wanted=True)
    agree(room, "letter", given=False, at=build.NOW + timedelta(minutes=1))
    assert reach(room) == Reach((), wanted=False)


def test_a_stopped_number_is_no_way_until_the_stop_is_lifted(room: ConsultingRoom) -> None:
    has(room, voice=LANDLINE)
    agree(room, "sms", "voice")
    stop = {"id": uuid7(), "address": room.world.patient.phone, "channel": "sms", "reason": "not_mobile"}
    with database.write(room.services.engine) as connection:
        connection.execute(insert(stopped_number).values(stop | {"at": build.NOW}))
    assert reach(room) == Reach((Way("voice", "patient", LANDLINE),))
    with database.write(room.services.engine) as connection:
        connection.execute(update(stopped_number).values(lifted_at=build.NOW))
    assert len(reach(room).ways) == 2


@pytest.mark.parametrize(
    ("now", "until", "opens"),
    [
        (build.local(10), build.local(12), build.local(10)),
        (build.local(7), build.local(12), build.local(9)),
        (build.local(7), build.local(9), None),
        (build.local(18), build.local(10, day=date(2026, 11, 18)), build.local(9, day=date(2026, 11, 18))),
        # From Friday evening to Monday morning.
        (
            build.local(18, day=date(2026, 11, 20)),
            build.local(10, day=date(2026, 11, 23)),
            build.local(9, day=date(2026, 11, 23)),
        ),
    ],
)
def test_a_counter_opens_in_its_hours(
    room: ConsultingRoom, now: datetime, until: datetime, opens: datetime | None
) -> None:
    with room.services.view() as view:
        assert reaching.opens_at(view.book, room.world.site.id, now, until) == opens


def test_a_counter_that_never_opens_is_not_waited_for(room: ConsultingRoom) -> None:
    with room.services.unit(WORKER) as unit:
        closed = build.site(hours=(), name="Closed")
        unit.book.add_site(closed)
        assert reaching.opens_at(unit.book, closed.id, build.NOW, build.NOW + timedelta(days=400)) is None


def test_the_job_climbs_from_a_failed_sms_to_the_call_and_then_to_the_list(
    room: ConsultingRoom, clock: FakeClock
) -> None:
    has(room, voice=LANDLINE)
    agree(room, "sms", "voice")
    booked = books(room)
    clock.forward(timedelta(hours=4))
    for _ in range(2):
        fail(room, "two_hours")
        assert climb(room) == 1
    with database.read(room.services.engine) as connection:
        rows = connection.execute(select(message.c.channel).where(message.c.kind == "two_hours"))
        assert [row.channel for row in rows] == ["sms", "voice"]
        line = connection.execute(select(call_list)).one()
    assert (line.patient_id, line.site_id, line.reason) == (booked.patient_id, booked.site_id, "failed")
    with room.services.unit(WORKER) as unit:
        seen = [entry.reader.purpose for entry in unit.records.who_has_read(booked.patient_id)]
    assert "sending messages" in seen


def fail(room: ConsultingRoom, kind: str) -> None:
    with database.write(room.services.engine) as connection:
        due = select(message.c.id).where(message.c.kind == kind, message.c.state == "due")
        which = connection.execute(due).scalar_one()
        for state in ("claimed", "failed"):
            steps.move(connection, which, state, room.services.clock.now(), provider="twilio")


def test_the_hours_of_a_counter_are_local(room: ConsultingRoom) -> None:
    with room.services.unit(WORKER) as unit:
        far = build.site(name="Far", time_zone="Asia/Tashkent", hours=build.hours(time(9), time(17)))
        unit.book.add_site(far)
        # 12:40 there, while it is 09:40 in Sofia.
        assert reaching.opens_at(unit.book, far.id, build.NOW, build.NOW + timedelta(hours=8)) == build.NOW
        evening = build.NOW + timedelta(hours=5)
        tomorrow = build.local(9, day=date(2026, 11, 18)) - timedelta(hours=3)
        assert reaching.opens_at(unit.book, far.id, evening, evening + timedelta(days=1)) == tomorrow


class TestWhoHasNoNumber:
    """Reminders begin at the proxy, or on the counter's list of letters."""

    @pytest.fixture
    def nobody(self, room: ConsultingRoom) -> ConsultingRoom:
        """The patient has no telephone."""
        with database.write(room.services.engine) as connection:
            connection.execute(update(tables.patient).values(phone=None))
        return room

    def test_reminders_go_to_the_proxy_and_bookings_to_nobody_else(self, nobody: ConsultingRoom) -> None:
        has(nobody, proxy=DAUGHTER)
        agree(nobody, "proxy")
        books(nobody)
        assert planned(nobody) == {("two_hours", "proxy", DAUGHTER, "due")}

    def test_what_the_post_is_quick_enough_for_is_listed_when_it_is_due(
        self, nobody: ConsultingRoom, clock: FakeClock
    ) -> None:
        agree(nobody, "letter")
        cancels(nobody, books(nobody))
        assert planned(nobody) == {("cancelled", "patient", "", "failed")}
        assert climb(nobody) == 1
        with database.read(nobody.services.engine) as connection:
            line = connection.execute(select(call_list)).one()
        assert (line.reason, line.status, line.phone) == ("no_number", "open", "")

    def test_who_agreed_to_nothing_is_left_in_peace(self, nobody: ConsultingRoom) -> None:
        cancels(nobody, books(nobody))
        assert planned(nobody) == set()


def books(room: ConsultingRoom) -> Appointment:
    with room.services.unit(WORKER) as unit:
        wish = build.request(room.world.patient.id, room.world.slot(build.local(15)))
        return unit.book.book(wish, unit.now, build.CLERK)


def cancels(room: ConsultingRoom, booked: Appointment) -> None:
    with room.services.unit(WORKER) as unit:
        unit.book.change(*booking.cancel(unit.book.appointment(booked.id), unit.now, build.CLERK))


def planned(room: ConsultingRoom) -> set[tuple[str, str, str, str]]:
    columns = message.c
    with database.read(room.services.engine) as connection:
        rows = connection.execute(select(columns.kind, columns.whom, columns.phone, columns.state))
        return {(row.kind, row.whom, row.phone, row.state) for row in rows}


def climb(room: ConsultingRoom) -> int:
    with room.services.view() as view:
        found = climbing.to_climb(view.connection, view.now)
    done = 0
    for message_id in found:
        with room.services.unit(WORKER) as unit:
            done += climbs.climb(unit, message_id, CARRIERS)
    return done
