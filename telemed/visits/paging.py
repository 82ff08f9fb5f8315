"""Nobody has answered a call for help, an alarm or a patient's words: the doctors asked are paged by SMS."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from scheduling.ids import uuid7
from telemed.accounts.phones import Phones
from telemed.intake.summons import Unseen
from telemed.messages.paging import Page, Pages
from telemed.unit import Unit
from telemed.visits import owed

PAGED_AFTER = timedelta(seconds=30)
"""For so long a doctor may see it on the screen first."""


def unanswered(unit: Unit, since: timedelta) -> list[Unseen]:
    """The alarms and calls for help that nobody has answered for so long; nobody's record is read."""
    before, now = unit.now - since, unit.now
    return [*unit.emergencies.unseen(before, now), *unit.alarms.unseen(before, now)]


def promise(unit: Unit) -> int:
    """Promise a page to whoever is asked and has agreed to be paged, each once for one call."""
    return sum(_promise(unit, call) for call in unanswered(unit, PAGED_AFTER) if call.facility_id is not None)


def claim(unit: Unit) -> list[Page]:
    """Take the pages that are due and whose call nobody has answered meanwhile."""
    calls = {call.id: call.raised_at for call in unanswered(unit, timedelta(0))}
    still_open = {**calls, **owed.told_since(unit.connection, unit.now)}
    return Pages(unit.connection).claim(still_open, unit.now)


def page(unit: Unit, about_id: UUID, site_id: UUID, since: datetime, practitioner_ids: Iterable[UUID]) -> int:
    """Promise a page to these practitioners, as far as they have agreed; about one thing once each."""
    site, pages = unit.book.site(site_id), Pages(unit.connection)
    return sum(
        pages.add_once(
            Page(uuid7(), own.account_id, about_id, own.phone, site.name, site.time_zone, since), unit.now
        )
        for own in Phones(unit.connection).to_page(practitioner_ids)
    )


def _promise(unit: Unit, call: Unseen) -> int:
    return page(unit, call.id, call.site_id, call.raised_at, _asked(unit, call))


def _asked(unit: Unit, call: Unseen) -> Collection[UUID]:
    if call.reach != "everybody" and call.asked is not None:
        return (call.asked,)
    return [practitioner_id for practitioner_id, _ in unit.book.on_duty(unit.now, call.facility_id)]
