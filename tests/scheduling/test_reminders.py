from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.reminders import BEFORE_START, Kind, Planned, QuietHours, due, may_send, plan
from tests import build
from tests.build import NOW, SOFIA, TUESDAY, local

QUIET = QuietHours()
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
WEDNESDAY, THURSDAY = TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=2)


def on(day: date, hour: int, minute: int = 0, **changes: Any) -> Any:
    starts_at = local(hour, minute, day)
    return build.appointment(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=20), **changes)


class TestPlan:
    def test_a_booking_is_told_at_once_a_day_before_and_two_hours_before(self) -> None:
        assert plan(on(THURSDAY, 11), NOW, SOFIA, QUIET) == [
            Planned("booked", NOW),
            Planned("day_before", local(11, 0, WEDNESDAY)),
            Planned("two_hours", local(9, 0, THURSDAY)),
        ]

    def test_an_appointment_sooner_than_a_day_has_no_day_before(self) -> None:
        assert [planned.kind for planned in plan(on(WEDNESDAY, 9), NOW, SOFIA, QUIET)] == [
            "booked",
            "two_hours",
        ]

    def test_an_appointment_sooner_than_two_hours_is_only_told_at_once(self) -> None:
        assert plan(on(TUESDAY, 11), NOW, SOFIA, QUIET) == [Planned("booked", NOW)]

    def test_what_falls_into_the_night_waits_for_the_morning(self) -> None:
        planned = plan(on(THURSDAY, 9), local(22), SOFIA, QUIET)
        assert planned == [
            Planned("booked", local(8, 0, WEDNESDAY)),
            Planned("day_before", local(9, 0, WEDNESDAY)),
            Planned("two_hours", local(8, 0, THURSDAY)),
        ]

    def test_what_would_come_after_the_start_is_left_out(self) -> None:
        assert plan(on(WEDNESDAY, 8), local(22), SOFIA, QUIET) == []

    def test_a_cancelled_appointment_is_only_told_that(self) -> None:
        assert plan(on(THURSDAY, 11, status="cancelled"), NOW, SOFIA, QUIET) == [Planned("cancelled", NOW)]

    @pytest.mark.parametrize("status", ["arrived", "fulfilled", "noshow"])
    def test_nobody_is_reminded_of_what_is_over(self, status: str) -> None:
        assert plan(on(THURSDAY, 11, status=status), NOW, SOFIA, QUIET) == []

    def test_who_booked_long_ahead_is_also_reminded_three_days_before(self) -> None:
        far, near = on(TUESDAY + timedelta(days=5), 11), on(TUESDAY + timedelta(days=4), 11)
        kinds = [planned.kind for planned in plan(far, NOW, SOFIA, QUIET)]
        assert kinds == ["booked", "three_days", "day_before", "two_hours"]
        assert "three_days" not in [planned.kind for planned in plan(near, NOW, SOFIA, QUIET)]

    @pytest.mark.parametrize(
        "wanted", [(), ("two_hours",), ("three_days",), ("three_days", "day_before", "two_hours")]
    )
    def test_a_kind_of_visit_may_say_which_reminders_go_out(self, wanted: tuple[str, ...]) -> None:
        planned = plan(on(TUESDAY + timedelta(days=4), 11), NOW, SOFIA, QUIET, wanted)
        assert [each.kind for each in planned] == ["booked", *wanted]

    def test_a_move_is_told_as_a_move(self) -> None:
        kinds = [planned.kind for planned in plan(on(THURSDAY, 11), NOW, SOFIA, QUIET, moved=True)]
        assert kinds == ["moved", "day_before", "two_hours"]

    def test_quiet_hours_may_lie_within_a_day(self) -> None:
        siesta = QuietHours(time(13), time(15))
        assert plan(on(THURSDAY, 14), NOW, SOFIA, siesta)[1] == Planned("day_before", local(15, 0, WEDNESDAY))


class TestDue:
    def test_a_late_reminder_makes_the_earlier_one_needless(self) -> None:
        assert due(on(THURSDAY, 11), local(9, 30, THURSDAY), {"booked", "moved"}, QUIET, SOFIA) == [
            "two_hours"
        ]

    def test_a_reminder_of_three_days_is_needless_once_that_of_the_day_before_is_due(self) -> None:
        later = on(TUESDAY + timedelta(days=5), 11)
        told: set[Kind] = {"booked", "moved"}
        at_noon = [local(12, 0, TUESDAY + timedelta(days=days)) for days in (1, 2, 4)]
        found = [due(later, each, told, QUIET, SOFIA) for each in at_noon]
        assert found == [[], ["three_days"], ["day_before"]]

    def test_what_was_sent_is_not_due_again(self) -> None:
        sent: set[Kind] = {"booked", "moved", "day_before"}
        assert due(on(THURSDAY, 11), local(12, 0, WEDNESDAY), sent, QUIET, SOFIA) == []

    def test_a_cancelled_appointment_has_only_that_to_say(self) -> None:
        cancelled = on(THURSDAY, 11, status="cancelled")
        assert due(cancelled, NOW, set(), QUIET, SOFIA) == ["cancelled"]

    def test_at_night_nothing_is_due(self) -> None:
        assert due(on(THURSDAY, 11), local(23), set(), QUIET, SOFIA) == []


class TestMaySend:
    def test_a_reminder_of_a_cancelled_appointment_may_not_go_out(self) -> None:
        assert not may_send("two_hours", on(TUESDAY, 11, status="cancelled"), NOW, QUIET, SOFIA)

    def test_a_cancellation_of_a_standing_appointment_may_not_go_out(self) -> None:
        assert not may_send("cancelled", on(TUESDAY, 11), NOW, QUIET, SOFIA)

    @pytest.mark.parametrize(
        ("hour", "minute", "allowed"), [(7, 59, False), (8, 0, True), (20, 59, True), (21, 0, False)]
    )
    def test_the_quiet_hours_end_at_eight_sharp(self, hour: int, minute: int, allowed: bool) -> None:
        assert may_send("booked", on(THURSDAY, 11), local(hour, minute), QUIET, SOFIA) is allowed

    def test_nothing_goes_out_once_it_has_begun(self) -> None:
        assert not may_send("two_hours", on(TUESDAY, 11), local(11), QUIET, SOFIA)


@given(
    zone=st.sampled_from([SOFIA, "America/Santiago", "Australia/Lord_Howe", "Asia/Tashkent"]),
    now=st.integers(0, 480_000).map(lambda minutes: NEW_YEAR + timedelta(minutes=minutes)),
    ahead=st.integers(1, 20_000).map(lambda minutes: timedelta(minutes=minutes)),
    hours=st.tuples(st.integers(0, 23), st.integers(0, 23)),
    cancelled=st.booleans(),
    wanted=st.none() | st.sets(st.sampled_from(list(BEFORE_START))),
    moved=st.booleans(),
)
def test_nothing_is_planned_in_the_past_in_quiet_hours_or_after_the_start(
    zone: str,
    now: datetime,
    ahead: timedelta,
    hours: tuple[int, int],
    cancelled: bool,
    wanted: set[str] | None,
    moved: bool,
) -> None:
    quiet = QuietHours(time(hours[0]), time(hours[1]))
    appointment = build.appointment(
        starts_at=now + ahead, ends_at=now + 2 * ahead, status="cancelled" if cancelled else "booked"
    )
    planned = plan(appointment, now, zone, quiet, wanted, moved=moved)
    assert len({message.kind for message in planned}) == len(planned)
    for message in planned:
        assert now <= message.due_at < appointment.starts_at
        assert may_send(message.kind, appointment, message.due_at, quiet, zone)
        if wanted is not None:
            assert message.kind not in set(BEFORE_START) - wanted
