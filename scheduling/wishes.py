"""The waiting list: a wish for a time in some days, and the freed slots offered to it one at a time."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.calendar import Slot
from scheduling.errors import TooLate, WrongState
from scheduling.events import Actor, Event, Kind
from scheduling.ids import uuid7
from scheduling.reminders import QuietHours, out_of_quiet

Status = Literal["waiting", "offered", "booked", "left"]
State = Literal["open", "taken", "declined", "lapsed"]

OPEN: frozenset[Status] = frozenset({"waiting", "offered"})
"""The statuses in which a wish still hopes."""

ANSWER_WITHIN = timedelta(hours=2)
"""How long an offer stands; hours in which nobody is disturbed do not count."""

TRAVEL = timedelta(hours=1)
"""How much before the slot an answer is needed, so that there is time to come."""

SHORTEST = timedelta(minutes=20)
"""An offer that could stand no longer than this is not made."""

MOST_OFFERS_A_DAY = 3
"""The most free times one wish is offered within a day, besides what somebody gives back."""

_DAY = timedelta(days=1)

MOST_DAYS = 60
"""The most days a wish may stretch over."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish for a visit of a type at a site, on any of these days, with anybody or with one practitioner.

    Whose it is stays apart (`Book.wish_owner`), so that matching slots and wishes reads nobody's data.
    """

    id: UUID
    visit_type_id: str
    facility_id: UUID
    site_id: UUID
    practitioner_id: UUID | None
    earliest: date
    latest: date
    entered_at: datetime
    status: Status
    version: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A freed slot, held for one wish until a deadline."""

    id: UUID
    wish_id: UUID
    hold_id: UUID
    practitioner_id: UUID
    kiosk_id: UUID | None
    site_id: UUID
    starts_at: datetime
    ends_at: datetime
    offered_at: datetime
    expires_at: datetime
    state: State

    @property
    def slot(self) -> Slot:
        """The slot that is offered."""
        return Slot(self.practitioner_id, self.kiosk_id, self.site_id, self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class FreedSlot:
    """A time that was given back, as the waiting list finds it."""

    id: UUID
    visit_type_id: str
    facility_id: UUID
    slot: Slot


@dataclass(frozen=True, slots=True)
class Known:
    """What a wish knows of already: which times were free when it was left, and what it was offered since.

    `offered` holds practitioner, start and when it was offered.
    """

    free_then: Collection[datetime]
    offered: Collection[tuple[UUID, datetime, datetime]] = ()


Change = tuple[Wish, Event]
_Pool = TypeVar("_Pool")


def enter(wish: Wish, now: datetime, who: Actor) -> Event:
    """The patient leaves a wish; ValueError for days that make no sense."""
    if not timedelta(0) <= wish.latest - wish.earliest < timedelta(days=MOST_DAYS):
        raise ValueError(f"a wish stretches over 1 to {MOST_DAYS} days")
    return _event("wish.entered", wish, now, who, "")


def fits(wish: Wish, freed: FreedSlot, zone: str) -> bool:
    """Whether this slot, on the site's local day, is what was wished for."""
    return (
        wish.visit_type_id == freed.visit_type_id
        and wish.facility_id == freed.facility_id
        and _wants(wish, freed.slot, zone)
    )


def next_for(freed: FreedSlot, wishes: Iterable[Wish], had: Collection[UUID], zone: str) -> Wish | None:
    """The wish that has waited longest and fits; `had` are those who were offered this slot before."""
    fitting = [wish for wish in wishes if wish.id not in had and fits(wish, freed, zone)]
    return min(fitting, key=lambda wish: (wish.entered_at, wish.id), default=None)


def news(
    wish: Wish, known: Known, free: Iterable[Slot], now: datetime, zone: str, quiet: QuietHours
) -> Slot | None:
    """The earliest of these free slots, all of its type and facility, that is new to a wish.

    Whoever left the wish saw what was free then and wanted something else; and who is asked again and
    again stops to read, so nobody gets more than so many offers within a day.
    """
    if sum(at > now - _DAY for _, _, at in known.offered) >= MOST_OFFERS_A_DAY:
        return None
    had = {(practitioner_id, starts_at) for practitioner_id, starts_at, _ in known.offered}
    new = (
        slot
        for slot in free
        if slot.starts_at not in known.free_then
        and (slot.practitioner_id, slot.starts_at) not in had
        and _wants(wish, slot, zone)
        and deadline(slot, now, zone, quiet) is not None
    )
    return min(new, key=lambda slot: (slot.starts_at, slot.practitioner_id), default=None)


def whose_turn(pools: Sequence[_Pool], now: datetime, most: int) -> Sequence[_Pool]:
    """Those to look at in this minute: all of them, or so many of them round and round."""
    if len(pools) <= most:
        return pools
    begin = int(now.timestamp() // 60) * most % len(pools)
    return [*pools[begin:], *pools[:begin]][:most]


def deadline(slot: Slot, now: datetime, zone: str, quiet: QuietHours) -> datetime | None:
    """Until when an offer made now stands; None when there is no time left to ask anybody."""
    asked_at = out_of_quiet(now, zone, quiet)
    until = min(asked_at + ANSWER_WITHIN, slot.starts_at - TRAVEL)
    return until if until - asked_at >= SHORTEST else None


def offer(
    wish: Wish, slot: Slot, hold_id: UUID, expires_at: datetime, now: datetime, who: Actor
) -> tuple[Wish, Offer, Event]:
    """Offer a slot that is held for this wish."""
    if wish.status != "waiting":
        raise WrongState(f"the wish is {wish.status}")
    made = Offer(
        id=uuid7(),
        wish_id=wish.id,
        hold_id=hold_id,
        practitioner_id=slot.practitioner_id,
        kiosk_id=slot.kiosk_id,
        site_id=slot.site_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        offered_at=now,
        expires_at=expires_at,
        state="open",
    )
    changed, event = _next(wish, "wish.offered", "offered", now, who, "")
    return changed, made, event


def take(wish: Wish, made: Offer, now: datetime, who: Actor) -> tuple[Wish, Offer, Event]:
    """The patient says yes; the deadline itself is already too late."""
    _require_open(made)
    if now >= made.expires_at:
        raise TooLate("the offer has passed to the next")
    changed, event = _next(wish, "wish.booked", "booked", now, who, "")
    return changed, replace(made, state="taken"), event


def pass_on(wish: Wish, made: Offer, now: datetime, who: Actor) -> tuple[Wish, Offer, Event]:
    """The patient says no, or the deadline has passed: the wish waits for another slot."""
    _require_open(made)
    state: State = "lapsed" if now >= made.expires_at else "declined"
    changed, event = _next(wish, "wish.passed", "waiting", now, who, state)
    return changed, replace(made, state=state), event


def withdraw(wish: Wish, made: Offer, now: datetime, who: Actor) -> tuple[Wish, Offer, Event]:
    """What was offered cannot be had any more: the wish waits for another slot, and a yes comes too late."""
    _require_open(made)
    changed, event = _next(wish, "wish.passed", "waiting", now, who, "withdrawn")
    return changed, replace(made, state="lapsed"), event


def leave(wish: Wish, now: datetime, who: Actor, why: str = "") -> Change:
    """The patient, or somebody for them, takes the wish back; or its last day is over."""
    if wish.status not in OPEN:
        raise WrongState(f"the wish is {wish.status}")
    return _next(wish, "wish.left", "left", now, who, why)


def _wants(wish: Wish, slot: Slot, zone: str) -> bool:
    return (
        wish.status == "waiting"
        and wish.site_id == slot.site_id
        and wish.practitioner_id in (None, slot.practitioner_id)
        and wish.earliest <= slot.starts_at.astimezone(ZoneInfo(zone)).date() <= wish.latest
    )


def _require_open(made: Offer) -> None:
    if made.state != "open":
        raise WrongState(f"the offer is {made.state}")


def _next(wish: Wish, kind: Kind, status: Status, now: datetime, who: Actor, why: str) -> Change:
    changed = replace(wish, status=status, version=wish.version + 1)
    return changed, _event(kind, changed, now, who, why)


def _event(kind: Kind, wish: Wish, now: datetime, who: Actor, why: str) -> Event:
    return Event(uuid7(), now, kind, wish.id, wish.version, who, why)
