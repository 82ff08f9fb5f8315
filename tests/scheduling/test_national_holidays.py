from datetime import date

import pytest

from scheduling.national_holidays import national_holidays


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("bg", date(2026, 3, 3)),
        ("bg", date(2027, 4, 30)),  # Good Friday by the Orthodox calendar
        ("uz", date(2026, 9, 1)),
        ("vn", date(2026, 9, 2)),
    ],
)
def test_a_public_holiday_has_a_name(country: str, day: date) -> None:
    assert national_holidays(country)(day)


def test_a_holiday_on_a_sunday_gives_the_monday_off() -> None:
    name = national_holidays("bg")(date(2026, 9, 7))  # the sixth, Unification Day, is a Sunday
    assert name and "Unification" in name


def test_a_working_day_has_none() -> None:
    assert national_holidays("bg")(date(2026, 11, 17)) is None


def test_a_country_that_the_library_lacks_has_none() -> None:
    assert national_holidays("xx")(date(2026, 1, 1)) is None
