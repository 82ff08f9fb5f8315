"""Whoever leaves a seat or is put out is missed: the other side is told, at once or with its next line."""

from dataclasses import replace

import pytest

from signaling.passes import Claims
from signaling.rooms import Rooms
from tests.signaling.conftest import WINDOW
from tests.signaling.test_rooms import body, events, sit


@pytest.fixture
def rooms() -> Rooms:
    return Rooms()


def test_a_revoked_session_is_put_out_and_stays_out(
    rooms: Rooms, patient: Claims, practitioner: Claims
) -> None:
    sit(rooms, "p", patient)
    sit(rooms, "d", practitioner)
    actions = rooms.close_session("staff-1", WINDOW)
    assert events(actions, "d") == ["closed", "DROP"]
    assert body(actions, "d", "closed") == {"why": "session_ended"}
    assert body(actions, "p", "peer") == {"here": False, "why": "session_ended"}
    assert body(sit(rooms, "d", practitioner), "d", "refused") == {"why": "session_ended"}


def test_the_other_side_hears_of_a_revoked_session_whose_line_is_down(
    rooms: Rooms, patient: Claims, practitioner: Claims
) -> None:
    sit(rooms, "p", patient)
    sit(rooms, "d", practitioner)
    rooms.leave("d")
    actions = rooms.close_session("staff-1", WINDOW)
    assert body(actions, "p", "peer") == {"here": False, "why": "session_ended"}


def test_who_had_no_line_meanwhile_hears_it_on_coming_back(
    rooms: Rooms, patient: Claims, practitioner: Claims
) -> None:
    sit(rooms, "p", patient)
    sit(rooms, "d", practitioner)
    rooms.leave("p")
    rooms.close_session("staff-1", WINDOW)
    actions = sit(rooms, "p2", patient)
    assert events(actions, "p2") == ["joined", "peer"]
    assert body(actions, "p2", "peer") == {"here": False, "why": "session_ended"}


def test_a_new_page_that_never_met_the_other_side_hears_of_no_leaving(
    rooms: Rooms, patient: Claims, practitioner: Claims
) -> None:
    sit(rooms, "p", patient)
    sit(rooms, "d", practitioner)
    rooms.leave("p")
    rooms.leave("d", "hung_up")
    assert events(sit(rooms, "p2", patient, "page-new"), "p2") == ["joined"]


def test_who_came_near_and_did_not_admit_must_go_and_stays_out(
    rooms: Rooms, patient: Claims, practitioner: Claims
) -> None:
    near = replace(practitioner, near=True, session="colleague")
    sit(rooms, "p", patient)
    sit(rooms, "c", near)
    actions = rooms.admit("room-a", "the-one", WINDOW)
    assert events(actions, "c") == ["replaced", "DROP"]
    assert body(actions, "p", "peer") == {"here": False, "why": "hung_up"}
    again = sit(rooms, "c2", replace(near, generation=near.generation + 1))
    assert body(again, "c2", "refused") == {"why": "replaced"}
    assert events(sit(rooms, "d", replace(near, session="the-one", generation=9)), "d") == ["joined"]
    assert rooms.admit("room-a", "the-one", WINDOW) == []


def test_a_patient_who_waits_again_is_near_for_anybody(
    rooms: Rooms, patient: Claims, practitioner: Claims
) -> None:
    sit(rooms, "p", patient)
    rooms.admit("room-a", "who-then-put-it-off", WINDOW)
    rooms.admit("room-a", "", WINDOW)
    near = replace(practitioner, near=True, session="colleague")
    assert events(sit(rooms, "c", near), "c") == ["joined"]


def test_whoever_talks_already_is_put_out_by_nobodys_admission(
    rooms: Rooms, patient: Claims, practitioner: Claims
) -> None:
    sit(rooms, "p", patient)
    sit(rooms, "d", practitioner)
    assert rooms.admit("room-a", "another-session-of-the-same-doctor", WINDOW) == []
