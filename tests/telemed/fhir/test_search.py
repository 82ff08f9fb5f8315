"""Parameters of a search: dates with prefixes in a zone, references, pages, and what nobody knows."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.ids import uuid7
from telemed.fhir import search
from telemed.fhir.reading import Malformed
from telemed.fhir.search import Query, Window, read_query
from telemed.fhir.table import served

SOFIA = ZoneInfo("Europe/Sofia")
SLOT = served("Slot")
BASE = "https://telemed.example/fhir/R4"


def asked(*pairs: tuple[str, str], strict: bool = False) -> Query:
    """A search of slots."""
    return read_query(pairs, SLOT, strict)


def utc(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment in November 2026."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("texts", "window"),
    [
        (["2026-11-24"], Window(utc(23, 22), utc(24, 22))),
        (["ge2026-11-24", "lt2026-11-25"], Window(utc(23, 22), utc(24, 22))),
        (["ge2026-11-24T09:00:00+02:00"], Window(utc(24, 7), None)),
        (["ge2026-11-24T09:00:00 02:00"], Window(utc(24, 7), None)),
        (["ge2026-11-24T09:00Z"], Window(utc(24, 9), None)),
        (["ge2026-11-24T09:00"], Window(utc(24, 7), None)),
        (["gt2026-11-24T09:00:00Z"], Window(utc(24, 9, 0, 1), None)),
        (["le2026-11-24"], Window(None, utc(24, 22))),
        (["eb2026-11-24T09:00:00Z", "lt2026-11-26"], Window(None, utc(24, 9))),
        (["2026-12"], Window(utc(30, 22), datetime(2026, 12, 31, 22, tzinfo=UTC))),
        (["ge2027"], Window(datetime(2026, 12, 31, 22, tzinfo=UTC), None)),
        ([], Window()),
    ],
)
def test_dates_leave_a_window(texts: list[str], window: Window) -> None:
    assert search.window(asked(*(("start", text) for text in texts)), "start", SOFIA) == window


NO_DATES = [
    "",
    "x",
    "ne2026-11-24",
    "ap2026-11-24",
    "ge",
    "2026-13-01",
    "2026-13",
    "20",
    "1700",
    "٢٠٢٦-11-24",
]


@pytest.mark.parametrize("text", [*NO_DATES, "ge9999-12-31T23:59:59-14:00"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(Malformed) as refusal:
        search.window(asked(("start", text)), "start", SOFIA)
    assert refusal.value.path == "start"


@given(st.text(max_size=30))
def test_no_text_is_too_strange_to_be_refused(text: str) -> None:
    for read in (
        lambda: search.window(asked(("start", text)), "start", SOFIA),
        lambda: asked(("_count", text), ("_summary", text), ("_cursor", text)),
        lambda: search.read_cursor(text, 1),
        lambda: search.reference_id("schedule", text, ("Schedule",), BASE),
    ):
        try:
            read()
        except Malformed as refusal:
            assert refusal.reason


def test_what_nobody_knows_is_left_out_or_refused_as_is_preferred() -> None:
    assert asked(("colour", "red")).ignored == ("colour",)
    with pytest.raises(Malformed) as refusal:
        asked(("colour", "red"), strict=True)
    assert "colour" in refusal.value.reason


def test_a_page_is_never_larger_than_is_good() -> None:
    assert asked(("_count", "100000")).count == search.LARGEST_PAGE
    assert asked(("_count", "0")).only_count
    assert asked(("_summary", "count")).only_count


def test_a_cursor_says_what_it_was_given() -> None:
    assert search.read_cursor(search.cursor("a", "б"), 2) == ["a", "б"]


def test_a_reference_is_an_id_a_type_with_id_or_an_address() -> None:
    wanted = uuid7()
    for text in (str(wanted), f"Patient/{wanted}", f"{BASE}/Patient/{wanted}"):
        assert search.reference_id("patient", text, ("Patient",), BASE) == wanted
    with pytest.raises(Malformed):
        search.reference_id("patient", f"Device/{wanted}", ("Patient",), BASE)
