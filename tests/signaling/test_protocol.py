"""Only what a client of ours would say gets through, and only the fields that are known."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling import protocol, sdp
from signaling.protocol import BadMessage
from tests.signaling.conftest import SDP

PAGE = "page-0001"
NONCE = "nonce-0001"
STRANGE = SDP.replace("s=-", "hello")
MANY = SDP + "a=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\n" * 21
ELSEWHERE = SDP + "a=candidate:1 1 udp 1 evil.example 9 typ host\r\n"
OFFER = {"kind": "offer", "leg": "leg-0001", "sdp": SDP}
ANSWER = OFFER | {"kind": "answer"}
ROW: dict[str, Any] = {
    "candidate": "candidate:1 1 udp 1 127.0.0.1 9 typ host",
    "sdpMid": "0",
    "sdpMLineIndex": 0,
}
CANDIDATES: dict[str, Any] = {"kind": "candidates", "leg": "leg-0001", "candidates": [ROW]}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=10,
)


def test_a_join_shows_a_pass_or_a_seat_and_may_carry_the_offer() -> None:
    join = protocol.read_join(
        {"pass": "token", "nonce": NONCE, "page": PAGE, "offer": {"leg": "leg-0001", "sdp": SDP}}
    )
    assert (join.kind, join.token, join.nonce, join.page, join.offer) == ("pass", "token", NONCE, PAGE, OFFER)
    assert protocol.read_join({"seat": "token", "nonce": NONCE, "page": PAGE}).kind == "seat"


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {"nonce": NONCE, "page": PAGE},
        {"pass": "token", "seat": "token", "nonce": NONCE, "page": PAGE},
        {"pass": 7, "nonce": NONCE, "page": PAGE},
        {"pass": "", "nonce": NONCE, "page": PAGE},
        {"pass": "x" * 1025, "nonce": NONCE, "page": PAGE},
        {"pass": "token"},
        {"pass": "token", "page": PAGE},
        {"pass": "token", "nonce": 7, "page": PAGE},
        {"pass": "token", "nonce": "short", "page": PAGE},
        {"pass": "token", "nonce": NONCE, "page": "short"},
        {"pass": "token", "nonce": NONCE, "page": "with spaces in it"},
        {"pass": "token", "nonce": NONCE, "page": PAGE, "name": "Somebody"},
        {"pass": "token", "nonce": NONCE, "page": PAGE, "offer": "v=0"},
        {"pass": "token", "nonce": NONCE, "page": PAGE, "offer": {"leg": "leg-0001", "sdp": "hello"}},
        *(
            {"pass": "token", "nonce": NONCE, "page": PAGE, "offer": {"leg": "leg-0001", "sdp": described}}
            for described in (STRANGE, MANY, ELSEWHERE)
        ),
    ],
)
def test_any_other_join_is_refused(raw: object) -> None:
    with pytest.raises(BadMessage):
        protocol.read_join(raw)


def test_only_the_patients_side_offers_and_only_the_other_answers() -> None:
    assert protocol.read_signal(OFFER, "patient") == OFFER
    assert protocol.read_signal(ANSWER, "practitioner") == ANSWER
    assert protocol.read_signal({"kind": "restart", "leg": "leg-0001"}, "practitioner")
    for raw, role in ((OFFER, "practitioner"), (ANSWER, "patient"), ({"kind": "restart"}, "patient")):
        with pytest.raises(BadMessage):
            protocol.read_signal(raw, role)  # type: ignore[arg-type]  # mypy widens the pairs


def test_an_answer_may_carry_whom_the_doctor_admits_and_nothing_else_may() -> None:
    visit = "018f2f6e-0000-7000-8000-000000000001"
    assert protocol.read_signal(ANSWER | {"admit": visit}, "practitioner") == ANSWER | {"admit": visit}
    for raw, role in ((OFFER | {"admit": visit}, "patient"), (ANSWER | {"admit": "a name!"}, "practitioner")):
        with pytest.raises(BadMessage):
            protocol.read_signal(raw, role)  # type: ignore[arg-type]  # mypy widens the pairs


def test_candidates_pass_with_their_known_fields_only() -> None:
    read = protocol.read_signal(CANDIDATES, "patient")
    assert read["candidates"] == [ROW | {"usernameFragment": None}]


@pytest.mark.parametrize(
    "raw",
    [
        OFFER | {"sdp": "v=0" + "x" * protocol.SDP_LIMIT},
        OFFER | {"leg": "no"},
        OFFER | {"room": "another-room"},
        OFFER | {"kind": "dance"},
        OFFER | {"kind": ["offer"]},
        CANDIDATES | {"candidates": []},
        CANDIDATES | {"candidates": [ROW] * (protocol.CANDIDATES_AT_ONCE + 1)},
        CANDIDATES
        | {"candidates": [ROW | {"candidate": ROW["candidate"].replace("127.0.0.1", "evil.example")}]},
        CANDIDATES | {"candidates": [ROW | {"sdpMLineIndex": True}]},
        CANDIDATES | {"candidates": [ROW | {"sdpMLineIndex": -1}]},
        CANDIDATES | {"candidates": [ROW | {"extra": 1}]},
    ],
)
def test_too_large_strange_or_extra_is_refused(raw: object) -> None:
    with pytest.raises(BadMessage):
        protocol.read_signal(raw, "patient")


@given(JSON)
def test_no_json_at_all_makes_the_reader_crash(raw: object) -> None:
    for read in (protocol.read_join, lambda raw: protocol.read_signal(raw, "patient")):
        try:
            message = read(raw)
        except BadMessage:
            continue
        assert message is not None


def test_the_largest_message_fits_into_the_payload_limit() -> None:
    candidates = protocol.CANDIDATES_AT_ONCE * (sdp.LONGEST_CANDIDATE + 250)
    assert protocol.SDP_LIMIT + 2048 < protocol.PAYLOAD_LIMIT
    assert candidates < protocol.PAYLOAD_LIMIT


def test_a_socket_may_speak_in_bursts_but_not_without_end() -> None:
    pace = protocol.Pace(at=0.0)
    assert all(pace.allows(0.0) for _ in range(protocol.MESSAGES_AT_ONCE))
    assert not pace.allows(0.0)
    assert pace.allows(1.0)


def test_a_clock_that_steps_back_gives_nothing_away() -> None:
    pace = protocol.Pace(left=1, at=100.0)
    assert pace.allows(100.0)
    assert not pace.allows(50.0)
