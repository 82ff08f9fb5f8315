"""The whole journey: every step by its key, and where it begins and ends."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from telemed.intake.limits import Limits
from telemed.intake.steps import (
    agreements,
    beginning,
    complaint,
    contacts,
    identity,
    measurements,
    meeting,
    symptoms,
)
from telemed.intake.steps.form import Step, as_data
from telemed.intake.vitals import CODED, VITALS

FIRST = "welcome"
LAST = "review"


def _keys(steps: Iterable[Step]) -> tuple[str, ...]:
    return tuple(step.key for step in steps)


STEPS: Mapping[str, Step] = {
    step.key: step
    for chapter in (beginning, identity, agreements, contacts, complaint, measurements, meeting)
    for step in chapter.STEPS
}


BOOKED = "booked"
TOGETHER: Mapping[str, tuple[str, ...]] = {
    # Fetched beside the first question, so that the second one is there at once.
    beginning.EMERGENCY.key: (beginning.DANGER.key,),
    identity.STEPS[0].key: (*_keys(identity.STEPS[1:]), agreements.NOTICE.key),
    contacts.STEPS[0].key: (*_keys(contacts.STEPS[1:]), agreements.SHARE.key),
    # Which of these are asked says what is wrong: no request may tell.
    complaint.COMPLAINT.key: (*_keys(symptoms.STEPS), complaint.WORDS.key, measurements.MEASURE.key),
    **measurements.TOGETHER,
    meeting.TYPE.key: (meeting.SLOT.key,),
    LAST: (BOOKED,),
}
"""Pages that a page brings along: fetched one by one, they would cost a village's line more."""


def as_rules(again: Limits) -> dict[str, Any]:
    """Return the rules of the whole journey as JSON for the browser; no texts, nothing personal.

    ``again`` are the limits beyond which something is measured a second time. The steps stand in the order
    of the journey, as each says only where it goes unless that is to the next.
    """
    following = [*list(STEPS)[1:], ""]
    return {
        "first": FIRST,
        "last": LAST,
        "symptoms": list(symptoms.ANSWERS),
        "steps": [as_data(step, after) for step, after in zip(STEPS.values(), following, strict=True)],
        "again": {code: [_float(limit.low), _float(limit.high)] for code, limit in again.items()},
        "usual": {code: next(iter(coded.answers)) for code, coded in CODED.items()},
        "decimals": {code: vital.decimals for code, vital in VITALS.items()},
    }


def _float(end: Decimal | None) -> float | None:
    return None if end is None else float(end)
