from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.hours import DAY, Span, common, instant, local_days, local_span, merged, whole_days, without
from tests.build import SOFIA, TUESDAY, local
from tests.scheduling.calendars import span

CLOCKS_FORWARD, CLOCKS_BACK = date(2026, 3, 29), date(2026, 10, 25)  # Sofia: 03:00 → 04:00, 04:00 → 03:00
ZONE = ZoneInfo(SOFIA)


class TestClockChanges:
    def test_nine_o_clock_stays_nine_o_clock(self) -> None:
        before, after = (local_span(CLOCKS_FORWARD + day, time(9), time(10), ZONE) for day in (-DAY, DAY))
        assert before and after
        assert (before.starts_at.hour, after.starts_at.hour) == (7, 6)

    def test_an_hour_that_does_not_exist_is_not_open(self) -> None:
        assert local_span(CLOCKS_FORWARD, time(3), time(4), ZONE) is None

    def test_an_hour_that_comes_twice_is_never_promised(self) -> None:
        assert local_span(CLOCKS_BACK, time(3, 10), time(3, 50), ZONE) is None

    def test_an_opening_across_the_change_is_an_hour_shorter_or_longer(self) -> None:
        lengths = []
        for day in (CLOCKS_FORWARD, TUESDAY, CLOCKS_BACK):
            opening = local_span(day, time(1), time(6), ZONE)
            assert opening
            lengths.append(opening.ends_at - opening.starts_at)
        assert lengths == [timedelta(hours=4), timedelta(hours=5), timedelta(hours=6)]

    def test_an_ambiguous_instant_is_the_later_one(self) -> None:
        assert instant(CLOCKS_BACK, time(3, 30), ZONE) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    @pytest.mark.parametrize(("day", "hours"), [(CLOCKS_FORWARD, 23), (TUESDAY, 24), (CLOCKS_BACK, 25)])
    def test_a_day_has_the_hours_it_has(self, day: date, hours: int) -> None:
        whole = whole_days(day, 1, ZONE)
        assert whole.ends_at - whole.starts_at == timedelta(hours=hours)

    def test_a_day_whose_midnight_does_not_exist_is_whole_all_the_same(self) -> None:
        santiago = ZoneInfo("America/Santiago")  # on 6 September 2026 midnight becomes one o'clock
        whole = whole_days(date(2026, 9, 6), 1, santiago)
        assert date(2026, 9, 6) in list(local_days(whole, santiago))
        assert whole.ends_at - whole.starts_at >= timedelta(hours=23)


def test_a_window_touches_the_local_days_it_has_a_moment_of() -> None:
    assert list(local_days(whole_days(TUESDAY, 2, ZONE), ZONE)) == [TUESDAY, TUESDAY + DAY]
    assert list(local_days(span("23:00", "23:30"), ZoneInfo("Asia/Tokyo"))) == [TUESDAY + DAY]


def test_a_span_contains_what_ends_with_it_and_touches_what_follows() -> None:
    day, morning, afternoon = span("09:00", "17:00"), span("09:00", "12:00"), span("12:00", "17:00")
    assert day.contains(morning) and day.contains(afternoon)
    assert not morning.contains(day)
    assert not morning.overlaps(afternoon)


minutes = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 60)), max_size=8)


def spans(pairs: list[tuple[int, int]]) -> list[Span]:
    return [
        Span(local(0) + timedelta(minutes=start), local(0) + timedelta(minutes=start + length))
        for start, length in pairs
    ]


def covered(stretches: list[Span]) -> set[int]:
    """The minutes after midnight that lie in one of them."""
    minute = timedelta(minutes=1)
    return {
        number
        for each in stretches
        for number in range((each.starts_at - local(0)) // minute, (each.ends_at - local(0)) // minute)
    }


def in_order(stretches: list[Span]) -> bool:
    return all(one.ends_at <= other.starts_at for one, other in pairwise(stretches))


@given(minutes, minutes)
def test_what_is_common_and_what_is_left_is_exact_to_the_minute(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    one, other = merged(spans(first)), merged(spans(second))
    assert covered(one) == covered(spans(first))
    assert covered(common(one, other)) == covered(one) & covered(other)
    assert covered(without(one, other)) == covered(one) - covered(other)
    assert in_order(one) and in_order(common(one, other)) and in_order(without(one, other))


def test_what_touches_becomes_one() -> None:
    assert merged([span("12:00", "13:00"), span("09:00", "12:00")]) == [span("09:00", "13:00")]
