"""The last look at an appointment before a message about it is sent."""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduling import reminders
from scheduling.booking import Appointment
from scheduling.calendar import instant
from scheduling.reminders import QuietHours


class Verdict(NamedTuple):
    """Send it now, later, or not at all."""

    withdrawn: bool = False
    postponed_to: datetime | None = None


def look(
    kind: str, starts_at: datetime, time_zone: str, appointment: Appointment, now: datetime, quiet: QuietHours
) -> Verdict:
    """Decide on one due message: its appointment may have been moved, cancelled or begun since."""
    if appointment.starts_at != starts_at:
        return Verdict(withdrawn=True)
    local = now.astimezone(ZoneInfo(time_zone))
    if quiet.covers(local.time()):
        return Verdict(postponed_to=_end_of(quiet, local))
    wanted = reminders.due(appointment, now, (), quiet, time_zone)
    # An answer to an answer is wanted as long as the appointment itself stands.
    rule = kind if kind in ("booked", "day_before", "two_hours", "cancelled") else "booked"
    return Verdict(withdrawn=rule not in wanted)


def _end_of(quiet: QuietHours, local: datetime) -> datetime:
    day = local.date() if local.time() < quiet.ends else local.date() + timedelta(days=1)
    return instant(day, quiet.ends, ZoneInfo(str(local.tzinfo)))
