"""SMART Scheduling Links: what is free, as files anybody may fetch; places and times only, nobody's name."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from telemed.fhir.answers import Resource
from telemed.fhir.elements import VISIT_TYPE, concept, instant, reference
from telemed.fhir.ids import code_of, minute_of, shorten

FILES = {"Location": "locations.ndjson", "Schedule": "schedules.ndjson", "Slot": "slots.ndjson"}


def manifest(address: str, now: datetime) -> Resource:
    """Which files there are and when they were written."""
    return {
        "transactionTime": instant(now),
        "request": f"{address}/$bulk-publish",
        "output": [{"type": kind, "url": f"{address}/{name}"} for kind, name in FILES.items()],
        "error": [],
    }


def schedule(site_id: UUID, visit_type_id: str, names: Mapping[str, str]) -> Resource:
    """One visit type at one site, with whoever is free there."""
    return {
        "resourceType": "Schedule",
        "id": _schedule_id(site_id, visit_type_id),
        "serviceType": [concept(VISIT_TYPE, visit_type_id, names.get("en"))],
        "actor": [reference("Location", site_id)],
    }


def slots(site_id: UUID, visit_type_id: str, times: Iterable[tuple[datetime, datetime]]) -> list[Resource]:
    """Each time at which somebody is free, once."""
    of = f"{shorten(site_id)}."
    schedule_id = _schedule_id(site_id, visit_type_id)
    return [
        {
            "resourceType": "Slot",
            "id": f"{of}{minute_of(starts_at)}.{code_of(visit_type_id)}",
            "schedule": {"reference": f"Schedule/{schedule_id}"},
            "status": "free",
            "start": instant(starts_at),
            "end": instant(ends_at),
        }
        for starts_at, ends_at in sorted(set(times))
    ]


def as_lines(resources: Iterable[Resource]) -> str:
    """Resources as NDJSON."""
    return "".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) + "\n" for each in resources)


def _schedule_id(site_id: UUID, visit_type_id: str) -> str:
    return f"{shorten(site_id)}.{code_of(visit_type_id)}"
