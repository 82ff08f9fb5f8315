"""Scheduling's tables, on the one MetaData that the whole service shares."""

from scheduling.tables.bookings import (
    ACTIVE,
    allocation,
    allowance,
    appointment,
    event,
    hold,
    kept_appointment,
)
from scheduling.tables.columns import Instant, metadata
from scheduling.tables.guards import TRIGGERS, install_guards
from scheduling.tables.lines import line_reading
from scheduling.tables.people import contact, patient, practitioner
from scheduling.tables.places import (
    facility,
    holiday,
    kiosk,
    opening,
    outage,
    resource,
    settlement,
    site,
    site_day,
    stop,
)
from scheduling.tables.rosters import duty_day, leave, offer, shift, visit_type
from scheduling.tables.waiting import display, freed_slot, queue_entry, wish, wish_offer

__all__ = [
    "ACTIVE",
    "TRIGGERS",
    "Instant",
    "allocation",
    "allowance",
    "appointment",
    "contact",
    "display",
    "duty_day",
    "event",
    "facility",
    "freed_slot",
    "hold",
    "holiday",
    "install_guards",
    "kept_appointment",
    "kiosk",
    "leave",
    "line_reading",
    "metadata",
    "offer",
    "opening",
    "outage",
    "patient",
    "practitioner",
    "queue_entry",
    "resource",
    "settlement",
    "shift",
    "site",
    "site_day",
    "stop",
    "visit_type",
    "wish",
    "wish_offer",
]
