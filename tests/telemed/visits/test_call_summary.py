"""What the log says about a site: medians of calls, time on each rung, and the worst first."""

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.ids import uuid7
from telemed.call_quality import Rung, Share
from telemed.visits.call_summary import DAYS, WORST, site_calls
from tests import build

ZONE = ZoneInfo("Europe/Sofia")
TODAY = build.NOW.astimezone(ZONE).date()


def share(rung: Rung = "video", visit: UUID | None = None, days: int = 0, **told: Any) -> Share:
    usual: dict[str, Any] = {
        "sides": 2,
        "looks": 120,
        "rtt_ms": 80.0,
        "loss_percent": 0.5,
        "concealed_percent": 0.1,
        "worst_loss": 2.0,
        "worst_rtt": 200,
    }
    since = build.NOW - timedelta(days=days)
    return Share(visit or uuid7(), rung, since, **{**usual, **told})


def test_each_call_counts_once_in_the_medians_however_long_it_was() -> None:
    found = site_calls([share(rtt_ms=50.0), share(rtt_ms=70.0), share(rtt_ms=900.0, looks=9000)], ZONE, TODAY)
    assert (found.all.calls, found.all.rtt_ms) == (3, 70.0)


def test_time_on_each_rung_is_counted_by_the_length_of_calls() -> None:
    visit = uuid7()
    parts = [share("video", visit, looks=60), share("audio", visit, looks=60), share("video", looks=120)]
    found = site_calls(parts, ZONE, TODAY)
    assert found.all.calls == 2
    assert (found.all.rungs["video"], found.all.rungs["audio"]) == (0.75, 0.25)


def test_what_one_side_or_both_told_is_the_same_length() -> None:
    visit = uuid7()
    alone = site_calls([share("audio", visit, looks=60, sides=1, loss_percent=30.0)], ZONE, TODAY).worst[0]
    both = site_calls([share("audio", visit, looks=120, sides=2, loss_percent=30.0)], ZONE, TODAY).worst[0]
    assert alone.length == both.length == timedelta(minutes=5)


def test_every_day_has_its_place_also_one_without_calls() -> None:
    found = site_calls([share(days=1), share(days=1), share()], ZONE, TODAY)
    assert len(found.days) == DAYS
    assert [one.calls for _, one in found.days[-3:]] == [0, 2, 1]
    assert [day for day, _ in found.days[-2:]] == [TODAY - timedelta(days=1), TODAY]
    assert found.days[0][1].rtt_ms is None


def test_the_worst_come_first_and_a_good_call_is_none_of_them() -> None:
    bad = [share("audio", loss_percent=float(loss)) for loss in range(6, 14)]
    found = site_calls([share(), *bad], ZONE, TODAY)
    assert [call.loss_percent for call in found.worst] == [13.0, 12.0, 11.0, 10.0, 9.0]
    assert len(found.worst) == WORST


def test_what_nobody_measured_is_missing_and_not_zero() -> None:
    found = site_calls([share("phone", rtt_ms=None, loss_percent=None, concealed_percent=None)], ZONE, TODAY)
    assert (found.all.rtt_ms, found.all.loss_percent) == (None, None)
