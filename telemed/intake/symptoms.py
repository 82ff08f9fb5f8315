"""What was answered about a complaint, in words for whoever reads the case."""

from collections.abc import Callable
from typing import NamedTuple

from telemed.intake.intake import Intake
from telemed.intake.steps.symptoms import SIGNS, STEPS

_ASKED = {step.key: step for step in STEPS}


class Said(NamedTuple):
    """A question and its answer in the reader's language; ``sign`` is true for a sign of danger."""

    question: str
    answer: str
    sign: bool


def symptom_words(intake: Intake, translate: Callable[[str], str]) -> tuple[Said, ...]:
    """Say what was answered, signs of danger first; what is asked no longer is shown as it was stored."""
    said = [
        Said(_question(told.question, translate), _answer(told.question, told.answer, translate), sign)
        for told in intake.symptoms
        for sign in (told.answer == SIGNS.get(told.question),)
    ]
    return tuple(sorted(said, key=lambda each: not each.sign))


def _question(key: str, translate: Callable[[str], str]) -> str:
    step = _ASKED.get(key)
    return translate(step.title) if step else key


def _answer(key: str, value: str, translate: Callable[[str], str]) -> str:
    step = _ASKED.get(key)
    texts = {choice.value: choice.text for choice in step.choices} if step else {}
    return translate(texts[value]) if value in texts else value
