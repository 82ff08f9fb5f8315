"""The rung by telephone: the service rings the handset at the kiosk and the doctor, and joins both."""

from uuid import UUID

from scheduling.errors import WrongState
from telemed.accounts.phones import Phones
from telemed.messages.bridges import Bridge, Bridges, Who
from telemed.records import encounters
from telemed.records.encounters import Encounter
from telemed.unit import Unit
from telemed.visits.clinic import visit_for


class NoSitePhone(WrongState):
    """Nobody has told the number of the handset at this site."""


class NoDoctorPhone(WrongState):
    """The doctor has not said on which telephone they may be rung."""


def ring(unit: Unit, visit_id: UUID, practitioner_id: UUID, account_id: UUID) -> Bridge:
    """Ask for both telephones to be rung; a second press while they ring rings nothing.

    Raises NoSitePhone, NoDoctorPhone, and WrongState for a visit that is over or another doctor's.
    """
    unit.records.encounters.one_at_a_time(visit_id)
    visit = _own(unit, visit_id, practitioner_id)
    phones = Phones(unit.connection)
    there, own = phones.of_site(visit.site_id), phones.of(account_id)
    if there is None:
        raise NoSitePhone("no telephone at the site")
    if own is None or not own.calls:
        raise NoDoctorPhone("no telephone of the doctor's")
    changed = encounters.step_below(visit, "phone")
    if changed is not visit:
        unit.records.encounters.change(changed)
    numbers: dict[Who, str] = {"doctor": own.phone, "kiosk": there}
    return Bridges(unit.connection).open(visit.id, practitioner_id, numbers, unit.now)


def hang_up(unit: Unit, visit_id: UUID, practitioner_id: UUID) -> None:
    """The doctor ends the call by telephone; the visit goes on."""
    Bridges(unit.connection).end(_own(unit, visit_id, practitioner_id).id, unit.now)


def _own(unit: Unit, visit_id: UUID, practitioner_id: UUID) -> Encounter:
    visit, _ = visit_for(unit, visit_id)
    if visit.practitioner_id != practitioner_id:
        raise WrongState("another doctor has this visit, or nobody yet")
    if visit.status != "in_progress":
        raise WrongState(f"visit is {visit.status}, not in progress")
    return visit


def picked_up(unit: Unit, leg_id: UUID, sid: str, answered_by: str) -> str | None:
    """Somebody has picked up: the conference to join; None when a machine has, or the call is over."""
    bridges = Bridges(unit.connection)
    found = bridges.find(leg_id)
    if found is None:
        return None
    bridge, leg = found
    if answered_by.startswith("machine") or answered_by == "fax":
        bridges.move(leg_id, "failed", unit.now, reason="machine", sid=_new(leg.sid, sid))
        return None
    if not bridge.open or leg.sid not in (None, sid):
        return None
    if leg.state != "joined":
        bridges.move(leg_id, "joined", unit.now, sid=_new(leg.sid, sid))
    return str(bridge.id)


def ended(unit: Unit, leg_id: UUID, sid: str, reason: str | None) -> None:
    """The carrier says that a telephone is down; late, repeated and strangers' reports change nothing.

    Of one nobody talked on the reason says why: `no-answer`, `busy`, ….
    """
    bridges = Bridges(unit.connection)
    found = bridges.find(leg_id)
    if found is None or found[1].sid not in (None, sid):
        return
    talked = found[1].state == "joined"
    told = {"sid": _new(found[1].sid, sid)}
    if talked:
        bridges.move(leg_id, "over", unit.now, **told)
    else:
        bridges.move(leg_id, "failed", unit.now, reason=reason, **told)


def _new(known: str | None, sid: str) -> str | None:
    return sid if known is None and sid else None
