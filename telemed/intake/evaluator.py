"""Branch and range rules over the steps as data; ``web/client/steps/evaluate.ts`` is the browser's twin."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from telemed.countries.pack import Country, birth_date_problem
from telemed.intake.steps.form import GIVEN, Field, Step
from telemed.intake.steps.journey import FIRST, LAST, STEPS
from telemed.intake.vitals import parse_decimal

Answers = Mapping[str, str]


class Problem(NamedTuple):
    """One answer that cannot stand, and why (a key of ``steps.problems.PROBLEMS``)."""

    field: str
    code: str


class Path(NamedTuple):
    """The steps an answer set leads through; ``stop`` is the first that still needs an answer."""

    keys: tuple[str, ...]
    stop: str


def problems(step: Step, answers: Answers, country: Country, today: date) -> tuple[Problem, ...]:
    """Say what is wrong with the answers to one step; nothing means it is answered."""
    pressed = answers.get(step.key, "")
    if any(choice.value == pressed for choice in step.choices):
        return ()
    if step.kind == "types":
        return () if re.fullmatch(r"[a-z0-9-]{1,20}", pressed) else (Problem(step.key, "choose"),)
    if step.kind == "slots":
        slot_or_wish = re.fullmatch(r"[^|]+\|[^|]+\|[^|]+|wish\|[0-9]+", pressed)
        return () if slot_or_wish else (Problem(step.key, "choose"),)
    if pressed != GIVEN:
        return (Problem(step.key, "missing" if step.fields else "choose"),)
    found = tuple(
        Problem(field.name, code)
        for field in step.fields
        if (code := _field_problem(field, answers, country))
    )
    return found or _together(step, answers, country, today)


def next_key(step: Step, answers: Answers) -> str:
    """Return the step that follows, given the answers."""
    for branch in step.branches:
        if answers.get(branch.name) == branch.value:
            return branch.goto
    return step.goto


def path(answers: Answers, country: Country, today: date) -> Path:
    """Walk as the answers lead; stop at the first open step, at the latest at the review."""
    keys: list[str] = []
    key = FIRST
    while key in STEPS and key != LAST and key not in keys:
        if problems(STEPS[key], answers, country, today):
            return Path(tuple(keys), key)
        keys.append(key)
        key = next_key(STEPS[key], answers)
    return Path(tuple(keys), key)


def after(step: Step, answers: Answers, country: Country, today: date) -> str:
    """Return where to go after a good answer: to the review once nothing else is open.

    A step that can be entered from anywhere (``sets``) leads back to where the patient was.
    """
    walked = path(answers, country, today)
    if step.key in walked.keys and (walked.stop == LAST or step.sets):
        return walked.stop
    return next_key(step, answers)


def _field_problem(field: Field, answers: Answers, country: Country) -> str | None:
    typed = answers.get(field.name, "").strip()
    if not typed:
        return "missing" if field.required else None
    if field.kind == "number":
        return _number_problem(field, typed)
    if field.kind == "digits":
        return None if re.fullmatch(r"[0-9]+", typed) else "not_a_number"
    if field.kind == "phone":
        return None if country.mobile_number(typed) else "not_a_mobile"
    if field.kind == "telephone":
        return None if country.telephone_number(typed) else "not_a_telephone"
    if field.kind == "code":
        return None if len(re.sub(r"[\s-]", "", typed)) == field.shortest else "code_length"
    if len(typed) < field.shortest:
        return "too_short"
    return "too_long" if len(typed) > field.longest else None


def _number_problem(field: Field, typed: str) -> str | None:
    value = parse_decimal(typed)
    if value is None:
        return "not_a_number"
    if len(typed) < field.shortest:
        return "too_few_digits"
    if field.low is not None and value < field.low:
        return "too_low"
    if field.high is not None and value > field.high:
        return "too_high"
    return "too_many_decimals" if _decimals(value) > field.decimals else None


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _together(step: Step, answers: Answers, country: Country, today: date) -> tuple[Problem, ...]:
    rules = step.rules
    if rules.identifier:
        name = step.fields[0].name
        wrong = country.identifier_problem(rules.identifier, answers[name].strip(), today)
        return (Problem(name, wrong),) if wrong else ()
    if rules.birth_date:
        day = _birth_date_problem(answers, country, today)
        return (Problem(rules.birth_date[0], day),) if day else ()
    if rules.above:
        higher, lower = (parse_decimal(answers[name]) for name in rules.above)
        if higher is not None and lower is not None and higher <= lower:
            return (Problem(rules.above[0], "not_above"),)
    return ()


def _birth_date_problem(answers: Answers, country: Country, today: date) -> str | None:
    born = birth_date(answers)
    if born is None or country.skipped(born):
        return "impossible_date"
    return birth_date_problem(born, today)


def birth_date(answers: Answers) -> date | None:
    """Return the birth date typed in three parts, or None when there is no such day."""
    try:
        return date(*(int(answers[name]) for name in ("born_year", "born_month", "born_day")))
    except (KeyError, ValueError):
        return None
