"""Blood pressure by ESH 2023 and ESC 2024: the higher class wins, and one reading is never a grade."""

from decimal import Decimal

import pytest

from telemed.intake.triage import Assessment, bp_grade
from telemed.intake.triage.blood_pressure import Scheme


def grade(systolic: int | None, diastolic: int | None, scheme: Scheme = "ESH-2023") -> Assessment:
    pair = [None if value is None else Decimal(value) for value in (systolic, diastolic)]
    return bp_grade(systolic=pair[0], diastolic=pair[1], readings=2, age_years=70, scheme=scheme)


@pytest.mark.parametrize(
    ("systolic", "diastolic", "name"),
    [
        (119, 79, "optimal"),
        (120, 79, "normal"),
        (119, 80, "normal"),
        (129, 84, "normal"),
        (130, 84, "high-normal"),
        (139, 89, "high-normal"),
        (140, 89, "grade 1"),
        (139, 90, "grade 1"),
        (160, 90, "grade 2"),
        (140, 100, "grade 2"),
        (180, 90, "grade 3"),
        (140, 110, "grade 3"),
    ],
)
def test_esh_2023(systolic: int, diastolic: int, name: str) -> None:
    assert grade(systolic, diastolic).outcome == name


@pytest.mark.parametrize(
    ("systolic", "diastolic", "name"),
    [
        (119, 69, "non-elevated"),
        (120, 69, "elevated"),
        (119, 70, "elevated"),
        (139, 89, "elevated"),
        (140, 89, "hypertension"),
        (139, 90, "hypertension"),
    ],
)
def test_esc_2024(systolic: int, diastolic: int, name: str) -> None:
    read = grade(systolic, diastolic, "ESC-2024")
    assert (read.outcome, read.rules.version) == (name, "2024")


@pytest.mark.parametrize(
    ("systolic", "diastolic", "found"),
    [
        (150, 85, ("isolated systolic",)),
        (135, 92, ("isolated diastolic",)),
        (150, 95, ()),
        (185, 85, ("severe", "isolated systolic")),
        (150, 112, ("severe",)),
    ],
)
def test_what_a_doctor_should_see_at_once(systolic: int, diastolic: int, found: tuple[str, ...]) -> None:
    assert grade(systolic, diastolic).findings == found


def test_one_reading_is_never_graded_but_a_severe_one_is_seen() -> None:
    read = bp_grade(systolic=Decimal(185), diastolic=Decimal(95), readings=1, age_years=70)
    assert (read.standing, read.outcome, read.missing) == ("incomplete", None, ("second reading",))
    assert "severe" in read.findings


@pytest.mark.parametrize(("systolic", "diastolic"), [(None, 80), (150, None), (None, None)])
def test_half_a_pressure_is_incomplete(systolic: int | None, diastolic: int | None) -> None:
    read = grade(systolic, diastolic)
    assert (read.standing, read.outcome) == ("incomplete", None)


def test_children_have_tables_of_their_own() -> None:
    read = bp_grade(systolic=Decimal(150), diastolic=Decimal(95), readings=2, age_years=12)
    assert (read.standing, read.outcome) == ("not_applicable", None)
