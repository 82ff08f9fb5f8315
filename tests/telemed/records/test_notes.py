from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from scheduling.errors import StaleVersion, WrongState
from telemed.records import notes
from telemed.records.errors import AlreadySigned
from telemed.records.notes import LONGEST, Note, NoteText

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
DOCTOR, OTHER = UUID(int=1), UUID(int=2)
FULL = NoteText("BP 168/95", "High blood pressure", "Rest, and measure again", "In a week")
DRAFT = Note(UUID(int=5), UUID(int=6), UUID(int=7), UUID(int=8), DOCTOR, NoteText(), "draft", 1, NOW)


def test_saving_makes_the_next_version() -> None:
    saved = notes.save(DRAFT, FULL, 1, NOW + timedelta(seconds=5))
    assert (saved.text, saved.version, saved.saved_at) == (FULL, 2, NOW + timedelta(seconds=5))


def test_saving_the_same_text_again_changes_nothing_even_from_an_old_tab() -> None:
    saved = notes.save(DRAFT, FULL, 1, NOW)
    assert notes.save(saved, replace(FULL, advice=FULL.advice + "\r\n"), 1, NOW) is saved


def test_a_text_over_an_unseen_one_is_refused() -> None:
    saved = notes.save(DRAFT, FULL, 1, NOW)
    with pytest.raises(StaleVersion):
        notes.save(saved, replace(FULL, findings="other"), 1, NOW)


def test_a_signed_note_stays_as_it_is() -> None:
    signed = notes.sign(notes.save(DRAFT, FULL, 1, NOW), DOCTOR, NOW)
    assert (signed.status, signed.signed_at) == ("signed", NOW)
    with pytest.raises(AlreadySigned):
        notes.save(signed, NoteText(), signed.version, NOW)
    with pytest.raises(AlreadySigned):
        notes.sign(signed, DOCTOR, NOW)


@pytest.mark.parametrize("lacking", ["conclusion", "advice"])
def test_a_note_that_tells_the_patient_nothing_is_not_signed(lacking: str) -> None:
    saved = notes.save(DRAFT, replace(FULL, **{lacking: "  "}), 1, NOW)
    with pytest.raises(WrongState):
        notes.sign(saved, DOCTOR, NOW)


def test_only_the_author_signs() -> None:
    with pytest.raises(WrongState):
        notes.sign(notes.save(DRAFT, FULL, 1, NOW), OTHER, NOW)


def test_a_correction_is_a_new_draft_that_names_the_signed_note() -> None:
    signed = notes.sign(notes.save(DRAFT, FULL, 1, NOW), DOCTOR, NOW)
    correction = notes.amendment(signed, UUID(int=50), OTHER, NOW)
    assert (correction.amends, correction.status, correction.author_id) == (signed.id, "draft", OTHER)
    with pytest.raises(WrongState):
        notes.amendment(correction, UUID(int=51), OTHER, NOW)


def test_a_part_holds_only_so_much() -> None:
    assert len(NoteText(findings="x" * (LONGEST + 1)).cleaned().findings) == LONGEST
    assert NoteText(" ", "\n").empty
