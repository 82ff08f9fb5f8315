"""The scores of a case in words: what the operator has turned on, and nothing while it is off."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import g

from telemed.settings import Settings
from telemed.visits import scores
from telemed.visits.scores import Added
from telemed.visits.worklist import Case
from telemed.web.alarm_words import number
from telemed.web.score_words import FINDINGS, INPUTS, OUTCOMES, REASONS, UNITS, VALUES

_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True)
class Input:
    """One value that went into a rule: its name, and how it is said; message ids, except numbers."""

    name: str
    value: str
    is_number: bool


@dataclass(frozen=True)
class Score:
    """One rule set's answer in words; `outcome` is there exactly when it is complete."""

    rules: str
    version: str
    source: str
    standing: str
    outcome: str | None
    value: str | None
    unit: str
    findings: tuple[str, ...]
    used: tuple[Input, ...]
    missing: tuple[str, ...]
    # Signs of a triage chart that nobody has asked for: too many to name here.
    signs_missing: int
    reason: str | None


@dataclass(frozen=True)
class Shown:
    """The part of the page: the scores, and what the clinician has added for this look."""

    scores: tuple[Score, ...]
    added: Mapping[str, str]


def turned_on(settings: Settings) -> bool:
    """Whether the operator has turned any rule set on."""
    return bool(scores.rule_sets(settings.scores, settings.bp_scheme).names)


def shown(settings: Settings, case: Case, today: date, form: Mapping[str, str]) -> Shown | None:
    """The scores of a case, or None while they are turned off."""
    wanted = scores.rule_sets(settings.scores, settings.bp_scheme)
    if not wanted.names:
        return None
    added = Added(
        on_oxygen=_YES_NO.get(form.get("on_oxygen", "")),
        pregnant=_YES_NO.get(form.get("pregnant", "")),
        scale_2=form.get("scale_2", "") == "yes",
    )
    results = {each.code: each for each in case.measured.results}
    found = scores.assess(wanted, results, case.patient.birth_date, case.patient.sex, today, added)
    told = {name: form.get(name, "") for name in ("on_oxygen", "pregnant", "scale_2")}
    return Shown(tuple(_score(each) for each in found), told)


def _score(each: scores.Assessment) -> Score:
    missing = [name for name in each.missing if name in INPUTS]
    value = None if each.value is None else number(each.value, g.lang)
    return Score(
        rules=each.rules.name,
        version=each.rules.version,
        source=each.rules.source,
        standing=each.standing,
        outcome=None if each.outcome is None else OUTCOMES[each.outcome],
        value=value,
        unit=UNITS.get(each.unit or "", ""),
        findings=_unique(FINDINGS[name] for name in each.findings),
        used=tuple(_input(name, value) for name, value in (each.used or {}).items()),
        missing=_unique(INPUTS[name] for name in missing),
        signs_missing=len(each.missing) - len(missing),
        reason=REASONS[each.reason] if each.reason else None,
    )


def _input(name: str, value: object) -> Input:
    if isinstance(value, bool):
        return Input(INPUTS[name], _truth(name, value), is_number=False)
    if isinstance(value, Decimal):
        return Input(INPUTS[name], number(round(value, 1).normalize() + 0, g.lang), is_number=True)
    return Input(INPUTS[name], VALUES.get(str(value), str(value)), is_number=False)


def _truth(name: str, value: bool) -> str:
    if name == "on_oxygen":
        return "oxygen" if value else "air"
    return "yes" if value else "no"


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
