"""The shape of a country pack: everything a country decides and the code must not."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

LONGEST_LIFE = timedelta(days=45_750)

Reason = Literal["wrong_length", "check_digit", "impossible_date", "future_date", "too_long_ago"]


class BirthMonth(NamedTuple):
    """One century as a national number writes it: the month is raised by ``plus``."""

    plus: int
    century: int


class IdentifierRule(NamedTuple):
    """How one national number is built; the kiosk's browser receives the same data."""

    kind: str
    digits: int
    weights: tuple[int, ...]
    moduli: tuple[int, ...]
    birth_months: tuple[BirthMonth, ...] = ()


class Country(NamedTuple):
    """One country: its emergency number, identifiers, phones, languages and the notice in force.

    Its kiosks speak its languages in this order, as far as their texts were checked (telemed.reviews).

    A visit type whose service is among the forbidden ones may not be held at a distance.
    """

    code: str
    emergency_number: str
    languages: tuple[str, ...]
    notice_version: str
    phone_region: str
    phone_prefix: str
    mobile: str
    landline: str
    trunk: str
    identifiers: Mapping[str, IdentifierRule]
    missing_days: tuple[tuple[date, date], ...] = ()
    forbidden_services: frozenset[str] = frozenset()
    # Who carries messages, the first choice first, as far as an installation has set them up.
    carriers: tuple[str, ...] = ("twilio",)

    def identifier_problem(self, kind: str, value: str, today: date) -> Reason | None:
        """Say why a national number cannot be right, or None; nothing is looked up."""
        rule = self.identifiers[kind]
        if not re.fullmatch(r"[0-9]+", value) or len(value) != rule.digits:
            return "wrong_length"
        if rule.birth_months:
            born = _born(rule, value)
            if born is None or self.skipped(born):
                return "impossible_date"
            problem = birth_date_problem(born, today)
            if problem is not None:
                return problem
        return None if _check_digit(rule, value) == int(value[-1]) else "check_digit"

    def birth_date_of(self, kind: str, value: str) -> date | None:
        """Return the birth date a well-formed national number states, or None when it states none."""
        rule = self.identifiers[kind]
        if not rule.birth_months or not re.fullmatch(r"[0-9]{6,}", value):
            return None
        return _born(rule, value)

    def skipped(self, day: date) -> bool:
        """Say whether the country's calendar jumped over that day."""
        return any(first <= day <= last for first, last in self.missing_days)

    def as_data(self) -> dict[str, Any]:
        """Return what the browser's evaluator needs of this pack, as JSON."""
        return {
            "prefix": self.phone_prefix,
            "trunk": self.trunk,
            "mobile": self.mobile,
            "landline": self.landline,
            "notice": self.notice_version,
            "missing": [[first.isoformat(), last.isoformat()] for first, last in self.missing_days],
            "identifiers": {
                rule.kind: {
                    "digits": rule.digits,
                    "weights": rule.weights,
                    "moduli": rule.moduli,
                    "months": [[coding.plus, coding.century] for coding in rule.birth_months],
                }
                for rule in self.identifiers.values()
            },
        }

    def mobile_number(self, typed: str) -> str | None:
        """Return the mobile number in E.164, or None when it cannot be one of this country."""
        return self._e164(typed, self.mobile)

    def telephone_number(self, typed: str) -> str | None:
        """Return the number of a mobile or a landline in E.164, or None when it cannot be one."""
        return self.mobile_number(typed) or self._e164(typed, self.landline)

    def _e164(self, typed: str, pattern: str) -> str | None:
        digits = re.sub(r"[\s().-]", "", typed)
        for lead in (self.phone_prefix, "00" + self.phone_prefix[1:], self.trunk):
            if digits.startswith(lead) and re.fullmatch(pattern, digits[len(lead) :]):
                return self.phone_prefix + digits[len(lead) :]
        return None


def birth_date_problem(born: date, today: date) -> Reason | None:
    """Say why nobody alive can be born on that day, or None."""
    if born > today:
        return "future_date"
    return "too_long_ago" if today - born > LONGEST_LIFE else None


def _born(rule: IdentifierRule, value: str) -> date | None:
    year, month, day = int(value[0:2]), int(value[2:4]), int(value[4:6])
    for coding in rule.birth_months:
        if 1 <= month - coding.plus <= 12:
            try:
                return date(coding.century + year, month - coding.plus, day)
            except ValueError:
                return None
    return None


def _check_digit(rule: IdentifierRule, value: str) -> int:
    rest = sum(weight * int(digit) for weight, digit in zip(rule.weights, value, strict=False))
    for modulus in rule.moduli:
        rest %= modulus
    return rest
