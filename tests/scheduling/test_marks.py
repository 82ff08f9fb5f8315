"""Marks say of each moment what asking for it alone would say."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduling import marks
from scheduling.hours import Span
from tests.build import NOW

MINUTE = timedelta(minutes=1)
minutes = st.integers(0, 200)
moments = st.lists(minutes, unique=True).map(lambda all_: [NOW + each * MINUTE for each in sorted(all_)])
lengths = st.integers(1, 40).map(lambda each: each * MINUTE)
spans = st.lists(
    st.tuples(minutes, st.integers(1, 60)).map(
        lambda pair: Span(NOW + pair[0] * MINUTE, NOW + (pair[0] + pair[1]) * MINUTE)
    )
)
bits = st.lists(st.booleans(), min_size=3, max_size=3).map(bytearray)


@given(moments, spans, lengths)
def test_a_moment_is_inside_when_one_span_holds_all_of_it(
    starts: list[datetime], given_spans: list[Span], length: timedelta
) -> None:
    expected = [any(span.contains(Span(at, at + length)) for span in given_spans) for at in starts]
    assert list(marks.inside(starts, given_spans, length)) == expected


@given(moments, spans, lengths)
def test_a_moment_is_clear_when_no_span_touches_it(
    starts: list[datetime], given_spans: list[Span], length: timedelta
) -> None:
    expected = [not any(span.overlaps(Span(at, at + length)) for span in given_spans) for at in starts]
    assert list(marks.clear_of(starts, given_spans, length)) == expected


@given(bits, bits)
def test_marks_are_joined_one_by_one(one: bytearray, other: bytearray) -> None:
    assert list(marks.both(one, other)) == [a & b for a, b in zip(one, other, strict=True)]
    assert list(marks.either(one, other)) == [a | b for a, b in zip(one, other, strict=True)]


def test_of_no_moments_there_are_no_marks() -> None:
    assert marks.both(bytearray(), bytearray()) == bytearray()
    assert marks.inside([], [Span(NOW, NOW + MINUTE)], MINUTE) == bytearray()
