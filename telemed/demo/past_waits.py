"""How long people waited before the demo begins, so that the estimate has something to learn from."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from scheduling import waiting
from scheduling.booking import Appointment
from scheduling.events import Event
from scheduling.tokens import token
from telemed.demo.diary import DESK
from telemed.demo.places import new_id

_MINUTE = timedelta(minutes=1)
# By then whoever came has surely been seen.
_WHILE = timedelta(hours=3)


@dataclass(frozen=True)
class PastWaits:
    """Rows of the queue as it was, and what happened in it."""

    entries: tuple[dict[str, Any], ...]
    events: tuple[Event, ...]


def past_waits(appointments: Iterable[Appointment], now: datetime, rng: Random) -> PastWaits:
    """A place in the queue for every visit of earlier days, and what would have been forecast for it."""
    entries: list[dict[str, Any]] = []
    events: list[Event] = []
    earlier = (each for each in appointments if each.status == "fulfilled" and each.ends_at < now - _WHILE)
    for number, each in enumerate(earlier):
        if each.kiosk_id is None:
            continue
        row, happened = _waited(each, each.kiosk_id, token(number % 60 + 1), rng)
        entries.append(row)
        events += happened
    return PastWaits(tuple(entries), tuple(events))


def _waited(
    seen: Appointment, kiosk_id: UUID, called: str, rng: Random
) -> tuple[dict[str, Any], list[Event]]:
    came = seen.starts_at - rng.randrange(2, 20) * _MINUTE
    usual = rng.choice((6.0, 12.0, 20.0, 28.0))
    waited = max(0.5, rng.gauss(usual, 0.4 * usual))
    length = max(4.0, rng.lognormvariate(2.6, 0.45))
    entry, entered = waiting.enter(
        seen.patient_id,
        seen.facility_id,
        seen.site_id,
        kiosk_id,
        seen.id,
        False,
        came,
        DESK,
        visit_type_id=seen.visit_type_id,
        token=called,
        appointment_at=seen.starts_at,
    )
    entry = replace(entry, id=new_id(rng))
    admitted_at = entry.since + waited * _MINUTE
    taken_in, admitted = waiting.admit(entry, seen.practitioner_id, admitted_at, DESK)
    gone, done = waiting.finish(taken_in, admitted_at + length * _MINUTE, DESK)
    row = {**asdict(gone), "forecast_low": 0.5 * usual, "forecast_high": 1.5 * usual}
    happened = [replace(each, id=new_id(rng), subject_id=entry.id) for each in (entered, admitted, done)]
    return row, happened
