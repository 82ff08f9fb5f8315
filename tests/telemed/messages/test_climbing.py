"""The ladder at work: each end of a rung is dealt with once, by one worker, and never ends in silence."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, update

from scheduling.ids import uuid7
from telemed import database
from telemed.messages import climbing
from telemed.messages.ladder import Reach
from telemed.messages.tables import STEPS, call_list, message_step
from tests import build
from tests.telemed.messages.ladders import CALL, LANDLINE, PROXY, SMS, Ladder, failed
from tests.telemed.messages.world import World

BAD_ENDS = {"failed": "failed", "undelivered": "undelivered", "accepted": "silent"}
# Dealt with by the step itself: withdrawn, or put on the list by whoever settles what is unknown.
SETTLED = ("cancelled", "on_call_list")


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine).settle()


@pytest.fixture
def ladder(world: World) -> Ladder:
    return Ladder(world)


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
        with database.read(ladder.world.engine) as connection:
            # Nobody takes the proxy's number for the patient's.
            assert connection.scalar(select(call_list.c.phone)) == ""

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

    @pytest.mark.parametrize(("reason", "status"), [("failed", "not_needed"), ("wrong_number", "open")])
    def test_a_visit_that_changes_takes_its_calls_off_the_list_but_a_wrong_number_stays_wrong(
        self, ladder: Ladder, reason: str, status: str
    ) -> None:
        ladder.reach = Reach((SMS,))
        failed(ladder)
        with database.write(ladder.world.engine) as connection:
            connection.execute(update(call_list).values(reason=reason))
        ladder.world.cancel(ladder.appointment)
        assert ladder.lines() == [(reason, status)]

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
