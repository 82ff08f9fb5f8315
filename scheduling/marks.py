"""Which of many moments lie inside stretches of time, or clear of them: marked for all of them at once."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from scheduling.hours import Span

Marks = bytearray
"""One byte for each moment: 1 where it holds."""


def inside(moments: Sequence[datetime], spans: Iterable[Span], length: timedelta) -> Marks:
    """Marks the moments from which this length lies inside one of the spans; the moments are in order."""
    marks = bytearray(len(moments))
    for starts_at, ends_at in spans:
        first, after = bisect_left(moments, starts_at), bisect_right(moments, ends_at - length)
        if first < after:
            marks[first:after] = b"\1" * (after - first)
    return marks


def clear_of(moments: Sequence[datetime], spans: Iterable[Span], length: timedelta) -> Marks:
    """Marks the moments from which this length touches none of the spans; the moments are in order."""
    marks = bytearray(b"\1") * len(moments)
    for starts_at, ends_at in spans:
        first, after = bisect_right(moments, starts_at - length), bisect_left(moments, ends_at)
        if first < after:
            marks[first:after] = bytes(after - first)
    return marks


def both(one: Marks, other: Marks) -> Marks:
    """Marks what both mark."""
    return _marks(_number(one) & _number(other), len(one))


def either(one: Marks, other: Marks) -> Marks:
    """Marks what one of them marks."""
    return _marks(_number(one) | _number(other), len(one))


def _number(marks: Marks) -> int:
    return int.from_bytes(marks, "big")


def _marks(number: int, length: int) -> Marks:
    return bytearray(number.to_bytes(length, "big"))
