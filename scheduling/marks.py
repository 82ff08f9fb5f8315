"""Which of many moments lie inside stretches of time, or clear of them: marked for all of them at once.

Moments are whole seconds since 1970: numbers are compared several times as fast as dates.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from scheduling.hours import Stretch

Marks = bytearray
"""One byte for each moment: 1 where it holds."""


def inside(moments: Sequence[int], stretches: Iterable[Stretch], length: int) -> Marks:
    """Marks the moments from which this length lies inside one of the stretches; the moments are in order."""
    marks = bytearray(len(moments))
    for starts_at, ends_at in stretches:
        first, after = bisect_left(moments, starts_at), bisect_right(moments, ends_at - length)
        if first < after:
            marks[first:after] = b"\1" * (after - first)
    return marks


def clear_of(moments: Sequence[int], stretches: Iterable[Stretch], length: int) -> Marks:
    """Marks the moments from which this length touches none of the stretches; the moments are in order."""
    marks = bytearray(b"\1") * len(moments)
    for starts_at, ends_at in stretches:
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
