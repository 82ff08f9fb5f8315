"""Branch and range rules over the steps as data; ``web/client/steps/evaluate.ts`` is the browser's twin."""

import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from telemed.countries.pack import Country, birth_date_problem
from telemed.intake.limits import Limits
from telemed.intake.steps.form import DEVICE, GIVEN, Field, Step, Unit
from telemed.intake.steps.journey import FIRST, LAST, STEPS
from telemed.intake.told import Answers, on_the_way
from telemed.intake.vitals import parse_decimal

ALARMED = {"danger": "yes", "emergency": ""}
"""What a sign of danger answers besides: a yes to the danger question; the emergency page is open again."""


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
    if pressed == DEVICE and step.measuring.device:
        return _device_problems(step, answers)
    if pressed != GIVEN or step.kind == "choice":
        return (Problem(step.key, "missing" if step.fields else "choose"),)
    found = tuple(
        Problem(field.name, code)
        for field in step.fields
        if (code := _field_problem(field, answers, country, _unit(step, field, answers)))
    )
    return found or _together(step, answers, country, today)


def _device_problems(step: Step, answers: Answers) -> tuple[Problem, ...]:
    """What a device has sent must be there whole, with the bytes it came in; its unit is the kept one."""
    if not re.fullmatch(r"(?:[0-9a-f]{2})+", answers.get(f"{step.key}_raw", "")):
        return (Problem(step.fields[0].name, "missing"),)
    for field in (*step.fields, *step.measuring.sent):
        said = answers.get(field.name, "").strip()
        if _number_problem(field, said) if said else field.required:
            return (Problem(step.fields[0].name, "missing"),)
    return _not_above(step, answers)


def next_key(step: Step, answers: Answers) -> str:
    """Return the step that follows, given the answers."""
    for branch in step.branches:
        if answers.get(branch.name) == branch.value:
            return branch.goto
    return step.goto


def is_sign(step: Step, answers: Answers) -> bool:
    """Say whether the answer to a step is a sign of danger."""
    return bool(step.sign) and answers.get(step.key) == step.sign


def besides(step: Step, answers: Answers) -> dict[str, str]:
    """Return what going on from a step answers besides its own question."""
    return {**dict(step.sets), **(ALARMED if is_sign(step, answers) else {})}


def path(answers: Answers, country: Country, today: date, again: Limits) -> Path:
    """Walk as the answers lead; stop at the first open step, at the latest at the review.

    What is beyond the limits ``again`` is measured a second time before the way goes on.
    """
    keys: list[str] = []
    key = FIRST
    while key in STEPS and key != LAST and key not in keys:
        step = STEPS[key]
        if not on_the_way(step, keys, answers, again):
            key = step.goto
            continue
        if problems(step, answers, country, today):
            return Path(tuple(keys), key)
        keys.append(key)
        key = next_key(step, answers)
    return Path(tuple(keys), key)


def after(step: Step, answers: Answers, country: Country, today: date, again: Limits) -> str:
    """Return where to go after a good answer: to the review once nothing else is open.

    A step that can be entered from anywhere (``sets``) leads back to where the patient was; a sign of danger
    leads to the emergency page.
    """
    if is_sign(step, answers):
        return "emergency"
    walked = path(answers, country, today, again)
    if step.key not in walked.keys:
        return next_key(step, answers)
    if walked.stop == LAST or step.sets:
        return walked.stop
    return (*walked.keys, walked.stop)[walked.keys.index(step.key) + 1]


def _unit(step: Step, field: Field, answers: Answers) -> Unit | None:
    other = field.other
    return other if other is not None and answers.get(f"{step.key}_unit") == other.ucum else None


def _field_problem(field: Field, answers: Answers, country: Country, unit: Unit | None = None) -> str | None:
    typed = answers.get(field.name, "").strip()
    if not typed:
        return "missing" if field.required else None
    if field.kind == "number":
        code = _number_problem(_in_unit(field, unit) if unit else field, typed)
        # Out of its ends it may be in the other unit: the words say which.
        if field.other is not None and code in ("too_low", "too_high"):
            return f"{code}_{'other' if unit else 'unit'}"
        return code
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


def _in_unit(field: Field, unit: Unit) -> Field:
    return field._replace(low=unit.low, high=unit.high, decimals=unit.decimals)


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
    for repeated, first in rules.same:
        if parse_decimal(answers[repeated]) != parse_decimal(answers.get(first, "")):
            return (Problem(repeated, "not_the_same"),)
    return _not_above(step, answers)


def _not_above(step: Step, answers: Answers) -> tuple[Problem, ...]:
    if step.rules.above:
        higher, lower = (parse_decimal(answers[name]) for name in step.rules.above)
        if higher is not None and lower is not None and higher <= lower:
            return (Problem(step.rules.above[0], "not_above"),)
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
