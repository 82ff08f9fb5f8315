"""Telephones of those who work here: a doctor's own, given by consent, and the one at a site's kiosk."""

from sqlalchemy import Boolean, Column, ForeignKey, String, Table, Uuid

from scheduling.tables import Instant, metadata

staff_phone = Table(
    "staff_phone",
    metadata,
    Column("account_id", Uuid, ForeignKey("account.id"), primary_key=True),
    Column("phone", String(16), nullable=False),
    # What it may be used for; taken back by deleting the row.
    Column("calls", Boolean, nullable=False),
    Column("pages", Boolean, nullable=False),
    Column("agreed_at", Instant, nullable=False),
)

site_phone = Table(
    "site_phone",
    metadata,
    Column("site_id", Uuid, ForeignKey("site.id"), primary_key=True),
    Column("phone", String(16), nullable=False),
    Column("set_by", Uuid, ForeignKey("account.id"), nullable=False),
    Column("set_at", Instant, nullable=False),
)
