from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.records.access_log import Entry, Head, Reader, next_entry, per_owner, seal_digest, verify

AT = datetime(2026, 12, 1, 7, 40, tzinfo=UTC)
OWNER = UUID(int=1)
DOCTOR = Reader("staff", "7", UUID(int=9), "д-р Иванова", "care", "doctor")


def chain(length: int) -> list[Entry]:
    entries: list[Entry] = []
    head: Head | None = None
    for number in range(length):
        entry = next_entry(head, OWNER, AT + timedelta(minutes=number), DOCTOR, "visit")
        entries.append(entry)
        head = Head(OWNER, entry.seq, entry.hash)
    return entries


def test_an_untouched_chain_holds() -> None:
    assert verify(chain(5)) == []
    assert verify([]) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"what": "nothing"},
        {"at": AT - timedelta(days=1)},
        {"reader": DOCTOR.with_purpose("curiosity")},
        {"reader": replace(DOCTOR, name="somebody else")},
        {"reader": replace(DOCTOR, facility_id=None)},
        {"reader": replace(DOCTOR, role="clerk")},
        {"owner_id": UUID(int=2)},
        {"hash": "f" * 64},
    ],
)
def test_a_changed_entry_is_found_wherever_it_is(changed: dict[str, object]) -> None:
    for place in range(4):
        entries = chain(4)
        entries[place] = replace(entries[place], **changed)  # type: ignore[arg-type]  # any field at all
        assert verify(entries)


@given(st.integers(1, 6), st.data())
def test_a_removed_entry_is_found_unless_it_was_the_last(length: int, data: st.DataObject) -> None:
    entries = chain(length + 1)
    del entries[data.draw(st.integers(0, length - 1))]
    assert verify(entries)


def test_a_rewritten_entry_breaks_the_link_of_the_next() -> None:
    entries = chain(3)
    entries[1] = next_entry(Head(OWNER, 1, entries[0].hash), OWNER, AT, DOCTOR, "nothing")
    assert [fault.seq for fault in verify(entries)] == [3]


def test_a_list_is_one_line_for_each_owner_shown() -> None:
    one, two = UUID(int=1), UUID(int=2)
    seen = [(two, "visit"), (one, "patient"), (two, "note"), (two, "visit")]
    assert per_owner(seen) == [(one, "patient"), (two, "note, visit")]


def test_the_seal_depends_on_key_day_heads_and_the_seal_before() -> None:
    heads = [Head(uuid4(), 1, "a" * 64), Head(uuid4(), 2, "b" * 64)]
    seal = seal_digest(b"key", "0", "2026-12-01", heads)
    assert seal == seal_digest(b"key", "0", "2026-12-01", heads[::-1])
    assert (
        len(
            {
                seal,
                seal_digest(b"other", "0", "2026-12-01", heads),
                seal_digest(b"key", "1", "2026-12-01", heads),
                seal_digest(b"key", "0", "2026-12-02", heads),
                seal_digest(b"key", "0", "2026-12-01", heads[:1]),
            }
        )
        == 5
    )
