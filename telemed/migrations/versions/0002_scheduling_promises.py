"""Availability, holds, waiting lists, line readings and the systems that may ask."""

import sqlalchemy as sa
from alembic import op

from scheduling.tables import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MINUTES = {"minutes": 20, "buffer_minutes": 0, "lead_minutes": 0, "cancel_minutes": 0}
_ONE_SUBJECT = (
    "(appointment_id IS NOT NULL AND queue_entry_id IS NULL AND wish_offer_id IS NULL)"
    " OR (appointment_id IS NULL AND queue_entry_id IS NOT NULL AND wish_offer_id IS NULL)"
    " OR (appointment_id IS NULL AND queue_entry_id IS NULL AND wish_offer_id IS NOT NULL)"
)


def upgrade() -> None:
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holiday")),
    )
    op.create_table(
        "visit_type",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_minutes", sa.Integer(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("needs_kiosk", sa.Boolean(), nullable=False),
        sa.Column("needs_clerk", sa.Boolean(), nullable=False),
        sa.Column("lead_minutes", sa.Integer(), nullable=False),
        sa.Column("cancel_minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("buffer_minutes BETWEEN 0 AND 120", name=op.f("ck_visit_type_buffer")),
        sa.CheckConstraint("lead_minutes >= 0 AND cancel_minutes >= 0", name=op.f("ck_visit_type_notice")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 240", name=op.f("ck_visit_type_minutes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_type")),
    )
    op.create_table(
        "api_client",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("jwks", sa.JSON(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_api_client_facility_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_client")),
    )
    op.create_table(
        "allowance",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("visit_type_id", sa.String(length=20), nullable=False),
        sa.Column("more", sa.Integer(), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("granted_at", Instant(), nullable=False),
        sa.CheckConstraint("more BETWEEN 0 AND 20", name=op.f("ck_allowance_more")),
        sa.ForeignKeyConstraint(["granted_by"], ["practitioner.id"], name=op.f("fk_allowance_granted_by")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_allowance_patient_id")),
        sa.ForeignKeyConstraint(
            ["visit_type_id"], ["visit_type.id"], name=op.f("fk_allowance_visit_type_id")
        ),
        sa.PrimaryKeyConstraint("patient_id", "visit_type_id", name=op.f("pk_allowance")),
    )
    op.create_table(
        "api_token",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["api_client.id"], name=op.f("fk_api_token_client_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_api_token")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_api_token_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "duty_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.CheckConstraint("(starts IS NULL) = (ends IS NULL)", name=op.f("ck_duty_day_both")),
        sa.CheckConstraint("starts < ends", name=op.f("ck_duty_day_order")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_duty_day_facility_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_duty_day_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_day")),
    )
    with op.batch_alter_table("duty_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_day_facility_id"), ["facility_id"], unique=False)
        batch_op.create_index("ix_duty_day_practitioner_id_day", ["practitioner_id", "day"], unique=False)

    op.create_table(
        "feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_feed_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_token_hash")),
    )
    with op.batch_alter_table("feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_practitioner_id"), ["practitioner_id"], unique=False)

    op.create_table(
        "leave",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_leave_order")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_leave_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )
    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.create_index(
            "ix_leave_practitioner_id_last_day", ["practitioner_id", "last_day"], unique=False
        )

    op.create_table(
        "offer",
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("visit_type_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_offer_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["visit_type_id"], ["visit_type.id"], name=op.f("fk_offer_visit_type_id")),
        sa.PrimaryKeyConstraint("practitioner_id", "visit_type_id", name=op.f("pk_offer")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_visit_type_id"), ["visit_type_id"], unique=False)

    op.create_table(
        "site_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("(opens IS NULL) = (closes IS NULL)", name=op.f("ck_site_day_both")),
        sa.CheckConstraint("opens < closes", name=op.f("ck_site_day_order")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_site_day_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_day")),
    )
    with op.batch_alter_table("site_day", schema=None) as batch_op:
        batch_op.create_index("ix_site_day_site_id_day", ["site_id", "day"], unique=False)

    op.create_table(
        "used_assertion",
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("jti", sa.String(length=64), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["api_client.id"], name=op.f("fk_used_assertion_client_id")),
        sa.PrimaryKeyConstraint("client_id", "jti", name=op.f("pk_used_assertion")),
    )
    with op.batch_alter_table("used_assertion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_used_assertion_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "wish",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("visit_type_id", sa.String(length=20), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("earliest", sa.Date(), nullable=False),
        sa.Column("latest", sa.Date(), nullable=False),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('waiting', 'offered', 'booked', 'left')", name=op.f("ck_wish_status")),
        sa.CheckConstraint("earliest <= latest", name=op.f("ck_wish_order")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_wish_facility_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_wish_patient_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_wish_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_wish_site_id")),
        sa.ForeignKeyConstraint(["visit_type_id"], ["visit_type.id"], name=op.f("fk_wish_visit_type_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
    )
    with op.batch_alter_table("wish", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wish_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index("ix_wish_site_id_status", ["site_id", "status"], unique=False)

    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("visit_type_id", sa.String(length=20), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("who_kind", sa.String(), nullable=False),
        sa.Column("who_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_hold_order")),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_hold_kiosk_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_hold_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_hold_site_id")),
        sa.ForeignKeyConstraint(["visit_type_id"], ["visit_type.id"], name=op.f("fk_hold_visit_type_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_table(
        "line_reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("up_kbps", sa.Integer(), nullable=True),
        sa.Column("down_kbps", sa.Integer(), nullable=True),
        sa.Column("rtt_ms", sa.Integer(), nullable=True),
        sa.Column("loss_percent", sa.Float(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("source IN ('probe', 'call')", name=op.f("ck_line_reading_source")),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_line_reading_kiosk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_reading")),
    )
    with op.batch_alter_table("line_reading", schema=None) as batch_op:
        batch_op.create_index("ix_line_reading_kiosk_id_at", ["kiosk_id", "at"], unique=False)

    op.create_table(
        "outage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("kind IN ('maintenance', 'clerk_away', 'line')", name=op.f("ck_outage_kind")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_outage_order")),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_outage_kiosk_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_outage_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
    )
    with op.batch_alter_table("outage", schema=None) as batch_op:
        batch_op.create_index("ix_outage_site_id_ends_at", ["site_id", "ends_at"], unique=False)

    op.create_table(
        "stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("arrives", sa.Time(), nullable=False),
        sa.Column("leaves", sa.Time(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), server_default="1", nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.CheckConstraint("arrives < leaves", name=op.f("ck_stop_order")),
        sa.CheckConstraint("every_weeks BETWEEN 1 AND 8", name=op.f("ck_stop_every_weeks")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_stop_weekday")),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_stop_kiosk_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_stop_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop")),
    )
    with op.batch_alter_table("stop", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stop_kiosk_id"), ["kiosk_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stop_site_id"), ["site_id"], unique=False)

    op.create_table(
        "wish_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("offered_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'taken', 'declined', 'lapsed')", name=op.f("ck_wish_offer_state")
        ),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], name=op.f("fk_wish_offer_hold_id")),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_wish_offer_kiosk_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_wish_offer_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_wish_offer_site_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["wish.id"], name=op.f("fk_wish_offer_wish_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_offer")),
    )
    with op.batch_alter_table("wish_offer", schema=None) as batch_op:
        batch_op.create_index(
            "uq_wish_offer_open",
            ["wish_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "freed_slot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_type_id", sa.String(length=20), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("freed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_type_id"], ["visit_type.id"], name=op.f("fk_freed_slot_visit_type_id")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_freed_slot_facility_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_freed_slot_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_freed_slot_kiosk_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_freed_slot_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freed_slot")),
    )
    op.create_table(
        "display",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_display_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_display")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_display_token_hash")),
    )
    with op.batch_alter_table("display", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_display_site_id"), ["site_id"], unique=False)

    op.create_table(
        "kept_appointment",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("who_kind", sa.String(), nullable=False),
        sa.Column("who_id", sa.Uuid(), nullable=True),
        sa.Column("kept_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_kept_appointment_appointment_id")
        ),
        sa.PrimaryKeyConstraint("appointment_id", "version", name=op.f("pk_kept_appointment")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("site_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_account_site_id"), "site", ["site_id"], ["id"])

    _first_visit_type()
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expires_at", Instant(), nullable=True))
        batch_op.drop_constraint(batch_op.f("fk_allocation_booking"), type_="foreignkey")

    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("request_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column("visit_type_id", sa.String(length=20), server_default="consultation", nullable=False)
        )
        batch_op.add_column(sa.Column("nth", sa.Integer(), nullable=True))
        batch_op.alter_column("kiosk_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.create_index(
            "uq_appointment_open_type",
            ["patient_id", "visit_type_id", "nth"],
            unique=True,
            sqlite_where=sa.text("status IN ('booked', 'arrived')"),
            postgresql_where=sa.text("status IN ('booked', 'arrived')"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_appointment_visit_type_id"), "visit_type", ["visit_type_id"], ["id"]
        )

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("queue_entry_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("wish_offer_id", sa.Uuid(), nullable=True))
        batch_op.alter_column("appointment_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.create_check_constraint(batch_op.f("ck_message_one_subject"), _ONE_SUBJECT)
        batch_op.create_unique_constraint(
            "message_once_per_offer_version_and_kind", ["wish_offer_id", "version", "kind"]
        )
        batch_op.create_unique_constraint(
            "message_once_per_queue_version_and_kind", ["queue_entry_id", "version", "kind"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_message_queue_entry_id"), "queue_entry", ["queue_entry_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_message_wish_offer_id"), "wish_offer", ["wish_offer_id"], ["id"]
        )

    with op.batch_alter_table("queue_entry", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("visit_type_id", sa.String(length=20), server_default="consultation", nullable=False)
        )
        batch_op.add_column(sa.Column("token", sa.String(length=8), server_default="", nullable=False))
        batch_op.add_column(sa.Column("priority", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("priority_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("at_home", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("called_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("rings_for", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("rung_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("escalations", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("counts_from", Instant(), nullable=True))
        batch_op.add_column(sa.Column("forecast_low", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("forecast_high", sa.Float(), nullable=True))
        batch_op.create_index("ix_queue_entry_facility_id_entered_at", ["facility_id", "entered_at"])
        batch_op.create_check_constraint(batch_op.f("ck_queue_entry_priority"), "priority BETWEEN 1 AND 5")
        batch_op.create_foreign_key(
            batch_op.f("fk_queue_entry_priority_by"), "practitioner", ["priority_by"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_queue_entry_visit_type_id"), "visit_type", ["visit_type_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_queue_entry_rings_for"), "practitioner", ["rings_for"], ["id"]
        )

    with op.batch_alter_table("resource", schema=None) as batch_op:
        batch_op.add_column(sa.Column("calendar_version", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("shift", schema=None) as batch_op:
        batch_op.add_column(sa.Column("valid_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("valid_until", sa.Date(), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_shift_validity"), "valid_from <= valid_until")

    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("keeps_holidays", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        batch_op.add_column(sa.Column("calendar_version", sa.Integer(), server_default="1", nullable=False))


def _first_visit_type() -> None:
    """What every appointment so far was, and everybody offered."""
    kind = sa.table(
        "visit_type",
        *(sa.column(name, sa.JSON) for name in ("names", "channels")),
        *(sa.column(name, sa.String) for name in ("id", "service")),
        *(sa.column(name, sa.Integer) for name in _MINUTES),
        *(sa.column(name, sa.Boolean) for name in ("needs_kiosk", "needs_clerk")),
    )
    consultation = {
        "id": "consultation",
        "names": {"en": "Consultation", "bg": "Преглед"},
        "service": "general",
        "channels": ["video", "audio", "written"],
        "needs_kiosk": True,
        "needs_clerk": False,
        **_MINUTES,
    }
    op.bulk_insert(kind, [consultation])
    op.execute(
        "INSERT INTO offer (practitioner_id, visit_type_id) SELECT id, 'consultation' FROM practitioner"
    )


def downgrade() -> None:
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_column("calendar_version")
        batch_op.drop_column("keeps_holidays")

    with op.batch_alter_table("shift", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_shift_validity"), type_="check")
        batch_op.drop_column("valid_until")
        batch_op.drop_column("valid_from")

    with op.batch_alter_table("resource", schema=None) as batch_op:
        batch_op.drop_column("calendar_version")

    with op.batch_alter_table("queue_entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_queue_entry_rings_for"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_queue_entry_visit_type_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_queue_entry_priority_by"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("ck_queue_entry_priority"), type_="check")
        batch_op.drop_index("ix_queue_entry_facility_id_entered_at")
        batch_op.drop_column("forecast_high")
        batch_op.drop_column("forecast_low")
        batch_op.drop_column("counts_from")
        batch_op.drop_column("escalations")
        batch_op.drop_column("rung_at")
        batch_op.drop_column("rings_for")
        batch_op.drop_column("called_at")
        batch_op.drop_column("at_home")
        batch_op.drop_column("priority_by")
        batch_op.drop_column("priority")
        batch_op.drop_column("token")
        batch_op.drop_column("visit_type_id")

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_message_wish_offer_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_message_queue_entry_id"), type_="foreignkey")
        batch_op.drop_constraint("message_once_per_queue_version_and_kind", type_="unique")
        batch_op.drop_constraint(batch_op.f("ck_message_one_subject"), type_="check")
        batch_op.drop_constraint("message_once_per_offer_version_and_kind", type_="unique")
        batch_op.alter_column("appointment_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column("wish_offer_id")
        batch_op.drop_column("queue_entry_id")

    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_appointment_visit_type_id"), type_="foreignkey")
        batch_op.drop_index(
            "uq_appointment_open_type",
            sqlite_where=sa.text("status IN ('booked', 'arrived')"),
            postgresql_where=sa.text("status IN ('booked', 'arrived')"),
        )
        batch_op.alter_column("kiosk_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column("nth")
        batch_op.drop_column("visit_type_id")
        batch_op.drop_column("request_hash")

    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f("fk_allocation_booking"), "appointment", ["booking"], ["id"])
        batch_op.drop_column("expires_at")

    with op.batch_alter_table("wish_offer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_wish_offer_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.drop_table("wish_offer")
    with op.batch_alter_table("stop", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stop_site_id"))
        batch_op.drop_index(batch_op.f("ix_stop_kiosk_id"))

    op.drop_table("stop")
    with op.batch_alter_table("outage", schema=None) as batch_op:
        batch_op.drop_index("ix_outage_site_id_ends_at")

    op.drop_table("outage")
    with op.batch_alter_table("line_reading", schema=None) as batch_op:
        batch_op.drop_index("ix_line_reading_kiosk_id_at")

    op.drop_table("line_reading")
    op.drop_table("hold")
    with op.batch_alter_table("wish", schema=None) as batch_op:
        batch_op.drop_index("ix_wish_site_id_status")
        batch_op.drop_index(batch_op.f("ix_wish_patient_id"))

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_account_site_id"), type_="foreignkey")
        batch_op.drop_column("site_id")

    with op.batch_alter_table("display", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_display_site_id"))

    op.drop_table("display")
    op.drop_table("freed_slot")
    op.drop_table("kept_appointment")
    op.drop_table("wish")
    with op.batch_alter_table("used_assertion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_used_assertion_expires_at"))

    op.drop_table("used_assertion")
    with op.batch_alter_table("site_day", schema=None) as batch_op:
        batch_op.drop_index("ix_site_day_site_id_day")

    op.drop_table("site_day")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_visit_type_id"))

    op.drop_table("offer")
    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.drop_index("ix_leave_practitioner_id_last_day")

    op.drop_table("leave")
    with op.batch_alter_table("feed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_practitioner_id"))

    op.drop_table("feed")
    with op.batch_alter_table("duty_day", schema=None) as batch_op:
        batch_op.drop_index("ix_duty_day_practitioner_id_day")
        batch_op.drop_index(batch_op.f("ix_duty_day_facility_id"))

    op.drop_table("duty_day")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_expires_at"))
        batch_op.drop_index(batch_op.f("ix_api_token_client_id"))

    op.drop_table("api_token")
    op.drop_table("allowance")
    op.drop_table("api_client")
    op.drop_table("visit_type")
    op.drop_table("holiday")
