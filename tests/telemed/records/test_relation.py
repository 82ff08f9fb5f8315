from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.records.relation import Asker, Part, Ties, ground

HERE, ELSEWHERE = UUID(int=1), UUID(int=2)
DOCTOR = Asker(HERE, frozenset({"doctor"}))
NO_TIE = Ties()


@pytest.mark.parametrize(
    "ties", [Ties(appointment=True), Ties(queue_entry=True), Ties(unsigned_encounter=True)]
)
def test_while_the_facility_cares_for_the_patient_it_sees_them(ties: Ties) -> None:
    assert ground(DOCTOR, ties, "clinical", HERE) == "active"


def test_afterwards_it_sees_what_it_wrote_itself() -> None:
    assert ground(DOCTOR, NO_TIE, "clinical", HERE) == "wrote"
    assert ground(DOCTOR, NO_TIE, "clinical", ELSEWHERE) is None
    assert ground(DOCTOR, NO_TIE, "contact", None) is None


def test_everything_else_by_consent_or_break_glass() -> None:
    assert ground(DOCTOR, Ties(consented=True), "clinical", ELSEWHERE) == "consent"
    assert ground(DOCTOR, Ties(broken_glass=True), "clinical", ELSEWHERE) == "break_glass"


def test_a_coordinator_sees_how_to_reach_the_patient_and_nothing_clinical() -> None:
    coordinator = Asker(HERE, frozenset({"coordinator"}))
    assert ground(coordinator, Ties(appointment=True), "contact", None) == "active"
    assert ground(coordinator, Ties(appointment=True), "clinical", HERE) is None


ties = st.builds(Ties, *[st.booleans()] * 5)


@given(ties, st.sampled_from(["contact", "clinical"]), st.sampled_from([HERE, ELSEWHERE, None]))
def test_a_clerk_sees_nothing_stored_whatever_the_ties(bonds: Ties, part: Part, at: UUID | None) -> None:
    assert ground(Asker(HERE, frozenset({"clerk"})), bonds, part, at) is None


@given(ties, st.sampled_from(["contact", "clinical"]), st.sampled_from([HERE, ELSEWHERE, None]))
def test_staff_of_no_facility_see_nobody(bonds: Ties, part: Part, at: UUID | None) -> None:
    assert ground(Asker(None, frozenset({"doctor"})), bonds, part, at) is None
