"""Descriptions and candidates: what browsers send passes, names of other machines and floods do not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.sdp import CANDIDATES_AT_MOST, candidate_problem, description_problem
from tests.signaling.conftest import SDP

HIDDEN = "3f2504e0-4f89-41d3-9a0c-0305e82c3301.local"
GENUINE = [
    "candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 0.0.0.0 rport 0 generation 0"
    " ufrag EsAw network-cost 999",
    f"candidate:1467250027 1 udp 2122260223 {HIDDEN} 46243 typ host generation 0 ufrag EsAw network-id 1",
    "candidate:1 1 TCP 1019216383 2001:db8::7 9 typ host tcptype active",
    "candidate:3 1 udp 41885439 198.51.100.9 50000 typ relay raddr 203.0.113.7 rport 46154",
    "",
]
A_LINE = "a=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\n"


@pytest.mark.parametrize("candidate", GENUINE)
def test_browsers_candidates_pass(candidate: str) -> None:
    assert candidate_problem(candidate) is None


@pytest.mark.parametrize(
    ("candidate", "problem"),
    [
        ("candidate:1 1 udp 1 evil.example 9 typ host", "a host name"),
        ("candidate:1 1 udp 1 printer.local 9 typ host", "a host name"),
        ("candidate:1 1 udp 1 10.0.0.1 9 typ srflx raddr evil.example rport 9", "a host name"),
        ("candidate:1 1 udp 1 10.0.0.1 9 typ elsewhere", "not a candidate"),
        ("candidate:1 1 udp 1 10.0.0.1", "not a candidate"),
        ("hello", "not a candidate"),
        ("candidate:1 1 udp 1 10.0.0.1 9 typ host" + " x" * 300, "not a candidate"),
    ],
)
def test_what_no_browser_sends_is_named(candidate: str, problem: str) -> None:
    assert candidate_problem(candidate) == problem


def test_a_description_may_hold_twenty_candidates_and_no_more() -> None:
    assert description_problem(SDP) is None
    assert description_problem(SDP + A_LINE * CANDIDATES_AT_MOST) is None
    assert description_problem(SDP + A_LINE * (CANDIDATES_AT_MOST + 1)) == "too many candidates"


@pytest.mark.parametrize(
    "sdp", ["", "v=0", "v=0\r\n", "hello", SDP.replace("v=0", "v=1"), SDP + "no line of it", SDP + "\0"]
)
def test_anything_else_is_no_description(sdp: str) -> None:
    assert description_problem(sdp) is not None


@pytest.mark.parametrize("ends", ["\r", "\x0b", "\x85", "\u2028"])
def test_what_some_readers_take_for_the_end_of_a_line_stands_in_none(ends: str) -> None:
    smuggled = SDP.replace("s=-", f"s=-{ends}a=candidate:1 1 udp 1 evil.example 9 typ host")
    assert description_problem(smuggled) == "not a description"


@pytest.mark.parametrize(
    "line",
    [
        "c=IN IP4 0.0.0.0",
        "c=IN IP6 2001:db8::7",
        f"c=IN IP4 {HIDDEN}",
        "a=rtcp:9",
        "a=rtcp:9 IN IP4 0.0.0.0",
        "a=rtcp-mux",
        "a=rtcp-fb:96 nack pli",
    ],
)
def test_a_machine_is_named_by_its_address(line: str) -> None:
    assert description_problem(f"{SDP}{line}\r\n") is None


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("c=IN IP4 evil.example", "a host name"),
        ("c=IN IP4 printer.local", "a host name"),
        ("o=- 1 2 IN IP4 evil.example", "a host name"),
        ("a=rtcp:9 IN IP4 evil.example", "a host name"),
        ("c=IN IP4 224.2.1.1/127/3", "a host name"),
        ("c=evil.example", "not a description"),
        ("a=rtcp:9 evil.example", "not a description"),
    ],
)
def test_a_machine_named_otherwise_is_refused(line: str, problem: str) -> None:
    assert description_problem(f"{SDP}{line}\r\n") == problem


def test_the_first_lines_name_no_host() -> None:
    named = re.sub(r"^o=.*?(\r?\n)", r"o=- 1 2 IN IP4 evil.example\1", SDP, flags=re.MULTILINE)
    assert description_problem(named) == "a host name"


def test_a_description_without_media_has_nothing_to_agree_on() -> None:
    assert description_problem(SDP.split("m=")[0]) == "no media"


@given(st.text(max_size=300))
def test_no_text_makes_the_reader_crash(text: str) -> None:
    assert description_problem(text) is not None
    candidate_problem(text)
