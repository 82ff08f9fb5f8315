from dataclasses import replace
from math import inf
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import waiting as replay
from bench.clinic_day import days, history
from scheduling.wait_estimate import (
    ENOUGH_FORECASTS,
    Doctor,
    Forecast,
    History,
    Interval,
    Offset,
    Person,
    Room,
    calibrate,
    forecast,
    interval,
    rounded,
)

ANNA, BORIS = UUID(int=1), UUID(int=2)
TEN = History(lengths=(10.0,) * 30)
VARIED = History(lengths=tuple(float(minutes) for minutes in range(5, 35)))


def said(room: Room, known: History = TEN) -> Forecast | None:
    return forecast(room, known, Random(1), plays=50)


class TestForecast:
    def test_nobody_ahead_and_a_free_doctor(self) -> None:
        assert said(Room((), (Doctor(ANNA),))) == (0, 0)

    def test_everybody_ahead_takes_their_time(self) -> None:
        assert said(Room((Person(), Person()), (Doctor(ANNA),))) == (20, 20)
        assert said(Room((Person(), Person()), (Doctor(ANNA), Doctor(BORIS)))) == (10, 10)

    def test_the_patient_who_is_in_takes_what_is_left_of_it(self) -> None:
        assert said(Room((), (Doctor(ANNA, busy_for=4.0),))) == (6, 6)

    def test_and_soon_comes_to_an_end_when_longer_in_than_anybody_was(self) -> None:
        assert said(Room((), (Doctor(ANNA, busy_for=90.0),))) == (3, 3)

    def test_a_doctor_who_is_not_on_duty_yet_begins_then_or_late(self) -> None:
        assert said(Room((), (Doctor(ANNA, begins_in=15.0),))) == (15, 15)
        late = replace(TEN, late=(7.0,))
        assert said(Room((), (Doctor(ANNA, begins_in=15.0, not_seen_yet=True),)), late) == (22, 22)

    def test_who_waits_for_one_doctor_is_not_helped_by_another(self) -> None:
        doctors = (Doctor(ANNA, busy_for=0.0), Doctor(BORIS))
        assert said(Room((), doctors, only=ANNA)) == (10, 10)
        assert said(Room((Person(only=ANNA), Person(only=ANNA)), doctors)) == (0, 0)

    def test_somebody_expected_goes_before_only_once_there(self) -> None:
        later = Person(there_in=5.0)
        assert said(Room((later,), (Doctor(ANNA),))) == (0, 0)
        assert said(Room((later,), (Doctor(ANNA, busy_for=0.0),))) == (20, 20)

    def test_who_never_comes_keeps_nobody_waiting(self) -> None:
        absent = Person(may_not_come=True)
        assert said(Room((absent,), (Doctor(ANNA),)), replace(TEN, no_show=1.0)) == (0, 0)

    def test_an_appointment_still_to_come_is_waited_for_from_its_time(self) -> None:
        assert said(Room((), (Doctor(ANNA, busy_for=0.0),), there_in=8.0)) == (2, 2)

    def test_emergencies_make_it_longer(self) -> None:
        room = Room((Person(),), (Doctor(ANNA),))
        calm, hectic = said(room, VARIED), said(room, replace(VARIED, emergencies_per_hour=6.0))
        assert calm is not None
        assert hectic is not None
        assert hectic.high > calm.high

    @pytest.mark.parametrize(
        "room",
        [
            Room((), ()),
            Room((), (Doctor(ANNA),), only=BORIS),
            Room((Person(), Person()), (Doctor(ANNA, ends_in=15.0),)),
        ],
        ids=["nobody works", "somebody else works", "they go home before"],
    )
    def test_is_silent_when_it_may_be_that_nobody_sees_us(self, room: Room) -> None:
        assert said(room) is None

    @given(st.integers(0, 12), st.integers(1, 4))
    def test_is_never_negative_nor_endless(self, ahead: int, doctors: int) -> None:
        room = Room((Person(),) * ahead, tuple(Doctor(UUID(int=each)) for each in range(doctors)))
        found = forecast(room, VARIED, Random(2), plays=20)
        assert found is not None
        assert 0 <= found.low <= found.high < inf


class TestCalibration:
    def test_needs_enough_forecasts(self) -> None:
        assert calibrate([(Forecast(5, 10), 7.0)] * (ENOUGH_FORECASTS - 1)) is None

    def test_widens_what_was_too_narrow(self) -> None:
        waits = [float(minute) for minute in range(100)]
        offset = calibrate((Forecast(45, 55), wait) for wait in waits)
        assert offset is not None
        low, high = interval(Forecast(45, 55), offset)
        assert 8 <= low <= 11
        assert 88 <= high <= 91

    def test_narrows_what_was_too_wide(self) -> None:
        offset = calibrate((Forecast(0, 100), 40 + number / 10) for number in range(100))
        assert offset is not None
        assert interval(Forecast(0, 100), offset) == pytest.approx((41, 49), abs=1)

    @given(
        st.floats(0, 500),
        st.floats(0, 500),
        st.floats(-2, 5),
        st.floats(-2, 5),
    )
    def test_what_is_said_is_in_order_and_never_negative(
        self, low: float, more: float, below: float, above: float
    ) -> None:
        ends = interval(Forecast(low, low + more), Offset(below, above))
        assert 0 <= ends[0] <= ends[1]


class TestRounding:
    @pytest.mark.parametrize(
        ("ends", "words"), [((21.0, 44.0), (20, 45)), ((0.0, 0.0), (0, 5)), ((10.0, 10.0), (10, 15))]
    )
    def test_goes_outwards_to_fives(self, ends: tuple[float, float], words: tuple[int, int]) -> None:
        assert rounded(*ends) == Interval(*words)

    @given(st.floats(0, 500), st.floats(0, 500))
    def test_never_takes_anything_away(self, low: float, more: float) -> None:
        shown = rounded(low, low + more)
        assert shown.low <= low <= low + more <= shown.high
        assert shown.low % 5 == shown.high % 5 == 0


@pytest.fixture(scope="module")
def methods() -> dict[str, replay.Honesty]:
    """Every method on a simulated clinic: learnt, calibrated and tested on three different lots of days."""
    clinic = days(32, seed=7)
    return replay.compare(clinic[:12], clinic[12:20], clinic[20:], seed=7, plays=50)


def test_says_about_as_often_the_truth_as_it_promises(methods: dict[str, replay.Honesty]) -> None:
    ours = methods["ours"]
    assert 0.74 <= ours.inside <= 0.88
    assert ours.shorter <= 0.18
    assert ours.longer <= 0.14


def test_what_is_shown_holds_at_least_as_often(methods: dict[str, replay.Honesty]) -> None:
    assert methods["ours, as shown (fives)"].inside >= methods["ours"].inside


def test_says_more_than_the_usual_methods(methods: dict[str, replay.Honesty]) -> None:
    ours = methods["ours"]
    assert ours.width < methods["average of past waits"].width
    assert ours.inside > methods["people ahead x average length"].inside


def test_a_clinic_learns_its_no_shows_and_lateness_from_its_days() -> None:
    known = history(days(10, seed=3))
    assert known.enough
    assert 0.08 < known.no_show < 0.2
    assert max(known.late) > 5
