"""The triage tool's two charts: red decides at once, green needs everything, each age its traps."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.intake.triage import Assessment, Vitals, iitt_adult, iitt_chart, iitt_child

CALM_ADULT: dict[str, Any] = {
    "heart_rate": Decimal(72),
    "respiratory_rate": Decimal(16),
    "temperature": Decimal("36.8"),
    "oxygen": Decimal(97),
    "consciousness": "alert",
}
CALM_CHILD = {**CALM_ADULT, "heart_rate": Decimal(100), "respiratory_rate": Decimal(24)}
REVIEW = "yellow, up-triage or immediate review"


def adult(*present: str, age: int = 40, pregnant: bool = False, **vitals: Any) -> Assessment:
    asked = iitt_chart.SIGNS_ADULT | (iitt_chart.SIGNS_PREGNANT if pregnant else frozenset())
    signs = {sign: sign in present for sign in asked}
    measured = Vitals(**{**CALM_ADULT, **vitals})
    return iitt_adult(age_years=Decimal(age), signs=signs, vitals=measured, pregnant=pregnant)


def child(*present: str, age: str = "3", **vitals: Any) -> Assessment:
    signs = {sign: sign in present for sign in iitt_chart.SIGNS_CHILD}
    return iitt_child(age_years=Decimal(age), signs=signs, vitals=Vitals(**{**CALM_CHILD, **vitals}))


def test_nothing_found_and_nothing_missing_is_green() -> None:
    assert (adult().outcome, child().outcome) == ("green", "green")


@pytest.mark.parametrize("sign", iitt_chart.RED_ADULT)
def test_each_red_sign_is_red(sign: str) -> None:
    assert (adult(sign).outcome, adult(sign).findings) == ("red", (sign,))


@pytest.mark.parametrize("sign", iitt_chart.RED_CHILD)
def test_each_red_sign_of_a_child_is_red(sign: str) -> None:
    assert child(sign).outcome == "red"


@pytest.mark.parametrize("sign", iitt_chart.YELLOW_ADULT)
def test_each_yellow_sign_is_yellow(sign: str) -> None:
    assert adult(sign).outcome == "yellow"


@pytest.mark.parametrize(
    ("beats", "outcome"), [(49, "red"), (50, REVIEW), (59, REVIEW), (60, "green"), (130, "green")]
)
def test_a_slow_heart_is_red_below_50_and_risky_below_60(beats: int, outcome: str) -> None:
    assert adult(heart_rate=Decimal(beats)).outcome == outcome


@pytest.mark.parametrize(("beats", "outcome"), [(131, REVIEW), (150, REVIEW), (151, "red")])
def test_a_fast_heart_is_risky_above_130_and_red_above_150(beats: int, outcome: str) -> None:
    assert adult(heart_rate=Decimal(beats)).outcome == outcome


@pytest.mark.parametrize("beats", [30, 200])
def test_no_heart_rate_is_red_in_a_child(beats: int) -> None:
    assert child(heart_rate=Decimal(beats)).outcome == REVIEW


@pytest.mark.parametrize(
    ("present", "temperature", "outcome"),
    [
        (("altered_mental_status", "stiff_neck"), "36.8", "red"),
        (("stiff_neck",), "39.1", "red"),
        (("severe_headache",), "35.9", "red"),
        (("severe_headache",), "36.8", "green"),
        (("altered_mental_status",), "36.8", "yellow"),
    ],
)
def test_any_two_of_four_are_red_in_adults(present: tuple[str, ...], temperature: str, outcome: str) -> None:
    assert adult(*present, temperature=Decimal(temperature)).outcome == outcome


def test_a_child_needs_the_altered_state_among_them() -> None:
    assert child("altered_mental_status", "stiff_neck").outcome == "red"
    assert child("altered_mental_status", temperature=Decimal("39.2")).outcome == "red"
    assert child("stiff_neck", temperature=Decimal("39.2")).outcome == REVIEW


def test_any_two_signs_of_a_dry_child_are_red() -> None:
    assert child("sunken_eyes").outcome == "green"
    assert child("sunken_eyes", "drinks_poorly").outcome == "red"


@pytest.mark.parametrize(("age", "outcome"), [(50, "green"), (51, "red")])
def test_pain_in_chest_or_belly_is_red_above_fifty_only(age: int, outcome: str) -> None:
    assert adult(iitt_chart.CHEST_OR_ABDOMINAL_PAIN, age=age).outcome == outcome


def test_testicular_pain_is_yellow_in_a_man_and_red_in_a_boy() -> None:
    sign = "testicular_pain_or_priapism"
    assert (adult(sign).outcome, child(sign).outcome) == ("yellow", "red")


@pytest.mark.parametrize(("age", "outcome"), [("0.02", "red"), ("0.03", "yellow"), ("0.49", "yellow")])
def test_the_first_days_are_red_and_the_first_months_yellow(age: str, outcome: str) -> None:
    breathing = {"respiratory_rate": Decimal(40), "heart_rate": Decimal(140)}
    assert child(age=age, **breathing).outcome == outcome


def test_under_two_months_a_fever_is_red() -> None:
    infant = {"respiratory_rate": Decimal(40), "heart_rate": Decimal(140), "temperature": Decimal("39.1")}
    assert child(age="0.1", **infant).outcome == "red"
    assert child(age="0.9", **infant).outcome == REVIEW


@pytest.mark.parametrize(("upper", "lower"), [(160, 90), (120, 110)])
def test_a_high_pressure_is_red_in_pregnancy_only(upper: int, lower: int) -> None:
    pressure: dict[str, Any] = {"systolic": Decimal(upper), "diastolic": Decimal(lower)}
    assert adult(pregnant=True, **pressure).outcome == "red"
    assert adult(**pressure).outcome == "green"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("respiratory_rate", Decimal(9)),
        ("respiratory_rate", Decimal(31)),
        ("temperature", Decimal("35.9")),
        ("oxygen", Decimal(91)),
        ("consciousness", "voice"),
    ],
)
def test_a_risky_vital_sign_without_any_other_is_never_green(name: str, value: object) -> None:
    risky: dict[str, Any] = {name: value}
    assert adult(**risky).outcome == REVIEW


@given(st.sampled_from(sorted(iitt_chart.SIGNS_ADULT)))
def test_a_sign_nobody_asked_for_leaves_it_incomplete(unasked: str) -> None:
    signs = dict.fromkeys(iitt_chart.SIGNS_ADULT - {unasked}, False)
    read = iitt_adult(age_years=Decimal(40), signs=signs, vitals=Vitals(**CALM_ADULT), pregnant=False)
    assert (read.standing, read.outcome, read.missing) == ("incomplete", None, (unasked,))


@pytest.mark.parametrize("gone", sorted(CALM_ADULT))
def test_a_vital_sign_not_measured_leaves_it_incomplete(gone: str) -> None:
    without: dict[str, Any] = {gone: None}
    read = adult(**without)
    assert (read.standing, read.outcome, read.missing) == ("incomplete", None, (gone,))


@pytest.mark.parametrize("gone", ["systolic", "diastolic"])
def test_in_pregnancy_nothing_is_green_without_the_pressure(gone: str) -> None:
    pressure: dict[str, Any] = {"systolic": Decimal(120), "diastolic": Decimal(70)}
    assert adult(pregnant=True, **pressure).outcome == "green"
    read = adult(pregnant=True, **{**pressure, gone: None})
    assert (read.standing, read.outcome, read.missing) == ("incomplete", None, (gone,))


def test_without_an_age_the_chart_is_incomplete_and_chest_pain_not_yet_red() -> None:
    signs = dict.fromkeys(iitt_chart.SIGNS_ADULT, False) | {iitt_chart.CHEST_OR_ABDOMINAL_PAIN: True}
    read = iitt_adult(age_years=None, signs=signs, vitals=Vitals(**CALM_ADULT), pregnant=False)
    assert (read.standing, read.outcome, read.missing) == ("incomplete", None, ("age_years",))


def test_red_waits_for_nothing_and_says_what_was_not_asked() -> None:
    read = iitt_adult(age_years=Decimal(40), signs={"stridor": True}, vitals=Vitals(), pregnant=None)
    assert read.outcome == "red"
    assert "oxygen" in read.missing


def test_each_chart_has_its_ages() -> None:
    young = iitt_adult(age_years=Decimal(11), signs={}, vitals=Vitals(), pregnant=False)
    old = iitt_child(age_years=Decimal(12), signs={}, vitals=Vitals())
    assert (young.standing, old.standing) == ("not_applicable", "not_applicable")


def test_a_sign_of_no_chart_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="hiccups"):
        iitt_adult(age_years=Decimal(40), signs={"hiccups": True}, vitals=Vitals(), pregnant=False)
