"""Tells those who asked for it that their record was read: once a day, never of their own readings."""

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from scheduling.ids import uuid7
from telemed.messages.about import about_readings
from telemed.messages.tables import message
from telemed.records.consent import Consent, Kind
from telemed.records.tables import encounter
from telemed.unit import Unit
from telemed.visits.addressees import addressee

WISH: Kind = "read_notice"

# What was found and said; that somebody has a visit, or their number, is read wherever one is arranged.
_OF_THE_RECORD = frozenset({"intake", "note", "summary", "access log"})
# Jobs, kiosks and the patient are not "somebody".
_READERS = ("staff", "client")


def tell_owners(unit: Unit) -> None:
    """Promise a message to each owner of whose record this unit has handed something out."""
    if unit.reader.kind not in _READERS:
        return
    owners = {owner for owner, what in unit.sightings.seen if what in _OF_THE_RECORD}
    if not owners or not unit.records.consents.any_given(WISH):
        return
    for owner in sorted(owners):
        if unit.records.consents.allows(owner, WISH):
            _tell(unit, owner)


def wish(unit: Unit, patient_id: UUID, told: bool, notice_version: str) -> None:
    """The owner wants to be told from now on, or not any more."""
    unit.records.consents.add(Consent(uuid7(), patient_id, WISH, told, notice_version, unit.now))


def _tell(unit: Unit, owner: UUID) -> None:
    columns = encounter.c
    last = select(columns.site_id).where(columns.patient_id == owner).order_by(columns.id.desc()).limit(1)
    site_id = unit.connection.execute(last).scalar()
    if site_id is None:
        return
    day = unit.now.astimezone(ZoneInfo(unit.book.site(site_id).time_zone)).date()
    told = select(message.c.id).where(message.c.patient_id == owner, message.c.read_on == day)
    if unit.connection.execute(told).first() is not None:
        return
    try:
        with unit.connection.begin_nested():
            to = addressee(unit, about_readings(owner, day, unit.now), site_id)
            unit.outbox.add(to, "record_read", unit.now, unit.now)
    except IntegrityError:
        # Two have read it at the same moment: the other one has promised it.
        return
