"""Reminders that arrive: rungs of the ladder, steps, choices, stopped numbers, contacts, carriers' health."""

import sqlalchemy as sa
from alembic import op

from scheduling.tables import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OLD_ONCE = {
    "appointment": "message_once_per_version_and_kind",
    "queue_entry": "message_once_per_queue_version_and_kind",
    "wish_offer": "message_once_per_offer_version_and_kind",
}
_NEW_ONCE = {
    "appointment": "message_once_per_rung",
    "queue_entry": "message_once_per_queue_rung",
    "wish_offer": "message_once_per_offer_rung",
    "encounter": "message_once_per_encounter_rung",
}
_OLD_SUBJECT = (
    "(appointment_id IS NOT NULL AND queue_entry_id IS NULL AND wish_offer_id IS NULL)"
    " OR (appointment_id IS NULL AND queue_entry_id IS NOT NULL AND wish_offer_id IS NULL)"
    " OR (appointment_id IS NULL AND queue_entry_id IS NULL AND wish_offer_id IS NOT NULL)"
)
_NEW_SUBJECT = (
    " + ".join(
        f"(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)"
        for column in ("appointment_id", "queue_entry_id", "wish_offer_id", "encounter_id", "read_on")
    )
    + " = 1"
)
_INDEXES = {
    "message_to_climb": ["state", "climbed_at", "silent_at"],
    "message_of_site": ["site_id", "changed_at"],
}
_STATUSES = "status IN ('open', 'called', 'unreached', 'not_needed'{})"


def upgrade() -> None:
    with op.batch_alter_table("message") as message:
        for added in _message_columns():
            message.add_column(added)
        message.alter_column(
            "phone", existing_type=sa.String(16), type_=sa.String(254), existing_nullable=False
        )
        for name in _OLD_ONCE.values():
            message.drop_constraint(name, type_="unique")
        message.drop_constraint(op.f("ck_message_one_subject"), type_="check")
        message.create_check_constraint(op.f("ck_message_one_subject"), _NEW_SUBJECT)
        message.create_check_constraint(op.f("ck_message_channel"), "channel IN ('sms', 'voice', 'email')")
        message.create_check_constraint(op.f("ck_message_whom"), "whom IN ('patient', 'proxy')")
        message.create_check_constraint(op.f("ck_message_script"), "script IN ('native', 'latin')")
        for subject, name in _NEW_ONCE.items():
            message.create_unique_constraint(name, [f"{subject}_id", "version", "kind", "rung"])
        message.create_unique_constraint("message_once_per_day_of_reading", ["patient_id", "read_on", "rung"])
        for column, table in (("encounter_id", "encounter"), ("follows_id", "message"), ("site_id", "site")):
            message.create_foreign_key(op.f(f"fk_message_{column}"), table, [column], ["id"])
    for name, columns in _INDEXES.items():
        op.create_index(name, "message", columns)
    _create_tables()
    with op.batch_alter_table("call_list") as calls:
        calls.add_column(sa.Column("inbound_message_id", sa.Uuid(), nullable=True))
        calls.add_column(sa.Column("letter_at", Instant(), nullable=True))
        calls.drop_constraint(op.f("ck_call_list_status"), type_="check")
        calls.create_check_constraint(op.f("ck_call_list_status"), _STATUSES.format(", 'letter'"))
        calls.create_foreign_key(
            op.f("fk_call_list_inbound_message_id"), "inbound_message", ["inbound_message_id"], ["id"]
        )
    with op.batch_alter_table("patient") as patient:
        patient.add_column(sa.Column("script", sa.String(8), nullable=False, server_default="native"))
        patient.create_check_constraint(op.f("ck_patient_script"), "script IN ('native', 'latin')")
    op.add_column("visit_type", sa.Column("reminders", sa.JSON(none_as_null=True), nullable=True))
    # What ended before there was a ladder is nobody's to climb from.
    op.execute(
        "UPDATE message SET climbed_at = changed_at WHERE state IN ('delivered', 'undelivered', 'failed')"
    )


def downgrade() -> None:
    op.drop_column("visit_type", "reminders")
    with op.batch_alter_table("patient") as patient:
        patient.drop_constraint(op.f("ck_patient_script"), type_="check")
        patient.drop_column("script")
    # The code before knows neither letters nor what only the rungs above the first say.
    op.execute("UPDATE call_list SET status = 'not_needed' WHERE status = 'letter'")
    with op.batch_alter_table("call_list") as calls:
        calls.drop_constraint(op.f("fk_call_list_inbound_message_id"), type_="foreignkey")
        calls.drop_constraint(op.f("ck_call_list_status"), type_="check")
        calls.create_check_constraint(op.f("ck_call_list_status"), _STATUSES.format(""))
        calls.drop_column("inbound_message_id")
        calls.drop_column("letter_at")
    for name in ("carrier_state", "contact", "stopped_number", "choice", "message_step"):
        op.drop_table(name)
    _forget_new_messages()
    for name in _INDEXES:
        op.drop_index(name, table_name="message")
    with op.batch_alter_table("message") as message:
        for column in ("encounter_id", "follows_id", "site_id"):
            message.drop_constraint(op.f(f"fk_message_{column}"), type_="foreignkey")
        for name in (*_NEW_ONCE.values(), "message_once_per_day_of_reading"):
            message.drop_constraint(name, type_="unique")
        for name in ("script", "whom", "channel", "one_subject"):
            message.drop_constraint(op.f(f"ck_message_{name}"), type_="check")
        message.create_check_constraint(op.f("ck_message_one_subject"), _OLD_SUBJECT)
        for subject, name in _OLD_ONCE.items():
            message.create_unique_constraint(name, [f"{subject}_id", "version", "kind"])
        message.alter_column(
            "phone", existing_type=sa.String(254), type_=sa.String(16), existing_nullable=False
        )
        for added in _message_columns():
            message.drop_column(added.name)


def _message_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("encounter_id", sa.Uuid(), nullable=True),
        sa.Column("read_on", sa.Date(), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("channel", sa.String(8), nullable=False, server_default="sms"),
        sa.Column("whom", sa.String(8), nullable=False, server_default="patient"),
        sa.Column("follows_id", sa.Uuid(), nullable=True),
        sa.Column("script", sa.String(8), nullable=False, server_default="native"),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("silent_at", Instant(), nullable=True),
        sa.Column("climbed_at", Instant(), nullable=True),
        sa.Column("refused_by", sa.String(80), nullable=True),
        sa.Column("segments", sa.Integer(), nullable=True),
        sa.Column("cost_micros", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=True),
    ]


def _create_tables() -> None:
    op.create_table(
        "message_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("provider", sa.String(20), nullable=True),
        sa.Column("reason", sa.String(40), nullable=True),
        sa.Column("who", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_message_step_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_step")),
    )
    op.create_index("ix_message_step_message_id", "message_step", ["message_id"])
    _create_choice()
    _create_stopped_number()
    _create_contact()
    op.create_table(
        "carrier_state",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("open_until", Instant(), nullable=True),
        sa.Column("reason", sa.String(40), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("window_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_carrier_state")),
    )


def _create_choice() -> None:
    points_to = ("message", "appointment", "practitioner", "kiosk", "site")
    op.create_table(
        "choice",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("meaning", sa.String(10), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("kiosk_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", Instant(), nullable=True),
        sa.Column("ends_at", Instant(), nullable=True),
        *(
            sa.ForeignKeyConstraint([f"{table}_id"], [f"{table}.id"], name=op.f(f"fk_choice_{table}_id"))
            for table in points_to
        ),
        sa.PrimaryKeyConstraint("message_id", "nth", name=op.f("pk_choice")),
    )


def _create_stopped_number() -> None:
    op.create_table(
        "stopped_number",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("who", sa.String(64), nullable=True),
        sa.Column("lifted_at", Instant(), nullable=True),
        sa.Column("lifted_by", sa.String(64), nullable=True),
        sa.Column("lifted_why", sa.String(200), nullable=True),
        sa.CheckConstraint("channel IN ('sms', 'voice', 'email')", name=op.f("ck_stopped_number_channel")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_stopped_number_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stopped_number")),
    )
    _create_partial("stopped_number_once", "stopped_number", ["address", "channel"], "lifted_at IS NULL")


def _create_contact() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("name", sa.String(100), nullable=True),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.Column("replaced_at", Instant(), nullable=True),
        sa.CheckConstraint("way IN ('voice', 'email', 'proxy', 'letter')", name=op.f("ck_contact_way")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_contact_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    _create_partial("contact_one_per_way", "contact", ["patient_id", "way"], "replaced_at IS NULL")


def _create_partial(name: str, table: str, columns: list[str], where: str) -> None:
    clause = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=clause, postgresql_where=clause)


def _forget_new_messages() -> None:
    """Drop what the tables of before have no place for."""
    names = ("id", "rung", "channel", "encounter_id", "read_on", "follows_id")
    message = sa.table("message", *(sa.column(name) for name in names))
    call_list = sa.table("call_list", sa.column("message_id"))
    inbound = sa.table("inbound_message", sa.column("message_id"))
    columns = message.c
    new = sa.select(columns.id).where(
        sa.or_(
            columns.rung > 0,
            columns.channel != "sms",
            columns.encounter_id.is_not(None),
            columns.read_on.is_not(None),
        )
    )
    op.execute(sa.delete(call_list).where(call_list.c.message_id.in_(new)))
    op.execute(sa.update(inbound).where(inbound.c.message_id.in_(new)).values(message_id=None))
    op.execute(sa.update(message).values(follows_id=None))
    op.execute(sa.delete(message).where(columns.id.in_(new)))
