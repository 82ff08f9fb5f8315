"""Writes down for everybody what is free in the coming two weeks, as SMART Scheduling Links."""

import json
import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from scheduling.store import Book
from telemed.fhir import scheduling_links
from telemed.fhir.answers import Resource
from telemed.fhir.places import site_location

FOLDER = "scheduling-links"
MANIFEST = "manifest.json"
DAYS = 14


def publish(book: Book, folder: Path, address: str, country: str, now: datetime) -> int:
    """Write the files anew, those that changed only, the manifest last; returns how many slots are free."""
    found = _everything(book, country, now)
    folder.mkdir(parents=True, exist_ok=True)
    for kind, name in scheduling_links.FILES.items():
        _write(folder / name, scheduling_links.as_lines(found[kind]))
    _write(folder / MANIFEST, json.dumps(scheduling_links.manifest(address, now), indent=1))
    return len(found["Slot"])


def _everything(book: Book, country: str, now: datetime) -> dict[str, list[Resource]]:
    types = book.visit_types()
    sites = book.sites()
    settlements = {each.code: each for each in book.settlements()}
    found: dict[str, list[Resource]] = {kind: [] for kind in scheduling_links.FILES}
    for site in sites:
        found["Location"].append(site_location(site, settlements[site.settlement_code], country))
        today = now.astimezone(ZoneInfo(site.time_zone)).date()
        for each in types:
            free = book.free_slots(site.id, None, each.id, today, DAYS, now)
            if free:
                found["Schedule"].append(scheduling_links.schedule(site.id, each.id, each.names))
                times = ((slot.starts_at, slot.ends_at) for slot in free)
                found["Slot"] += scheduling_links.slots(site.id, each.id, times)
    return found


def _write(path: Path, text: str) -> None:
    """Put a file in place as a whole; one that says the same keeps its date, and so its tag."""
    body = text.encode()
    if path.exists() and path.read_bytes() == body:
        return
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(body)
    beside.replace(path)
