"""docs/protocol.md names every message, kind, reason and limit, and no message that does not exist."""

import re
import typing
from datetime import timedelta
from pathlib import Path

import pytest

from signaling import media, passes, protocol, room, rooms, sdp
from telemed.web import calls

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "protocol.md").read_text("utf-8")
CLIENT = (ROOT / "signaling" / "client" / "protocol.ts").read_text("utf-8")


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize(
    ("title", "events", "interface"),
    [
        ("From a page to the server", protocol.FROM_CLIENT, "FromClient"),
        ("From the server to a page", protocol.FROM_SERVER, "FromServer"),
    ],
)
def test_the_page_the_server_and_the_client_know_the_same_messages(
    title: str, events: tuple[str, ...], interface: str
) -> None:
    assert sorted(re.findall(r"^### `(\w+)`$", section(title), re.MULTILINE)) == sorted(events)
    typed = CLIENT.split(f"export interface {interface} {{")[1].split("\n}")[0]
    assert sorted(re.findall(r"^  (\w+): \(", typed, re.MULTILINE)) == sorted(events)


@pytest.mark.parametrize(
    "words",
    [
        protocol.SIGNAL_KINDS,
        typing.get_args(protocol.Why),
        typing.get_args(room.Absence),
        passes.ROLES,
        typing.get_args(passes.Kind),
    ],
)
def test_every_kind_reason_and_role_is_explained_and_typed(words: tuple[str, ...]) -> None:
    for word in words:
        assert f"`{word}`" in PAGE
        assert f'"{word}"' in CLIENT or f"  {word}?:" in CLIENT


def test_the_limits_are_the_ones_in_force() -> None:
    assert f"at most {protocol.PAYLOAD_LIMIT // 1024} KiB" in PAGE
    assert f"at most {protocol.SDP_LIMIT // 1024} KiB" in PAGE
    assert f"1 to {protocol.CANDIDATES_AT_ONCE} of" in PAGE
    assert f"at most {sdp.LONGEST_CANDIDATE} characters" in PAGE
    assert f"at most {passes.LONGEST_TOKEN} characters" in PAGE
    pace = f"{protocol.MESSAGES_AT_ONCE} messages at once and {protocol.MESSAGES_PER_SECOND:.0f} per second"
    assert pace in PAGE
    assert f"more than {rooms.UNSEATED_SOCKETS} sockets" in PAGE
    assert f"valid {passes.PASS_LIFE // timedelta(minutes=1)} minutes" in PAGE
    assert f"the window ends ({calls.WINDOW // timedelta(hours=1)} hours)" in PAGE
    away = f"{rooms.MS_EACH} for each socket, at least {rooms.SOONEST_MS:,} and at most {rooms.LATEST_MS:,}"
    assert away in PAGE
    assert (
        f"channel for {media.IDLE_SECONDS:.0f} seconds, or older than {media.LONGEST_SECONDS / 60:.0f} min"
        in PAGE
    )
    probing = section("The line probe")
    assert f"`{media.WORDS}` (reliable)" in probing
    assert f"`{media.DATAGRAMS}` (unordered" in probing
    assert f"at most {media.FILL_AT_MOST:,} bytes, which come in pieces of {media.PIECE:,}" in probing
    assert f"datagram of at most {media.DATAGRAM_AT_MOST} bytes" in probing
    assert f"more than\n{media.BYTES_AT_MOST:,} bytes" in probing
    assert f"CANDIDATES_AT_ONCE = {protocol.CANDIDATES_AT_ONCE};" in CLIENT


def test_every_word_between_the_two_pages_is_explained_and_no_other() -> None:
    words = section("Between the two pages")
    pages = [
        *(ROOT / "signaling" / "client").glob("*.ts"),
        *(ROOT / "telemed" / "web" / "client").rglob("*.ts"),
    ]
    said = re.compile(r"channel\.(?:say|on)\(\s*\"(\w+)\"")
    known = {word for page in pages for word in said.findall(page.read_text("utf-8"))}
    assert {"media", "admit", "rest"} <= known
    assert known == set(re.findall(r"^\| `(\w+)` \|", words, re.M))
    media_fields = CLIENT.split("export interface PeerMedia {")[1].split("}")[0]
    for name in re.findall(r"^  (\w+): boolean;", media_fields, re.M):
        assert f"`{name}`" in words


def test_no_word_is_longer_than_the_page_says() -> None:
    longest = re.search(
        r"LONGEST = ([\d_]+);", (ROOT / "signaling" / "client" / "channel.ts").read_text("utf-8")
    )
    assert longest is not None
    assert f"at most {int(longest[1]):,} characters each" in section("Between the two pages")
