"""Which facility takes a patient who comes without an appointment."""

from collections import Counter
from uuid import UUID

from scheduling.errors import NotFound
from telemed.unit import Unit


def facility_on_duty(unit: Unit) -> UUID:
    """The facility that sees walk-in patients now: somebody is on duty there, and the fewest wait for each.

    When nobody is on duty the patient still gets a place, at the facility with the most practitioners.
    """
    on_duty = Counter(facility_id for _, facility_id in unit.book.on_duty(unit.now))
    if on_duty:
        waits = {
            place: unit.records.encounters.waiting_count(place) / number for place, number in on_duty.items()
        }
        return min(waits, key=lambda place: (waits[place], place))
    staffed = Counter(shift.facility_id for shift in unit.book.shifts())
    if not staffed:
        raise NotFound("facility with practitioners")
    return max(staffed, key=lambda place: (staffed[place], place))
