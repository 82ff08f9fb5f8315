"""Forms keep what was typed and name what is wrong with it."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.ids import uuid7
from telemed.web.forms import PROBLEMS, Form, filled, read_time

TODAY = date(2026, 11, 17)
SOFIA = ZoneInfo("Europe/Sofia")


def problems(form: Form) -> dict[str, str]:
    names = {text: name for name, text in PROBLEMS.items()}
    return {field: names[trouble.text] for field, trouble in form.trouble.items()}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("08:30", time(8, 30)),
        ("8:30", time(8, 30)),
        ("8.30", time(8, 30)),
        ("830", time(8, 30)),
        ("0830", time(8, 30)),
        ("08:30:00", time(8, 30)),
        ("23:59", time(23, 59)),
        ("0:00", time(0)),
    ],
)
def test_a_time_may_be_typed_as_people_type_it(typed: str, meant: time) -> None:
    assert read_time(typed) == meant


@pytest.mark.parametrize(
    "typed", ["8", "24:00", "8:60", "8:5", "-1:00", "٨:٣٠", "8:30:15", "noon", ":", "1:2:3"]
)
def test_what_is_no_time_is_refused_not_guessed(typed: str) -> None:
    assert read_time(typed) is None


@given(st.text(max_size=12))
def test_no_text_breaks_the_reading_of_a_time(typed: str) -> None:
    found = read_time(typed)
    assert found is None or read_time(found.isoformat("minutes")) == found


@given(st.dictionaries(st.sampled_from(["d_1_from", "d_1_to", "d_2_from", "d_2_to"]), st.text(max_size=8)))
def test_no_text_breaks_the_reading_of_spans(sent: dict[str, str]) -> None:
    form = Form(sent)
    spans = form.spans("d", 2)
    assert form.trouble or all(opens < closes for opens, closes in spans)


def test_spans_come_in_order_and_survive_being_shown_again() -> None:
    form = Form(filled("d", [(time(13), time(17)), (time(8), time(12))]))
    assert form.spans("d", 2) == [(time(8), time(12)), (time(13), time(17))]
    assert form.fine


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        (("12:00", "08:00", "", ""), {"d_1_to": "order"}),
        (("08:00", "08:00", "", ""), {"d_1_to": "order"}),
        (("08:00", "", "", ""), {"d_1_to": "half"}),
        (("", "12:00", "", ""), {"d_1_from": "half"}),
        (("08:00", "12:00", "11:00", "13:00"), {"d_1_from": "overlap"}),
        (("noon", "12:00", "", ""), {"d_1_from": "time"}),
    ],
)
def test_what_is_wrong_with_a_day_is_named_at_its_field(
    fields: tuple[str, ...], wrong: dict[str, str]
) -> None:
    names = ("d_1_from", "d_1_to", "d_2_from", "d_2_to")
    form = Form(dict(zip(names, fields, strict=True)))
    form.spans("d", 2)
    assert problems(form) == wrong


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("", "missing"),
        ("tomorrow", "day"),
        ("2026-02-30", "day"),
        ("2026-11-16", "past"),
        ("2031-01-01", "too_far"),
        ("9999-12-31", "too_far"),
    ],
)
def test_a_day_must_be_there_and_ahead(typed: str, wrong: str) -> None:
    form = Form({"day": typed})
    form.day("day", TODAY)
    assert problems(form) == {"day": wrong}


def test_a_moment_is_told_in_the_time_of_the_place() -> None:
    form = Form({"from_day": "2026-11-17", "from_time": "11:00"})
    assert form.moment("from", TODAY, SOFIA) == datetime(2026, 11, 17, 9, tzinfo=UTC)
    for absurd in ("0001-01-01", "9999-12-31"):
        form = Form({"from_day": absurd, "from_time": "00:00"})
        assert form.moment("from", TODAY, SOFIA) is None
        assert not form.fine


def test_numbers_choices_and_texts_have_limits() -> None:
    known = uuid7()
    form = Form({"n": "61", "c": "x", "t": "  a   b ", "long": "x" * 11, "id": str(uuid7())})
    form.whole("n", 5, 60)
    form.choice("c", {"y"})
    form.choice("none", {"y"})
    form.one_of("id", [known])
    form.text("long", 10)
    assert form.text("t", 10) == "a b"
    assert problems(form) == {
        "n": "number",
        "c": "choice",
        "none": "missing",
        "id": "choice",
        "long": "too_long",
    }
    assert Form({"id": str(known)}).one_of("id", [known]) == known
    assert Form({}).one_of("id", [known]) is None
