"""Nobody has answered a call for help or an alarm: the doctors it asks are paged by SMS."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from scheduling.ids import uuid7
from telemed.accounts.phones import Phones
from telemed.intake.summons import Unseen
from telemed.messages.paging import Page, Pages
from telemed.unit import Unit

PAGED_AFTER = timedelta(seconds=30)
"""For so long a doctor may see it on the screen first."""


def unanswered(unit: Unit, since: timedelta) -> list[Unseen]:
    """The alarms and calls for help that nobody has answered for so long; nobody's record is read."""
    before = unit.now - since
    return [*unit.emergencies.unseen(before), *unit.alarms.unseen(before)]


def promise(unit: Unit) -> int:
    """Promise a page to whoever is asked and has agreed to be paged, each once for one call."""
    return sum(_promise(unit, call) for call in unanswered(unit, PAGED_AFTER) if call.facility_id is not None)


def claim(unit: Unit) -> list[Page]:
    """Take the pages that are due and whose call nobody has answered meanwhile."""
    still_open = {call.id for call in unanswered(unit, timedelta(0))}
    return Pages(unit.connection).claim(still_open, unit.now)


def _promise(unit: Unit, call: Unseen) -> int:
    site, pages = unit.book.site(call.site_id), Pages(unit.connection)
    return sum(
        pages.add_once(
            Page(uuid7(), own.account_id, call.id, own.phone, site.name, site.time_zone, call.raised_at),
            unit.now,
        )
        for own in Phones(unit.connection).to_page(_asked(unit, call))
    )


def _asked(unit: Unit, call: Unseen) -> Collection[UUID]:
    if call.reach != "everybody" and call.asked is not None:
        return (call.asked,)
    return [practitioner_id for practitioner_id, _ in unit.book.on_duty(unit.now, call.facility_id)]
