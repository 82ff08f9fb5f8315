"""The resources that wrap answers: OperationOutcome for what went wrong, Bundle for what was found."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Resource = dict[str, Any]

MEDIA_TYPE = "application/fhir+json"
FREE_SLOT = "urn:telemed:free-slot"


def to_json(resource: Mapping[str, Any]) -> str:
    """A resource as it goes over the wire."""
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":"))


def outcome(code: str, text: str, *, path: str | None = None, severity: str = "error") -> Resource:
    """One thing that went wrong: FHIR's issue type, what to do in words, and the element it is about."""
    issue: Resource = {"severity": severity, "code": code, "diagnostics": text}
    if path:
        issue["expression"] = [path]
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def taken(text: str, alternatives: Sequence[Resource]) -> Resource:
    """A conflict over a slot; `details` names the nearest free slots, as codes and in words."""
    answer = outcome("conflict", text)
    if alternatives:
        answer["issue"][0]["details"] = {
            "coding": [
                {"system": FREE_SLOT, "code": each["id"], "display": each["start"]} for each in alternatives
            ],
            "text": "Free instead: "
            + ", ".join(f"{each['start']} (Slot/{each['id']})" for each in alternatives),
        }
    return answer


def searchset(
    base: str, resources: Iterable[Resource], total: int | None, links: Mapping[str, str]
) -> Resource:
    """A page of what a search found."""
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset"}
    if total is not None:
        bundle["total"] = total
    bundle["link"] = [{"relation": name, "url": url} for name, url in links.items()]
    entries = [
        {
            "fullUrl": f"{base}/{each['resourceType']}/{each['id']}",
            "resource": each,
            "search": {"mode": "match"},
        }
        for each in resources
    ]
    if entries:
        bundle["entry"] = entries
    return bundle
