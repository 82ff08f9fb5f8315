from datetime import timedelta
from typing import Any

import pytest

from tests import build


def test_lengths_are_stretches_of_time() -> None:
    kind = build.visit_type(minutes=30, buffer_minutes=5, lead_minutes=120)
    assert (kind.length, kind.buffer, kind.lead) == tuple(timedelta(minutes=m) for m in (30, 5, 120))


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 0},
        {"minutes": 241},
        {"buffer_minutes": -1},
        {"buffer_minutes": 121},
        {"lead_minutes": -1},
        {"cancel_minutes": -1},
        {"channels": ()},
        {"channels": ("letter",)},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"minutes|negative|channels"):
        build.visit_type(**wrong)


def test_only_what_cannot_be_had_in_writing_needs_a_line() -> None:
    assert not build.visit_type().needs_line
    assert build.visit_type(channels=("video", "audio")).needs_line
