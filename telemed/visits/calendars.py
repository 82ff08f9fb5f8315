"""Calendars as files: a practitioner's feed, which names nobody, and one appointment for its patient."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from scheduling.booking import OPEN, Appointment
from scheduling.errors import NotFound
from scheduling.places import Site
from scheduling.store import Book
from telemed.texts import Texts
from telemed.unit import Unit

PRODUCT = "-//Telemed//Visits//EN"
BACK = timedelta(days=30)
AHEAD = timedelta(days=180)
REFRESH = "PT15M"


def practitioner_feed(book: Book, practitioner_id: UUID, texts: Texts, language: str, now: datetime) -> bytes:
    """The open visits around now: when, how long and where; who comes stands in the clinic's list only."""
    sites = {site.id: site for site in book.sites()}
    calendar = _calendar()
    calendar.add("x-wr-calname", texts.translate(language, "Visits"))
    calendar.add("refresh-interval;value=duration", REFRESH)
    for each in book.diary(practitioner_id, now - BACK, now + AHEAD):
        minutes = int((each.ends_at - each.starts_at).total_seconds()) // 60
        summary = texts.translate(
            language, "Visit, {minutes} min, {site}", minutes=minutes, site=sites[each.site_id].name
        )
        calendar.add_component(
            _event(
                each.id, each.version, each.starts_at, each.ends_at, summary, sites[each.site_id].name, now
            )
        )
    return bytes(calendar.to_ical())


def patients_file(unit: Unit, patient_id: UUID, appointment_id: UUID, texts: Texts, language: str) -> bytes:
    """One appointment for its own patient's calendar; another patient's does not exist."""
    appointment = unit.book.appointment(appointment_id)
    if appointment.patient_id != patient_id:
        raise NotFound("appointment")
    site = unit.book.site(appointment.site_id)
    calendar = _calendar()
    event = _event(
        appointment.id,
        appointment.version,
        appointment.starts_at,
        appointment.ends_at,
        texts.translate(language, "Visit to the doctor"),
        _address(unit.book, site),
        unit.now,
    )
    if appointment.status not in OPEN:
        event.add("status", "CANCELLED")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def coming(unit: Unit, patient_id: UUID) -> list[tuple[Appointment, Site, ZoneInfo]]:
    """The patient's open appointments that are not over, each with its place."""
    sites: Mapping[UUID, Site] = {site.id: site for site in unit.book.sites()}
    found: Iterable[Appointment] = unit.book.appointments_of(patient_id)
    return [
        (each, sites[each.site_id], ZoneInfo(sites[each.site_id].time_zone))
        for each in found
        if each.status in OPEN and each.ends_at > unit.now
    ]


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    return calendar


def _event(
    uid: UUID, version: int, starts_at: datetime, ends_at: datetime, summary: str, place: str, now: datetime
) -> Event:
    event = Event()
    event.add("uid", f"{uid}@telemed")
    # A calendar keeps the higher number, so a visit that was moved replaces what stood there.
    event.add("sequence", version)
    event.add("dtstamp", now)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("summary", summary)
    event.add("location", place)
    return event


def _address(book: Book, site: Site) -> str:
    settlement = book.settlement(site.settlement_code)
    return f"{site.name}, {settlement.name}"
