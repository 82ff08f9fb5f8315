"""The house: every table of the first visit."""

import sqlalchemy as sa
from alembic import op

from scheduling.tables import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_entry",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("reader_kind", sa.String(length=10), nullable=False),
        sa.Column("reader_id", sa.String(length=80), nullable=False),
        sa.Column("reader_role", sa.String(length=40), nullable=False),
        sa.Column("reader_name", sa.String(length=200), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("purpose", sa.String(length=80), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_access_entry_from_one")),
        sa.PrimaryKeyConstraint("owner_id", "seq", name=op.f("pk_access_entry")),
    )
    op.create_table(
        "access_head",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", name=op.f("pk_access_head")),
    )
    op.create_table(
        "access_seal",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_access_seal")),
    )
    op.create_table(
        "attempt_failure",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_failure")),
    )
    op.create_index("attempt_failure_by_key", "attempt_failure", ["key_hash", "at"], unique=False)
    op.create_table(
        "deployment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("real_anchor", Instant(), nullable=False),
        sa.Column("domain_anchor", Instant(), nullable=False),
        sa.CheckConstraint("demo", name=op.f("ck_deployment_only_a_demo_is_marked")),
        sa.CheckConstraint("id = 1", name=op.f("ck_deployment_deployment_is_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("who_kind", sa.String(), nullable=False),
        sa.Column("who_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("uq_event_subject_id_version", "event", ["subject_id", "version"], unique=True)
    op.create_table(
        "facility",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility")),
    )
    op.create_table(
        "handset_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handset_message")),
        sa.UniqueConstraint("reference", name=op.f("uq_handset_message_reference")),
    )
    op.create_index("handset_message_phone", "handset_message", ["phone", "at"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_table(
        "patient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("sex", sa.String(), nullable=True),
        sa.Column("identifier_kind", sa.String(), nullable=True),
        sa.Column("identifier", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.CheckConstraint("identity IN ('claimed', 'confirmed')", name=op.f("ck_patient_identity")),
        sa.CheckConstraint(
            "(identifier IS NULL) = (identifier_kind IS NULL)", name=op.f("ck_patient_identifier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
    )
    op.create_index("ix_patient_identifier", "patient", ["identifier_kind", "identifier"], unique=False)
    op.create_index("ix_patient_phone", "patient", ["phone"], unique=False)
    op.create_index(
        "uq_patient_confirmed_identifier",
        "patient",
        ["identifier_kind", "identifier"],
        unique=True,
        sqlite_where=sa.text("identity = 'confirmed'"),
        postgresql_where=sa.text("identity = 'confirmed'"),
    )
    op.create_table(
        "resource",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('practitioner', 'kiosk')", name=op.f("ck_resource_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("name", name=op.f("uq_role_name")),
    )
    op.create_table(
        "settlement",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_latin", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_settlement")),
    )
    op.create_table(
        "slip_tries",
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("window_starts_at", Instant(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint("scope IN ('place', 'code')", name=op.f("ck_slip_tries_scope")),
        sa.PrimaryKeyConstraint("scope", "subject", name=op.f("pk_slip_tries")),
    )
    op.create_table(
        "web_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_why", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "audience IN ('staff', 'kiosk', 'my')", name=op.f("ck_web_session_web_session_audience")
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR data = ''", name=op.f("ck_web_session_web_session_ended_is_empty")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_why IS NULL)", name=op.f("ck_web_session_web_session_end_has_reason")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_session_token_hash")),
    )
    op.create_index("web_session_by_subject", "web_session", ["subject"], unique=False)
    op.create_table(
        "access_sealed_head",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["day"], ["access_seal.day"], name=op.f("fk_access_sealed_head_day")),
        sa.PrimaryKeyConstraint("day", "owner_id", name=op.f("pk_access_sealed_head")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("notice_version", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_consent_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_patient_id"), "consent", ["patient_id"], unique=False)
    op.create_table(
        "patient_link",
        sa.Column("claimed_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("claimed_id <> patient_id", name=op.f("ck_patient_link_two")),
        sa.ForeignKeyConstraint(["claimed_id"], ["patient.id"], name=op.f("fk_patient_link_claimed_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_patient_link_patient_id")),
        sa.PrimaryKeyConstraint("claimed_id", name=op.f("pk_patient_link")),
    )
    op.create_index(op.f("ix_patient_link_patient_id"), "patient_link", ["patient_id"], unique=False)
    op.create_table(
        "practitioner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("specialty", sa.String(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_practitioner_facility_id")),
        sa.ForeignKeyConstraint(["id"], ["resource.id"], name=op.f("fk_practitioner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practitioner")),
    )
    op.create_index(op.f("ix_practitioner_facility_id"), "practitioner", ["facility_id"], unique=False)
    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("settlement_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('post_office', 'route_stop', 'clinic')", name=op.f("ck_site_kind")),
        sa.ForeignKeyConstraint(
            ["settlement_code"], ["settlement.code"], name=op.f("fk_site_settlement_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
    )
    op.create_index(op.f("ix_site_settlement_code"), "site", ["settlement_code"], unique=False)
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("tf_primary_method", sa.String(length=20), nullable=True),
        sa.Column("tf_totp_secret", sa.Text(), nullable=True),
        sa.Column("tf_last_counter", sa.BigInteger(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("facility_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_account_email_is_lower_case")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_account_facility_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_account_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_account_fs_uniquifier")),
    )
    op.create_table(
        "kiosk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["resource.id"], name=op.f("fk_kiosk_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_kiosk_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk")),
    )
    op.create_index(op.f("ix_kiosk_site_id"), "kiosk", ["site_id"], unique=False)
    op.create_table(
        "opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.CheckConstraint("opens < closes", name=op.f("ck_opening_order")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_opening_weekday")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_opening_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
    )
    op.create_index(op.f("ix_opening_site_id"), "opening", ["site_id"], unique=False)
    op.create_table(
        "shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.CheckConstraint("starts < ends", name=op.f("ck_shift_order")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_shift_weekday")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_shift_facility_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_shift_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    op.create_index(op.f("ix_shift_facility_id"), "shift", ["facility_id"], unique=False)
    op.create_index(op.f("ix_shift_practitioner_id"), "shift", ["practitioner_id"], unique=False)
    op.create_table(
        "account_role",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_role_account_id")),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_account_role_role_id")),
        sa.PrimaryKeyConstraint("account_id", "role_id", name=op.f("pk_account_role")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("booking_key", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "status IN ('booked', 'arrived', 'fulfilled', 'cancelled', 'noshow')",
            name=op.f("ck_appointment_status"),
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_appointment_order")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_appointment_facility_id")),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_appointment_kiosk_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_appointment_patient_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_appointment_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_appointment_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("booking_key", name=op.f("uq_appointment_booking_key")),
    )
    op.create_index(
        "ix_appointment_facility_id_starts_at", "appointment", ["facility_id", "starts_at"], unique=False
    )
    op.create_index(op.f("ix_appointment_patient_id"), "appointment", ["patient_id"], unique=False)
    op.create_index(
        "ix_appointment_practitioner_id_starts_at",
        "appointment",
        ["practitioner_id", "starts_at"],
        unique=False,
    )
    op.create_index("ix_appointment_site_id_starts_at", "appointment", ["site_id", "starts_at"], unique=False)
    op.create_table(
        "enrolment_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_enrolment_code_kiosk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_enrolment_code_code_hash")),
    )
    op.create_table(
        "intake",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("filed_at", Instant(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_intake_kiosk_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_intake_patient_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_intake_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_intake_visit_id")),
    )
    op.create_index("ix_intake_patient", "intake", ["patient_id"], unique=False)
    op.create_table(
        "kiosk_device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=True),
        sa.Column("enrolled_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_kiosk_device_kiosk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_kiosk_device_token_hash")),
    )
    op.create_index(
        "kiosk_device_one_active",
        "kiosk_device",
        ["kiosk_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "allocation",
        sa.Column("booking", sa.Uuid(), nullable=False),
        sa.Column("resource", sa.Uuid(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_allocation_order")),
        sa.ForeignKeyConstraint(["booking"], ["appointment.id"], name=op.f("fk_allocation_booking")),
        sa.ForeignKeyConstraint(["resource"], ["resource.id"], name=op.f("fk_allocation_resource")),
        sa.PrimaryKeyConstraint("booking", "resource", name=op.f("pk_allocation")),
    )
    op.create_index(
        "ix_allocation_active",
        "allocation",
        ["resource", "starts_at", "ends_at"],
        unique=False,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.create_table(
        "intake_conflict",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("intake_id", sa.Uuid(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_intake_conflict_intake_id")),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_intake_conflict_kiosk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_conflict")),
    )
    op.create_index("ix_intake_conflict_body", "intake_conflict", ["intake_id", "sha256"], unique=True)
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=True),
        sa.Column("sid", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_message_appointment_id")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_message_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("appointment_id", "version", "kind", name="message_once_per_version_and_kind"),
        sa.UniqueConstraint("provider", "sid", name="message_sid_once"),
    )
    op.create_index("message_due", "message", ["state", "due_at"], unique=False)
    op.create_index("message_phone", "message", ["phone", "changed_at"], unique=False)
    op.create_table(
        "queue_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting', 'admitted', 'left', 'done')", name=op.f("ck_queue_entry_status")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_queue_entry_appointment_id")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_queue_entry_facility_id")),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_queue_entry_kiosk_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_queue_entry_patient_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_queue_entry_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_queue_entry_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_entry")),
    )
    op.create_index(
        "ix_queue_entry_open",
        "queue_entry",
        ["facility_id"],
        unique=False,
        sqlite_where=sa.text("status IN ('waiting', 'admitted')"),
        postgresql_where=sa.text("status IN ('waiting', 'admitted')"),
    )
    op.create_index(op.f("ix_queue_entry_patient_id"), "queue_entry", ["patient_id"], unique=False)
    op.create_index(
        "uq_queue_entry_open_appointment",
        "queue_entry",
        ["appointment_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('waiting', 'admitted')"),
        postgresql_where=sa.text("status IN ('waiting', 'admitted')"),
    )
    op.create_table(
        "encounter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("room", sa.String(length=43), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("intake_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("queue_entry_id", sa.Uuid(), nullable=True),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=True),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("rung", sa.String(length=8), nullable=False),
        sa.Column("call", sa.String(length=5), nullable=False),
        sa.Column("identity_confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("identity_confirmed_at", Instant(), nullable=True),
        sa.Column("opened_at", Instant(), nullable=True),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("signed_at", Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'finished') = (signed_at IS NOT NULL)", name=op.f("ck_encounter_ends_by_signing")
        ),
        sa.CheckConstraint("call IN ('none', 'open', 'left')", name=op.f("ck_encounter_call")),
        sa.CheckConstraint(
            "rung IN ('video', 'audio', 'stills', 'phone', 'written')", name=op.f("ck_encounter_rung")
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'in_progress', 'finished', 'cancelled')", name=op.f("ck_encounter_status")
        ),
        sa.CheckConstraint(
            "status NOT IN ('in_progress', 'finished') OR practitioner_id IS NOT NULL",
            name=op.f("ck_encounter_has_doctor"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_encounter_appointment_id")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_encounter_facility_id")),
        sa.ForeignKeyConstraint(
            ["identity_confirmed_by"], ["practitioner.id"], name=op.f("fk_encounter_identity_confirmed_by")
        ),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_encounter_kiosk_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_encounter_patient_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_encounter_practitioner_id")
        ),
        sa.ForeignKeyConstraint(
            ["queue_entry_id"], ["queue_entry.id"], name=op.f("fk_encounter_queue_entry_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_encounter_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_encounter")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_encounter_appointment_id")),
        sa.UniqueConstraint("intake_id", name=op.f("uq_encounter_intake_id")),
        sa.UniqueConstraint("queue_entry_id", name=op.f("uq_encounter_queue_entry_id")),
        sa.UniqueConstraint("room", name=op.f("uq_encounter_room")),
    )
    op.create_index("encounter_by_facility", "encounter", ["facility_id", "status"], unique=False)
    op.create_index(op.f("ix_encounter_patient_id"), "encounter", ["patient_id"], unique=False)
    op.create_table(
        "inbound_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("provider_id", sa.String(length=64), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("meaning", sa.String(length=10), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_inbound_message_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_message")),
        sa.UniqueConstraint("provider", "provider_id", name="inbound_message_once"),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("follow_up", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=6), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.Column("signed_at", Instant(), nullable=True),
        sa.Column("amends", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(status = 'signed') = (signed_at IS NOT NULL)", name=op.f("ck_note_signed_has_time")
        ),
        sa.CheckConstraint("status IN ('draft', 'signed')", name=op.f("ck_note_status")),
        sa.ForeignKeyConstraint(["amends"], ["note.id"], name=op.f("fk_note_amends")),
        sa.ForeignKeyConstraint(["author_id"], ["practitioner.id"], name=op.f("fk_note_author_id")),
        sa.ForeignKeyConstraint(["encounter_id"], ["encounter.id"], name=op.f("fk_note_encounter_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_note_facility_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_note_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_encounter_id"), "note", ["encounter_id"], unique=False)
    op.create_index(
        "note_one_draft",
        "note",
        ["encounter_id", "author_id"],
        unique=True,
        sqlite_where=sa.text("status = 'draft'"),
        postgresql_where=sa.text("status = 'draft'"),
    )
    op.create_table(
        "slip",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("birth_proof", sa.String(length=64), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("encounter_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("given_for", sa.Uuid(), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name=op.f("fk_slip_appointment_id")),
        sa.ForeignKeyConstraint(["encounter_id"], ["encounter.id"], name=op.f("fk_slip_encounter_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_slip_patient_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_slip")),
        sa.UniqueConstraint("given_for", name=op.f("uq_slip_given_for")),
    )


def downgrade() -> None:
    op.drop_table("slip")
    op.drop_index(
        "note_one_draft",
        table_name="note",
        sqlite_where=sa.text("status = 'draft'"),
        postgresql_where=sa.text("status = 'draft'"),
    )
    op.drop_index(op.f("ix_note_encounter_id"), table_name="note")
    op.drop_table("note")
    op.drop_table("inbound_message")
    op.drop_index(op.f("ix_encounter_patient_id"), table_name="encounter")
    op.drop_index("encounter_by_facility", table_name="encounter")
    op.drop_table("encounter")
    op.drop_index(
        "uq_queue_entry_open_appointment",
        table_name="queue_entry",
        sqlite_where=sa.text("status IN ('waiting', 'admitted')"),
        postgresql_where=sa.text("status IN ('waiting', 'admitted')"),
    )
    op.drop_index(op.f("ix_queue_entry_patient_id"), table_name="queue_entry")
    op.drop_index(
        "ix_queue_entry_open",
        table_name="queue_entry",
        sqlite_where=sa.text("status IN ('waiting', 'admitted')"),
        postgresql_where=sa.text("status IN ('waiting', 'admitted')"),
    )
    op.drop_table("queue_entry")
    op.drop_index("message_phone", table_name="message")
    op.drop_index("message_due", table_name="message")
    op.drop_table("message")
    op.drop_index("ix_intake_conflict_body", table_name="intake_conflict")
    op.drop_table("intake_conflict")
    op.drop_index(
        "ix_allocation_active",
        table_name="allocation",
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.drop_table("allocation")
    op.drop_index(
        "kiosk_device_one_active",
        table_name="kiosk_device",
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.drop_table("kiosk_device")
    op.drop_index("ix_intake_patient", table_name="intake")
    op.drop_table("intake")
    op.drop_table("enrolment_code")
    op.drop_index("ix_appointment_site_id_starts_at", table_name="appointment")
    op.drop_index("ix_appointment_practitioner_id_starts_at", table_name="appointment")
    op.drop_index(op.f("ix_appointment_patient_id"), table_name="appointment")
    op.drop_index("ix_appointment_facility_id_starts_at", table_name="appointment")
    op.drop_table("appointment")
    op.drop_table("account_role")
    op.drop_index(op.f("ix_shift_practitioner_id"), table_name="shift")
    op.drop_index(op.f("ix_shift_facility_id"), table_name="shift")
    op.drop_table("shift")
    op.drop_index(op.f("ix_opening_site_id"), table_name="opening")
    op.drop_table("opening")
    op.drop_index(op.f("ix_kiosk_site_id"), table_name="kiosk")
    op.drop_table("kiosk")
    op.drop_table("account")
    op.drop_index(op.f("ix_site_settlement_code"), table_name="site")
    op.drop_table("site")
    op.drop_index(op.f("ix_practitioner_facility_id"), table_name="practitioner")
    op.drop_table("practitioner")
    op.drop_index(op.f("ix_patient_link_patient_id"), table_name="patient_link")
    op.drop_table("patient_link")
    op.drop_index(op.f("ix_consent_patient_id"), table_name="consent")
    op.drop_table("consent")
    op.drop_table("access_sealed_head")
    op.drop_index("web_session_by_subject", table_name="web_session")
    op.drop_table("web_session")
    op.drop_table("slip_tries")
    op.drop_table("settlement")
    op.drop_table("role")
    op.drop_table("resource")
    op.drop_index(
        "uq_patient_confirmed_identifier",
        table_name="patient",
        sqlite_where=sa.text("identity = 'confirmed'"),
        postgresql_where=sa.text("identity = 'confirmed'"),
    )
    op.drop_index("ix_patient_phone", table_name="patient")
    op.drop_index("ix_patient_identifier", table_name="patient")
    op.drop_table("patient")
    op.drop_table("notice")
    op.drop_index("handset_message_phone", table_name="handset_message")
    op.drop_table("handset_message")
    op.drop_table("facility")
    op.drop_index("uq_event_subject_id_version", table_name="event")
    op.drop_table("event")
    op.drop_table("deployment")
    op.drop_index("attempt_failure_by_key", table_name="attempt_failure")
    op.drop_table("attempt_failure")
    op.drop_table("access_seal")
    op.drop_table("access_head")
    op.drop_table("access_entry")
