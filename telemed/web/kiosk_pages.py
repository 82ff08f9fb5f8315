"""What the kiosk's pages show: a question and its words, for everybody alike or with given answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from flask import render_template

from telemed.intake.evaluator import Problem
from telemed.intake.steps.form import DEVICE, GIVEN, Field, Step
from telemed.intake.steps.journey import STEPS
from telemed.intake.steps.problems import PROBLEMS, possible
from telemed.records.slip_codes import ALPHABET
from telemed.services import Services


class Keys(NamedTuple):
    """The keys shown beside a question; ``marks`` are typed after a letter."""

    name: str
    keys: Sequence[str]
    marks: tuple[tuple[str, str], ...] = ()


class Part(NamedTuple):
    """A piece of an answer on the review page: a button's words, the place for what was typed, or a unit."""

    text: str
    value: str | None = None
    field: str | None = None
    hidden: bool = False
    unit: str | None = None


class Row(NamedTuple):
    """One line of the review page."""

    step: Step
    label: str
    parts: tuple[Part, ...]
    hidden: bool


@dataclass(frozen=True)
class Shown:
    """What a page is filled with; without ``whole`` it is the part that is the same for everybody."""

    whole: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    found: Sequence[Problem] = ()
    told: Sequence[str] = ()
    back: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


EMPTY = Shown()


class Pages:
    """Renders steps and the few other pages of the kiosk in one language."""

    def __init__(self, services: Services, language: str) -> None:
        self._texts = services.texts
        self._country = services.country
        self._language = language
        self._longest_rest = services.settings.demo_rest_seconds if services.settings.demo else None

    def step(self, key: str, shown: Shown = EMPTY) -> str:
        """Render a question."""
        step = STEPS[key]
        if step.kind == "review":
            return self._render("review.html", step.title, shown, step=step, rows=self._rows(shown))
        problems = tuple(Problem(*pair) for pair in possible(step)) if not shown.whole else tuple(shown.found)
        return self._render(
            "step.html",
            self._say(step, step.title),
            shown,
            step=step,
            say=lambda message, **values: self._say(step, message, **values),
            answers=shown.answers,
            found=shown.found,
            wrong={problem.field for problem in shown.found},
            problems_here=problems,
            words_of=lambda problem: self._words_of(step, problem),
            keyboard=self._keyboard(step),
            seconds_of=self._seconds,
            for_clerk=self._for_clerk(step),
        )

    def other(self, name: str, title: str, shown: Shown = EMPTY) -> str:
        """Render a page that asks nothing."""
        return self._render(name, self._translate(title), shown)

    def _render(self, inside: str, heading: str, shown: Shown, **values: Any) -> str:
        page = "kiosk/page.html" if shown.whole else f"kiosk/{inside}"
        common = {
            "whole": shown.whole,
            "inside": inside,
            "heading": heading,
            "back": shown.back,
        }
        return render_template(page, **{**common, **values, **shown.more})

    def _translate(self, message: str, context: str | None = None, **values: object) -> str:
        return self._texts.translate(self._language, message, context, **values)

    def _say(self, step: Step, message: str, **values: object) -> str:
        return self._translate(message, step.context or None, **values)

    def _for_clerk(self, step: Step) -> tuple[str, str] | None:
        """Language and words for the clerk to read, where the patient's own would not be understood."""
        home, number = self._country.languages[0], self._country.emergency_number
        if step.key != "emergency" or home == self._language:
            return None
        return home, self._texts.translate(
            home, "This person needs help now. Please ring {number}.", "emergency", number=number
        )

    def _seconds(self, step: Step) -> int:
        """How long a step takes; a demo does not let its visitors sit for five minutes, and says so."""
        return step.seconds if self._longest_rest is None else min(step.seconds, self._longest_rest)

    def _words_of(self, step: Step, problem: Problem) -> str:
        asked = next((field for field in step.fields if field.name == problem.field), None)
        words = self._translate(PROBLEMS[problem.code], None, **self._ends(asked, problem.code))
        return f"{self._translate(asked.label)}: {words}" if asked and len(step.fields) > 1 else words

    def _ends(self, asked: Field | None, code: str) -> dict[str, object]:
        if asked is None:
            return {}
        if asked.other is None or not code.endswith(("_other", "_unit")):
            return {"low": asked.low, "high": asked.high}
        unit = self._translate(asked.other.name)
        ends = asked.other if code.endswith("_other") else asked
        return {"low": ends.low, "high": ends.high, "unit": unit}

    def _keyboard(self, step: Step) -> Keys | None:
        kinds = {field.kind for field in step.fields}
        if "text" in kinds:
            spoken = self._texts.languages[self._language]
            return Keys("letters", spoken.keys, spoken.marks)
        if "code" in kinds:
            return Keys("code", ALPHABET)
        if not kinds:
            return None
        decimals = any(field.decimals or (field.other and field.other.decimals) for field in step.fields)
        return Keys("digits", "1234567890" + ("," if decimals else ""))

    def _rows(self, shown: Shown) -> list[Row]:
        return [
            Row(
                step,
                self._translate(step.review),
                self._parts(step, shown),
                shown.whole and step.key not in shown.told,
            )
            for step in STEPS.values()
            if step.review
        ]

    def _parts(self, step: Step, shown: Shown) -> tuple[Part, ...]:
        pressed = shown.answers.get(step.key)
        parts = [
            Part(self._say(step, choice.text), choice.value, hidden=pressed != choice.value)
            for choice in step.choices
        ]
        away = pressed not in (GIVEN, DEVICE)
        for number, asked in enumerate(step.fields):
            if number and asked.unit:
                parts.append(Part("/", GIVEN, hidden=away))
            parts.append(Part(shown.answers.get(asked.name, ""), GIVEN, asked.name, away))
        chosen = shown.answers.get(f"{step.key}_unit", "") if pressed == GIVEN else ""
        for unit, words in _units(step):
            parts.append(Part(self._translate(words), GIVEN, hidden=away or unit != chosen, unit=unit))
        if step.kind == "slots":
            parts.append(Part(str(shown.more.get("slot_words", "")), field="slot_words"))
        return tuple(parts)


def _units(step: Step) -> list[tuple[str, str]]:
    """The units in which an answer may stand: the kept one under no name, another under its own."""
    last = step.fields[-1] if step.fields else None
    if last is None or not last.unit:
        return []
    return [("", last.unit), *([(last.other.ucum, last.other.name)] if last.other else [])]


def today_here(services: Services) -> date:
    """Return the domain's date, by which birth dates are judged."""
    return services.clock.now().date()
