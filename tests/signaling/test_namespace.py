"""The Socket.IO door: foreign origins, forged passes and floods stay out; revocation reaches live sockets."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from signaling import protocol
from signaling.namespace import NAME
from tests.signaling.conftest import NONCE, SDP
from tests.signaling.house import OFFER, ORIGIN, House


@pytest.fixture
def house(key: bytes, now: datetime) -> House:
    return House(key, now)


@pytest.mark.parametrize(
    "origin", [None, "", "https://evil.example", "http://telemed.example", ORIGIN + ".evil"]
)
def test_a_foreign_page_gets_no_socket(house: House, origin: str | None) -> None:
    assert not house.page(origin).connected


def test_two_pages_with_passes_meet(house: House) -> None:
    patient = house.seated("patient", offer=OFFER)
    ((event, joined),) = patient.heard()
    assert (event, joined["peer"], joined["signals"]) == ("joined", None, [])
    doctor = house.seated("practitioner")
    ((event, joined),) = doctor.heard()
    assert joined["signals"] == [OFFER | {"kind": "offer"}]
    doctor.say("signal", {"kind": "answer", "leg": "leg-0001", "sdp": SDP})
    assert [event for event, _ in patient.heard()] == ["peer", "signal"]


def test_other_processes_closings_are_looked_up_before_each_join(house: House) -> None:
    house.seated("patient")
    house.seated("practitioner")
    assert house.looked == 2


def test_who_lost_the_line_comes_back_with_the_seat_and_long_after_the_pass(house: House) -> None:
    patient = house.seated("patient")
    seat = patient.heard()[0][1]["seat"]
    house.clock.now += timedelta(hours=2)
    again = house.page()
    again.say("join", {"seat": seat, "nonce": NONCE, "page": "page-of-patient"})
    assert again.heard()[0][0] == "joined"
    assert patient.heard() == [("replaced", {})]
    assert not patient.connected


def test_forged_and_expired_passes_are_refused_with_the_reason(house: House) -> None:
    page, late = house.page(), house.pass_for("patient")
    page.say("join", {"pass": late + "x", "nonce": NONCE, "page": "page-0001"})
    house.clock.now += timedelta(minutes=2)
    page.say("join", {"pass": late, "nonce": NONCE, "page": "page-0001"})
    page.say("join", {"seat": late, "nonce": NONCE, "page": "page-0001"})
    assert page.heard() == [("refused", {"why": why}) for why in ("forged", "expired", "forged")]


@pytest.mark.parametrize("body", [(), (None,), ({},), ("join",), ({"pass": "x"}, {"pass": "y"}), (b"bytes",)])
def test_a_malformed_join_is_refused(house: House, body: tuple[object, ...]) -> None:
    page = house.page()
    page.say("join", *body)
    assert page.heard() == [("refused", {"why": "bad_message"})]


def test_words_outside_the_protocol_and_signals_without_a_seat_are_refused(house: House) -> None:
    page = house.page()
    page.say("dance", {})
    page.say("trigger_event", {})
    page.say("signal", OFFER | {"kind": "offer"})
    assert [body["why"] for _, body in page.heard()] == ["bad_message", "bad_message", "not_seated"]


def test_the_practitioners_side_cannot_offer(house: House) -> None:
    patient, doctor = house.seated("patient"), house.seated("practitioner")
    patient.heard()
    doctor.heard()
    doctor.say("signal", OFFER | {"kind": "offer"})
    assert doctor.heard() == [("refused", {"why": "bad_message"})]
    assert patient.heard() == []


@pytest.mark.parametrize("word", ["connect", "disconnect"])
def test_saying_that_one_comes_or_goes_refills_nothing(house: House, word: str) -> None:
    patient, doctor = house.seated("patient"), house.seated("practitioner")
    doctor.heard()
    for _ in range(protocol.MESSAGES_AT_ONCE):
        if patient.connected:
            patient.say(word, "by a client")
        if patient.connected:
            patient.say("signal", OFFER | {"kind": "offer"})
    assert not patient.connected
    assert len(doctor.heard()) <= protocol.MESSAGES_AT_ONCE


def test_who_leaves_and_comes_again_over_the_same_line_has_said_no_less_for_it(house: House) -> None:
    page = house.page()
    server: Any = house.socketio.server  # type: ignore[attr-defined]  # unknown to the stubs
    client: Any = page.client
    for _ in range(protocol.MESSAGES_AT_ONCE + 1):
        for packet in ("1", "0"):
            server._handle_eio_message(client.eio_sid, f"{packet}{NAME},")
    assert not page.connected


def test_a_flood_is_cut_off(house: House) -> None:
    patient, doctor = house.seated("patient"), house.seated("practitioner")
    for _ in range(protocol.MESSAGES_AT_ONCE):
        patient.say("signal", OFFER | {"kind": "offer"})
    assert patient.heard()[-1] == ("refused", {"why": "too_fast"})
    assert not patient.connected
    assert doctor.heard()[-1] == ("peer", {"here": False, "why": "line"})


def test_hanging_up_is_told_and_the_socket_may_join_again(house: House) -> None:
    patient, doctor = house.seated("patient"), house.seated("practitioner")
    doctor.say("leave")
    assert patient.heard()[-1] == ("peer", {"here": False, "why": "hung_up"})
    doctor.say("join", {"pass": house.pass_for("practitioner"), "nonce": NONCE, "page": "page-two-"})
    assert patient.heard()[-1] == ("peer", {"here": True, "page": "page-two-"})


def test_a_lost_socket_is_told_once(house: House) -> None:
    patient, doctor = house.seated("patient"), house.seated("practitioner")
    patient.heard()
    doctor.client.disconnect(namespace=NAME)
    assert patient.heard() == [("peer", {"here": False, "why": "line"})]


def test_the_server_answers_that_it_is_alive(house: House) -> None:
    assert house.page().client.emit("alive", namespace=NAME, callback=True) is True


def test_ending_a_visit_closes_both_sockets_and_refuses_their_seats(house: House, window: datetime) -> None:
    patient, doctor = house.seated("patient"), house.seated("practitioner")
    seat = patient.heard()[0][1]["seat"]
    house.calls.close_call("room-a", window)
    for page in (patient, doctor):
        assert page.heard()[-1] == ("closed", {"why": "visit_ended"})
        assert not page.connected
    page = house.page()
    page.say("join", {"seat": seat, "nonce": NONCE, "page": "page-0001"})
    page.say("join", {"pass": house.pass_for("patient"), "nonce": NONCE, "page": "page-0001"})
    assert page.heard() == [("refused", {"why": "closed"})] * 2


def test_a_pass_shown_again_with_its_nonce_gives_the_same_seat_and_with_another_none(house: House) -> None:
    token = house.pass_for("patient")
    first, again, thief = house.page(), house.page(), house.page()
    first.say("join", {"pass": token, "nonce": NONCE, "page": "page-0001"})
    again.say("join", {"pass": token, "nonce": NONCE, "page": "page-0001"})
    thief.say("join", {"pass": token, "nonce": "another-nonce", "page": "page-0001"})
    assert first.heard()[0][1]["seat"] == again.heard()[0][1]["seat"]
    assert thief.heard() == [("refused", {"why": "forged"})]
    assert again.connected


def test_a_replaced_seat_is_refused_by_a_process_that_has_just_started(house: House) -> None:
    old = house.seated("patient").heard()[0][1]["seat"]
    new = house.seated("patient").heard()[0][1]["seat"]
    restarted = House(house.key, house.clock.now, house.book)
    page = restarted.page()
    page.say("join", {"seat": old, "nonce": NONCE, "page": "page-0001"})
    page.say("join", {"seat": new, "nonce": NONCE, "page": "page-0001"})
    assert [event for event, _ in page.heard()] == ["refused", "joined"]


def test_without_an_answer_known_seats_go_on_and_new_ones_are_told_to_come_again(house: House) -> None:
    seat = house.seated("patient").heard()[0][1]["seat"]
    house.book.away = True
    back, newcomer = house.page(), house.seated("practitioner")
    back.say("join", {"seat": seat, "nonce": NONCE, "page": "page-of-patient"})
    assert back.heard()[0][0] == "joined"
    assert newcomer.heard() == [("refused", {"why": "unsure"})]


def test_only_a_seat_that_is_new_here_is_looked_up(house: House) -> None:
    patient = house.seated("patient")
    seat, asked = patient.heard()[0][1]["seat"], house.book.asked
    for _ in range(3):
        patient.say("join", {"seat": seat, "nonce": NONCE, "page": "page-of-patient"})
    assert [event for event, _ in patient.heard()] == ["joined"] * 3
    assert house.book.asked == asked
    house.seated("patient")
    assert house.book.asked == asked + 1


def test_who_is_refused_here_writes_nothing_down(house: House, window: datetime) -> None:
    house.calls.close_session("session-1", window)
    asked = house.book.asked
    assert house.seated("patient").heard() == [("refused", {"why": "session_ended"})]
    assert (house.book.asked, house.book.opened) == (asked, [])


def test_revoking_a_session_tells_and_disconnects_its_sockets_only(house: House, window: datetime) -> None:
    patient = house.seated("patient", session="kiosk-1")
    doctor = house.seated("practitioner", session="staff-1")
    elsewhere = house.seated("practitioner", room="room-b", session="staff-2")
    elsewhere.heard()
    house.calls.close_session("staff-1", window)
    assert doctor.heard()[-1] == ("closed", {"why": "session_ended"})
    assert (doctor.connected, patient.connected, elsewhere.connected) == (False, True, True)
    assert patient.heard()[-1] == ("peer", {"here": False, "why": "session_ended"})
    assert elsewhere.heard() == []


def test_the_settings_that_keep_order_and_size_are_in_force(house: House) -> None:
    server: Any = house.socketio.server  # type: ignore[attr-defined]  # unknown to the stubs
    assert server.eio.async_mode == "threading"
    assert server.async_handlers is False
    assert server.eio.max_http_buffer_size == 64 * 1024
    assert server.eio.transports == ["websocket"]
