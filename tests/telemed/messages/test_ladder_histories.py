"""Whatever happens to a message by chance: the ladder keeps its promises, and it always ends."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

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
from tests import build

NOW = build.local(10)
SMS = Way("sms", "patient", "+359888000001")
CALL = Way("voice", "patient", "+35952111111")
EMAIL = Way("email", "patient", "ana@example.org")
PROXY = Way("sms", "proxy", "+359888000002")
CARRIERS = (("twilio",), ("twilio", "modem"), ("twilio", "modem", "gateway"))


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
        draw(st.sampled_from(CARRIERS)),
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
