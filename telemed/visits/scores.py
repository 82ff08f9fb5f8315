"""The only door to the scores: a visit's readings, put to the rule sets that the operator has turned on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, get_args

from telemed.intake.triage import (
    Assessment,
    Vitals,
    bmi,
    bp_grade,
    glucose_flags,
    iitt_adult,
    iitt_child,
    news2,
)
from telemed.intake.triage.blood_pressure import Scheme
from telemed.intake.triage.glucose import Meal
from telemed.intake.triage.news2 import Consciousness
from telemed.intake.vitals import Result

__all__ = ["Added", "Assessment", "RuleSets", "UnknownRule", "assess", "rule_sets"]

RuleName = Literal["news2", "iitt", "bp", "bmi", "glucose"]
RULES: tuple[RuleName, ...] = get_args(RuleName)
SCHEMES: Mapping[str, Scheme] = {"ESH2023": "ESH-2023", "ESC2024": "ESC-2024"}
"""Blood pressure schemes as the setting names them."""

_YEAR = Decimal("365.25")
_NEVER_BEFORE, _NEVER_AFTER = 12, 55
_CHILD = 12
_CONSCIOUSNESS: Mapping[str, Consciousness] = {
    "alert": "alert",
    "confused": "confusion",
    "voice": "voice",
    "pain": "pain",
    "unresponsive": "unresponsive",
}
_MEALS: Mapping[str, Meal] = {"fasting": "fasting", "random": "random"}


class UnknownRule(Exception):
    """The setting names a rule set or a scheme that does not exist."""


class RuleSets(NamedTuple):
    """Which rule sets are turned on; none is the usual."""

    names: tuple[RuleName, ...] = ()
    scheme: Scheme = "ESH-2023"


@dataclass(frozen=True)
class Added:
    """What a clinician adds on the page for this look only; nothing of it is kept, and None is not known."""

    on_oxygen: bool | None = None
    pregnant: bool | None = None
    # Ordered and recorded by a clinician for hypercapnic failure, never by a kiosk.
    scale_2: bool = False


NOTHING = Added()


def rule_sets(names: str, scheme: str) -> RuleSets:
    """Read what the operator has turned on; raises UnknownRule."""
    wanted = [each.strip() for each in names.split(",") if each.strip()]
    unknown = [each for each in wanted if each not in RULES]
    if unknown or scheme not in SCHEMES:
        raise UnknownRule(", ".join(unknown) or scheme)
    return RuleSets(tuple(each for each in RULES if each in wanted), SCHEMES[scheme])


def assess(
    wanted: RuleSets,
    results: Mapping[str, Result],
    born: date | None,
    sex: str | None,
    today: date,
    added: Added = NOTHING,
) -> tuple[Assessment, ...]:
    """What each rule set that is turned on makes of these results; each says itself what it lacks."""
    subject = _Subject(results, born, sex, today, added)
    rules: Mapping[RuleName, Callable[[_Subject], Assessment]] = {
        "news2": _news2,
        "iitt": _iitt,
        "bp": lambda each: _bp(each, wanted.scheme),
        "bmi": _bmi,
        "glucose": _glucose,
    }
    return tuple(rules[name](subject) for name in wanted.names)


@dataclass(frozen=True)
class _Subject:
    results: Mapping[str, Result]
    born: date | None
    sex: str | None
    today: date
    added: Added

    @property
    def age(self) -> int | None:
        if self.born is None:
            return None
        had_birthday = (self.today.month, self.today.day) >= (self.born.month, self.born.day)
        return self.today.year - self.born.year - (not had_birthday)

    @property
    def pregnant(self) -> bool | None:
        if self.added.pregnant is not None:
            return self.added.pregnant
        if self.sex == "male" or (self.age is not None and not _NEVER_BEFORE <= self.age <= _NEVER_AFTER):
            return False
        return None

    @property
    def consciousness(self) -> Consciousness | None:
        found = self.results.get("consciousness")
        return _CONSCIOUSNESS.get(found.coded) if found else None

    def value(self, code: str) -> Decimal | None:
        found = self.results.get(code)
        return found.value if found else None


def _news2(subject: _Subject) -> Assessment:
    return news2(
        respiratory_rate=subject.value("breathing"),
        oxygen=subject.value("oxygen"),
        on_oxygen=subject.added.on_oxygen,
        systolic=subject.value("systolic"),
        pulse=subject.value("pulse"),
        consciousness=subject.consciousness,
        temperature=subject.value("temperature"),
        age_years=subject.age,
        pregnant=subject.pregnant,
        scale=2 if subject.added.scale_2 else 1,
    )


def _iitt(subject: _Subject) -> Assessment:
    vitals = Vitals(
        heart_rate=subject.value("pulse"),
        respiratory_rate=subject.value("breathing"),
        temperature=subject.value("temperature"),
        oxygen=subject.value("oxygen"),
        consciousness=subject.consciousness,
        systolic=subject.value("systolic"),
        diastolic=subject.value("diastolic"),
    )
    age = None if subject.born is None else Decimal((subject.today - subject.born).days) / _YEAR
    # Whose age is not known is judged by the chart for adults, which then lacks the age.
    if age is not None and subject.age is not None and subject.age < _CHILD:
        return iitt_child(age_years=min(age, Decimal("11.99")), signs={}, vitals=vitals)
    whole = age if age is None else max(age, Decimal(_CHILD))
    return iitt_adult(age_years=whole, signs={}, vitals=vitals, pregnant=subject.pregnant)


def _bp(subject: _Subject, scheme: Scheme) -> Assessment:
    upper = subject.results.get("systolic")
    return bp_grade(
        systolic=subject.value("systolic"),
        diastolic=subject.value("diastolic"),
        readings=len(upper.of) if upper is not None and upper.value is not None else None,
        age_years=subject.age,
        scheme=scheme,
    )


def _bmi(subject: _Subject) -> Assessment:
    return bmi(
        weight_kg=subject.value("weight"),
        height_cm=subject.value("height"),
        age_years=subject.age,
        pregnant=subject.pregnant,
    )


def _glucose(subject: _Subject) -> Assessment:
    found = subject.results.get("glucose")
    told = found.of[-1].detail if found is not None and found.of else ""
    return glucose_flags(glucose_mmol_l=subject.value("glucose"), meal=_MEALS.get(told), symptoms=None)
