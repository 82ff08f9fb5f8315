"""By which ways a patient may be reached, when a counter opens, and the ladder's job that asks both."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from scheduling.people import Contact
from scheduling.store import Book
from telemed.countries.pack import Country
from telemed.messages import climbing
from telemed.messages.climbing import Around
from telemed.messages.ladder import Reach, Way, in_order
from telemed.messages.tables import stopped_number
from telemed.records.consent import REACHED_BY
from telemed.unit import Unit
from telemed.visits.posting import QUIET

# Nobody looks further for an open counter: whoever waits so long is reminded again before.
_DAYS = 8


def reach_of(unit: Unit, country: Country, patient_id: UUID) -> Reach:
    """The ways that a patient agreed to, has a number for and that are not stopped, from the lowest up."""
    given = unit.records.consents.given(patient_id)
    patient, contacts = unit.book.patient(patient_id), unit.book.contacts(patient_id)
    ways = [Way("sms", "patient", patient.phone)] if patient.phone else []
    if "voice" in contacts:
        ways.append(Way("voice", "patient", contacts["voice"].address))
    if "email" in contacts:
        ways.append(Way("email", "patient", contacts["email"].address))
    if "proxy" in contacts:
        ways.append(_to_proxy(contacts["proxy"], country))
    agreed = [way for way in ways if (way.channel if way.whom == "patient" else "proxy") in given]
    return Reach(in_order(_not_stopped(unit.connection, agreed)), wanted=not given.isdisjoint(REACHED_BY))


def opens_at(book: Book, site_id: UUID, now: datetime, until: datetime) -> datetime | None:
    """From when on somebody is at a counter, now or before a moment; None if nobody is."""
    calendar = book.site_calendar(site_id)
    today = now.astimezone(ZoneInfo(book.site(site_id).time_zone)).date()
    spans = (span for days in range(_DAYS) for span in calendar.opening(today + timedelta(days=days)))
    opens = next((max(span.starts_at, now) for span in spans if span.ends_at > now), None)
    return opens if opens is not None and opens < until else None


def climb(unit: Unit, message_id: UUID, country: Country, carriers: Mapping[str, Collection[str]]) -> int:
    """Take the ladder's next step for one message."""
    around = Around(
        unit.book, partial(reach_of, unit, country), partial(opens_at, unit.book), carriers, QUIET
    )
    return climbing.climb(unit.connection, unit.sightings, message_id, around, unit.now)


def _to_proxy(contact: Contact, country: Country) -> Way:
    mobile = country.mobile_number(contact.address) is not None
    return Way("sms" if mobile else "voice", "proxy", contact.address)


def _not_stopped(connection: Connection, ways: Collection[Way]) -> list[Way]:
    columns = stopped_number.c
    asked = columns.address.in_([way.address for way in ways])
    wanted = select(columns.address, columns.channel).where(asked, columns.lifted_at.is_(None))
    stopped = {(row.address, row.channel) for row in connection.execute(wanted)}
    return [way for way in ways if (way.address, way.channel) not in stopped]
