from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.calendar import Slot
from scheduling.errors import TooLate, WrongState
from scheduling.ids import uuid7
from scheduling.reminders import QuietHours
from scheduling.wishes import (
    FreedSlot,
    Known,
    Offer,
    Wish,
    deadline,
    enter,
    fits,
    leave,
    news,
    next_for,
    offer,
    pass_on,
    take,
    whose_turn,
    withdraw,
)
from tests import build
from tests.build import CLERK, NOW, SOFIA, TUESDAY, local

HOUR = timedelta(hours=1)
QUIET = QuietHours()
PATIENT = CLERK


def freed(wish: Wish, **changes: Any) -> FreedSlot:
    slot = build.slot(site_id=wish.site_id, **changes)
    return FreedSlot(uuid7(), wish.visit_type_id, wish.facility_id, slot)


def offered(expires_at: datetime = NOW + HOUR) -> tuple[Wish, Offer]:
    changed, made, _ = offer(build.wish(), build.slot(), uuid7(), expires_at, NOW, CLERK)
    return changed, made


class TestEntering:
    def test_is_an_event(self) -> None:
        wish = build.wish()
        event = enter(wish, NOW, CLERK)
        assert (event.kind, event.subject_id, event.version) == ("wish.entered", wish.id, 1)

    @pytest.mark.parametrize("days", [-1, 60])
    def test_needs_days_that_make_sense(self, days: int) -> None:
        with pytest.raises(ValueError, match="1 to 60 days"):
            enter(build.wish(latest=TUESDAY + timedelta(days=days)), NOW, CLERK)


class TestFitting:
    def test_takes_the_same_type_place_and_days(self) -> None:
        wish = build.wish()
        assert fits(wish, freed(wish), SOFIA)

    @pytest.mark.parametrize(
        "changes",
        [
            {"visit_type_id": "x-ray"},
            {"facility_id": UUID(int=1)},
            {"site_id": UUID(int=1)},
            {"practitioner_id": UUID(int=1)},
            {"earliest": TUESDAY + timedelta(days=1)},
            {"latest": TUESDAY - timedelta(days=1)},
            {"status": "offered"},
        ],
        ids=lambda changes: next(iter(changes)),
    )
    def test_anything_else_does_not(self, changes: dict[str, Any]) -> None:
        wish = build.wish()
        assert not fits(replace(wish, **changes), freed(wish), SOFIA)

    def test_a_wish_for_one_doctor_takes_that_doctors_time(self) -> None:
        doctor = uuid7()
        wish = build.wish(practitioner_id=doctor)
        assert fits(wish, freed(wish, practitioner_id=doctor), SOFIA)

    def test_the_day_is_the_places_own(self) -> None:
        wish = build.wish(earliest=TUESDAY, latest=TUESDAY)
        late = local(23, 30, TUESDAY - timedelta(days=1)) + HOUR
        assert fits(wish, freed(wish, starts_at=late, ends_at=late + HOUR), SOFIA)


class TestWhoIsNext:
    def test_the_one_who_has_waited_longest(self) -> None:
        second = build.wish()
        first = replace(second, id=uuid7(), entered_at=NOW - HOUR)
        assert next_for(freed(second), [second, first], (), SOFIA) == first

    def test_nobody_is_offered_the_same_slot_twice(self) -> None:
        second = build.wish()
        first = replace(second, id=uuid7(), entered_at=NOW - HOUR)
        assert next_for(freed(second), [second, first], {first.id}, SOFIA) == second
        assert next_for(freed(second), [second], {second.id}, SOFIA) is None


class TestNews:
    def at(self, hour: int, **changes: Any) -> Slot:
        starts_at = local(hour)
        return build.slot(**{"starts_at": starts_at, "ends_at": starts_at + HOUR, **changes})

    def news(self, free: list[Slot], known: Known | None = None, **changes: Any) -> Slot | None:
        wish = build.wish(**{"site_id": free[0].site_id, **changes})
        here = [replace(slot, site_id=wish.site_id) for slot in free]
        return news(wish, known or Known(()), here, NOW, SOFIA, QUIET)

    def test_is_the_earliest_time_that_was_not_free_when_the_wish_was_left(self) -> None:
        free = [self.at(15), self.at(13), self.at(12)]
        found = self.news(free, Known({local(12)}))
        assert found is not None
        assert found.starts_at == local(13)
        assert self.news(free, Known({slot.starts_at for slot in free})) is None

    def test_is_not_what_was_offered_before(self) -> None:
        slot = self.at(13)
        assert self.news([slot], Known((), [(slot.practitioner_id, slot.starts_at, NOW)])) is None
        assert self.news([slot], Known((), [(uuid7(), slot.starts_at, NOW)])) is not None

    def test_is_within_the_days_and_with_whom_was_wished_for(self) -> None:
        slot = self.at(13)
        assert self.news([slot], earliest=TUESDAY + timedelta(days=1)) is None
        assert self.news([slot], practitioner_id=uuid7()) is None
        assert self.news([slot], practitioner_id=slot.practitioner_id) is not None

    def test_leaves_time_to_answer_and_to_come(self) -> None:
        assert self.news([self.at(10)]) is None

    def test_comes_three_times_a_day_at_most(self) -> None:
        slot = self.at(13)
        given = [(uuid7(), local(14), NOW - each * HOUR) for each in (1, 2, 23)]
        assert self.news([slot], Known((), given)) is None
        assert self.news([slot], Known((), [*given[:2], (uuid7(), local(14), NOW - 24 * HOUR)])) is not None

    def test_every_pool_has_its_turn(self) -> None:
        pools = list(range(7))
        assert whose_turn(pools, NOW, 7) == pools
        minutes = [whose_turn(pools, NOW + timedelta(minutes=each), 3) for each in range(7)]
        assert {len(each) for each in minutes} == {3}
        assert sorted(pool for minute in minutes for pool in minute) == sorted(pools * 3)


class TestDeadline:
    def slot(self, starts_at: datetime) -> Slot:
        return build.slot(starts_at=starts_at, ends_at=starts_at + HOUR)

    def test_is_two_hours_away(self) -> None:
        assert deadline(self.slot(local(16)), local(10), SOFIA, QUIET) == local(12)

    def test_leaves_an_hour_to_come(self) -> None:
        assert deadline(self.slot(local(12)), local(10), SOFIA, QUIET) == local(11)

    def test_counts_from_the_morning_when_everybody_sleeps(self) -> None:
        tomorrow = TUESDAY + timedelta(days=1)
        assert deadline(self.slot(local(16, 0, tomorrow)), local(23), SOFIA, QUIET) == local(10, 0, tomorrow)

    @pytest.mark.parametrize(
        ("starts_at", "now"), [(local(11), local(10)), (local(8, 30), local(6)), (local(9), local(10))]
    )
    def test_is_none_when_no_time_is_left_to_ask(self, starts_at: datetime, now: datetime) -> None:
        assert deadline(self.slot(starts_at), now, SOFIA, QUIET) is None

    @given(st.integers(0, 72 * 60), st.integers(0, 24 * 60))
    def test_is_never_in_the_past_nor_too_close_to_the_slot(self, away: int, minute: int) -> None:
        now = local(0) + timedelta(minutes=minute)
        slot = self.slot(now + timedelta(minutes=away))
        until = deadline(slot, now, SOFIA, QUIET)
        assert until is None or now < until <= slot.starts_at - HOUR


class TestAnswering:
    def test_yes_takes_it(self) -> None:
        wish, made = offered()
        taken, ended, event = take(wish, made, NOW, PATIENT)
        assert (taken.status, ended.state, event.kind) == ("booked", "taken", "wish.booked")

    def test_yes_at_the_deadline_is_too_late(self) -> None:
        wish, made = offered()
        with pytest.raises(TooLate):
            take(wish, made, made.expires_at, PATIENT)

    def test_no_and_silence_keep_the_wish_on_the_list(self) -> None:
        wish, made = offered()
        for now, state in ((NOW, "declined"), (made.expires_at, "lapsed")):
            still, ended, event = pass_on(wish, made, now, PATIENT)
            assert (still.status, ended.state) == ("waiting", state)
            assert (event.kind, event.why) == ("wish.passed", state)

    def test_what_is_withdrawn_leaves_the_wish_on_the_list(self) -> None:
        still, ended, event = withdraw(*offered(), NOW, CLERK)
        assert (still.status, ended.state, event.why) == ("waiting", "lapsed", "withdrawn")

    @pytest.mark.parametrize("state", ["taken", "declined", "lapsed"])
    def test_only_once(self, state: Any) -> None:
        wish, made = offered()
        for step in (take, pass_on, withdraw):
            with pytest.raises(WrongState):
                step(wish, replace(made, state=state), NOW, PATIENT)

    def test_a_wish_has_one_offer_at_a_time(self) -> None:
        wish, _ = offered()
        with pytest.raises(WrongState):
            offer(wish, build.slot(), uuid7(), NOW + HOUR, NOW, CLERK)


class TestLeaving:
    def test_ends_the_wish(self) -> None:
        left, event = leave(build.wish(), NOW, CLERK, "no need any more")
        assert (left.status, event.kind, event.why) == ("left", "wish.left", "no need any more")

    @pytest.mark.parametrize("status", ["booked", "left"])
    def test_is_for_those_who_still_hope(self, status: Any) -> None:
        with pytest.raises(WrongState):
            leave(build.wish(status=status), NOW, CLERK)
