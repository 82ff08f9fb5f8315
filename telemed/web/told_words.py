"""What was asked about a complaint and what was answered, in words; of old as it was filed."""

from collections.abc import Iterable
from typing import NamedTuple

from telemed.intake.intake import Symptom
from telemed.intake.steps.symptoms import SIGNS, STEPS

_STEPS = {step.key: step for step in STEPS}


class ToldLine(NamedTuple):
    """One question and its answer, both message ids; `sign` is a sign of danger that was affirmed."""

    question: str
    answer: str
    sign: bool


def told_lines(symptoms: Iterable[Symptom]) -> list[ToldLine]:
    """The answers about a complaint, in their order, signs of danger first."""
    lines = [_line(each) for each in symptoms]
    return sorted(lines, key=lambda each: not each.sign)


def _line(told: Symptom) -> ToldLine:
    step = _STEPS.get(told.question)
    choices = {choice.value: choice.text for choice in step.choices} if step else {}
    answer = choices.get(told.answer, told.answer)
    return ToldLine(step.title if step else told.question, answer, SIGNS.get(told.question) == told.answer)
