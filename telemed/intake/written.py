"""Questions that a doctor writes because no call goes, and what is answered at the kiosk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from telemed.intake.submission import Strict

LONGEST_QUESTION = 300
LONGEST_CHOICE = 60
LONGEST_ANSWER = 1000
MOST_CHOICES = 4
MOST_QUESTIONS = 20
"""So many questions may one visit have; whoever needs more needs another way."""


class UnfitQuestion(ValueError):
    """A question that is empty, too long, or has choices that are."""


@dataclass(frozen=True)
class Question:
    """One question of a doctor's in a visit; without choices it is answered by typing."""

    id: UUID
    visit_id: UUID
    patient_id: UUID
    asked_by: UUID
    asked_at: datetime
    words: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What was pressed or typed; `assisted_by` is the clerk's account who typed what the patient said."""

    id: UUID
    question_id: UUID
    kiosk_id: UUID
    answered_at: datetime
    choice: int | None
    words: str
    assisted_by: str | None


@dataclass(frozen=True)
class Asked:
    """A question with its answer, as far as there is one."""

    question: Question
    answer: Answer | None

    @property
    def said(self) -> str:
        """What was answered, in words; empty while nothing was."""
        if self.answer is None:
            return ""
        pressed = "" if self.answer.choice is None else self.question.choices[self.answer.choice]
        return ". ".join(part for part in (pressed, self.answer.words) if part)


class Written(Strict):
    """What the kiosk sends in answer: a choice, words, or both, and the clerk who typed."""

    question: UUID
    choice: Annotated[int, Field(ge=0, lt=MOST_CHOICES)] | None = None
    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_ANSWER)] = ""
    assisted_by: UUID | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Written":
        if self.choice is None and not self.words:
            raise ValueError("no answer")
        return self


def tidied(words: str, choices: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The question and its choices without blank edges and empty lines; raises UnfitQuestion."""
    asked = " ".join(words.split())
    offered = tuple(dict.fromkeys(" ".join(each.split()) for each in choices if each.strip()))
    if not asked or len(asked) > LONGEST_QUESTION:
        raise UnfitQuestion("words")
    if (
        len(offered) == 1
        or len(offered) > MOST_CHOICES
        or any(len(each) > LONGEST_CHOICE for each in offered)
    ):
        raise UnfitQuestion("choices")
    return asked, offered


def fits(question: Question, told: Written) -> bool:
    """Whether this can be an answer to that question."""
    return told.choice is None or told.choice < len(question.choices)
