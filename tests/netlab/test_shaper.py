"""The lab's own line does what its numbers say; otherwise nothing measured over it means anything."""

from itertools import groupby, pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.netlab.profiles import PROFILES, Profile
from tests.netlab.shaper import Lane

EVERY_20_MS = [number / 50 for number in range(20_000)]


def lane(profile: Profile, seed: int = 1) -> Lane:
    return Lane(profile, Random(seed))


def test_a_small_packet_on_an_idle_line_takes_half_a_round_trip_and_its_own_time() -> None:
    line = lane(Profile("still", kbit=64, rtt_ms=300))
    assert line.take(80, 5.0) == pytest.approx(5.0 + 0.010 + 0.150)


def test_two_packets_at_once_come_one_after_the_other() -> None:
    line = lane(Profile("still", kbit=64, rtt_ms=0))
    first, second = line.take(800, 0.0), line.take(800, 0.0)
    assert first == pytest.approx(0.1)
    assert second == pytest.approx(0.2)


def test_a_full_queue_drops_the_last_and_says_so() -> None:
    line = lane(Profile("short", kbit=64, rtt_ms=0, queue_ms=250))
    outs = [line.take(800, 0.0) for _ in range(5)]
    assert [out is None for out in outs] == [False, False, False, True, True]
    assert (line.counted.dropped, line.counted.lost) == (2, 0)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_loss_and_bursts_are_as_long_as_promised(profile: Profile) -> None:
    line = lane(profile)
    gone = [line.take(100, now) is None for now in EVERY_20_MS]
    bursts = [len(list(run)) for lost, run in groupby(gone) if lost]
    assert sum(gone) / len(gone) == pytest.approx(profile.loss, abs=0.01)
    if bursts:
        assert sum(bursts) / len(bursts) == pytest.approx(profile.burst, rel=0.15)


def test_an_outage_carries_nothing_and_ends() -> None:
    line = lane(PROFILES["good"])
    line.cut(until=10.0)
    assert line.take(100, 9.99) is None
    assert line.take(100, 10.0) is not None


@given(
    st.sampled_from(list(PROFILES.values())),
    st.lists(st.tuples(st.floats(0, 0.1), st.integers(40, 1500)), max_size=200),
    st.integers(0, 99),
)
def test_no_packet_overtakes_another_or_comes_before_it_was_sent(
    profile: Profile, sent: list[tuple[float, int]], seed: int
) -> None:
    line, now, outs = lane(profile, seed), 0.0, list[float]()
    for pause, size in sent:
        now += pause
        out = line.take(size, now)
        if out is not None:
            assert out >= now + profile.rtt_ms / 2000
            outs.append(out)
    assert all(before <= after for before, after in pairwise(outs))
