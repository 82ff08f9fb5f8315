from datetime import time
from uuid import UUID

import pytest

from scheduling.calendar import Shift
from scheduling.places import Opening

SOMEBODY = UUID(int=7)


@pytest.mark.parametrize("weekday", [-1, 7])
def test_a_week_has_seven_days(weekday: int) -> None:
    with pytest.raises(ValueError, match="weekday"):
        Opening(weekday, time(9), time(17))
    with pytest.raises(ValueError, match="weekday"):
        Shift(SOMEBODY, SOMEBODY, weekday, time(9), time(17))


@pytest.mark.parametrize("end", [time(9), time(8, 59)])
def test_nothing_closes_before_it_opens(end: time) -> None:
    with pytest.raises(ValueError, match="after"):
        Opening(0, time(9), end)
    with pytest.raises(ValueError, match="after"):
        Shift(SOMEBODY, SOMEBODY, 0, time(9), end)
