"""The ladder: each step only after the one below is over, with consent, in time, and it always ends."""

from datetime import timedelta
from typing import Any

import pytest

from scheduling.reminders import QuietHours
from telemed.messages.ladder import (
    HEIGHTS,
    Climb,
    Desk,
    Done,
    Reach,
    Step,
    Times,
    Try,
    Wait,
    Way,
    in_order,
    next_rung,
    silent_at,
)
from telemed.messages.texts import KINDS
from tests import build

NOW = build.local(10)
MOBILE, LANDLINE, DAUGHTER = "+359888000001", "+35952111111", "+359888000002"
SMS = Way("sms", "patient", MOBILE)
CALL = Way("voice", "patient", LANDLINE)
EMAIL = Way("email", "patient", "ana@example.org")
PROXY = Way("sms", "proxy", DAUGHTER)
ALL = Reach((PROXY, EMAIL, CALL, SMS))
ONE, TWO = ("twilio",), ("twilio", "modem")


def times(**changes: Any) -> Times:
    """Ten in the morning, the visit tomorrow at the same time, the counter open."""
    usual = Times(NOW, NOW + timedelta(hours=24), build.SOFIA, QuietHours(), NOW)
    return usual._replace(**changes)


def tried(way: Way = SMS, state: str = "failed", carrier: str = "twilio", **more: Any) -> Try:
    return Try(way, state, carriers=frozenset({carrier}), **more)


def after(*tries: Try, kind: str = "day_before", reach: Reach = ALL, carriers: tuple[str, ...] = ONE) -> Step:
    return next_rung(kind, tries, reach, carriers, times())


# One step after the other


def test_the_ways_are_climbed_in_their_order_whatever_order_they_are_stored_in() -> None:
    assert in_order(ALL.ways) == (SMS, CALL, EMAIL, PROXY)


def test_after_a_failed_sms_another_carrier_tries() -> None:
    assert after(tried(), carriers=TWO) == Climb(SMS, NOW)


@pytest.mark.parametrize("state", ["failed", "undelivered"])
def test_after_the_last_carrier_the_telephone_rings(state: str) -> None:
    assert after(tried(), tried(carrier="modem", state=state), carriers=TWO) == Climb(CALL, NOW)
    assert after(tried(state=state)) == Climb(CALL, NOW)


def test_nobody_gets_a_third_sms() -> None:
    both = (tried(), tried(carrier="modem"))
    assert after(*both, carriers=("twilio", "modem", "gateway")) == Climb(CALL, NOW)


def test_no_other_carrier_tries_what_none_can_do() -> None:
    assert after(tried(hopeless=True), carriers=TWO) == Climb(CALL, NOW)


def test_after_patient_and_proxy_a_person_takes_over() -> None:
    rungs = (tried(), tried(CALL), tried(EMAIL), tried(PROXY, "undelivered"))
    assert after(*rungs[:3]) == Climb(PROXY, NOW)
    assert after(*rungs) == Desk("undelivered")


def test_who_has_no_number_is_the_counters_at_once() -> None:
    nobody = Way("sms", "patient", "")
    assert after(tried(nobody), reach=Reach()) == Desk("no_number")


def test_who_has_only_a_landline_begins_there() -> None:
    only = Reach((PROXY, CALL))
    assert in_order(only.ways)[0] == CALL
    assert after(tried(CALL), reach=only) == Climb(PROXY, NOW)


@pytest.mark.parametrize("state", ["due", "claimed", "unknown"])
def test_what_is_not_over_is_waited_for(state: str) -> None:
    assert after(tried(state=state)) == Wait(None)


def test_an_accepted_message_is_given_its_time() -> None:
    later = NOW + timedelta(minutes=1)
    assert after(tried(state="accepted", silent_at=later)) == Wait(later)
    assert after(tried(state="accepted", silent_at=NOW)) == Climb(CALL, NOW)


def test_a_carrier_that_never_reports_is_believed() -> None:
    assert after(tried(state="accepted")) == Done("accepted")


def test_silence_at_the_top_is_the_reason_for_the_call() -> None:
    assert after(tried(PROXY, "accepted", silent_at=NOW)) == Desk("silent")


def test_what_has_arrived_late_ends_it_wherever_it_stands() -> None:
    assert after(tried(state="delivered"), tried(CALL)) == Done("arrived")
    assert after(tried(state="on_call_list"), tried(CALL)) == Done("listed")
    assert after(tried(), tried(CALL, "cancelled")) == Done("overtaken")


# Which kinds


@pytest.mark.parametrize("kind", ["confirmed", "help", "too_late", "offer_over", "a kind of tomorrow"])
def test_thanks_help_and_receipts_do_not_climb(kind: str) -> None:
    assert after(tried(), kind=kind) == Done("no_ladder")


def test_a_booking_is_tried_by_sms_only_and_then_told_at_the_counter() -> None:
    assert after(tried(), kind="booked", carriers=TWO) == Climb(SMS, NOW)
    assert after(tried(), kind="booked") == Desk("failed")


def test_an_offer_is_nobody_elses() -> None:
    assert after(tried(), tried(CALL), tried(EMAIL), kind="offer") == Desk("failed")


def test_every_kind_that_asks_or_warns_climbs() -> None:
    quiet_kinds = {"confirmed", "help", "too_late", "offer_help", "offer_over"}
    assert {kind for kind in KINDS if kind in HEIGHTS} >= {"day_before", "two_hours", "cancelled", "come_now"}
    assert quiet_kinds.isdisjoint(HEIGHTS)


# In time


def test_at_night_the_step_waits_for_the_morning() -> None:
    night, start = build.local(22), build.local(22) + timedelta(hours=14)
    morning = build.local(8) + timedelta(days=1)
    at_night = times(now=night, until=start, desk_opens_at=morning + timedelta(hours=1))
    assert next_rung("day_before", [tried()], ALL, ONE, at_night) == Climb(CALL, morning)


def test_when_the_morning_is_too_late_the_counter_calls_if_it_opens_before_the_visit() -> None:
    night, start = build.local(22), build.local(8) + timedelta(days=1)
    at_night = times(now=night, until=start, desk_opens_at=start - timedelta(minutes=30))
    assert next_rung("two_hours", [tried()], ALL, ONE, at_night) == Desk("night")
    closed = at_night._replace(desk_opens_at=start)
    assert next_rung("two_hours", [tried()], ALL, ONE, closed) == Done("closed")
    for_ever = at_night._replace(desk_opens_at=None)
    assert next_rung("two_hours", [tried()], ALL, ONE, for_ever) == Done("closed")


def test_nothing_climbs_once_the_visit_has_begun() -> None:
    begun = times(until=NOW)
    assert next_rung("two_hours", [tried()], ALL, ONE, begun) == Done("begun")


def test_a_call_that_nobody_could_act_upon_is_left_to_the_counter() -> None:
    soon = times(until=NOW + timedelta(minutes=4))
    assert next_rung("two_hours", [tried()], ALL, ONE, soon) == Desk("failed")


def test_who_agreed_to_nothing_any_more_is_left_in_peace() -> None:
    assert after(tried(), reach=Reach(wanted=False)) == Done("refused")


@pytest.mark.parametrize(
    ("kind", "left", "waits"),
    [
        ("day_before", timedelta(hours=24), 30),
        ("two_hours", timedelta(hours=2), 20),
        ("come_now", timedelta(hours=4), 5),
        ("offer", timedelta(hours=5), 10),
        ("two_hours", timedelta(minutes=12), 5),
    ],
)
def test_silence_lasts_as_long_as_the_time_left_allows(kind: str, left: timedelta, waits: int) -> None:
    assert silent_at(kind, NOW, NOW + left) == NOW + timedelta(minutes=waits)


def test_four_silences_of_a_two_hour_reminder_leave_time_to_call() -> None:
    at, start = NOW, NOW + timedelta(hours=2)
    for _ in range(4):
        at = silent_at("two_hours", at, start)
    assert start - at > timedelta(minutes=45)
