"""Which message about an appointment goes out when: never in quiet hours, never after the start."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from scheduling.booking import Appointment
from scheduling.calendar import instant

Kind = Literal["booked", "moved", "three_days", "day_before", "two_hours", "cancelled"]

BEFORE_START: dict[Kind, timedelta] = {
    "three_days": timedelta(days=3),
    "day_before": timedelta(hours=24),
    "two_hours": timedelta(hours=2),
}
"""The reminders, the earliest first, and how long before the start each goes out."""

_BOOKED_LONG_AHEAD = timedelta(days=5)
"""Only who booked earlier than this is reminded three days before, unless the kind of visit has its own."""


class QuietHours(NamedTuple):
    """The local times of day, over midnight or not, in which nobody is disturbed; the end is allowed."""

    starts: time = time(21)
    ends: time = time(8)

    def covers(self, at: time) -> bool:
        """Whether nobody may be disturbed at this local time."""
        if self.starts <= self.ends:
            return self.starts <= at < self.ends
        return at >= self.starts or at < self.ends


class Planned(NamedTuple):
    """One message and the earliest moment it may go out."""

    kind: Kind
    due_at: datetime


def plan(
    appointment: Appointment,
    now: datetime,
    zone: str,
    quiet: QuietHours,
    wanted: Collection[str] | None = None,
    *,
    moved: bool = False,
) -> list[Planned]:
    """The messages this version of the appointment calls for, seen from the moment it came to be.

    `wanted` are the reminders of its kind of visit; None: those of every visit.
    """
    if appointment.status == "cancelled":
        called_for: list[Planned] = [Planned("cancelled", now)]
    elif appointment.status == "booked":
        chosen = _chosen(appointment.starts_at - now, wanted)
        reminders = [Planned(kind, appointment.starts_at - BEFORE_START[kind]) for kind in chosen]
        news: Kind = "moved" if moved else "booked"
        called_for = [Planned(news, now), *(planned for planned in reminders if planned.due_at >= now)]
    else:
        called_for = []
    allowed = [Planned(planned.kind, out_of_quiet(planned.due_at, zone, quiet)) for planned in called_for]
    return [planned for planned in allowed if planned.due_at < appointment.starts_at]


def may_send(kind: Kind, appointment: Appointment, now: datetime, quiet: QuietHours, zone: str) -> bool:
    """Whether a message that was planned may still go out now: the last look before it is sent."""
    status = "cancelled" if kind == "cancelled" else "booked"
    return (
        appointment.status == status
        and now < appointment.starts_at
        and not quiet.covers(now.astimezone(ZoneInfo(zone)).time())
    )


def due(
    appointment: Appointment, now: datetime, sent: Collection[Kind], quiet: QuietHours, zone: str
) -> list[Kind]:
    """Which messages are due now and were not sent; a later reminder makes an earlier one needless."""
    if appointment.status == "cancelled":
        kinds: list[Kind] = ["cancelled"]
    else:
        late = [kind for kind, lead in BEFORE_START.items() if appointment.starts_at - lead <= now]
        kinds = ["booked", "moved", *late[-1:]]
    return [kind for kind in kinds if kind not in sent and may_send(kind, appointment, now, quiet, zone)]


def _chosen(ahead: timedelta, wanted: Collection[str] | None) -> list[Kind]:
    if wanted is not None:
        return [kind for kind in BEFORE_START if kind in wanted]
    return [kind for kind in BEFORE_START if kind != "three_days" or ahead >= _BOOKED_LONG_AHEAD]


def out_of_quiet(at: datetime, zone: str, quiet: QuietHours) -> datetime:
    """The moment itself, or the end of the quiet hours that it lies in."""
    local = at.astimezone(ZoneInfo(zone))
    if not quiet.covers(local.time()):
        return at
    day = local.date() if local.time() < quiet.ends else local.date() + timedelta(days=1)
    return instant(day, quiet.ends, ZoneInfo(zone))
