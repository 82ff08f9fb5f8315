"""How a call goes, as its two pages tell: kept, shown by site, and remembered of the kiosk's line."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from statistics import fmean, median
from typing import NamedTuple
from uuid import UUID

from scheduling.errors import NotFound, WrongState
from scheduling.lines import NEEDS
from telemed.call_quality import EVERY, KEPT, Call, CallQuality, Look, Side
from telemed.call_seats import session_of
from telemed.records.encounters import Held
from telemed.unit import Unit
from telemed.visits.lines import Measured, take_readings

LATEST = timedelta(minutes=2)
"""For so long after the signature the last looks of a call are still taken."""

READ_EVERY = timedelta(minutes=5)
"""How often a call says something of the kiosk's line."""


class Near(NamedTuple):
    """A doctor whose page is in a call, and by which name the call knows the session."""

    practitioner_id: UUID
    call_session: str


def tell_from_kiosk(unit: Unit, visit_id: UUID, kiosk_id: UUID, page: str, looks: Sequence[Look]) -> int:
    """Keep what the patient's page saw; another kiosk's visit does not exist here."""
    return _tell(unit, visit_id, "patient", page, looks, lambda held: held.kiosk_id == kiosk_id)


def tell_from_clinic(unit: Unit, visit_id: UUID, who: Near, page: str, looks: Sequence[Look]) -> int:
    """Keep what the doctor's page saw; while the patient waits only from whose seat it is."""

    def mine(held: Held) -> bool:
        if held.facility_id != unit.reader.facility_id:
            return False
        if held.practitioner_id is not None:
            return held.practitioner_id == who.practitioner_id
        return session_of(unit.connection, held.room, "practitioner") == who.call_session

    return _tell(unit, visit_id, "practitioner", page, looks, mine)


def said_of_the_line(looks: Sequence[Look]) -> Measured | None:
    """What a stretch of a call says of the kiosk's line; None when nothing was measured in it.

    A call carries what it needs, not what the line could: a rate says something only when it suffices for
    video; a smaller one is not known to be too small.
    """
    trips = [look.rtt_ms for look in looks if look.rtt_ms is not None]
    if not trips:
        return None
    losses = [look.loss_percent for look in looks if look.loss_percent is not None]
    up = max(max(_kbps(look.sent_bytes), look.up_kbps or 0) for look in looks)
    down = max(_kbps(look.received_bytes) for look in looks)
    return Measured(
        at=max(look.at for look in looks),
        up_kbps=_enough(up),
        down_kbps=_enough(down),
        rtt_ms=round(median(trips)),
        loss_percent=round(fmean(losses), 2) if losses else None,
        source="call",
    )


def forget_old(unit: Unit) -> int:
    """Delete the looks that are older than the log is kept."""
    return CallQuality(unit.connection).forget_before(unit.now - KEPT)


def _tell(
    unit: Unit, visit_id: UUID, side: Side, page: str, looks: Sequence[Look], mine: Callable[[Held], bool]
) -> int:
    held = unit.records.encounters.held(visit_id)
    if not mine(held):
        raise NotFound("visit")
    over = held.signed_at is not None and unit.now - held.signed_at > LATEST
    if held.status == "cancelled" or over:
        raise WrongState(f"visit is {held.status}")
    kept = CallQuality(unit.connection).add(Call(visit_id, held.site_id, held.kiosk_id), side, page, looks)
    if kept and side == "patient" and held.kiosk_id is not None:
        _remember(unit, held.kiosk_id, looks)
    return kept


def _remember(unit: Unit, kiosk_id: UUID, looks: Sequence[Look]) -> None:
    said = said_of_the_line(looks)
    last = unit.book.last_reading(kiosk_id)
    if said is not None and (last is None or said.at - last >= READ_EVERY):
        take_readings(unit, kiosk_id, [said])


def _kbps(sent: int) -> int:
    return round(sent * 8 / 1000 / EVERY.total_seconds())


def _enough(kbps: int) -> int | None:
    return kbps if kbps >= NEEDS["video"].kbps else None
