"""Which times are put to somebody whom the time of a visit does not suit."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduling.calendar import Slot
from scheduling.other_times import other_times
from tests.build import SOFIA, local, slot

WANTED = local(11)
DAY = timedelta(days=1)


def free(*starts: datetime) -> list[Slot]:
    return [slot(starts_at=each, ends_at=each + timedelta(minutes=20)) for each in starts]


def times(slots: tuple[Slot, ...]) -> list[datetime]:
    return [each.starts_at for each in slots]


def test_about_the_same_hour_on_the_nearest_other_days() -> None:
    found = other_times(
        free(*(local(hour) + DAY * days for days in range(5) for hour in (9, 10, 15))), WANTED, SOFIA
    )
    assert times(found) == [local(10) + DAY, local(10) + DAY * 2, local(10) + DAY * 3]


def test_a_later_day_comes_before_an_earlier_one_as_far_away() -> None:
    found = other_times(free(WANTED - DAY, WANTED + DAY, WANTED - DAY * 2, WANTED + DAY * 2), WANTED, SOFIA)
    assert times(found) == [WANTED - DAY, WANTED + DAY, WANTED + DAY * 2]


def test_where_only_one_day_has_room_more_of_it_is_taken_and_then_of_the_day_itself() -> None:
    found = other_times(free(local(9) + DAY, local(16) + DAY, local(15), WANTED), WANTED, SOFIA)
    assert times(found) == [local(15), local(9) + DAY, local(16) + DAY]


def test_the_time_itself_is_no_other_time() -> None:
    assert other_times(free(WANTED), WANTED, SOFIA) == ()


def test_the_hour_is_the_one_on_the_wall_when_the_clocks_change_in_between() -> None:
    # Sunday, 29 March 2026: the clocks go forward.
    friday = datetime.fromisoformat("2026-03-27T09:00:00+00:00")
    eleven, twelve = (datetime.fromisoformat(f"2026-03-30T{hour}:00:00+00:00") for hour in ("08", "09"))
    assert times(other_times(free(eleven, twelve), friday, SOFIA, 1)) == [eleven]


@given(st.lists(st.integers(min_value=-2000, max_value=2000), max_size=60), st.integers(1, 4))
def test_they_are_free_different_and_in_order(minutes: list[int], count: int) -> None:
    slots = free(*(WANTED + timedelta(minutes=each * 10) for each in minutes))
    found = times(other_times(slots, WANTED, SOFIA, count))
    others = {each.starts_at for each in slots} - {WANTED}
    assert found == sorted(set(found))
    assert set(found) <= others
    assert len(found) == min(count, len(others))
