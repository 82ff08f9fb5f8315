"""Marks say of each moment what asking for it alone would say."""

from hypothesis import given
from hypothesis import strategies as st

from scheduling import marks

moments = st.lists(st.integers(0, 200), unique=True).map(sorted)
lengths = st.integers(1, 40)
stretches = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 60)).map(lambda pair: (pair[0], pair[0] + pair[1]))
)
bits = st.lists(st.booleans(), min_size=3, max_size=3).map(bytearray)


@given(moments, stretches, lengths)
def test_a_moment_is_inside_when_one_stretch_holds_all_of_it(
    starts: list[int], given_stretches: list[tuple[int, int]], length: int
) -> None:
    expected = [any(first <= at and at + length <= last for first, last in given_stretches) for at in starts]
    assert list(marks.inside(starts, given_stretches, length)) == expected


@given(moments, stretches, lengths)
def test_a_moment_is_clear_when_no_stretch_touches_it(
    starts: list[int], given_stretches: list[tuple[int, int]], length: int
) -> None:
    touched = [any(first < at + length and at < last for first, last in given_stretches) for at in starts]
    assert list(marks.clear_of(starts, given_stretches, length)) == [not each for each in touched]


@given(bits, bits)
def test_marks_are_joined_one_by_one(one: bytearray, other: bytearray) -> None:
    assert list(marks.both(one, other)) == [a & b for a, b in zip(one, other, strict=True)]
    assert list(marks.either(one, other)) == [a | b for a, b in zip(one, other, strict=True)]


def test_of_no_moments_there_are_no_marks() -> None:
    assert marks.both(bytearray(), bytearray()) == bytearray()
    assert marks.inside([], [(0, 60)], 60) == bytearray()
