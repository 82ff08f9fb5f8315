"""Somebody at a kiosk needs help now: the doctor on duty is called, by place and time and no name."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from scheduling.errors import NotFound, StaleVersion
from scheduling.people import Practitioner
from scheduling.places import Kiosk, Site
from scheduling.store import Book
from telemed.intake import summons
from telemed.intake.emergency_calls import EmergencyCall, Why, is_same
from telemed.intake.emergency_store import EmergencyStore
from telemed.unit import Unit
from telemed.visits.duty import facility_on_duty

TOLD_AT_COUNTER = timedelta(hours=1)
"""For how long the counter shows a call that somebody has seen."""

_A_DAY = timedelta(hours=12)
Answer = Literal["doctor", "nobody"]


@dataclass(frozen=True)
class ShownCall:
    """The calls of one kiosk as doctors of the facility on duty, or the clerk of the site, see them.

    `call` is the first of them, `newest` the id of the last, with which all of them are answered.
    """

    call: EmergencyCall
    newest: UUID
    presses: int
    whys: tuple[Why, ...]
    site: Site
    kiosk: Kiosk
    asked: Practitioner | None
    seen_by: Practitioner | None
    for_me: bool


def call_for_help(unit: Unit, call_id: UUID, why: Why, kiosk: Kiosk) -> Answer:
    """Call the doctor on duty to a kiosk; whether there is one.

    The same id, or a second press within a minute, is the same call.
    """
    unit.emergencies.one_at_a_time(kiosk.id)
    known = unit.emergencies.find(call_id)
    if known is not None and known.kiosk_id != kiosk.id:
        raise NotFound("call for help")
    last = known or unit.emergencies.last_of(kiosk.id)
    if last is not None and (last is known or is_same(last, unit.now)):
        return _answer(last)
    return _answer(_raised(unit, call_id, why, kiosk))


def pass_on(unit: Unit, call_id: UUID, patience: timedelta) -> int:
    """Pass on a call that nobody has answered in time."""
    before = unit.emergencies.get(call_id)
    after = summons.pass_on(before, _on_duty(unit, before.facility_id), unit.now, patience)
    if after is before:
        return 0
    try:
        unit.emergencies.change(after)
    except StaleVersion:
        # Somebody has seen it at the same moment.
        return 0
    return 1


def acknowledge(unit: Unit, call_id: UUID, practitioner_id: UUID) -> EmergencyCall:
    """This practitioner of the facility on duty sees to it; who was first stays.

    It answers what the same kiosk called before it, too; what comes later stays open.
    """
    try:
        return _acknowledged(unit, call_id, practitioner_id)
    except StaleVersion:
        # It was passed on, or seen by somebody else, at the same moment.
        return _acknowledged(unit, call_id, practitioner_id)


def open_calls(unit: Unit, facility_id: UUID, practitioner_id: UUID | None) -> tuple[ShownCall, ...]:
    """What nobody of the facility has seen yet: what asks this practitioner first, then the oldest."""
    found = _shown(unit.book, unit.emergencies.open_at(facility_id), practitioner_id)
    return tuple(sorted(found, key=lambda each: (not each.for_me, each.call.raised_at, each.call.id)))


def at_counter(store: EmergencyStore, book: Book, site_id: UUID, now: datetime) -> tuple[ShownCall, ...]:
    """What the clerk is to know: calls of this day that nobody has seen, and those of the last hour."""
    found = store.at_site(site_id, now - _A_DAY)
    fresh = [each for each in found if each.open or each.raised_at > now - TOLD_AT_COUNTER]
    return tuple(reversed(_shown(book, fresh, None)))


def _raised(unit: Unit, call_id: UUID, why: Why, kiosk: Kiosk) -> EmergencyCall:
    try:
        facility_id = facility_on_duty(unit)
    except NotFound:
        facility_id = None
    reach, asked = summons.first_asked(_on_duty(unit, facility_id))
    raised = EmergencyCall(
        id=call_id,
        kiosk_id=kiosk.id,
        site_id=kiosk.site_id,
        facility_id=facility_id,
        why=why,
        raised_at=unit.now,
        reach=reach,
        asked=asked,
        asked_at=unit.now,
    )
    unit.emergencies.add(raised)
    return raised


def _answer(call: EmergencyCall) -> Answer:
    # The first answer stands: it was somebody on duty, or nobody.
    return "doctor" if call.reach != "everybody" or call.escalations or not call.open else "nobody"


def _on_duty(unit: Unit, facility_id: UUID | None) -> Collection[UUID]:
    if facility_id is None:
        return ()
    return [practitioner_id for practitioner_id, _ in unit.book.on_duty(unit.now, facility_id)]


def _acknowledged(unit: Unit, call_id: UUID, practitioner_id: UUID) -> EmergencyCall:
    call = unit.emergencies.get(call_id)
    if call.facility_id is None or call.facility_id != unit.reader.facility_id:
        # To anybody else there is no such call.
        raise NotFound("call for help")
    seen = summons.acknowledge(call, practitioner_id, unit.now)
    for each in (call, *_before(unit, call)):
        after = summons.acknowledge(each, practitioner_id, unit.now)
        if after is not each:
            unit.emergencies.change(after)
    return seen


def _before(unit: Unit, call: EmergencyCall) -> list[EmergencyCall]:
    """What the same kiosk has called before, and nobody has seen."""
    assert call.facility_id is not None
    there = (each for each in unit.emergencies.open_at(call.facility_id) if each.kiosk_id == call.kiosk_id)
    return [each for each in there if (each.raised_at, each.id) < (call.raised_at, call.id)]


def _shown(book: Book, calls: Collection[EmergencyCall], practitioner_id: UUID | None) -> list[ShownCall]:
    """Calls of one kiosk as one, as long as the same is true of them; `calls` come oldest first."""
    together: dict[tuple[UUID, datetime | None], list[EmergencyCall]] = {}
    for each in calls:
        together.setdefault((each.kiosk_id, each.acknowledged_at), []).append(each)
    named = {each for call in calls for each in (call.asked, call.acknowledged_by) if each is not None}
    doctors = book.practitioners_of(named) if named else {}
    sites = book.sites_of(call.site_id for call in calls) if calls else {}
    return [
        ShownCall(
            call=(call := each[0]),
            newest=each[-1].id,
            presses=len(each),
            whys=tuple(dict.fromkeys(one.why for one in each)),
            site=sites[call.site_id],
            kiosk=book.kiosk(call.kiosk_id),
            asked=doctors.get(call.asked) if call.asked else None,
            seen_by=doctors.get(call.acknowledged_by) if call.acknowledged_by else None,
            for_me=practitioner_id is not None and any(one.asked == practitioner_id for one in each),
        )
        for each in together.values()
    ]
