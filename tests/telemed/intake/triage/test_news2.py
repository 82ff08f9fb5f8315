"""NEWS2 by the chart of the Royal College of Physicians, and no number when anything is missing."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.intake.triage import Assessment, news2

WELL: dict[str, Any] = {
    "respiratory_rate": Decimal(16),
    "oxygen": Decimal(97),
    "on_oxygen": False,
    "systolic": Decimal(125),
    "pulse": Decimal(72),
    "consciousness": "alert",
    "temperature": Decimal("36.8"),
    "age_years": 80,
}
ASKED = tuple(WELL)


def score(**changes: Any) -> Assessment:
    return news2(**{**WELL, **changes})


def test_a_well_person_scores_nought_and_low() -> None:
    read = score()
    assert (read.standing, str(read.value), read.outcome, read.missing) == ("complete", "0", "low", ())
    assert read.rules.name == "NEWS2"
    assert "Royal College of Physicians" in read.rules.source


@pytest.mark.parametrize(
    ("name", "edges"),
    [
        ("respiratory_rate", {8: 3, 9: 1, 11: 1, 12: 0, 20: 0, 21: 2, 24: 2, 25: 3}),
        ("oxygen", {91: 3, 92: 2, 93: 2, 94: 1, 95: 1, 96: 0}),
        ("systolic", {90: 3, 91: 2, 100: 2, 101: 1, 110: 1, 111: 0, 219: 0, 220: 3}),
        ("pulse", {40: 3, 41: 1, 50: 1, 51: 0, 90: 0, 91: 1, 110: 1, 111: 2, 130: 2, 131: 3}),
    ],
)
def test_each_band_ends_where_the_chart_says(name: str, edges: dict[int, int]) -> None:
    assert {value: score(**{name: Decimal(value)}).value for value in edges} == edges


@pytest.mark.parametrize(
    ("degrees", "points"),
    [
        ("35.0", 3),
        ("35.1", 1),
        ("36.0", 1),
        ("36.1", 0),
        ("38.0", 0),
        ("38.1", 1),
        ("39.0", 1),
        ("39.1", 2),
        ("38.04", 0),
        ("38.05", 1),
    ],
)
def test_temperature_is_read_in_tenths(degrees: str, points: int) -> None:
    assert score(temperature=Decimal(degrees)).value == points


@pytest.mark.parametrize("how", ["confusion", "voice", "pain", "unresponsive"])
def test_anything_but_alert_scores_three(how: str) -> None:
    read = score(consciousness=how)
    assert (str(read.value), read.outcome, *read.findings) == ("3", "low-medium", "consciousness")


def test_oxygen_given_scores_two() -> None:
    assert score(on_oxygen=True).value == 2


@pytest.mark.parametrize(
    ("oxygen", "given", "points"),
    [
        (83, False, 3),
        (84, False, 2),
        (86, False, 1),
        (88, False, 0),
        (97, False, 0),
        (92, True, 2),
        (93, True, 3),
        (95, True, 4),
        (97, True, 5),
    ],
)
def test_the_second_scale_looks_at_the_oxygen_given(oxygen: int, given: bool, points: int) -> None:
    assert score(oxygen=Decimal(oxygen), on_oxygen=given, scale=2).value == points


@pytest.mark.parametrize(
    ("changes", "risk"),
    [
        ({"pulse": Decimal(120), "respiratory_rate": Decimal(22)}, "low"),
        ({"pulse": Decimal(120), "respiratory_rate": Decimal(22), "temperature": Decimal("38.5")}, "medium"),
        ({"pulse": Decimal(131), "respiratory_rate": Decimal(25), "oxygen": Decimal(94)}, "high"),
        ({"pulse": Decimal(131)}, "low-medium"),
    ],
)
def test_the_risk_follows_the_sum_and_a_single_three(changes: dict[str, Any], risk: str) -> None:
    assert score(**changes).outcome == risk


@given(st.sets(st.sampled_from(ASKED), min_size=1))
def test_without_a_value_there_is_no_sum_and_no_risk(gone: set[str]) -> None:
    read = score(**dict.fromkeys(gone))
    assert (read.standing, read.value, read.outcome) == ("incomplete", None, None)
    assert set(read.missing) == gone


def test_what_alarms_alone_is_seen_though_the_rest_is_missing() -> None:
    assert score(systolic=Decimal(84), respiratory_rate=None).findings == ("systolic",)


@pytest.mark.parametrize(
    ("changes", "why"), [({"age_years": 15}, "under 16 years"), ({"pregnant": True}, "pregnancy")]
)
def test_it_is_not_for_everybody(changes: dict[str, Any], why: str) -> None:
    read = score(**changes)
    assert (read.standing, read.value, read.reason) == ("not_applicable", None, why)


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="pulse"):
        score(pulse=Decimal(bad))
