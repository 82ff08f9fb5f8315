"""From noted moments to figures: what an interruption is, when it ended, and what stood still."""

import pytest

from bench.call_times import NEVER, back, first, quality, steady, stills


def every(step: float, begin: float, end: float) -> list[float]:
    return [begin + step * number for number in range(int((end - begin) / step))]


def test_the_first_one_after_a_moment_counts_from_it() -> None:
    assert first([10.0, 20.0, 35.0], since=15.0) == 5.0
    assert first([10.0], since=15.0) == NEVER


def test_what_was_still_under_way_when_the_line_changed_is_not_called_back() -> None:
    heard = [*every(20, 0, 1200), *every(20, 4000, 9000)]
    assert back(heard, since=1000) == 3000


def test_it_is_back_after_the_last_interruption() -> None:
    heard = [*every(20, 0, 1000), *every(20, 2000, 2400), *every(20, 3500, 9000)]
    assert back(heard, since=1000) == 2500


def test_silence_to_the_end_is_never_and_no_interruption_at_all_is_nothing() -> None:
    assert back(every(20, 0, 1200), since=1000) == NEVER
    assert back(every(20, 0, 5000), since=1000) == 0.0


def test_a_page_loaded_anew_is_back_with_its_first_sound() -> None:
    assert back(every(20, 3200, 6000), since=1000) == 2200


@pytest.mark.parametrize(
    ("heard", "is_steady"), [((0, 5000), True), ((0, 4000), False), ((4200, 5000), False)]
)
def test_steady_is_without_an_interruption_until_now(heard: tuple[float, float], is_steady: bool) -> None:
    assert steady(every(20, *heard), now=5000, for_ms=1500) == is_steady


def test_a_picture_stands_still_when_the_next_comes_much_later_than_usual() -> None:
    shown = [*every(50, 50, 5000), *every(50, 7000, 10_000)]
    assert quality({"at": 0}, {"at": 10_000}, shown)["frozen s"] == pytest.approx(2.05)


def test_a_picture_a_second_is_no_film() -> None:
    assert quality({"at": 0}, {"at": 10_000}, every(1000, 500, 10_500))["frozen s"] == 9.0


def test_a_still_that_did_not_come_counts_as_never() -> None:
    found = stills({"1": 100, "2": 4100, "3": 8100}, {"1": 600, "3": 8500}, begin=0, end=60_000)
    assert found == {"still ms": 500, "stills a minute": 2.0}
