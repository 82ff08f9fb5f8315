"""Whether a slot lies where a visit may be: inside hours, presence and duty, and on the duty's grid."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from scheduling.calendar import Slot, grid_start
from scheduling.errors import NotFound, NotOffered, OffGrid, OutsideHours
from scheduling.hours import Span
from scheduling.openings import SiteCalendar
from scheduling.rosters import PractitionerCalendar
from scheduling.visit_types import LONGEST, VisitType

Obstacle = Literal["not_offered", "closed", "kiosk_away", "off_duty"]
"""What stands in the way of a visit: the type, the site's hours, the kiosk, the practitioner's roster."""


def offered(practitioner: PractitionerCalendar, visit_type_id: str) -> VisitType:
    """The visit type, when this practitioner offers it; raises NotOffered."""
    visit_type = practitioner.visit_types.get(visit_type_id)
    if visit_type is None:
        raise NotOffered("the practitioner does not offer this kind of visit")
    return visit_type


def placing(
    slot: Slot, visit_type: VisitType, practitioner: PractitionerCalendar, site: SiteCalendar
) -> UUID:
    """The facility whose duty a slot falls into; whether somebody has taken it is the store's to know.

    Raises NotOffered, NotFound (a kiosk that is not of this site), OutsideHours or OffGrid.
    """
    if slot.kiosk_id is not None and site.kiosk(slot.kiosk_id) is None:
        raise NotFound("kiosk at this site")
    if not timedelta(0) < slot.ends_at - slot.starts_at <= LONGEST:
        # Or the calendars would be looked through day by day, for as many days as somebody likes to write.
        raise OffGrid("no visit lasts that long")
    obstacle = in_the_way(slot, visit_type, practitioner, site)
    if obstacle == "not_offered":
        raise NotOffered("the practitioner does not offer this kind of visit in this way")
    if obstacle is not None:
        raise OutsideHours("the site is closed or the practitioner does not work then")
    span = Span(slot.starts_at, slot.ends_at)
    right_length = slot.ends_at - slot.starts_at == visit_type.length
    for duty in practitioner.duties(span) if right_length else ():
        if duty.span.contains(span) and grid_start(duty, visit_type, slot.starts_at):
            return duty.facility_id
    raise OffGrid("no visit of this kind begins then or lasts that long")


def in_the_way(
    slot: Slot, visit_type: VisitType, practitioner: PractitionerCalendar, site: SiteCalendar
) -> Obstacle | None:
    """What keeps a visit from taking place then, whether or not it lies on the grid; None for nothing."""
    span = Span(slot.starts_at, slot.ends_at)
    if visit_type.id not in practitioner.visit_types or (visit_type.needs_kiosk and slot.kiosk_id is None):
        return "not_offered"
    if not any(open_span.contains(span) for open_span in site.spans(span, visit_type)):
        return "closed"
    if slot.kiosk_id is not None and not any(
        there.contains(span) for there in site.spans(span, visit_type, slot.kiosk_id)
    ):
        return "kiosk_away"
    if not any(duty.span.contains(span) for duty in practitioner.duties(span)):
        return "off_duty"
    return None
