"""The ladder at work: each end of a rung is dealt with once, by one worker, and never ends in silence."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from scheduling.ids import uuid7
from telemed import database
from telemed.messages import climbing, steps
from telemed.messages.climbing import Around
from telemed.messages.ladder import Reach, Way
from telemed.messages.tables import STEPS, call_list, message, message_step
from tests import build
from tests.telemed.messages.world import PHONE, QUIET, World

LANDLINE, DAUGHTER = "+35952111111", "+359888000002"
SMS = Way("sms", "patient", PHONE)
CALL = Way("voice", "patient", LANDLINE)
EMAIL = Way("email", "patient", "ana@example.org")
PROXY = Way("sms", "proxy", DAUGHTER)
DAY = timedelta(days=1)
BAD_ENDS = {"failed": "failed", "undelivered": "undelivered", "accepted": "silent"}
# Dealt with by the step itself: withdrawn, or put on the list by whoever settles what is unknown.
SETTLED = ("cancelled", "on_call_list")


class Ladder:
    """One reminder of tomorrow's visit in a village, and a worker that climbs."""

    def __init__(self, world: World) -> None:
        self.world, self.reach = world, Reach((SMS, CALL, PROXY))
        self.appointment = world.book(DAY)
        self.opens: datetime | None = world.now
        self.carriers: dict[str, tuple[str, ...]] = {"sms": ("twilio",), "voice": ("twilio-voice",)}

    def rungs(self) -> list[Row[Any]]:
        about = (message.c.appointment_id == self.appointment.id, message.c.kind == "day_before")
        wanted = select(message).where(*about).order_by(message.c.rung)
        with database.read(self.world.engine) as connection:
            return list(connection.execute(wanted))

    def becomes(self, *states: str, rung: int = -1, reason: str | None = None, **values: Any) -> UUID:
        """Let the highest rung (or another) take these steps."""
        which: UUID = self.rungs()[rung].id
        with database.write(self.world.engine) as connection:
            for state in states:
                assert steps.move(connection, which, state, self.world.now, reason=reason)
            if values:
                connection.execute(update(message).where(message.c.id == which).values(**values))
        return which

    def climb(self) -> int:
        """One tick of the job."""
        with database.read(self.world.engine) as connection:
            found = climbing.to_climb(connection, self.world.now)
        return sum(self.step(each) for each in found)

    def step(self, message_id: UUID) -> int:
        with self.world.unit() as unit:
            around = Around(unit.book, lambda _: self.reach, lambda *_: self.opens, self.carriers, QUIET)
            connection = unit.book._connection
            return climbing.climb(connection, lambda *_: None, message_id, around, self.world.now)

    def forget(self) -> None:
        """Begin again with another visit."""
        self.world.cancel(self.appointment)
        self.appointment = self.world.book(DAY)

    def lines(self) -> list[tuple[str, str]]:
        """Reason and status of every line on the clerk's list."""
        with database.read(self.world.engine) as connection:
            return [(row.reason, row.status) for row in connection.execute(select(call_list))]

    def ways(self) -> list[Way]:
        return [Way(row.channel, row.whom, row.phone) for row in self.rungs()]


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine).settle()


@pytest.fixture
def ladder(world: World) -> Ladder:
    return Ladder(world)


def failed(ladder: Ladder, times: int = 1) -> None:
    for _ in range(times):
        ladder.becomes("claimed", "failed", reason="30008", provider="twilio")
        ladder.climb()


class TestEachStep:
    def test_a_failed_sms_is_followed_by_a_call_about_the_same_visit(self, ladder: Ladder) -> None:
        failed(ladder)
        below, above = ladder.rungs()
        assert (above.rung, above.state, above.due_at) == (1, "due", ladder.world.now)
        assert (above.channel, above.whom, above.phone) == ("voice", "patient", LANDLINE)
        assert above.follows_id == below.id
        same = ("appointment_id", "version", "kind", "patient_id", "language", "script", "starts_at", "place")
        assert [getattr(above, name) for name in same] == [getattr(below, name) for name in same]
        assert above.site_id == ladder.appointment.site_id

    def test_the_timeline_tells_of_the_new_rung(self, ladder: Ladder) -> None:
        failed(ladder)
        above = ladder.rungs()[1]
        with database.read(ladder.world.engine) as connection:
            told = select(message_step.c.state).where(message_step.c.message_id == above.id)
            assert list(connection.scalars(told)) == ["due"]

    def test_another_carrier_is_told_who_had_it(self, ladder: Ladder) -> None:
        ladder.carriers["sms"] = ("twilio", "modem")
        failed(ladder)
        assert ladder.ways() == [SMS, SMS]
        assert ladder.rungs()[1].refused_by == "twilio"

    def test_no_second_sms_to_a_telephone_that_is_switched_off(self, ladder: Ladder) -> None:
        ladder.carriers["sms"] = ("twilio", "modem")
        ladder.becomes("claimed", "accepted", "undelivered", reason="30003", provider="twilio")
        ladder.climb()
        assert ladder.ways() == [SMS, CALL]

    def test_a_channel_that_nobody_carries_is_passed_over(self, ladder: Ladder) -> None:
        ladder.carriers["voice"] = ()
        failed(ladder)
        assert ladder.ways() == [SMS, PROXY]

    def test_at_the_top_the_clerk_takes_over(self, ladder: Ladder) -> None:
        failed(ladder, 3)
        assert ladder.ways() == [SMS, CALL, PROXY]
        assert ladder.lines() == [("failed", "open")]

    def test_silence_is_waited_for_and_then_climbed_over(self, ladder: Ladder) -> None:
        later = ladder.world.now + timedelta(minutes=30)
        ladder.becomes("claimed", "accepted", provider="twilio", silent_at=later)
        assert ladder.climb() == 0
        ladder.world.now = later
        assert ladder.climb() == 1
        assert ladder.ways() == [SMS, CALL]

    @pytest.mark.parametrize("states", [(), ("claimed",), ("claimed", "unknown")])
    def test_what_is_not_over_is_left_alone(self, ladder: Ladder, states: tuple[str, ...]) -> None:
        which = ladder.becomes(*states)
        assert ladder.climb() == 0
        assert ladder.step(which) == 0
        assert len(ladder.rungs()) == 1
        assert ladder.rungs()[0].climbed_at is None

    def test_a_second_tick_finds_nothing(self, ladder: Ladder) -> None:
        failed(ladder)
        assert ladder.climb() == 0
        assert len(ladder.rungs()) == 2

    def test_thanks_and_helps_are_only_ticked_off(self, ladder: Ladder) -> None:
        ladder.becomes("claimed", "failed", kind="help")
        assert ladder.climb() == 1
        assert ladder.climb() == 0
        assert ladder.lines() == []


class TestLateNews:
    def test_a_late_arrival_withdraws_the_call_that_was_due(self, ladder: Ladder) -> None:
        failed_silently(ladder)
        which = ladder.becomes("delivered", rung=0)
        with database.write(ladder.world.engine) as connection:
            climbing.arrived(connection, which, ladder.world.now)
        assert [(row.state, row.reason) for row in ladder.rungs()][1] == ("cancelled", "arrived")
        assert ladder.climb() == 0

    def test_the_next_tick_withdraws_it_too(self, ladder: Ladder) -> None:
        failed_silently(ladder)
        ladder.becomes("delivered", rung=0, climbed_at=None)
        ladder.climb()
        assert [row.state for row in ladder.rungs()] == ["delivered", "cancelled"]

    def test_it_closes_the_line_at_the_counter(self, ladder: Ladder) -> None:
        ladder.reach = Reach((SMS,))
        failed_silently(ladder)
        assert ladder.lines() == [("silent", "open")]
        which = ladder.becomes("delivered")
        with database.write(ladder.world.engine) as connection:
            climbing.arrived(connection, which, ladder.world.now)
        assert ladder.lines() == [("silent", "not_needed")]

    def test_a_call_under_way_is_not_called_back_and_nothing_follows_it(self, ladder: Ladder) -> None:
        failed_silently(ladder)
        ladder.becomes("claimed", rung=1)
        ladder.becomes("delivered", rung=0)
        ladder.becomes("failed", rung=1)
        ladder.climb()
        assert [row.state for row in ladder.rungs()] == ["delivered", "failed"]
        assert ladder.lines() == []


def failed_silently(ladder: Ladder) -> None:
    ladder.becomes("claimed", "accepted", provider="twilio", silent_at=ladder.world.now)
    assert ladder.climb() == 1


class TestTheVisitGoesOn:
    def test_a_cancelled_visit_is_not_reminded_of_any_more(self, ladder: Ladder) -> None:
        ladder.becomes("claimed", "failed")
        ladder.world.cancel(ladder.appointment)
        ladder.climb()
        assert len(ladder.rungs()) == 1
        assert ladder.lines() == []

    def test_who_has_answered_need_not_be_called(self, ladder: Ladder) -> None:
        ladder.becomes("claimed", "failed", answered_at=ladder.world.now)
        ladder.climb()
        assert len(ladder.rungs()) == 1
        assert ladder.lines() == []

    def test_once_it_has_begun_only_the_reason_is_written_down(self, ladder: Ladder) -> None:
        ladder.becomes("claimed", "failed")
        ladder.world.now = ladder.appointment.starts_at
        ladder.climb()
        assert len(ladder.rungs()) == 1
        assert ladder.lines() == [("begun", "not_needed")]

    def test_a_counter_that_stays_closed_gets_no_call_but_its_reason(self, ladder: Ladder) -> None:
        ladder.reach, ladder.opens = Reach((SMS,)), None
        failed(ladder)
        assert ladder.lines() == [("closed", "not_needed")]

    def test_who_refuses_everything_by_now_is_left_in_peace(self, ladder: Ladder) -> None:
        ladder.reach = Reach((), wanted=False)
        failed(ladder)
        assert ladder.lines() == [("refused", "not_needed")]


class TestWalkingEveryEnd:
    """A reminder never ends in silence: it is delivered, withdrawn, or on the list with its reason."""

    @pytest.mark.parametrize("ends", [("failed",), ("accepted", "undelivered"), ("accepted", "failed")])
    def test_every_bad_end_of_every_rung_leads_to_the_list(self, ladder: Ladder, ends: Sequence[str]) -> None:
        for _ in range(3):
            ladder.becomes("claimed", *ends, provider="twilio")
            ladder.climb()
        assert ladder.lines() == [(ends[-1], "open")]

    @pytest.mark.parametrize("state", STEPS)
    def test_every_state_is_delivered_or_withdrawn_or_listed_or_goes_on(
        self, ladder: Ladder, state: str
    ) -> None:
        ladder.reach = Reach((SMS,))
        ladder.becomes(*WAYS_TO[state], provider="twilio", silent_at=ladder.world.now)
        ladder.climb()
        [row] = ladder.rungs()
        # Nothing that has ended is left for nobody: each end is marked as dealt with.
        assert (row.climbed_at is None) == (row.state in ("due", "claimed", "unknown", *SETTLED))
        assert (row.state, ladder.lines()) == (state, LISTED.get(state, []))


WAYS_TO = {
    "due": (),
    "claimed": ("claimed",),
    "unknown": ("claimed", "unknown"),
    "on_call_list": ("claimed", "unknown", "on_call_list"),
    "accepted": ("claimed", "accepted"),
    "delivered": ("claimed", "accepted", "delivered"),
    "undelivered": ("claimed", "accepted", "undelivered"),
    "failed": ("claimed", "failed"),
    "cancelled": ("cancelled",),
}
LISTED = {state: [(reason, "open")] for state, reason in BAD_ENDS.items()}


def test_the_ladder_of_a_claim_goes_on_for_the_person_it_turned_out_to_be(ladder: Ladder) -> None:
    ladder.reach = Reach((SMS,))
    failed(ladder)
    known = uuid7()
    with ladder.world.unit() as unit:
        unit.book.add_patient(build.patient(id=known))
        climbing.belongs_to(unit.book._connection, ladder.appointment.patient_id, known)
    with database.read(ladder.world.engine) as connection:
        listed = list(connection.scalars(select(call_list.c.patient_id)))
    assert [row.patient_id for row in ladder.rungs()] == listed == [known]


class TestTwoWorkers:
    @pytest.mark.both_databases
    def test_make_one_rung_only(self, ladder: Ladder) -> None:
        which = ladder.becomes("claimed", "failed", provider="twilio")
        both = Barrier(2)

        def work() -> int:
            both.wait()
            return ladder.step(which)

        with ThreadPoolExecutor(2) as workers:
            done = [each.result() for each in [workers.submit(work) for _ in range(2)]]
        assert sorted(done) == [0, 1]
        assert ladder.ways() == [SMS, CALL]

    @pytest.mark.both_databases
    def test_a_report_and_a_climb_at_once_leave_no_call_due(self, ladder: Ladder) -> None:
        for _ in range(5):
            which = ladder.becomes("claimed", "accepted", silent_at=ladder.world.now, provider="twilio")
            both = Barrier(2)

            def report(which: UUID = which, both: Barrier = both) -> None:
                both.wait()
                with database.write(ladder.world.engine) as connection:
                    steps.move(connection, which, "delivered", ladder.world.now)
                    climbing.arrived(connection, which, ladder.world.now)

            def climb(which: UUID = which, both: Barrier = both) -> None:
                both.wait()
                ladder.step(which)

            with ThreadPoolExecutor(2) as workers:
                for each in [workers.submit(report), workers.submit(climb)]:
                    each.result()
            assert "due" not in [row.state for row in ladder.rungs()]
            ladder.forget()

    @pytest.mark.both_databases
    def test_the_database_lets_one_row_be_a_rung(self, ladder: Ladder) -> None:
        failed(ladder)
        twin = {**ladder.rungs()[1]._mapping, "id": uuid7()}
        with pytest.raises(IntegrityError), database.write(ladder.world.engine) as connection:
            connection.execute(insert(message).values(twin))
