"""The ladder: each step only after the one below is over, with consent, in time, and it always ends."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.reminders import QuietHours, out_of_quiet
from telemed.messages.ladder import (
    HEIGHTS,
    Climb,
    Desk,
    Done,
    Height,
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


# Random histories


@dataclass
class History:
    """One message on its way, told by chance; what was done and when is written down."""

    kind: str
    reach: Reach
    carriers: tuple[str, ...]
    times: Times
    rungs: list[Try] = field(default_factory=list)
    climbed: list[tuple[datetime, Climb, Try]] = field(default_factory=list)
    steps: int = 0

    def run(self, data: st.DataObject) -> Step:
        """Climb until it ends."""
        self.rungs = [Try(in_order(self.reach.ways)[0], "due")]
        while True:
            self.steps += 1
            assert self.steps < 60
            step = next_rung(self.kind, self.rungs, self.reach, self.carriers, self.times)
            if isinstance(step, Climb):
                self.climbed.append((self.times.now, step, self.rungs[-1]))
                self.rungs.append(Try(step.way, "due"))
                self._forward(max(self.times.now, step.due_at))
            elif isinstance(step, Wait):
                self._happens(data, step)
            else:
                return step

    def _happens(self, data: st.DataObject, wait: Wait) -> None:
        last = self.rungs[-1]
        if last.state == "accepted":
            assert wait.until is not None
            state = data.draw(st.sampled_from(["delivered", "undelivered", "failed", "accepted"]))
            if state == "accepted":
                self._forward(wait.until)
            self.rungs[-1] = last._replace(state=state)
            return
        if self.times.now >= self.times.until:
            self.rungs[-1] = last._replace(state="cancelled")
            return
        self._handed_over(data, last)

    def _handed_over(self, data: st.DataObject, last: Try) -> None:
        minutes = data.draw(st.integers(0, 40))
        self._forward(self.times.now + timedelta(minutes=minutes))
        had = frozenset().union(*(each.carriers for each in self.rungs))
        free = [name for name in self.carriers if name not in had] or list(self.carriers)
        now, until = self.times.now, self.times.until
        silent = silent_at(self.kind, now, until) if data.draw(st.booleans()) else None
        self.rungs[-1] = last._replace(
            state=data.draw(st.sampled_from(["accepted", "failed", "unknown", "on_call_list"])),
            silent_at=silent,
            carriers=frozenset(free[:1]) if last.way.channel == "sms" else frozenset({"telephone"}),
            hopeless=data.draw(st.booleans()),
        )

    def _forward(self, to: datetime) -> None:
        opens = self.times.desk_opens_at
        self.times = self.times._replace(now=to, desk_opens_at=None if opens is None else max(opens, to))


@st.composite
def histories(draw: st.DrawFn) -> History:
    ways = draw(st.lists(st.sampled_from([SMS, CALL, EMAIL, PROXY]), min_size=1, unique=True))
    now = NOW + timedelta(minutes=draw(st.integers(0, 1440)))
    until = now + timedelta(minutes=draw(st.integers(1, 2000)))
    opens = draw(st.none() | st.integers(0, 2000).map(lambda minutes: now + timedelta(minutes=minutes)))
    wanted = draw(st.booleans())
    return History(
        draw(st.sampled_from([*HEIGHTS, "confirmed"])),
        Reach(tuple(ways), wanted),
        draw(st.sampled_from([ONE, TWO, ("twilio", "modem", "gateway")])),
        Times(now, until, build.SOFIA, QuietHours(), opens),
    )


@given(histories(), st.data())
def test_no_history_breaks_a_promise(history: History, data: st.DataObject) -> None:
    end = history.run(data)
    assert isinstance(end, Desk | Done)
    agreed, height = set(history.reach.ways), HEIGHTS.get(history.kind, Height.GROUND)
    for at, climb, below in history.climbed:
        # Each step only after the one below is known to have failed, or was silent for its time.
        over = below.state in ("failed", "undelivered")
        silent = below.state == "accepted" and below.silent_at is not None and below.silent_at <= at
        assert over or silent
        assert climb.way in agreed
        assert climb.way.whom == "patient" or height is Height.PROXY
        assert climb.due_at < history.times.until
        assert climb.due_at == out_of_quiet(climb.due_at, build.SOFIA, QuietHours())
    open_rungs = [each for each in history.rungs if each.state in ("due", "claimed", "unknown")]
    assert open_rungs == []
    assert len(history.rungs) <= 5
    if isinstance(end, Desk):
        assert history.reach.wanted
        opens = history.times.desk_opens_at
        assert opens is not None and opens < history.times.until
    if end == Done("arrived"):
        assert any(each.state == "delivered" for each in history.rungs)


@given(histories(), st.data())
def test_whom_nothing_reached_in_time_is_on_the_list_if_anybody_can_still_call(
    history: History, data: st.DataObject
) -> None:
    wanted = replace(history, reach=history.reach._replace(wanted=True), kind="day_before")
    end = wanted.run(data)
    nobody = all(each.state in ("failed", "undelivered") for each in wanted.rungs)
    opens = wanted.times.desk_opens_at
    in_time = wanted.times.now < wanted.times.until and opens is not None and opens < wanted.times.until
    assert not (nobody and in_time) or isinstance(end, Desk)
