"""What a kiosk's line carries now: the newest fresh reading that can tell, or nothing."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from scheduling.ids import uuid7
from scheduling.lines import STILL_NOW, LineNow, Reading, line_now
from scheduling.visit_types import Channel
from tests.build import NOW

MINUTE = timedelta(minutes=1)


def reading(ago: int = 5, **changes: Any) -> Reading:
    known = Reading(uuid7(), UUID(int=1), NOW - ago * MINUTE, 900, 900, 80, 0.5, "probe")
    return known._replace(**changes)


@pytest.mark.parametrize(
    ("changes", "carries"),
    [
        ({}, "video"),
        ({"up_kbps": 80}, "audio"),
        ({"rtt_ms": 800}, "audio"),
        ({"up_kbps": 10}, "written"),
        ({"loss_percent": 30.0}, "written"),
    ],
)
def test_is_the_best_that_the_line_carried(changes: dict[str, Any], carries: Channel) -> None:
    assert line_now([reading(**changes)], NOW) == LineNow(carries, NOW - 5 * MINUTE)


def test_the_newest_that_can_tell_speaks() -> None:
    told = [reading(50, up_kbps=10), reading(30), reading(5, up_kbps=None)]
    assert line_now(told, NOW) == LineNow("video", NOW - 30 * MINUTE)


def test_what_is_old_or_of_tomorrow_says_nothing() -> None:
    old = reading(at=NOW - STILL_NOW)
    assert line_now([old, reading(-10)], NOW) is None
    assert line_now([], NOW) is None
