"""The format in which a question of the kiosk is written down; pages, rules and both evaluators read it.

Every text is an English message that the catalogues translate. An answer is a string under a name; a step's
own key holds the button that was pressed, ``GIVEN`` when its fields were filled in, or ``DEVICE`` when a
device at the table has filled them in.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple

GIVEN = "given"
DEVICE = "device"

StepKind = Literal[
    "choice", "scale", "fields", "notice", "types", "slots", "review", "rest", "count", "reading"
]
Idle = Literal["ask", "presence"]
"""Whether somebody quiet is asked for after a minute, or not before a page's own time is over."""
FieldKind = Literal["digits", "number", "text", "phone", "telephone", "code"]


class Choice(NamedTuple):
    """A button that answers a question by itself."""

    value: str
    text: str
    picture: str = ""
    hint: str = ""
    quiet: bool = False


class Unit(NamedTuple):
    """Another unit in which a value may be typed, and how it becomes the kept one."""

    name: str
    ucum: str
    factor: Decimal
    shift: Decimal
    low: Decimal
    high: Decimal
    decimals: int


class Field(NamedTuple):
    """Something to type. ``low`` and ``high`` are what is possible, not what is healthy.

    ``measures`` names the vital whose reading it is; ``other`` is chosen by the answer ``<step>_unit``.
    """

    name: str
    kind: FieldKind
    label: str
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    decimals: int = 0
    shortest: int = 1
    longest: int = 12
    required: bool = True
    example: str = ""
    measures: str = ""
    other: Unit | None = None


class Branch(NamedTuple):
    """Go to ``goto`` when the answer under ``name`` is ``value``; the first branch that fits decides.

    ``language`` is an answer too: the one that was chosen before the first question.
    """

    name: str
    value: str
    goto: str


class Rules(NamedTuple):
    """What the fields of a step must satisfy together."""

    identifier: str = ""
    birth_date: tuple[str, str, str] | None = None
    above: tuple[str, str] | None = None
    # What was typed once more, and the answer it must repeat.
    same: tuple[tuple[str, str], ...] = ()


class Measuring(NamedTuple):
    """What a step has to do with measuring; steps that ask for something else have nothing of it.

    ``device`` is the sort that may fill it in and ``sent`` what only a device adds; ``observes`` is the code
    that a touched choice answers, ``lacks`` are codes for which a reason stands, ``off_scale`` choices that
    are a device's flag. ``detail_of`` names the step whose readings this answer describes. Readings get the
    flag of each (answer, value, flag) in ``flags`` that was given.
    """

    device: str = ""
    sent: tuple[Field, ...] = ()
    observes: str = ""
    lacks: tuple[str, ...] = ()
    off_scale: tuple[tuple[str, str], ...] = ()
    detail_of: str = ""
    flags: tuple[tuple[str, str, str], ...] = ()


class OnlyIf(NamedTuple):
    """When a step is on the way; all that is said here must hold.

    An answer is one of some values; no device has sent a code yet; what counts so far of one of the codes
    ``beyond`` is beyond the limits for measuring again, and fewer than so many readings were taken.
    """

    answer: tuple[str, tuple[str, ...]] | None = None
    not_sent: str = ""
    beyond: tuple[str, ...] = ()
    fewer_than: int = 0


class Step(NamedTuple):
    """One page with one question. Going on from it also answers what ``sets`` names."""

    key: str
    kind: StepKind
    title: str
    goto: str
    hint: str = ""
    review: str = ""
    context: str = ""
    points: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    fields: tuple[Field, ...] = ()
    branches: tuple[Branch, ...] = ()
    rules: Rules = Rules()
    sets: tuple[tuple[str, str], ...] = ()
    carry_on: str = "Continue"
    measuring: Measuring = Measuring()
    only_if: OnlyIf = OnlyIf()
    # Drawn beside the words: a posture, a place on the body.
    picture: str = ""
    # How long resting or counting takes.
    seconds: int = 0
    idle: Idle = "ask"
    # The answer that is a sign of danger: the emergency page comes next.
    sign: str = ""


USUAL: Mapping[str, Any] = {
    "kind": "choice",
    "choices": [],
    "fields": [],
    "sets": [],
    "branches": [],
    "identifier": "",
    "birthDate": None,
    "above": None,
    "same": [],
    "measuring": {},
    "onlyIf": {},
    "seconds": 0,
    "idle": "ask",
    "sign": "",
}
"""What a step says by saying nothing: a village's line carries the rules. steps/rules.ts is the twin."""
USUAL_FIELD: Mapping[str, Any] = {
    "kind": "number",
    "low": None,
    "high": None,
    "decimals": 0,
    "shortest": 1,
    "longest": 6,
    "required": True,
    "measures": "",
    "other": None,
}
USUAL_UNIT: Mapping[str, Any] = {"shift": 0, "decimals": 0}


def as_data(step: Step, following: str = "") -> dict[str, Any]:
    """Return the rules of a step as JSON for the browser's evaluator; texts stay in the page.

    What is usual is left out, and so is ``goto`` where it is the step that is ``following``.
    """
    rules = step.rules
    said: dict[str, Any] = {
        "key": step.key,
        "kind": step.kind,
        "goto": step.goto,
        "choices": [choice.value for choice in step.choices],
        "fields": [_field(field) for field in step.fields],
        "sets": [list(pair) for pair in step.sets],
        "branches": [[branch.name, branch.value, branch.goto] for branch in step.branches],
        "identifier": rules.identifier,
        "birthDate": list(rules.birth_date) if rules.birth_date else None,
        "above": list(rules.above) if rules.above else None,
        "same": [list(pair) for pair in rules.same],
        "measuring": _measuring(step.measuring),
        "onlyIf": _only_if(step.only_if),
        "seconds": step.seconds,
        "idle": step.idle,
        "sign": step.sign,
    }
    return _unusual(said, {**USUAL, "goto": following})


def _unusual(said: Mapping[str, Any], usual: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in said.items() if name not in usual or each != usual[name]}


def _measuring(measuring: Measuring) -> dict[str, Any]:
    said = {
        "device": measuring.device,
        "sent": [_field(field) for field in measuring.sent],
        "observes": measuring.observes,
        "lacks": list(measuring.lacks),
        "offScale": [list(pair) for pair in measuring.off_scale],
        "detailOf": measuring.detail_of,
        "flags": [list(each) for each in measuring.flags],
    }
    return {name: each for name, each in said.items() if each}


def _only_if(only_if: OnlyIf) -> dict[str, Any]:
    said = {
        "answer": only_if.answer and [only_if.answer[0], list(only_if.answer[1])],
        "notSent": only_if.not_sent,
        "beyond": list(only_if.beyond),
        "fewerThan": only_if.fewer_than,
    }
    return {name: each for name, each in said.items() if each}


def _field(field: Field) -> dict[str, Any]:
    said = {
        "name": field.name,
        "kind": field.kind,
        "low": _short(field.low),
        "high": _short(field.high),
        "decimals": field.decimals,
        "shortest": field.shortest,
        "longest": field.longest,
        "required": field.required,
        "measures": field.measures,
        "other": field.other and _unit(field.other),
    }
    return _unusual(said, USUAL_FIELD)


def _unit(unit: Unit) -> dict[str, Any]:
    said = {
        "ucum": unit.ucum,
        "factor": _short(unit.factor),
        "shift": _short(unit.shift),
        "low": _short(unit.low),
        "high": _short(unit.high),
        "decimals": unit.decimals,
    }
    return _unusual(said, USUAL_UNIT)


def _short(number: Decimal | None) -> float | None:
    """As JSON writes it shortest: 40 and not 40.0."""
    if number is None:
        return None
    return int(number) if number == int(number) else float(number)
