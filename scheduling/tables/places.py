"""Settlements, facilities, sites with their hours, kiosks and what closes them."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Uuid,
    true,
)

from scheduling.tables.columns import Instant, hours_of_a_day, metadata, weekly_hours

settlement = Table(
    "settlement",
    metadata,
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("name_latin", String, nullable=False),
    Column("district", String, nullable=False),
    Column("municipality", String, nullable=False),
    Column("latitude", Float),
    Column("longitude", Float),
)

facility = Table(
    "facility",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", String, nullable=False),
    Column("time_zone", String, nullable=False),
)

site = Table(
    "site",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String, nullable=False),
    Column("settlement_code", ForeignKey("settlement.code"), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("time_zone", String, nullable=False),
    Column("keeps_holidays", Boolean, nullable=False, server_default=true()),
    # Counts every change of hours, so that a calendar kept in memory is known to be old.
    Column("calendar_version", Integer, nullable=False, server_default="1"),
    CheckConstraint("kind IN ('post_office', 'route_stop', 'clinic')", name="kind"),
)

opening = Table(
    "opening",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False, index=True),
    *weekly_hours("opens", "closes"),
)

resource = Table(
    "resource",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String, nullable=False),
    Column("calendar_version", Integer, nullable=False, server_default="1"),
    CheckConstraint("kind IN ('practitioner', 'kiosk')", name="kind"),
)

kiosk = Table(
    "kiosk",
    metadata,
    Column("id", ForeignKey("resource.id"), primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False, index=True),
    Column("label", String, nullable=False),
)

# What holds on one date instead of the weekly hours; a row without times closes the whole day.
site_day = Table(
    "site_day",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    *hours_of_a_day("opens", "closes"),
    Column("note", String, nullable=False, server_default=""),
    Index("ix_site_day_site_id_day", "site_id", "day"),
)

# The operator's own calendar: adds a holiday, or takes one of the country's away.
holiday = Table(
    "holiday",
    metadata,
    Column("day", Date, primary_key=True),
    Column("name", String, nullable=False),
    Column("closed", Boolean, nullable=False),
)

# The timetable of a kit that travels; from `first_day` on, every so many weeks.
stop = Table(
    "stop",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kiosk_id", ForeignKey("kiosk.id"), nullable=False, index=True),
    Column("site_id", ForeignKey("site.id"), nullable=False, index=True),
    *weekly_hours("arrives", "leaves"),
    Column("every_weeks", Integer, nullable=False, server_default="1"),
    Column("first_day", Date, nullable=False),
    CheckConstraint("every_weeks BETWEEN 1 AND 8", name="every_weeks"),
)

outage = Table(
    "outage",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("kiosk_id", ForeignKey("kiosk.id")),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("kind", String, nullable=False),
    Column("reason", String, nullable=False, server_default=""),
    CheckConstraint("starts_at < ends_at", name="order"),
    CheckConstraint("kind IN ('maintenance', 'clerk_away', 'line')", name="kind"),
    Index("ix_outage_site_id_ends_at", "site_id", "ends_at"),
)
