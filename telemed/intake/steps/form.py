"""The format in which a question of the kiosk is written down; pages, rules and both evaluators read it.

Every text is an English message that the catalogues translate. An answer is a string under a name; a step's
own key holds the button that was pressed, or ``GIVEN`` when its fields were filled in.
"""

from decimal import Decimal
from typing import Any, Literal, NamedTuple

GIVEN = "given"

StepKind = Literal["choice", "fields", "notice", "types", "slots", "review"]
FieldKind = Literal["digits", "number", "text", "phone", "telephone", "code"]


class Choice(NamedTuple):
    """A button that answers a question by itself."""

    value: str
    text: str
    picture: str = ""
    hint: str = ""
    quiet: bool = False


class Field(NamedTuple):
    """Something to type. ``low`` and ``high`` are what is possible, not what is healthy."""

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


def as_data(step: Step) -> dict[str, Any]:
    """Return the rules of a step as JSON for the browser's evaluator; texts stay in the page."""
    rules = step.rules
    return {
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
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "kind": field.kind,
        "low": None if field.low is None else float(field.low),
        "high": None if field.high is None else float(field.high),
        "decimals": field.decimals,
        "shortest": field.shortest,
        "longest": field.longest,
        "required": field.required,
        "measured": bool(field.unit),
    }
