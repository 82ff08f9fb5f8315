"""A trend: points by time, gaps where nothing is known, the usual band for adults, the same as a table."""

from datetime import timedelta
from decimal import Decimal

import pytest

from telemed.intake.vitals import Measurement, results
from telemed.visits.measured import Taken
from telemed.web.trend_chart import HEIGHT, WIDTH, Trend, trends
from tests import build

DAY = timedelta(days=1)


def taken(days: int, **values: str | None) -> Taken:
    """What counted some days after the first: a number, or None for refused."""
    at = build.NOW + days * DAY
    readings = [
        Measurement(
            code, None if value is None else Decimal(value), None if value else "refused", "patient", at
        )
        for code, value in values.items()
    ]
    return Taken(at, {each.code: each for each in results(readings)})


def trend(*rounds: Taken, adult: bool = True) -> Trend:
    (only,) = trends(rounds, "bg", adult)
    return only


def test_of_one_number_there_is_no_trend() -> None:
    assert trends([taken(0, pulse="72"), taken(1, pulse=None)], "en", adult=True) == ()


def test_what_is_not_known_is_a_gap_and_never_nought() -> None:
    found = trend(taken(0, pulse="72"), taken(1, pulse=None), taken(2, pulse="80"), taken(3, pulse="81"))
    (series,) = found.series
    assert [[point.value for point in stretch] for stretch in series.stretches] == [["72"], ["80", "81"]]
    assert len(found.gaps) == 1
    assert [(cell.value, cell.reason) for cell in found.cells] == [
        ("81", None),
        ("80", None),
        (None, "the patient did not want it measured"),
        ("72", None),
    ]


def test_higher_is_drawn_higher_and_later_further_right() -> None:
    (first, second), *_ = trend(taken(0, pulse="60"), taken(9, pulse="120")).series[0].stretches
    assert first.x < second.x
    assert first.y > second.y


@pytest.mark.parametrize("values", [("20", "300"), ("72", "72"), ("50", "51")])
def test_every_point_and_band_lies_within_the_drawing(values: tuple[str, str]) -> None:
    found = trend(taken(0, pulse=values[0]), taken(1, pulse=values[1]))
    points = [point for stretch in found.series[0].stretches for point in stretch]
    assert all(0 <= point.x <= WIDTH and 0 <= point.y <= HEIGHT for point in points)
    assert all(band.y >= 0 and band.y + band.height <= HEIGHT for band in found.bands)


def test_two_rounds_at_one_moment_can_be_drawn() -> None:
    found = trend(taken(0, pulse="72"), taken(0, pulse="75"))
    assert found.series[0].last.value == "75"


def test_a_pressure_has_two_lines_and_two_bands_in_one_drawing() -> None:
    found = trend(taken(0, systolic="150", diastolic="90"), taken(1, systolic="140", diastolic="85"))
    assert (len(found.series), len(found.bands)) == (2, 2)
    assert found.cells[0].value == "140/85"


def test_a_childs_values_have_no_band_of_adults() -> None:
    assert trend(taken(0, pulse="110"), taken(1, pulse="100"), adult=False).bands == ()


def test_digits_are_the_readers() -> None:
    found = trend(taken(0, temperature="36.6"), taken(1, temperature="37.2"))
    assert found.cells[0].value == "37,2"


def test_who_was_measured_for_years_has_the_newest_drawn() -> None:
    found = trend(*(taken(day, pulse=str(60 + day)) for day in range(30)))
    assert len(found.cells) == 12
    assert found.cells[0].value == "89"
