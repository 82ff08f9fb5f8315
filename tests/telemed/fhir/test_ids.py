"""Ids of schedules and slots say everything they stand for, and fit where FHIR lets them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.fhir.ids import FHIR_ID, ScheduleKey, SlotKey, code_of, read_schedule_id, read_slot_id

CODES = st.from_regex(r"[a-z_\-]{1,20}", fullmatch=True)
MINUTES = st.integers(0, 62**5 - 1).map(
    lambda minute: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
)


@given(st.uuids(), CODES, st.none() | st.uuids(), MINUTES)
def test_a_slot_is_read_back_from_its_id(who: UUID, code: str, site: UUID | None, starts: datetime) -> None:
    key = SlotKey(ScheduleKey(who, code_of(code), site), starts)
    assert FHIR_ID.fullmatch(key.id)
    assert read_slot_id(key.id) == key
    assert FHIR_ID.fullmatch(key.schedule.id)
    assert read_schedule_id(key.schedule.id) == key.schedule


@given(st.text(max_size=80))
def test_no_text_is_too_strange_to_be_no_id(text: str) -> None:
    for read in (read_slot_id, read_schedule_id):
        found = read(text)
        assert found is None or found.id == text or text.split(".")[1].startswith("0")


@pytest.mark.parametrize("text", ["", ".", "..", "a.b", "z" * 22 + ".5.x", "0" * 22 + ".consultation.short"])
def test_what_is_nearly_an_id_is_none(text: str) -> None:
    assert read_slot_id(text) is None
    assert read_schedule_id(text) is None


def test_a_long_visit_type_gets_a_short_code_of_its_own() -> None:
    assert code_of("consultation") == "consultation"
    assert code_of("chronic_disease_rev") != code_of("chronic_disease_rex")
    assert len(code_of("chronic_disease_rev")) <= 12
