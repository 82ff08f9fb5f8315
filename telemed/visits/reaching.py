"""By which ways a patient may be reached, and when a counter opens next."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from scheduling.store import Book
from telemed.countries.packs import is_mobile
from telemed.messages.ladder import Reach, Way, in_order
from telemed.messages.tables import stopped_number
from telemed.records.consent import REACHED_BY
from telemed.unit import Unit

# Nobody looks further for an open counter: whoever waits so long is reminded again before.
_DAYS = 8


def reach_of(unit: Unit, patient_id: UUID) -> Reach:
    """The ways that a patient agreed to, has a number for and that are not stopped, from the lowest up."""
    given = unit.records.consents.given(patient_id)
    patient, contacts = unit.book.patient(patient_id), unit.book.contacts(patient_id)
    ways = [Way("sms", "patient", patient.phone)] if patient.phone else []
    if "voice" in contacts:
        ways.append(Way("voice", "patient", contacts["voice"].address))
    if "email" in contacts:
        ways.append(Way("email", "patient", contacts["email"].address))
    # A recorded voice cannot know who listens: at a landline the clerk asks for the proxy.
    if "proxy" in contacts and is_mobile(contacts["proxy"].address):
        ways.append(Way("sms", "proxy", contacts["proxy"].address))
    agreed = [way for way in ways if (way.channel if way.whom == "patient" else "proxy") in given]
    return Reach(in_order(_not_stopped(unit.connection, agreed)), wanted=not given.isdisjoint(REACHED_BY))


def opens_at(book: Book, site_id: UUID, now: datetime, until: datetime) -> datetime | None:
    """From when on somebody is at a counter, now or before a moment; None if nobody is."""
    calendar = book.site_calendar(site_id)
    today = now.astimezone(ZoneInfo(book.site(site_id).time_zone)).date()
    spans = (span for days in range(_DAYS) for span in calendar.opening(today + timedelta(days=days)))
    opens = next((max(span.starts_at, now) for span in spans if span.ends_at > now), None)
    return opens if opens is not None and opens < until else None


def _not_stopped(connection: Connection, ways: Collection[Way]) -> list[Way]:
    columns = stopped_number.c
    asked = columns.address.in_([way.address for way in ways])
    wanted = select(columns.address, columns.channel).where(asked, columns.lifted_at.is_(None))
    stopped = {(row.address, row.channel) for row in connection.execute(wanted)}
    return [way for way in ways if (way.address, way.channel) not in stopped]
