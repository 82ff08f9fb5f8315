"""What a line carries is told from its past at that hour, never from hope."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling import lines
from scheduling.ids import uuid7
from scheduling.lines import NEEDS, LineWeek, Reading, meets
from scheduling.visit_types import Channel
from tests import build

ZONE = ZoneInfo(build.SOFIA)
KIOSK = uuid7()
WEEK = timedelta(days=7)
GOOD, SPEECH_ONLY, DEAD = 4000, 120, 0
ALL: tuple[Channel, ...] = ("video", "audio", "written")


def reading(at: datetime, kbps: int | None, rtt: int | None = 60, loss: float | None = 0.5) -> Reading:
    return Reading(uuid7(), KIOSK, at, kbps, kbps, rtt, loss, "probe")


def ago(weeks: int, hour: int, minute: int = 0) -> datetime:
    """That hour by the clock on the wall so many weeks ago; Sofia has turned its clocks back meanwhile."""
    day = build.TUESDAY - weeks * WEEK
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def on_tuesdays(hour: int, *rates: int | None) -> list[Reading]:
    """One reading a week, the last of them a week ago."""
    return [reading(ago(n, hour, 5), rate) for n, rate in enumerate(reversed(rates), start=1)]


def told(*readings: Reading) -> LineWeek:
    return lines.week(readings, ZONE, build.NOW)


def at(
    week: LineWeek, hour: int, channels: Sequence[Channel] = ALL, minutes: int = 20
) -> tuple[str | None, str]:
    starts_at = build.local(hour)
    offer = week.offer(channels, starts_at, starts_at + timedelta(minutes=minutes))
    return offer.channel, offer.why


def test_a_line_that_was_good_at_this_hour_carries_video() -> None:
    assert at(told(*on_tuesdays(11, GOOD, GOOD, GOOD, GOOD)), 11) == ("video", "carried")


@pytest.mark.parametrize(
    ("rate", "offered"),
    [(SPEECH_ONLY, ("audio", "no_video")), (DEAD, ("written", "no_voice"))],
)
def test_a_thin_line_gets_what_it_carries_and_the_page_can_say_why(
    rate: int, offered: tuple[str, str]
) -> None:
    assert at(told(*on_tuesdays(15, rate, rate, rate, rate)), 15) == offered


def test_another_hour_and_another_day_say_nothing_about_this_one() -> None:
    week = told(*on_tuesdays(15, DEAD, DEAD, DEAD, DEAD))
    assert at(week, 11) == ("video", "unmeasured")
    starts_at = build.local(15) + timedelta(days=1)
    assert week.offer(ALL, starts_at, starts_at + build.MINUTES_20).why == "unmeasured"


def test_too_few_readings_are_offered_with_that_remark_and_never_called_good() -> None:
    assert at(told(), 11) == ("video", "unmeasured")
    assert at(told(*on_tuesdays(11, GOOD, GOOD, GOOD)), 11) == ("video", "unmeasured")
    of_one_day = [reading(ago(1, 11, minute), GOOD) for minute in range(0, 60, 5)]
    assert at(told(*of_one_day), 11) == ("video", "unmeasured")


def test_what_could_not_be_measured_is_neither_good_nor_bad() -> None:
    assert at(told(*on_tuesdays(11, None, None, None, None)), 11) == ("video", "unmeasured")
    assert meets(reading(build.NOW, GOOD, rtt=None), NEEDS["video"]) is None
    # But one thing that is too bad decides alone.
    assert meets(reading(build.NOW, DEAD, rtt=None, loss=None), NEEDS["video"]) is False


def test_bad_video_is_known_even_where_too_little_is_known_about_speech() -> None:
    half = [reading(ago(n, 11), 200, loss=None) for n in range(1, 5)]
    assert at(told(*half), 11) == ("audio", "no_video")


@pytest.mark.parametrize(("rtt", "loss"), [(700, 0.0), (60, 6.0)])
def test_a_slow_or_a_lossy_line_carries_speech_but_no_video(rtt: int, loss: float) -> None:
    lossy = [reading(ago(n, 11), GOOD, rtt, loss) for n in range(1, 6)]
    assert at(told(*lossy), 11) == ("audio", "no_video")


def test_recent_days_weigh_more() -> None:
    assert at(told(*on_tuesdays(11, DEAD, DEAD, GOOD, GOOD, GOOD, GOOD, GOOD)), 11) == ("video", "carried")
    assert at(told(*on_tuesdays(11, GOOD, GOOD, GOOD, GOOD, GOOD, DEAD, DEAD)), 11) == ("written", "no_voice")


def test_a_visit_over_two_hours_needs_the_line_in_both() -> None:
    week = told(*on_tuesdays(10, *[GOOD] * 4), *on_tuesdays(11, *[SPEECH_ONLY] * 4))
    assert at(week, 10, minutes=60) == ("video", "carried")
    assert at(week, 10, minutes=80) == ("audio", "no_video")


def test_a_visit_that_cannot_be_had_otherwise_is_not_offered() -> None:
    week = told(*on_tuesdays(11, *[SPEECH_ONLY] * 4))
    assert at(week, 11, ("video",)) == (None, "no_video")
    assert at(week, 11, ("written",)) == ("written", "carried")


def test_an_hour_between_good_and_bad_keeps_what_the_hour_before_had() -> None:
    hovering = (GOOD, GOOD, GOOD, GOOD, GOOD, DEAD, GOOD)
    good, bad = on_tuesdays(9, *[GOOD] * 7), on_tuesdays(12, *[DEAD] * 7)
    week = told(*good, *on_tuesdays(10, *hovering), *bad, *on_tuesdays(13, *hovering))
    assert [at(week, hour)[0] for hour in (9, 10, 12, 13)] == ["video", "video", "written", "written"]


RATES = st.sampled_from([None, DEAD, 49, 50, SPEECH_ONLY, 399, 400, GOOD])
READINGS = st.lists(
    st.tuples(
        st.integers(0, 56 * 24), RATES, st.sampled_from([60, 601, 1001]), st.sampled_from([0.5, 5.5, 10.5])
    ),
    max_size=60,
)


def drawn(past: list[tuple[int, int | None, int, float]]) -> list[Reading]:
    return [reading(build.NOW - timedelta(hours=hours), kbps, rtt, loss) for hours, kbps, rtt, loss in past]


@given(READINGS, st.integers(0, 167))
def test_the_order_in_which_readings_come_changes_nothing(
    past: list[tuple[int, int | None, int, float]], ahead: int
) -> None:
    starts_at = build.NOW + timedelta(hours=ahead)
    one, other = told(*drawn(past)), told(*reversed(drawn(past)))
    assert one.offer(ALL, starts_at, starts_at + WEEK / 168) == other.offer(
        ALL, starts_at, starts_at + WEEK / 168
    )


@given(READINGS, st.integers(0, 167))
def test_a_better_line_never_gets_a_worse_channel(
    past: list[tuple[int, int | None, int, float]], ahead: int
) -> None:
    starts_at = build.NOW + timedelta(hours=ahead)
    ends_at = starts_at + build.MINUTES_20
    better = [
        (hours, None if kbps is None else kbps * 2, rtt // 2, loss / 2) for hours, kbps, rtt, loss in past
    ]
    before, after = (told(*drawn(each)).offer(ALL, starts_at, ends_at).channel for each in (past, better))
    assert before is not None
    assert after is not None
    assert ALL.index(after) <= ALL.index(before)


@given(READINGS)
def test_video_is_called_carried_only_after_enough_readings_of_that_hour(
    past: list[tuple[int, int | None, int, float]],
) -> None:
    week = told(*drawn(past))
    for (weekday, hour), said in week.hours.items():
        assert not said.good & said.bad
        if "video" in said.good:
            assert "audio" not in said.bad
            there = [
                each
                for each in drawn(past)
                if (each.at.astimezone(ZONE).weekday(), each.at.astimezone(ZONE).hour) == (weekday, hour)
            ]
            assert any(meets(each, NEEDS["video"]) for each in there)
            assert said.readings >= lines.FEWEST_READINGS


@given(st.lists(st.sampled_from([0.65, 0.7, 0.75]), min_size=2, max_size=8), st.sampled_from([GOOD, DEAD]))
def test_a_day_that_hovers_never_changes_channel(shares: list[float], first: int) -> None:
    """Between the two marks the channel stays what the first clear hour made it."""
    past = [reading(ago(n, 8), first) for n in range(1, 7)]
    for place, share in enumerate(shares):
        rates = [GOOD] * round(share * 20) + [DEAD] * (20 - round(share * 20))
        # Of two weeks, good and bad mixed alike in both, so that the share stays what was drawn.
        past += [reading(ago(1 + n % 2, 9 + place, n), rate) for n, rate in enumerate(rates)]
    week = told(*past)
    seen = {at(week, 8 + place)[0] for place in range(len(shares) + 1)}
    assert len(seen) == 1
