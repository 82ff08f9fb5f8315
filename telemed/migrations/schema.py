"""All tables under one roof, with the triggers that a table rebuild would drop."""

from sqlalchemy import Connection, MetaData, inspect

import telemed.accounts.clerk_tables
import telemed.accounts.client_tables
import telemed.accounts.phone_tables
import telemed.accounts.tables
import telemed.call_quality
import telemed.call_seats
import telemed.clerk_calls
import telemed.deployment
import telemed.intake.again_tables
import telemed.intake.alarm_tables
import telemed.intake.device_tables
import telemed.intake.emergency_tables
import telemed.intake.tables
import telemed.intake.written_tables
import telemed.messages.tables
import telemed.notices
import telemed.records.tables
import telemed.relays.tokens
from scheduling import tables as scheduling_tables

metadata: MetaData = scheduling_tables.metadata

SUBJECTS = (
    scheduling_tables,
    telemed.accounts.tables,
    telemed.intake.tables,
    telemed.messages.tables,
    telemed.records.tables,
)

TRIGGERS: dict[str, tuple[str, ...]] = {
    dialect: tuple(statement for subject in SUBJECTS for statement in subject.TRIGGERS.get(dialect, ()))
    for dialect in ("sqlite", "postgresql")
}


def restore_triggers(connection: Connection) -> None:
    """Create again every trigger and constraint that lives outside the tables; safe to repeat."""
    for statement in TRIGGERS[connection.dialect.name]:
        connection.exec_driver_sql(statement)
    found, later = inspect(connection), telemed.messages.tables
    columns = {column["name"] for column in found.get_columns("message")}
    for there, statements in (
        ("repeated_at" in columns, later.REPEATS),
        (found.has_table("message_step"), later.TIMELINE),
        (found.has_table("alarm"), telemed.intake.alarm_tables.GUARDS),
        (found.has_table("supplement"), telemed.intake.again_tables.GUARDS),
        (found.has_table("emergency_call"), telemed.intake.emergency_tables.GUARDS),
        (found.has_table("call_quality"), telemed.call_quality.GUARDS),
        (found.has_table("clerk_call"), telemed.clerk_calls.GUARDS),
        (found.has_table("written_question"), telemed.intake.written_tables.GUARDS),
        (found.has_table("written_step"), telemed.intake.written_tables.STEP_GUARDS),
        (found.has_table("phone_bridge"), later.BRIDGES),
    ):
        for statement in statements[connection.dialect.name] if there else ():
            connection.exec_driver_sql(statement)
