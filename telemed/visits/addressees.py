"""Whom a message goes to: number, language, consent and place, of two packages, read in one statement."""

from uuid import UUID

from sqlalchemy import bindparam, select

from scheduling import tables
from scheduling.booking import Appointment
from scheduling.errors import NotFound
from telemed.messages.about import About
from telemed.messages.outbox import Addressee
from telemed.records.consent_store import sms_answer
from telemed.records.link_store import person_behind
from telemed.unit import Unit

_PATIENT, _SITE = tables.patient.c, tables.site.c
# Every booking asks this, so it is written, and compiled, once.
_ADDRESSEE = (
    select(
        _PATIENT.phone,
        _PATIENT.language,
        _PATIENT.script,
        sms_answer(_PATIENT.id).label("consents"),
        _SITE.name.label("place"),
        _SITE.time_zone,
        person_behind(_PATIENT.id).label("person"),
    )
    .join_from(tables.patient, tables.site, _SITE.id == bindparam("site_id"))
    .where(_PATIENT.id == bindparam("patient_id"))
)


def addressee(unit: Unit, about: Appointment | About, site_id: UUID) -> Addressee:
    """Whom a message about this goes to, as things stand now."""
    asked = {"patient_id": about.patient_id, "site_id": site_id}
    row = unit.connection.execute(_ADDRESSEE, asked).one_or_none()
    if row is None:
        raise NotFound("patient or site")
    if row.person is not None:
        # Everything of the claim was handed over when it was linked: only somebody who still asks under
        # the old id comes here, and would get past what binds the person.
        raise NotFound(f"patient: this one is {row.person} now")
    unit.sightings(about.patient_id, "patient")
    return Addressee(
        about=about,
        phone=row.phone,
        language=row.language,
        consents=bool(row.consents),
        place=row.place,
        time_zone=row.time_zone,
        site_id=site_id,
        script=row.script,
    )
