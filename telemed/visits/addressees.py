"""Whom a message goes to: number, language, consent and place, of two packages, read in one statement."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, exists, select

from scheduling import tables
from scheduling.booking import Appointment
from scheduling.errors import NotFound
from telemed.messages.about import About
from telemed.messages.outbox import Addressee
from telemed.messages.tables import stopped_number
from telemed.messages.texts import written_in
from telemed.records.consent_store import sms_answer
from telemed.records.link_store import person_behind
from telemed.unit import Unit
from telemed.visits.reaching import reach_of

_PATIENT, _SITE, _STOP = tables.patient.c, tables.site.c, stopped_number.c
# Every booking asks this, so it is written, and compiled, once.
_ADDRESSEE = (
    select(
        _PATIENT.phone,
        _PATIENT.language,
        _PATIENT.script,
        sms_answer(_PATIENT.id).label("consents"),
        exists()
        .where(_STOP.address == _PATIENT.phone, _STOP.channel == "sms", _STOP.lifted_at.is_(None))
        .label("stopped"),
        _SITE.name.label("place"),
        _SITE.time_zone,
        tables.visit_type.c.reminders,
        person_behind(_PATIENT.id).label("person"),
    )
    .join_from(tables.patient, tables.site, _SITE.id == bindparam("site_id"))
    .outerjoin(tables.visit_type, tables.visit_type.c.id == bindparam("visit_type_id"))
    .where(_PATIENT.id == bindparam("patient_id"))
)


def addressee(unit: Unit, about: Appointment | About, site_id: UUID) -> Addressee:
    """Whom a message about this goes to, as things stand now."""
    visit_type_id = about.visit_type_id if isinstance(about, Appointment) else None
    asked = {"patient_id": about.patient_id, "site_id": site_id, "visit_type_id": visit_type_id}
    row = unit.connection.execute(_ADDRESSEE, asked).one_or_none()
    if row is None:
        raise NotFound("patient or site")
    if row.person is not None:
        # Everything of the claim was handed over when it was linked: only somebody who still asks under
        # the old id comes here, and would get past what binds the person.
        raise NotFound(f"patient: this one is {row.person} now")
    unit.sightings(about.patient_id, "patient")
    way = _first_way(unit, about.patient_id, row)
    return Addressee(
        about=about,
        phone=way[1],
        channel=way[0],
        language=written_in(row.language),
        consents=way[1] is not None,
        whom=way[2],
        by_letter=way[1] is None and "letter" in unit.records.consents.given(about.patient_id),
        place=row.place,
        time_zone=row.time_zone,
        site_id=site_id,
        script=row.script,
        reminders=None if row.reminders is None else tuple(row.reminders),
    )


def _first_way(unit: Unit, patient_id: UUID, row: Row[Any]) -> tuple[str, str | None, str]:
    """Where a message begins: by SMS, or by another way for whom an SMS cannot or may not reach."""
    if row.consents and row.phone is not None and not row.stopped:
        return "sms", row.phone, "patient"
    ways = reach_of(unit, patient_id).ways
    return (ways[0].channel, ways[0].address, ways[0].whom) if ways else ("sms", None, "patient")
