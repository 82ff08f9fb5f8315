"""Which facility takes a patient who comes without an appointment."""

from collections import Counter
from uuid import UUID

from scheduling.errors import NotFound
from scheduling.visit_types import CONSULTATION
from telemed.unit import Unit


def facility_on_duty(unit: Unit, visit_type_id: str = CONSULTATION) -> UUID:
    """The facility that sees such patients now: somebody who offers it is on duty, the fewest wait for each.

    When nobody is on duty the patient still gets a place, at the facility with the most practitioners.
    """
    offers = unit.book.offers()
    # Where nobody offers it at all, anybody may see that somebody waits.
    able = {each for each, types in offers.items() if visit_type_id in types} or set(offers)
    on_duty = Counter(facility_id for each, facility_id in unit.book.on_duty(unit.now) if each in able)
    if on_duty:
        waits = {
            place: unit.records.encounters.waiting_count(place) / number for place, number in on_duty.items()
        }
        return min(waits, key=lambda place: (waits[place], place))
    staffed = Counter(shift.facility_id for shift in unit.book.shifts() if shift.practitioner_id in able)
    if not staffed:
        raise NotFound("facility with practitioners")
    return max(staffed, key=lambda place: (staffed[place], place))
