"""A pass opens one room, on one side, for two minutes; nobody can make or change one without the key."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling import passes
from signaling.passes import BadPass, Claims

KEY = b"k" * 32
NOW = datetime(2026, 3, 3, 9, 40, tzinfo=UTC)
NONCE = "what-only-the-page-knows"
NAMES = st.text("abcdefXYZ0189-_", min_size=1, max_size=128)


def a_pass(
    key: bytes = KEY,
    *,
    room: str = "room-a",
    role: passes.Role = "patient",
    session: str = "kiosk-1",
    window: datetime = NOW + timedelta(hours=4),
    nonce_hash: str = passes.hashed(NONCE),
) -> str:
    return passes.issue_pass(
        key,
        room=room,
        role=role,
        session=session,
        now=NOW,
        window=window,
        nonce_hash=nonce_hash,
        generation=7,
    )


@given(NAMES, NAMES, st.sampled_from(passes.ROLES))
def test_what_was_signed_is_what_is_read(room: str, session: str, role: passes.Role) -> None:
    window = NOW + timedelta(hours=4)
    token = a_pass(room=room, role=role, session=session, window=window)
    assert passes.check(KEY, token, NONCE, NOW, "pass") == Claims(
        "pass", room, role, session, NOW + timedelta(minutes=2), window, passes.hashed(NONCE), 7
    )


def test_a_pass_lives_two_minutes() -> None:
    token = a_pass()
    passes.check(KEY, token, NONCE, NOW + timedelta(seconds=119), "pass")
    with pytest.raises(BadPass, match="expired"):
        passes.check(KEY, token, NONCE, NOW + timedelta(minutes=2), "pass")


def test_a_pass_never_outlives_its_window() -> None:
    token = a_pass(window=NOW + timedelta(seconds=30))
    with pytest.raises(BadPass, match="expired"):
        passes.check(KEY, token, NONCE, NOW + timedelta(seconds=30), "pass")


def test_a_seat_lasts_to_the_end_of_the_window_and_says_the_same(window: datetime) -> None:
    claims = passes.check(KEY, a_pass(window=window), NONCE, NOW, "pass")
    seat = passes.issue_seat(KEY, claims)
    back = passes.check(KEY, seat, NONCE, window - timedelta(seconds=1), "seat")
    assert (back.room, back.role, back.session, back.window) == ("room-a", "patient", "kiosk-1", window)
    with pytest.raises(BadPass, match="expired"):
        passes.check(KEY, seat, NONCE, window, "seat")


def test_a_seat_is_no_pass_and_a_pass_is_no_seat() -> None:
    token = a_pass()
    seat = passes.issue_seat(KEY, passes.check(KEY, token, NONCE, NOW, "pass"))
    for shown, kind in ((token, "seat"), (seat, "pass")):
        with pytest.raises(BadPass, match="forged"):
            passes.check(KEY, shown, NONCE, NOW, kind)  # type: ignore[arg-type]  # mypy widens the pairs


def test_another_key_opens_nothing() -> None:
    with pytest.raises(BadPass, match="forged"):
        passes.check(b"x" * 32, a_pass(), NONCE, NOW, "pass")


@given(st.integers(0, 400), st.characters(codec="ascii"))
def test_a_token_with_any_character_changed_is_refused(place: int, character: str) -> None:
    token = a_pass()
    place %= len(token)
    changed = token[:place] + character + token[place + 1 :]
    if changed == token:
        return
    with pytest.raises(BadPass, match="forged"):
        passes.check(KEY, changed, NONCE, NOW, "pass")


@given(st.text(max_size=2000))
def test_rubbish_is_refused_and_never_crashes(rubbish: str) -> None:
    with pytest.raises(BadPass, match="forged"):
        passes.check(KEY, rubbish, NONCE, NOW, "pass")


def test_lone_surrogates_are_refused_like_other_rubbish() -> None:
    with pytest.raises(BadPass, match="forged"):
        passes.check(KEY, "\ud800.\udfff", NONCE, NOW, "pass")


@pytest.mark.parametrize("name", ["", "x" * 129])
def test_rooms_without_a_name_or_with_a_huge_one_are_not_signed(name: str) -> None:
    with pytest.raises(ValueError, match="1 to 128"):
        a_pass(room=name)


@pytest.mark.parametrize("nonce_hash", ["", "short", passes.hashed(NONCE) + "x", "/" * 43])
def test_what_is_no_hash_is_not_signed(nonce_hash: str) -> None:
    with pytest.raises(ValueError, match="hash"):
        a_pass(nonce_hash=nonce_hash)


def test_a_copied_pass_or_seat_opens_nothing_for_whoever_lacks_the_nonce() -> None:
    token = a_pass()
    seat = passes.issue_seat(KEY, passes.check(KEY, token, NONCE, NOW, "pass"))
    copies: list[tuple[str, passes.Kind]] = [(token, "pass"), (seat, "seat")]
    for copied, kind in copies:
        with pytest.raises(BadPass, match="forged"):
            passes.check(KEY, copied, "some-other-nonce", NOW, kind)


def test_a_token_is_short_enough_for_the_wire() -> None:
    token = a_pass(room="r" * 128, role="practitioner", session="s" * 128)
    assert len(token) <= passes.LONGEST_TOKEN
