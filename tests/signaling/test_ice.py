"""Relay credentials are what coturn computes itself from the secret; of a provider's answer what is sound."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling import ice

UNTIL = datetime(2026, 3, 3, 13, 40, tzinfo=UTC)
URLS = [
    "stun:turn.example:3478",
    "turn:turn.example:3478?transport=udp",
    "turns:turn.example:443?transport=tcp",
]


def test_the_password_is_the_hmac_of_expiry_and_room() -> None:
    username, password = ice.credentials("room-a", "secret", UNTIL)
    assert username == f"{int(UNTIL.timestamp())}:room-a"
    assert base64.b64decode(password) == hmac.new(b"secret", username.encode(), hashlib.sha1).digest()


def test_two_rooms_never_share_credentials() -> None:
    assert ice.credentials("room-a", "secret", UNTIL) != ice.credentials("room-b", "secret", UNTIL)


def test_only_relays_get_credentials() -> None:
    plain, relay = ice.ice_servers("room-a", URLS, "secret", UNTIL)
    assert plain == {"urls": URLS[:1]}
    assert relay["urls"] == URLS[1:]
    assert relay["username"].endswith(":room-a")
    assert relay["credential"]


def test_relays_without_a_secret_are_left_out_and_nothing_is_no_server() -> None:
    assert ice.ice_servers("room-a", URLS, "", UNTIL) == [{"urls": URLS[:1]}]
    assert ice.ice_servers("room-a", [], "secret", UNTIL) == []


# A provider's

SIGNS_IN = {"username": "n" * 64, "credential": "p" * 44}


def turn(url: str) -> dict[str, str]:
    return {"url": url, "urls": url, **SIGNS_IN}


def test_a_providers_rows_become_what_a_page_takes() -> None:
    rows = [
        {"urls": "stun:a.example:3478"},
        *(turn(f"turn:a.example:3478?transport={by}") for by in ("udp", "tcp")),
    ]
    urls = ["turn:a.example:3478?transport=udp", "turn:a.example:3478?transport=tcp"]
    assert ice.provided_servers(rows) == [{"urls": ["stun:a.example:3478"]}, {"urls": urls, **SIGNS_IN}]


def test_an_address_may_stand_under_its_old_name_or_in_a_list() -> None:
    assert ice.provided_servers([{"url": "turns:a.example:443?transport=tcp", **SIGNS_IN}]) == [
        {"urls": ["turns:a.example:443?transport=tcp"], **SIGNS_IN}
    ]
    assert ice.provided_servers([{"urls": ["turn:[2001:db8::1]", "turn:b.example"], **SIGNS_IN}]) == [
        {"urls": ["turn:[2001:db8::1]", "turn:b.example"], **SIGNS_IN}
    ]


def test_no_more_addresses_are_taken_than_a_call_can_afford_to_try() -> None:
    many = [{"urls": f"stun:{name}.example"} for name in "abc"] + [
        turn(f"turn:{name}.example") for name in "abcdef"
    ]
    taken = [url for server in ice.provided_servers(many) for url in server["urls"]]
    assert taken == ["stun:a.example", "turn:a.example", "turn:b.example", "turn:c.example"]


def test_rows_with_names_of_their_own_stay_apart_and_a_repeated_one_counts_once() -> None:
    other = {"urls": "turn:b.example", "username": "other", "credential": "word"}
    servers = ice.provided_servers(
        [turn("turn:a.example"), other, turn("turn:a.example"), turn("turn:c.example")]
    )
    assert [server["urls"] for server in servers] == [
        ["turn:a.example", "turn:c.example"],
        ["turn:b.example"],
    ]


@pytest.mark.parametrize(
    "row",
    [
        None,
        "turn:a.example",
        {},
        {"urls": None, **SIGNS_IN},
        {"urls": [7, None], **SIGNS_IN},
        {"urls": "turn:a.example"},
        {"urls": "turn:a.example", "username": "n" * 64},
        {"urls": "turn:a.example", "username": "", "credential": "p"},
        {"urls": "turn:a.example", "username": "n" * 509, "credential": "p"},
        {"urls": "turn:a.example", "username": "n\n", "credential": "p"},
        {"urls": "turn:a.example", "username": "n", "credential": 7},
        turn("http://a.example"),
        turn("turn:"),
        turn("turn:a.example:0"),
        turn("turn:a.example:70000"),
        turn("turn:a.example?transport=sctp"),
        turn("turn:someone@a.example"),
        turn("turn://a.example"),
        turn("turn:a.example\n"),
        turn("stun:a.example?transport=udp"),
    ],
)
def test_a_row_that_a_browser_could_not_read_is_left_out_and_the_rest_stays(row: object) -> None:
    assert ice.provided_servers([row, turn("turn:b.example")]) == [{"urls": ["turn:b.example"], **SIGNS_IN}]


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["url", "urls", "username", "credential"]), inner)
        ),
    )
)
def test_whatever_the_answer_is_only_servers_come_out(answer: object) -> None:
    for server in ice.provided_servers(answer):
        assert all(url.startswith(("stun", "turn")) for url in server["urls"])
