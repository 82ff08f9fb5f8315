"""Which unknown messages are sent once more, when, and for which a person calls instead."""

from datetime import UTC, datetime, timedelta

import pytest

from telemed.messages.last_look import Verdict
from telemed.messages.reconciling import (
    ABSENT_FOR,
    GIVE_UP_AFTER,
    HARMLESS,
    Next,
    Standing,
    Unsettled,
    next_step,
)
from telemed.messages.texts import KINDS

SINCE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
START = SINCE + timedelta(hours=2)
SECOND = timedelta(seconds=1)
FINE = Verdict()


def decide(
    after: timedelta,
    kind: str = "two_hours",
    stands: Standing = Standing.STANDS,
    verdict: Verdict = FINE,
    asked: bool = True,
    repeated: bool = False,
) -> Next:
    now = SINCE + after
    lost = Unsettled(kind, SINCE, START, repeated)
    return next_step(lost, stands, verdict, now if asked else None, now)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stands", list(Standing))
def test_nothing_happens_before_three_minutes_of_absence(kind: str, stands: Standing) -> None:
    assert decide(ABSENT_FOR - SECOND, kind, stands) == Next("wait")
    assert decide(ABSENT_FOR - SECOND, kind, stands, repeated=True) == Next("wait")


@pytest.mark.parametrize("kind", KINDS)
def test_after_three_minutes_what_is_harmless_goes_once_more_and_a_person_tells_the_rest(kind: str) -> None:
    expected = Next("repeat") if kind in HARMLESS else Next("call", "no_repeat")
    assert decide(ABSENT_FOR, kind) == expected


def test_what_sends_somebody_out_of_the_house_or_promises_a_time_is_never_repeated() -> None:
    assert not {"come_now", "offer", "offer_help", "offer_over"} & HARMLESS
    assert set(KINDS) >= HARMLESS


def test_nothing_is_repeated_a_second_time() -> None:
    assert decide(ABSENT_FOR, repeated=True) == Next("call", "repeated")


def test_a_visit_that_has_begun_is_not_written_about_any_more() -> None:
    assert decide(ABSENT_FOR, stands=Standing.BEGUN) == Next("call", "begun")


@pytest.mark.parametrize(
    ("stands", "verdict"), [(Standing.OVERTAKEN, FINE), (Standing.STANDS, Verdict(withdrawn=True))]
)
def test_what_a_newer_message_tells_needs_no_call(stands: Standing, verdict: Verdict) -> None:
    assert decide(ABSENT_FOR, stands=stands, verdict=verdict) == Next("drop", "overtaken")


def test_an_answer_that_says_nothing_proves_no_absence() -> None:
    assert decide(GIVE_UP_AFTER - SECOND, asked=False) == Next("wait")
    assert decide(GIVE_UP_AFTER, asked=False) == Next("call", "unreachable")


def test_an_old_absence_is_none_now() -> None:
    lost = Unsettled("two_hours", SINCE, START, repeated=False)
    now = SINCE + timedelta(minutes=5)
    assert next_step(lost, Standing.STANDS, FINE, SINCE + SECOND, now) == Next("wait")


def test_at_night_the_repeat_waits_for_the_morning_if_that_is_early_enough() -> None:
    morning = START - timedelta(hours=1)
    assert decide(ABSENT_FOR, verdict=Verdict(postponed_to=morning)) == Next("wait", until=morning)
    assert decide(ABSENT_FOR, verdict=Verdict(postponed_to=START)) == Next("call", "night")


def test_a_clock_that_jumps_back_only_makes_us_wait() -> None:
    assert decide(-timedelta(hours=1)) == Next("wait")
