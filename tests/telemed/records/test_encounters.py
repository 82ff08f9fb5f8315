from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.errors import WrongState
from telemed.records import encounters
from telemed.records.encounters import Encounter

NOW = datetime(2026, 12, 1, 7, 40, tzinfo=UTC)
DOCTOR, OTHER = UUID(int=1), UUID(int=2)
WAITING = Encounter(
    UUID(int=10), "room", UUID(int=11), None, None, None, UUID(int=12), UUID(int=13), None, None
)
ADMITTED = encounters.admit(WAITING, DOCTOR, NOW)


def test_admitting_takes_the_patient_for_one_doctor() -> None:
    assert (ADMITTED.status, ADMITTED.practitioner_id, ADMITTED.started_at) == ("in_progress", DOCTOR, NOW)
    assert encounters.admit(ADMITTED, DOCTOR, NOW + timedelta(minutes=1)) is ADMITTED
    with pytest.raises(WrongState):
        encounters.admit(ADMITTED, OTHER, NOW)


def test_hanging_up_does_not_end_the_visit() -> None:
    left = encounters.leave_call(encounters.join_call(ADMITTED))
    assert (left.call, left.status) == ("left", "in_progress")
    again = encounters.join_call(left)
    assert (again.call, again.status) == ("open", "in_progress")


def test_only_signing_ends_a_visit() -> None:
    done = encounters.finish(encounters.join_call(ADMITTED), NOW)
    assert (done.status, done.signed_at, done.call) == ("finished", NOW, "left")
    with pytest.raises(WrongState):
        encounters.finish(WAITING, NOW)
    with pytest.raises(WrongState):
        encounters.finish(done, NOW)


def test_identity_is_confirmed_once_and_only_face_to_face() -> None:
    confirmed = encounters.confirm_identity(ADMITTED, DOCTOR, NOW)
    assert (confirmed.identity_confirmed_by, confirmed.identity_confirmed_at) == (DOCTOR, NOW)
    assert encounters.confirm_identity(confirmed, OTHER, NOW) is confirmed
    with pytest.raises(WrongState):
        encounters.confirm_identity(WAITING, DOCTOR, NOW)


def test_a_patient_who_leaves_is_cancelled_only_before_being_seen() -> None:
    assert not encounters.cancel(WAITING).active
    with pytest.raises(WrongState):
        encounters.cancel(ADMITTED)


def test_the_way_of_talking_changes_and_nothing_else() -> None:
    phone = encounters.step_to(ADMITTED, "phone")
    assert (phone.rung, phone.status, phone.room) == ("phone", "in_progress", "room")
    assert encounters.step_to(phone, "phone") is phone


@given(st.lists(st.sampled_from(["join", "leave", "video", "audio", "confirm"]), max_size=20))
def test_whatever_happens_in_the_call_the_visit_stays_in_progress(acts: list[str]) -> None:
    visit = ADMITTED
    for act in acts:
        before = visit
        if act == "join":
            visit = encounters.join_call(visit)
        elif act == "leave":
            visit = encounters.leave_call(visit)
        elif act == "confirm":
            visit = encounters.confirm_identity(visit, DOCTOR, NOW)
        else:
            visit = encounters.step_to(visit, "video" if act == "video" else "audio")
        assert visit.status == "in_progress"
        assert visit.version - before.version == (visit is not before)
