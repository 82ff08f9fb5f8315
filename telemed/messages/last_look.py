"""The last look at what a message is about before it is sent."""

from datetime import datetime
from typing import NamedTuple

from scheduling import reminders
from scheduling.booking import Appointment
from scheduling.reminders import QuietHours, out_of_quiet
from scheduling.waiting import Ticket
from scheduling.wishes import Offer


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
    allowed = out_of_quiet(now, time_zone, quiet)
    if allowed != now:
        return Verdict(postponed_to=allowed)
    wanted = reminders.due(appointment, now, (), quiet, time_zone)
    # An answer to an answer is wanted as long as the appointment itself stands.
    rule = kind if kind in (*reminders.BEFORE_START, "cancelled") else "booked"
    return Verdict(withdrawn=rule not in wanted)


def look_at_call(entry: Ticket, time_zone: str, now: datetime, quiet: QuietHours) -> Verdict:
    """Decide on asking somebody to come now: they may have come, left or been seen since."""
    if entry.status != "waiting" or not entry.at_home or entry.called_at is None:
        return Verdict(withdrawn=True)
    return _loud(now, time_zone, quiet)


def look_at_offer(kind: str, offer: Offer, time_zone: str, now: datetime, quiet: QuietHours) -> Verdict:
    """Decide on offering a freed slot, or on saying that it has gone to the next."""
    over = offer.state != "open" or now >= offer.expires_at
    if kind == "offer_over":
        return Verdict(withdrawn=True) if now >= offer.starts_at else _loud(now, time_zone, quiet)
    return Verdict(withdrawn=True) if over else _loud(now, time_zone, quiet)


def look_at_news(until: datetime, time_zone: str, now: datetime, quiet: QuietHours) -> Verdict:
    """Decide on what is only told, and is no news any more after a while."""
    return Verdict(withdrawn=True) if now >= until else _loud(now, time_zone, quiet)


def _loud(now: datetime, time_zone: str, quiet: QuietHours) -> Verdict:
    allowed = out_of_quiet(now, time_zone, quiet)
    return Verdict() if allowed == now else Verdict(postponed_to=allowed)
