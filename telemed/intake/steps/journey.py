"""The whole journey: every step by its key, and where it begins and ends."""

from collections.abc import Mapping
from typing import Any

from telemed.intake.steps import agreements, beginning, complaint, contacts, identity, measurements, meeting
from telemed.intake.steps.form import Step, as_data

FIRST = "welcome"
LAST = "review"

STEPS: Mapping[str, Step] = {
    step.key: step
    for chapter in (beginning, identity, agreements, contacts, complaint, measurements, meeting)
    for step in chapter.STEPS
}


TOGETHER: Mapping[str, tuple[str, ...]] = {
    contacts.STEPS[0].key: tuple(step.key for step in contacts.STEPS[1:]),
    measurements.PRESSURE.key: tuple(step.key for step in measurements.STEPS[2:]),
}
"""Questions that a page brings along: fetched one by one, they would cost a village's line more."""


def as_rules() -> dict[str, Any]:
    """Return the rules of the whole journey as JSON for the browser; no texts, nothing personal."""
    return {"first": FIRST, "last": LAST, "steps": {key: as_data(step) for key, step in STEPS.items()}}
