"""Bulgarian numbers, dates and phones, judged by python-stdnum and phonenumbers."""

from datetime import date, timedelta

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.bg import egn as stdnum_egn
from stdnum.bg import pnf as stdnum_lnch

from telemed.countries.bg import BULGARIA
from telemed.countries.packs import is_mobile

TODAY = date(2026, 11, 24)
DIGITS = st.text("0123456789", min_size=10, max_size=10)


def egn_of(born: date, serial: int = 123) -> str:
    month = born.month + (40 if born.year >= 2000 else 20 if born.year < 1900 else 0)
    body = f"{born.year % 100:02}{month:02}{born.day:02}{serial:03}"
    return body + stdnum_egn.calc_check_digit(body)


@given(DIGITS)
def test_an_egn_is_refused_exactly_when_stdnum_or_the_calendar_refuses_it(number: str) -> None:
    problem = BULGARIA.identifier_problem("egn", number, TODAY)
    if problem in (None, "check_digit", "impossible_date"):
        born = BULGARIA.birth_date_of("egn", number)
        gap = born is not None and BULGARIA.skipped(born)
        assert (problem is None) == (stdnum_egn.is_valid(number) and not gap)


@given(DIGITS)
def test_a_foreigners_number_is_what_stdnum_says(number: str) -> None:
    assert (BULGARIA.identifier_problem("lnch", number, TODAY) is None) == stdnum_lnch.is_valid(number)


@given(st.dates(date(1902, 1, 1), TODAY), st.integers(0, 999))
def test_every_birthday_of_the_living_has_an_egn_that_gives_it_back(born: date, serial: int) -> None:
    number = egn_of(born, serial)
    expected = "impossible_date" if date(1916, 4, 1) <= born <= date(1916, 4, 13) else None
    assert BULGARIA.identifier_problem("egn", number, TODAY) == expected
    assert BULGARIA.birth_date_of("egn", number) == born


@given(st.integers(1, 20_000))
def test_nobody_is_born_tomorrow(days: int) -> None:
    born = TODAY + timedelta(days=days)
    assert BULGARIA.identifier_problem("egn", egn_of(born), TODAY) == "future_date"


@pytest.mark.parametrize("born", [date(1899, 12, 31), date(1820, 5, 1)])
def test_nobody_alive_is_that_old(born: date) -> None:
    assert BULGARIA.identifier_problem("egn", egn_of(born), TODAY) == "too_long_ago"


def test_whoever_was_born_today_has_a_number() -> None:
    assert BULGARIA.identifier_problem("egn", egn_of(TODAY), TODAY) is None


def test_a_foreigners_number_states_no_birthday() -> None:
    assert BULGARIA.birth_date_of("lnch", "1001234563") is None


@given(st.integers(10**7, 10**9 - 1) | st.integers(86 * 10**7, 10**9 - 1))
def test_a_mobile_number_is_what_phonenumbers_calls_mobile(national: int) -> None:
    typed = f"0{national}"
    parsed = phonenumbers.parse(f"+359{national}")
    mobile = phonenumbers.number_type(parsed) in (
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    )
    assert BULGARIA.mobile_number(typed) == (f"+359{national}" if mobile else None)


@given(st.from_regex(r"\A(8[789][0-9]{7})\Z"), st.sampled_from(["0", "+359", "00359"]))
def test_a_mobile_number_is_the_same_however_it_is_typed(national: str, lead: str) -> None:
    spaced = f"{lead} {national[:3]}-{national[3:5]} ({national[5:]})"
    assert BULGARIA.mobile_number(spaced) == f"+359{national}"


def test_what_needs_the_same_room_is_not_offered_at_a_distance() -> None:
    assert {"death_certification", "dental_procedure"} <= BULGARIA.forbidden_services
    assert "general" not in BULGARIA.forbidden_services


@given(st.from_regex(r"[2-9][0-9]{5,8}", fullmatch=True))
def test_a_landline_is_what_phonenumbers_calls_one(national: str) -> None:
    parsed = phonenumbers.parse(f"+359{national}", None)
    kind = phonenumbers.number_type(parsed)
    mobile = BULGARIA.mobile_number(f"0{national}") is not None
    fixed = kind in (
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    )
    assert (BULGARIA.telephone_number(f"0{national}") is not None) == (fixed or mobile)


@pytest.mark.parametrize(
    ("number", "mobile"),
    [("+359888123456", True), ("+35952123456", False), ("+4915112345678", False), ("+359112", False)],
)
def test_whether_a_stored_number_is_mobile_is_its_countrys_to_say(number: str, mobile: bool) -> None:
    assert is_mobile(number) is mobile
