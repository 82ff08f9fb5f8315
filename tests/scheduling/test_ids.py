import time
from uuid import RFC_4122

from scheduling.ids import uuid7


def test_an_id_is_a_uuid_of_version_7() -> None:
    made = uuid7()
    assert (made.version, made.variant) == (7, RFC_4122)


def test_an_id_begins_with_the_milliseconds_at_which_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()
    after = time.time_ns() // 1_000_000
    assert before <= made.int >> 80 <= after


def test_ids_sort_by_the_moment_they_were_made() -> None:
    first = uuid7()
    started = time.time_ns()
    while time.time_ns() - started < 2_000:
        pass
    assert first < uuid7()


def test_no_id_comes_twice() -> None:
    assert len({uuid7() for _ in range(5_000)}) == 5_000
