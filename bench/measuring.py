"""What measuring takes of the clerk's time: a key-and-tap model over the questions as data."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from bench.figure import Figure
from telemed.countries.bg import BULGARIA
from telemed.intake.evaluator import path
from telemed.intake.limits import PROPOSAL
from telemed.intake.steps.form import DEVICE, GIVEN, Step
from telemed.intake.steps.journey import STEPS
from telemed.intake.steps.measurements import STEPS as MEASURING

GOAL_SECONDS = 90.0
# Card, Moran, Newell 1980 (keystroke-level model): think 1.35 s; a key on a screen 0.28 s with a finger,
# pointing 1.1 s; old hands and a public counter take half as long again, so all three are rounded up.
READ, TOUCH, KEY = 2.0, 1.5, 0.6
# What the clerk does beside the screen: put on and take off. From watching nobody yet: the authors' guess.
HANDLING = {
    "pressure": 12.0,
    "oxygen": 5.0,
    "temperature": 8.0,
    "weight": 6.0,
    "glucose": 25.0,
    "height": 10.0,
}
TODAY = date(2026, 11, 24)
TYPED = {
    "systolic": "138",
    "diastolic": "84",
    "pulse": "72",
    "oxygen": "97",
    "temperature": "36.6",
    "breathing": "16",
    "weight": "70.5",
    "height": "165",
    "glucose": "5.6",
}
ANSWERS = {"measure": "yes", "more": "yes"}
# A returning patient's height is known; blood sugar is for those who are asked for it.
RETURNING = {"height_reading": "not_measured", "glucose_reading": "not_measured"}


class Cost(NamedTuple):
    """Seconds of one page: with the screen, and with the device in the hands."""

    key: str
    screen: float
    hands: float


def walk(by_device: bool, chosen: dict[str, str] | None = None) -> list[Cost]:
    """Go through measuring as the rules lead and say what each page costs."""
    pages = {step.key for step in MEASURING}
    told = {**_before(), **ANSWERS}
    costs = [Cost("measure", READ + TOUCH, 0.0), Cost("more", READ + TOUCH, 0.0)]
    while (stop := path(told, BULGARIA, TODAY, PROPOSAL).stop) in pages:
        step = STEPS[stop]
        told |= _answer(step, told, by_device, chosen or {})
        costs.append(_cost(step, told))
    return costs


def figures() -> Iterator[Figure]:
    """Clerk time with devices and typed, and how many touches it is; resting and counting need no hand."""
    for words, by_device in (("with devices", True), ("typed", False)):
        costs = walk(by_device, RETURNING)
        screen, hands = sum(each.screen for each in costs), sum(each.hands for each in costs)
        goal = GOAL_SECONDS if by_device else None
        yield Figure(f"measuring, a returning patient, {words}: clerk", screen + hands, "s", goal)
        yield Figure(f"measuring, a returning patient, {words}: of it at the screen", screen, "s")
        everything = walk(by_device)
        yield Figure(f"measuring, everything, {words}: clerk", sum(sum(each[1:]) for each in everything), "s")


def _before() -> dict[str, str]:
    """The answers before measuring, any that are allowed: they are not part of this figure."""
    told = {
        "full_name": "А Б",
        "born_day": "7",
        "born_month": "3",
        "born_year": "1944",
        "mobile": "0888123456",
    }
    told |= {"number": "none", "welcome": "visit", "sms": "none", "complaint": "medicine", "language": "bg"}
    while (stop := path(told, BULGARIA, TODAY, PROPOSAL).stop) != "measure":
        offered = [choice.value for choice in STEPS[stop].choices]
        told[stop] = next((value for value in ("no", "none", "unknown") if value in offered), GIVEN)
        if told[stop] == GIVEN and not STEPS[stop].fields and STEPS[stop].kind != "notice":
            told[stop] = offered[0]
    return told


def _answer(step: Step, before: dict[str, str], by_device: bool, chosen: dict[str, str]) -> dict[str, str]:
    usual = GIVEN if step.fields or step.kind == "rest" else step.choices[0].value
    pressed = chosen.get(step.key) or ANSWERS.get(step.key) or usual
    if pressed == GIVEN and by_device and step.measuring.device:
        pressed = DEVICE
    told = {step.key: pressed}
    told |= {field.name: TYPED[field.measures] for field in step.fields if field.measures}
    told |= {field.name: TYPED[field.measures] for field in step.measuring.sent}
    told |= {repeated: before[first] for repeated, first in step.rules.same}
    return {**told, f"{step.key}_raw": "00"} if pressed == DEVICE else told


def _cost(step: Step, told: dict[str, str]) -> Cost:
    pressed = told[step.key]
    if step.kind == "rest":
        # The clock goes by itself; one touch goes on.
        return Cost(step.key, TOUCH, 0.0)
    keys = sum(len(told[field.name]) for field in step.fields) if pressed == GIVEN else 0
    if step.kind == "count":
        # The patient or somebody beside them touches for a minute; the clerk only says what to do.
        return Cost(step.key, READ + TOUCH, 0.0)
    kind = step.measuring.device or step.key.removesuffix("_reading")
    worn = step.key in ("pressure_2", "pressure_3") or pressed not in (GIVEN, DEVICE)
    hands = HANDLING[kind] if step.kind == "reading" and kind in HANDLING and not worn else 0.0
    return Cost(step.key, READ + keys * KEY + TOUCH, hands)
