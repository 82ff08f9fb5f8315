"""An alarm goes only forward: to one on duty, to another, to everybody; and ends with one person's name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from telemed.intake.alarms import Alarm
from telemed.intake.limits import PROPOSAL, Beyond
from telemed.intake.summons import acknowledge, first_asked, pass_on

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
PATIENCE = timedelta(minutes=5)
ANNA, BORIS, VERA = (UUID(int=number) for number in (1, 2, 3))
REACHES = ["first", "next", "everybody"]


def raised(**changes: Any) -> Alarm:
    alarm = Alarm(
        id=UUID(int=10),
        intake_id=UUID(int=11),
        visit_id=UUID(int=12),
        patient_id=UUID(int=13),
        facility_id=UUID(int=14),
        site_id=UUID(int=15),
        kiosk_id=UUID(int=16),
        values=(Beyond("oxygen", Decimal(88), PROPOSAL["oxygen"]),),
        limits_version=0,
        raised_at=NOW,
        reach="first",
        asked=ANNA,
        asked_at=NOW,
    )
    return replace(alarm, **changes)


def test_one_on_duty_is_asked_first_and_without_any_everybody() -> None:
    assert first_asked([VERA, BORIS]) == ("first", BORIS)
    assert first_asked([]) == ("everybody", None)


def test_before_the_time_is_over_it_stays() -> None:
    assert pass_on(raised(), [ANNA, BORIS], NOW + PATIENCE - timedelta(seconds=1), PATIENCE) == raised()


def test_unanswered_it_goes_to_the_next_and_then_to_everybody() -> None:
    second = pass_on(raised(asked=BORIS), [ANNA, BORIS, VERA], NOW + PATIENCE, PATIENCE)
    assert (second.reach, second.asked, second.escalations) == ("next", VERA, 1)
    assert pass_on(second, [ANNA, BORIS, VERA], NOW + PATIENCE, PATIENCE) == second
    last = pass_on(second, [ANNA, BORIS, VERA], NOW + 2 * PATIENCE, PATIENCE)
    assert (last.reach, last.asked, last.escalations) == ("everybody", None, 2)
    assert pass_on(last, [ANNA], NOW + timedelta(days=30), PATIENCE) == last


def test_alone_on_duty_it_goes_to_everybody_at_once() -> None:
    assert pass_on(raised(), [ANNA], NOW + PATIENCE, PATIENCE).reach == "everybody"
    assert pass_on(raised(), [], NOW + PATIENCE, PATIENCE).reach == "everybody"


def test_a_clock_set_back_makes_nobody_wait_longer() -> None:
    assert pass_on(raised(), [ANNA, BORIS], NOW - timedelta(hours=1), PATIENCE).reach == "next"


def test_the_first_who_has_seen_it_stands() -> None:
    seen = acknowledge(raised(), VERA, NOW)
    assert (seen.acknowledged_by, seen.open) == (VERA, False)
    assert acknowledge(seen, BORIS, NOW + PATIENCE) is seen


def test_what_was_seen_is_passed_on_no_more() -> None:
    seen = acknowledge(raised(), ANNA, NOW)
    assert pass_on(seen, [ANNA, BORIS], NOW + timedelta(days=1), PATIENCE) is seen


class Forward(RuleBasedStateMachine):
    """Whatever happens in whatever order, an alarm never becomes less known and never ends without a name."""

    @initialize(duty=st.sets(st.sampled_from([ANNA, BORIS, VERA])))
    def begin(self, duty: set[UUID]) -> None:
        reach, asked = first_asked(duty)
        self.now, self.alarm = NOW, raised(reach=reach, asked=asked)
        self.before = self.alarm

    @rule(minutes=st.integers(-10, 20), duty=st.sets(st.sampled_from([ANNA, BORIS, VERA])))
    def time_passes(self, minutes: int, duty: set[UUID]) -> None:
        self.now += timedelta(minutes=minutes)
        self.before, self.alarm = self.alarm, pass_on(self.alarm, duty, self.now, PATIENCE)

    @rule(who=st.sampled_from([ANNA, BORIS, VERA]))
    def is_seen(self, who: UUID) -> None:
        self.before, self.alarm = self.alarm, acknowledge(self.alarm, who, self.now)

    @invariant()
    def only_forward(self) -> None:
        assert REACHES.index(self.alarm.reach) >= REACHES.index(self.before.reach)
        assert self.alarm.escalations >= self.before.escalations
        assert self.alarm.open == (self.alarm.acknowledged_by is None)
        if not self.before.open:
            assert self.alarm == self.before
        if self.alarm.open:
            assert (self.alarm.asked is None) == (self.alarm.reach == "everybody")


TestForward = Forward.TestCase
