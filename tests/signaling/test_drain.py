"""Before a process ends it sends all its sockets away: how soon they come back, and with their seats."""

from dataclasses import replace
from datetime import datetime

import pytest

from signaling import passes
from signaling.passes import Claims
from signaling.room import Drop, Send
from signaling.rooms import Rooms
from tests.signaling.conftest import NONCE, NOW
from tests.signaling.house import OFFER, House


@pytest.fixture
def house(key: bytes, now: datetime) -> House:
    return House(key, now)


def sit(rooms: Rooms, socket: str, claims: Claims) -> None:
    rooms.join(socket, claims, "page-of-it", {"kind": "offer", **OFFER}, "its seat", NOW)


@pytest.mark.parametrize(("sockets", "within"), [(1, 1_000), (150, 1_500), (2_000, 10_000)])
def test_the_more_sockets_leave_the_longer_they_take_to_come_back(
    patient: Claims, sockets: int, within: int
) -> None:
    rooms = Rooms()
    for number in range(sockets):
        sit(rooms, f"p{number}", replace(patient, room=f"room-{number}", session=f"kiosk-{number}"))
    assert {each.body["within"] for each in rooms.drain() if isinstance(each, Send)} == {within}


def test_all_are_told_before_the_first_is_put_out_and_nobody_hears_that_the_other_left(
    patient: Claims, practitioner: Claims
) -> None:
    rooms = Rooms()
    sit(rooms, "p", patient)
    sit(rooms, "d", practitioner)
    rooms.arrive("nobody")
    assert [type(each) for each in rooms.drain()] == [Send] * 3 + [Drop] * 3
    assert rooms.leave("p") == []


def test_before_its_process_ends_every_socket_is_sent_away_and_none_comes_in(house: House) -> None:
    patient, doctor, stranger = house.seated("patient"), house.seated("practitioner"), house.page()
    patient.heard()
    doctor.heard()
    house.calls.drain()
    for page in (patient, doctor, stranger):
        assert page.heard() == [("away", {"within": 1_000})]
        assert not page.connected
    assert not house.page().connected


def test_who_was_sent_away_comes_back_to_the_next_process_with_its_seat(house: House) -> None:
    seats = {role: house.seated(role).heard()[0][1]["seat"] for role in passes.ROLES}
    house.calls.drain()
    following = House(house.key, house.clock.now, house.book)
    pages = {role: following.page() for role in passes.ROLES}
    for role, page in pages.items():
        page.say("join", {"seat": seats[role], "nonce": NONCE, "page": f"page-of-{role}"})
    assert [event for event, _ in pages["patient"].heard()] == ["joined", "peer"]
    assert pages["practitioner"].heard()[0][1]["peer"] == "page-of-patient"


def test_only_the_sockets_of_a_room_that_has_moved_are_sent_after_it(house: House) -> None:
    patient, doctor, other = (
        house.seated("patient"),
        house.seated("practitioner"),
        house.seated("patient", "room-b", "kiosk-2"),
    )
    for page in (patient, doctor, other):
        page.heard()
    house.calls.send_elsewhere("room-a")
    assert [page.heard() for page in (patient, doctor)] == [[("away", {"within": 1_000})]] * 2
    assert (patient.connected, doctor.connected, other.connected) == (False, False, True)
    assert other.heard() == []


def test_it_is_said_once_that_a_room_is_here_and_again_when_it_was_left_in_between(house: House) -> None:
    first = house.seated("patient")
    house.seated("practitioner")
    assert house.book.opened == ["room-a"]
    house.page().say("join", {"pass": "forged", "nonce": NONCE, "page": "page-of-patient"})
    house.calls.send_elsewhere("room-a")
    assert not first.connected
    house.seated("patient")
    assert house.book.opened == ["room-a", "room-a"]
