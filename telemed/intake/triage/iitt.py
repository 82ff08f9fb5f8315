"""The Interagency Integrated Triage Tool: red signs, then yellow signs, then vital signs of high risk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from telemed.intake.triage import iitt_chart as chart
from telemed.intake.triage.assessment import Assessment, Input, RuleSet, split
from telemed.intake.triage.news2 import Consciousness

_ADULT = Decimal(12)
_DAYS_A_YEAR = Decimal("365.25")
_WEEK, _TWO_MONTHS, _SIX_MONTHS = (Decimal(days) / _DAYS_A_YEAR for days in (8, 61, 183))
_OLDER = 50


@dataclass(frozen=True)
class Vitals:
    """Vital signs as the charts use them: a minute, degrees Celsius, per cent, mmHg; None is not measured."""

    heart_rate: Decimal | None = None
    respiratory_rate: Decimal | None = None
    temperature: Decimal | None = None
    oxygen: Decimal | None = None
    consciousness: Consciousness | None = None
    systolic: Decimal | None = None
    diastolic: Decimal | None = None


def iitt_adult(
    *, age_years: Decimal | None, signs: Mapping[str, bool], vitals: Vitals, pregnant: bool | None
) -> Assessment:
    """Return the colour of somebody of 12 years or older, or that it cannot be told yet.

    `signs` says of each asked sign whether it is there; one that is not in it was not asked. A red sign
    decides at once; "yellow", "yellow, up-triage or immediate review" and "green" need every sign and every
    vital sign, and the age. Raises ValueError for a sign of no chart.
    """
    if age_years is not None and age_years < _ADULT:
        return Assessment(chart.RULES_ADULT, "not_applicable", reason="under 12 years")
    asked = chart.SIGNS_ADULT | (chart.SIGNS_PREGNANT if pregnant else frozenset())
    _require_known(signs, chart.SIGNS_ADULT | chart.SIGNS_PREGNANT)
    red = [sign for sign in chart.RED_ADULT if signs.get(sign)]
    if _outside(vitals.heart_rate, chart.ADULT_RED_HEART_RATE):
        red.append("heart_rate")
    older = age_years is not None and age_years > _OLDER
    if signs.get(chart.CHEST_OR_ABDOMINAL_PAIN) and older:
        red.append(chart.CHEST_OR_ABDOMINAL_PAIN)
    meningeal = [sign for sign in chart.MENINGEAL if signs.get(sign)]
    if _outside(vitals.temperature, chart.TEMPERATURE):
        meningeal.append("temperature")
    red += meningeal if len(meningeal) > 1 else []
    if pregnant:
        red += _red_in_pregnancy(signs, vitals)
    yellow = [sign for sign in chart.YELLOW_ADULT if signs.get(sign)]
    inputs = {**_inputs(age_years, asked, signs, vitals), "pregnant": pregnant}
    if pregnant:
        # In pregnancy the pressure may be red by itself: without it nothing is green.
        inputs |= {"systolic": vitals.systolic, "diastolic": vitals.diastolic}
    return _colour(chart.RULES_ADULT, red, yellow, _high_risk(vitals, chart.ADULT_BAND), inputs)


def iitt_child(*, age_years: Decimal, signs: Mapping[str, bool], vitals: Vitals) -> Assessment:
    """Return the colour of a child under 12 years, or that it cannot be told yet.

    Age in years and parts of a year: the first eight days, two and six months have rules of their own.
    Signs, colours and errors as for `iitt_adult`. A heart rate is never red in a child.
    """
    if age_years >= _ADULT:
        return Assessment(chart.RULES_CHILD, "not_applicable", reason="12 years or older")
    _require_known(signs, chart.SIGNS_CHILD)
    red = [sign for sign in chart.RED_CHILD if signs.get(sign)]
    dry = [sign for sign in chart.DEHYDRATION if signs.get(sign)]
    red += dry if len(dry) > 1 else []
    hot_or_cold = _outside(vitals.temperature, chart.TEMPERATURE)
    if signs.get("altered_mental_status") and (signs.get("stiff_neck") or hot_or_cold):
        red.append("altered_mental_status")
    if age_years < _WEEK:
        red.append("under_8_days")
    if age_years < _TWO_MONTHS and hot_or_cold:
        red.append("temperature")
    yellow = [sign for sign in chart.YELLOW_CHILD if signs.get(sign)]
    if _WEEK <= age_years < _SIX_MONTHS:
        yellow.append("under_6_months")
    band = next(each for each in chart.CHILD_BANDS if age_years < each.below_years)
    inputs = _inputs(age_years, chart.SIGNS_CHILD, signs, vitals)
    return _colour(chart.RULES_CHILD, red, yellow, _high_risk(vitals, band), inputs)


def _colour(
    rules: RuleSet,
    red: Iterable[str],
    yellow: Iterable[str],
    high_risk: tuple[str, ...],
    inputs: Mapping[str, Input | None],
) -> Assessment:
    used, missing = split(inputs)
    alarming = tuple(dict.fromkeys(red))
    if alarming:
        # A red sign decides alone: nobody waits for the rest to be measured.
        return Assessment(rules, "complete", "red", findings=alarming, used=used, missing=missing)
    found = (*dict.fromkeys(yellow), *high_risk)
    if missing:
        return Assessment(rules, "incomplete", findings=found, used=used, missing=missing)
    if high_risk:
        outcome = "yellow, up-triage or immediate review"
    else:
        outcome = "yellow" if found else "green"
    return Assessment(rules, "complete", outcome, findings=found, used=used)


def _red_in_pregnancy(signs: Mapping[str, bool], vitals: Vitals) -> list[str]:
    red = [sign for sign in chart.RED_PREGNANT if signs.get(sign)]
    limits = chart.SEVERE_PRESSURE
    pressures = (("systolic", vitals.systolic, limits[0]), ("diastolic", vitals.diastolic, limits[1]))
    return red + [name for name, value, limit in pressures if value is not None and value >= limit]


def _high_risk(vitals: Vitals, band: chart.Band) -> tuple[str, ...]:
    risky = {
        "heart_rate": _outside(vitals.heart_rate, band.heart_rate),
        "respiratory_rate": _outside(vitals.respiratory_rate, band.respiratory_rate),
        "temperature": _outside(vitals.temperature, chart.TEMPERATURE),
        "oxygen": vitals.oxygen is not None and vitals.oxygen < chart.LOWEST_OXYGEN,
        "consciousness": vitals.consciousness not in (None, "alert"),
    }
    return tuple(name for name, is_risky in risky.items() if is_risky)


def _inputs(
    age_years: Decimal | None, asked: frozenset[str], signs: Mapping[str, bool], vitals: Vitals
) -> dict[str, Input | None]:
    return {
        "age_years": age_years,
        "heart_rate": vitals.heart_rate,
        "respiratory_rate": vitals.respiratory_rate,
        "temperature": vitals.temperature,
        "oxygen": vitals.oxygen,
        "consciousness": vitals.consciousness,
        **{sign: signs.get(sign) for sign in sorted(asked)},
    }


def _outside(value: Decimal | None, limits: tuple[Decimal, Decimal]) -> bool:
    return value is not None and not limits[0] <= value <= limits[1]


def _require_known(signs: Mapping[str, bool], known: frozenset[str]) -> None:
    if not signs.keys() <= known:
        raise ValueError(f"no sign of this chart: {', '.join(sorted(signs.keys() - known))}")
