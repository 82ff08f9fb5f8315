"""What every rule answers: a result or none, with the rule's name, version, source and inputs."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Standing = Literal["complete", "incomplete", "not_applicable"]
Input = Decimal | bool | str


@dataclass(frozen=True)
class RuleSet:
    """One published rule: its name, the version that is implemented, and where it was published."""

    name: str
    version: str
    source: str


@dataclass(frozen=True)
class Assessment:
    """What a rule set makes of one patient's values.

    `outcome` and `value` are None unless the standing is complete: incomplete is never a number and never
    "low". One exception is stated by its rule: a sign that decides alone, whatever is missing (IITT red).
    `findings` names what a clinician should see at once, also while the rest is missing.
    """

    rules: RuleSet
    standing: Standing
    outcome: str | None = None
    value: Decimal | None = None
    unit: str | None = None
    findings: tuple[str, ...] = ()
    used: Mapping[str, Input] | None = None
    missing: tuple[str, ...] = ()
    reason: str | None = None


def split(inputs: Mapping[str, Input | None]) -> tuple[dict[str, Input], tuple[str, ...]]:
    """Return the inputs that are there, and the names of those that are not.

    Raises ValueError for a number that is not finite: a rule is never fed one.
    """
    used = {name: value for name, value in inputs.items() if value is not None}
    for name, value in used.items():
        if isinstance(value, Decimal) and not value.is_finite():
            raise ValueError(f"{name} is no finite number")
    return used, tuple(name for name, value in inputs.items() if value is None)
