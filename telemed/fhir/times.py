"""Schedule and Slot, built straight from what the calendar says; nothing here is stored."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from telemed.fhir.answers import Resource
from telemed.fhir.elements import SPECIALTY, VISIT_TYPE, concept, instant, reference
from telemed.fhir.ids import ScheduleKey, minute_of


def schedule(
    key: ScheduleKey, visit_type: str, specialty: str, name: str, site_name: str | None, until: date
) -> Resource:
    """A practitioner's bookable time for one visit type, at one site where the id names one."""
    actors = [reference("Practitioner", key.practitioner_id, name)]
    if key.site_id is not None:
        actors.append(reference("Location", key.site_id, site_name))
    return {
        "resourceType": "Schedule",
        "id": key.id,
        "active": True,
        "serviceType": [concept(VISIT_TYPE, visit_type)],
        "specialty": [concept(SPECIALTY, specialty)],
        "actor": actors,
        "planningHorizon": {"end": until.isoformat()},
    }


def slots(key: ScheduleKey, times: Iterable[tuple[datetime, datetime, bool]]) -> list[Resource]:
    """The slots of a schedule, each with its start, end and whether it is free."""
    before, after = key.slot_affixes()
    of = {"reference": f"Schedule/{key.id}"}
    return [
        {
            "resourceType": "Slot",
            "id": f"{before}{minute_of(starts_at)}{after}",
            "schedule": of,
            "status": "free" if free else "busy",
            "start": instant(starts_at),
            "end": instant(ends_at),
        }
        for starts_at, ends_at, free in times
    ]


def days(counts: Sequence[tuple[date, int, int]]) -> Resource:
    """For each local day, how many slots there are and how many of them are free."""
    return {
        "resourceType": "Parameters",
        "parameter": [
            {
                "name": "day",
                "part": [
                    {"name": "date", "valueDate": day.isoformat()},
                    {"name": "free", "valueInteger": free},
                    {"name": "total", "valueInteger": total},
                ],
            }
            for day, free, total in counts
        ],
    }
