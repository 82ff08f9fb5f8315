"""The waiting list at work: freed slots are offered one after the other, answered, or pass to the next."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling import wishes
from scheduling.booking import Request
from scheduling.calendar import Slot
from scheduling.errors import NotOffered, SchedulingError, StaleVersion
from scheduling.events import Actor
from scheduling.store import Book
from scheduling.visit_types import CONSULTATION
from scheduling.wishes import FreedSlot, Offer, Wish
from telemed.messages.about import about_offer
from telemed.unit import Unit
from telemed.visits.addressees import addressee
from telemed.visits.booking import types_at_kiosks
from telemed.visits.duty import facility_on_duty
from telemed.visits.lines import channel_for
from telemed.visits.posting import QUIET

JOB = Actor("job", None)
LOOKED_AT_FOR = timedelta(hours=1)
"""For how long a slot that was given back is tried, should offering it fail."""

_DAY = timedelta(days=1)


def hope(
    unit: Unit,
    wish_id: UUID,
    patient_id: UUID,
    site_id: UUID,
    days: int,
    who: Actor,
    visit_type_id: str = CONSULTATION,
) -> None:
    """Put a wish for any doctor's time at this site, from today on, on the list.

    Raises NotOffered for a kind of visit that nobody offers at a kiosk.
    """
    if visit_type_id not in {each.id for each in types_at_kiosks(unit.book, ())}:
        raise NotOffered("nobody offers this kind of visit at a kiosk")
    today = unit.now.astimezone(ZoneInfo(unit.book.site(site_id).time_zone)).date()
    wish = Wish(
        id=wish_id,
        visit_type_id=visit_type_id,
        facility_id=facility_on_duty(unit, visit_type_id),
        site_id=site_id,
        practitioner_id=None,
        earliest=today,
        latest=today + timedelta(days=days),
        entered_at=unit.now,
        status="waiting",
        version=1,
    )
    free = unit.book.free_slots(site_id, wish.facility_id, visit_type_id, today, days + 1, unit.now)
    unit.book.add_wish(patient_id, wish, unit.now, who, {slot.starts_at for slot in free})


def freed(book: Book, now: datetime) -> list[UUID]:
    """The slots given back a short while ago that the waiting list has not looked at yet."""
    return book.freed_slots(now - LOOKED_AT_FOR)


def offer_freed(unit: Unit, freed_id: UUID) -> int:
    """Offer a freed slot to the wish that has waited longest and fits; hold it until the deadline."""
    freed = unit.book.take_freed(freed_id)
    if freed is None:
        return 0
    # When another job has just offered this wish something else, all of this is taken back.
    offered = _offer(unit, freed)
    unit.book.forget_freed(freed_id)
    return int(offered)


def with_news(book: Book, now: datetime) -> list[UUID]:
    """The wishes for which something has become free in whatever way since they were left."""
    return book.wishes_with_news(now, QUIET)


def offer_news(unit: Unit, wish_id: UUID) -> int:
    """Offer a wish the earliest time that has become free since it was left; hold it until the deadline."""
    wish = unit.book.wish(wish_id)
    slot = unit.book.news_for(wish, unit.now, QUIET)
    return 0 if slot is None else int(_hold_for(unit, wish, slot))


def tidy(unit: Unit) -> int:
    """Forget holds that are over, and freed slots that could not be offered."""
    return unit.book.forget_holds(unit.now) + unit.book.forget_freed_before(unit.now - LOOKED_AT_FOR)


def overdue(book: Book, now: datetime) -> list[UUID]:
    """The offers whose deadline has passed."""
    return [offer.id for offer in book.overdue_offers(now)]


def pass_overdue(unit: Unit, offer_id: UUID) -> int:
    """Take back an offer that nobody answered, and leave its slot for the next."""
    offer = unit.book.wish_offer(offer_id)
    if offer.state != "open":
        return 0
    return int(_pass_on(unit, unit.book.wish(offer.wish_id), offer, JOB))


def hollow(book: Book, now: datetime) -> list[UUID]:
    """The offers of what cannot be had any more: the roster changed, the site is closed, the hold is gone."""
    return book.hollow_offers(now)


def withdraw(unit: Unit, offer_id: UUID) -> int:
    """Take back an offer that could not be kept; whoever says yes to it hears so, and hopes on."""
    if offer_id not in unit.book.hollow_offers(unit.now):
        return 0
    offer = unit.book.wish_offer(offer_id)
    unit.book.change_offer(*wishes.withdraw(unit.book.wish(offer.wish_id), offer, unit.now, JOB))
    unit.book.release(offer.hold_id, unit.now)
    return 1


def past(book: Book, now: datetime) -> list[UUID]:
    """The wishes whose last day is over, by the clock of their site."""
    return [
        wish.id
        for wish in book.past_wishes(now.date() + _DAY)
        if wish.latest < now.astimezone(ZoneInfo(book.site(wish.site_id).time_zone)).date()
    ]


def end_past(unit: Unit, wish_id: UUID) -> int:
    """A wish whose last day is over leaves the list."""
    wish = unit.book.wish(wish_id)
    if wish.status != "waiting":
        return 0
    unit.book.change_wish(*wishes.leave(wish, unit.now, JOB, "over"))
    return 1


def accept(unit: Unit, offer_id: UUID) -> bool:
    """The patient said yes: it becomes a booking; False when it was too late or the slot cannot be had."""
    offer = unit.book.wish_offer(offer_id)
    wish = unit.book.wish(offer.wish_id)
    if offer.state == "taken":
        return True
    who = Actor("patient", unit.book.wish_owner(wish.id))
    try:
        with unit.connection.begin_nested():
            unit.book.change_offer(*wishes.take(wish, offer, unit.now, who))
            _book(unit, wish, offer, who)
    except SchedulingError:
        _say_it_is_over(unit, wish, offer)
        return False
    return True


def decline(unit: Unit, offer_id: UUID) -> None:
    """The patient said no: the slot goes to the next, the wish stays on the list."""
    offer = unit.book.wish_offer(offer_id)
    wish = unit.book.wish(offer.wish_id)
    if offer.state == "open":
        _pass_on(unit, wish, offer, Actor("patient", unit.book.wish_owner(wish.id)))


def leave(unit: Unit, wish_id: UUID, who: Actor, why: str = "") -> None:
    """Take a wish off the list; what is held for it goes to the next."""
    wish, offer = unit.book.wish(wish_id), unit.book.open_offer(wish_id)
    if offer is not None:
        _pass_on(unit, wish, offer, who)
        wish = unit.book.wish(wish_id)
    unit.book.change_wish(*wishes.leave(wish, unit.now, who, why))


def _offer(unit: Unit, freed: FreedSlot) -> bool:
    zone = unit.book.site(freed.slot.site_id).time_zone
    hopeful = unit.book.wishes(site_id=freed.slot.site_id)
    wish = wishes.next_for(freed, hopeful, unit.book.offered_before(freed.slot), zone)
    return wish is not None and _hold_for(unit, wish, freed.slot)


def _hold_for(unit: Unit, wish: Wish, slot: Slot) -> bool:
    """Hold a slot for a wish and offer it; False where it cannot be had, or nobody could be asked in time."""
    until = wishes.deadline(slot, unit.now, unit.book.site(slot.site_id).time_zone, QUIET)
    if until is None:
        return False
    try:
        with unit.connection.begin_nested():
            job = Actor("job", wish.id)
            hold = unit.book.hold(slot, wish.visit_type_id, unit.now, job, until - unit.now)
            unit.book.add_offer(*wishes.offer(wish, slot, hold.id, until, unit.now, JOB))
    except StaleVersion:
        raise
    except SchedulingError:
        # Somebody has it already, or it is no longer within hours and roster.
        return False
    return True


def _pass_on(unit: Unit, wish: Wish, offer: Offer, who: Actor) -> bool:
    try:
        unit.book.change_offer(*wishes.pass_on(wish, offer, unit.now, who))
    except StaleVersion:
        # The answer came at the same moment.
        return False
    unit.book.release(offer.hold_id, unit.now)
    unit.book.note_freed(offer.slot, wish.visit_type_id, wish.facility_id, unit.now)
    return True


def _book(unit: Unit, wish: Wish, offer: Offer, who: Actor) -> None:
    channels = unit.book.visit_type(wish.visit_type_id).channels
    zone = ZoneInfo(unit.book.site(offer.site_id).time_zone)
    made = unit.book.book(
        Request(
            patient_id=unit.book.wish_owner(wish.id),
            slot=offer.slot,
            visit_type_id=wish.visit_type_id,
            channel=channel_for(unit, offer.slot, channels, zone),
            key=offer.id,
            hold_id=offer.hold_id,
        ),
        unit.now,
        who,
    )
    # The slip that was given for the wish, whose id is its intake's, is this appointment's from now on.
    unit.records.slips.stands_for(wish.id, made.id)


def _say_it_is_over(unit: Unit, wish: Wish, offer: Offer) -> None:
    to = addressee(unit, about_offer(offer, unit.book.wish_owner(wish.id)), offer.site_id)
    unit.outbox.add_once(to, "offer_over", unit.now)
