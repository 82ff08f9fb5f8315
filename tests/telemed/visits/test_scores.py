"""The one door to the scores: what is turned on is asked, what is missing is said, and nothing is guessed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from telemed.intake.vitals import Measurement, Result, results
from telemed.visits import scores
from telemed.visits.scores import Added, Assessment, RuleSets, UnknownRule, assess, rule_sets
from tests import build

CALM = {
    "systolic": "125",
    "diastolic": "75",
    "pulse": "72",
    "oxygen": "97",
    "temperature": "36.8",
    "breathing": "16",
}
BORN = date(1944, 3, 8)
EVERY = rule_sets("news2,iitt,bp,bmi,glucose", "ESH2023")


def measured(**values: str) -> Mapping[str, Result]:
    """What counts: two pressures, one of everything else; consciousness in words, glucose with its meal."""
    readings = []
    for code, value in values.items():
        if code == "consciousness":
            readings.append(Measurement(code, None, None, "patient", build.NOW, coded=value))
            continue
        number, _, detail = value.partition(" ")
        rounds = 2 if code in ("systolic", "diastolic") else 1
        readings += [
            Measurement(code, Decimal(number), None, "patient", build.NOW, each + 1, detail=detail)
            for each in range(rounds)
        ]
    return {each.code: each for each in results(readings)}


def asked(name: str, found: Mapping[str, Result], born: date | None = BORN, **more: object) -> Assessment:
    added = more.pop("added", Added())
    sex = more.pop("sex", None)
    assert isinstance(added, Added)
    assert sex is None or isinstance(sex, str)
    wanted = rule_sets(name, "ESH2023")
    (only,) = assess(wanted, found, born, sex, build.TUESDAY, added)
    return only


@pytest.mark.parametrize("names", ["", " ", ","])
def test_off_is_the_usual_and_asks_nothing(names: str) -> None:
    assert rule_sets(names, "ESH2023").names == ()
    assert assess(RuleSets(), measured(**CALM), BORN, None, build.TUESDAY) == ()


@pytest.mark.parametrize(
    ("names", "scheme"), [("news3", "ESH2023"), ("news2,", "ESC2030"), ("NEWS2", "ESH2023")]
)
def test_what_does_not_exist_is_refused(names: str, scheme: str) -> None:
    with pytest.raises(UnknownRule):
        rule_sets(names, scheme)


def test_with_nothing_measured_every_rule_is_incomplete_and_none_has_a_result() -> None:
    found = assess(EVERY, {}, None, None, build.TUESDAY)
    assert [each.standing for each in found] == ["incomplete"] * 5
    assert all(each.outcome is None and each.value is None and each.missing for each in found)


def test_whether_somebody_gets_oxygen_is_never_guessed() -> None:
    there = measured(**CALM, consciousness="alert")
    without = asked("news2", there)
    assert (without.standing, without.missing) == ("incomplete", ("on_oxygen",))
    told = asked("news2", there, added=Added(on_oxygen=False))
    assert (told.outcome, told.value) == ("low", Decimal(0))


def test_new_confusion_counts_three() -> None:
    found = asked("news2", measured(**CALM, consciousness="confused"), added=Added(on_oxygen=False))
    assert (found.outcome, found.value, found.findings) == ("low-medium", Decimal(3), ("consciousness",))


def test_the_second_scale_is_used_only_when_a_clinician_has_ordered_it() -> None:
    there = measured(**{**CALM, "oxygen": "90"}, consciousness="alert")
    usual = asked("news2", there, added=Added(on_oxygen=False))
    ordered = asked("news2", there, added=Added(on_oxygen=False, scale_2=True))
    assert (usual.value, ordered.value) == (Decimal(3), Decimal(0))


@pytest.mark.parametrize(
    ("born", "sex", "missing"),
    [
        (date(1990, 1, 1), None, True),
        (date(1990, 1, 1), "female", True),
        (date(1990, 1, 1), "male", False),
        (date(1944, 1, 1), "female", False),
        (None, None, True),
    ],
)
def test_pregnancy_is_asked_where_it_may_be(born: date | None, sex: str | None, missing: bool) -> None:
    found = asked("bmi", measured(weight="70", height="165"), born, sex=sex)
    assert ("pregnant" in found.missing) == missing


def test_in_pregnancy_rules_that_are_not_made_for_it_do_not_apply() -> None:
    found = asked("news2", measured(**CALM), date(1990, 1, 1), added=Added(pregnant=True))
    assert (found.standing, found.reason) == ("not_applicable", "pregnancy")


@pytest.mark.parametrize(
    ("born", "chart"),
    [(date(2020, 1, 1), "IITT, under 12 years"), (date(2014, 11, 18), "IITT, under 12 years")],
)
def test_a_child_has_the_childrens_chart(born: date, chart: str) -> None:
    assert asked("iitt", measured(**CALM), born).rules.name == chart


@pytest.mark.parametrize("born", [date(2014, 11, 17), BORN, None])
def test_from_the_twelfth_birthday_on_it_is_the_adults_chart(born: date | None) -> None:
    assert asked("iitt", measured(**CALM), born).rules.name == "IITT, 12 years and older"


def test_signs_that_nobody_asks_for_leave_triage_incomplete_and_never_green() -> None:
    found = asked("iitt", measured(**CALM, consciousness="alert"))
    assert (found.standing, found.outcome) == ("incomplete", None)
    assert "stridor" in found.missing


def test_a_heart_rate_alone_is_red() -> None:
    assert asked("iitt", measured(pulse="45")).outcome == "red"


def test_one_pressure_is_not_graded_and_two_are_by_the_scheme_of_the_setting() -> None:
    found = measured(systolic="145", diastolic="85")
    single = {code: each._replace(of=each.of[:1]) for code, each in found.items()}
    assert asked("bp", single).missing == ("second reading",)
    assert asked("bp", found).outcome == "grade 1"
    wanted = rule_sets("bp", "ESC2024")
    (other,) = assess(wanted, found, BORN, None, build.TUESDAY)
    assert (other.rules.version, other.outcome) == ("2024", "hypertension")


@pytest.mark.parametrize(
    ("told", "outcome", "missing"),
    [
        ("7.2 fasting", "in the range of diabetes", ()),
        ("7.2 random", "in none of these ranges", ()),
        ("12 random", None, ("symptoms",)),
        ("7.2", None, ("meal",)),
    ],
)
def test_glucose_needs_to_know_about_the_meal(
    told: str, outcome: str | None, missing: tuple[str, ...]
) -> None:
    found = asked("glucose", measured(glucose=told))
    assert (found.outcome, found.missing) == (outcome, missing)


def test_rule_sets_come_in_one_order_and_each_once() -> None:
    assert rule_sets("bmi,news2,bmi", "ESH2023").names == ("news2", "bmi")
    assert Added() == scores.NOTHING
