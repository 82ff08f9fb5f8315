"""Whoever is not invited learns nothing and disturbs nobody, whatever they say at the door of the calls."""

import base64
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from telemed.web import calls
from tests.signaling.conftest import NONCE, SDP
from tests.signaling.house import OFFER, House, Page

ANSWER: dict[str, Any] = {"kind": "answer", "leg": "leg-0001", "sdp": SDP}
ROW = {"candidate": "candidate:1 1 udp 1 127.0.0.1 9 typ host", "sdpMid": "0", "sdpMLineIndex": 0}
CANDIDATES: dict[str, Any] = {"kind": "candidates", "leg": "leg-0001", "candidates": [ROW]}
LINE = "a=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\n"


@pytest.fixture
def house(key: bytes, now: datetime) -> House:
    return House(key, now)


@pytest.fixture
def pair(house: House) -> tuple[Page, Page]:
    """A patient and a doctor who have met; what they heard until now is read."""
    pair = (
        house.seated("patient", session="kiosk-1", offer=OFFER),
        house.seated("practitioner", session="staff-1"),
    )
    for page in pair:
        page.heard()
    return pair


def joins(page: Page, token: str, nonce: str = NONCE) -> None:
    page.say("join", {"pass": token, "nonce": nonce, "page": "page-of-stranger"})


def speaks(page: Page) -> None:
    """Say everything that a page in a call may say."""
    for message in (OFFER | {"kind": "offer"}, ANSWER, CANDIDATES, {"kind": "restart", "leg": "leg-0001"}):
        page.say("signal", message)
    page.say("leave")


def test_a_pass_of_another_room_opens_that_one_and_nothing_of_this(
    house: House, pair: tuple[Page, Page]
) -> None:
    stranger = house.seated("practitioner", room="room-b", session="staff-2")
    ((event, joined),) = stranger.heard()
    assert (event, joined["peer"], joined["signals"]) == ("joined", None, [])
    speaks(stranger)
    assert [page.heard() for page in pair] == [[], []]
    pair[1].say("signal", ANSWER)
    assert [event for event, _ in pair[0].heard()] == ["signal"]
    assert all(event == "refused" for event, _ in stranger.heard())


@pytest.mark.parametrize(("claim", "value"), [("r", "room-a"), ("o", "patient"), ("g", 99), ("s", "staff-1")])
def test_a_pass_whose_claims_were_changed_is_forged(
    house: House, pair: tuple[Page, Page], claim: str, value: object
) -> None:
    payload, signature = house.pass_for("practitioner", room="room-b", session="staff-2").split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    changed = base64.urlsafe_b64encode(json.dumps(claims | {claim: value}).encode()).rstrip(b"=").decode()
    stranger = house.page()
    joins(stranger, f"{changed}.{signature}")
    assert stranger.heard() == [("refused", {"why": "forged"})]
    assert [page.heard() for page in pair] == [[], []]


def test_a_third_socket_without_a_seat_hears_nothing_and_is_heard_by_nobody(
    house: House, pair: tuple[Page, Page]
) -> None:
    stranger = house.page()
    pair[1].say("signal", ANSWER)
    pair[0].say("signal", CANDIDATES)
    assert stranger.heard() == []
    told = [page.heard() for page in pair]
    speaks(stranger)
    assert stranger.heard() == [("refused", {"why": "not_seated"})] * 4
    stranger.client.disconnect(namespace="/call")
    assert [page.heard() for page in pair] == [[], []]
    assert [[event for event, _ in heard] for heard in told] == [["signal"], ["signal"]]
    assert all(page.connected for page in pair)


@pytest.mark.parametrize("room", ["room-a", "room-of-nobody"])
@pytest.mark.parametrize(
    "pass_of",
    [
        pytest.param(lambda house, room: f"{house.pass_for('patient', room)}x", id="forged"),
        pytest.param(lambda house, room: house.pass_for("patient", room)[::-1], id="rubbish"),
        pytest.param(lambda house, room: room, id="its name alone"),
    ],
)
def test_who_has_no_pass_cannot_tell_a_room_where_people_talk_from_an_empty_one(
    house: House, pair: tuple[Page, Page], pass_of: Callable[[House, str], str], room: str
) -> None:
    stranger = house.page()
    joins(stranger, pass_of(house, room))
    joins(stranger, house.pass_for("patient", room), "another-nonce")
    speaks(stranger)
    assert stranger.heard() == [("refused", {"why": "forged"})] * 2 + [("refused", {"why": "not_seated"})] * 4
    assert [page.heard() for page in pair] == [[], []]


def test_neither_side_is_told_more_of_the_other_than_that_it_is_there(house: House) -> None:
    patient = house.seated("patient", session="kiosk-of-the-village", offer=OFFER)
    doctor = house.seated("practitioner", session="sign-in-of-the-doctor")
    doctor.say("signal", ANSWER)
    heard = {page: page.heard() for page in (patient, doctor)}
    seats = [body["seat"] for each in heard.values() for event, body in each if event == "joined"]
    for page, other in ((patient, "sign-in-of-the-doctor"), (doctor, "kiosk-of-the-village")):
        words = json.dumps([body for _, body in heard[page] if body])
        assert other not in words
        assert sum(seat in words for seat in seats) == 1
    ((_, joined), *_) = heard[doctor]
    assert set(joined) == {"seat", "role", "until", "peer", "signals"}


@pytest.mark.parametrize(
    "body",
    [
        ANSWER | {"sdp": "hello"},
        ANSWER | {"sdp": SDP.replace("s=-", "s=-\ra=x")},
        ANSWER | {"sdp": SDP.split("m=")[0]},
        ANSWER | {"sdp": SDP + LINE * 21},
        ANSWER | {"sdp": SDP + LINE.replace("10.0.0.1", "evil.example")},
        ANSWER | {"sdp": SDP + "a=" + "x" * 25_000 + "\r\n"},
        ANSWER | {"room": "room-b"},
        ANSWER | {"leg": {"name": "leg-0001"}},
        CANDIDATES | {"candidates": [ROW] * 21},
        CANDIDATES | {"candidates": [ROW | {"candidate": "candidate:1 1 udp 1 printer.local 9 typ host"}]},
        CANDIDATES | {"candidates": {"0": ROW}},
        ["answer"],
        "answer",
        None,
        7,
    ],
    ids=lambda body: str(body)[:40],
)
def test_what_no_browser_says_is_refused_and_the_call_goes_on(pair: tuple[Page, Page], body: object) -> None:
    patient, doctor = pair
    doctor.say("signal", body)
    assert doctor.heard() == [("refused", {"why": "bad_message"})]
    assert patient.heard() == []
    doctor.say("signal", ANSWER)
    assert patient.heard() == [("signal", ANSWER)]


@pytest.mark.parametrize("offer", [{"leg": "leg-0001", "sdp": SDP + LINE * 21}, {"sdp": SDP}, [], "v=0"])
def test_a_bad_offer_in_a_join_gives_no_seat(house: House, offer: object) -> None:
    page = house.seated("patient", offer=offer)
    assert page.heard() == [("refused", {"why": "bad_message"})]
    assert house.seated("practitioner").heard()[0][1]["peer"] is None


def test_everything_said_twice_and_in_the_wrong_order_still_lets_the_two_meet(house: House) -> None:
    patient, doctor = house.page(), house.page()
    passes = {"patient": house.pass_for("patient"), "practitioner": house.pass_for("practitioner")}
    for message in (ANSWER, CANDIDATES):
        doctor.say("signal", message)
    for _ in range(2):
        joins(doctor, passes["practitioner"])
        doctor.say("signal", ANSWER)
    for _ in range(2):
        page = {"pass": passes["patient"], "nonce": NONCE, "page": "page-of-patient"}
        patient.say("join", page)
        for message in (CANDIDATES, OFFER | {"kind": "offer"}):
            patient.say("signal", message)
    heard = [body for event, body in doctor.heard() if event == "signal"]
    assert OFFER | {"kind": "offer"} in heard
    patient.heard()
    for _ in range(2):
        doctor.say("signal", ANSWER)
    assert patient.heard() == [("signal", ANSWER)] * 2
    assert patient.connected and doctor.connected


def test_every_process_looks_often_enough_to_put_a_revoked_doctor_out_within_five_seconds() -> None:
    # The way itself is shown with two processes in tests/deploy/test_nginx.py.
    assert calls.LOOK_SECONDS <= 2
