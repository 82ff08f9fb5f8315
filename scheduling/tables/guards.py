"""The database's own refusal of overlapping allocations, for each dialect."""

from sqlalchemy import Connection

_SQLITE_GUARD = """CREATE TRIGGER allocation_{verb}_no_overlap BEFORE {verb} ON allocation
WHEN NEW.active IS NOT 0
BEGIN
    SELECT RAISE(ABORT, 'allocation: an instant must be written by the Instant type')
    WHERE NEW.starts_at NOT LIKE '____-__-__ __:__:__.______'
    OR NEW.ends_at NOT LIKE '____-__-__ __:__:__.______';
    SELECT RAISE(ABORT, 'allocation_no_overlap')
    WHERE EXISTS (
        SELECT 1 FROM allocation AS other
        WHERE other.resource = NEW.resource AND other.active {other_row}
        AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at
    );
END"""


def _sqlite_guard(verb: str, other_row: str) -> tuple[str, str]:
    return (
        f"DROP TRIGGER IF EXISTS allocation_{verb}_no_overlap",
        _SQLITE_GUARD.replace("{verb}", verb).replace("{other_row}", other_row),
    )


TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": (*_sqlite_guard("insert", ""), *_sqlite_guard("update", "AND other.rowid <> OLD.rowid")),
    "postgresql": (
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        """DO $$ BEGIN
            IF NOT EXISTS (
                SELECT 1 FROM pg_constraint
                WHERE conrelid = 'allocation'::regclass AND conname = 'allocation_no_overlap'
            ) THEN
                ALTER TABLE allocation ADD CONSTRAINT allocation_no_overlap EXCLUDE USING gist
                (resource WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE (active);
            END IF;
        END $$""",
    ),
}
"""For each dialect, the statements that put the guards in place; each may run again at any time."""


def install_guards(connection: Connection) -> None:
    """Put the database's own refusal of overlapping allocations in place, or back after a table rebuild."""
    for statement in TRIGGERS[connection.dialect.name]:
        connection.exec_driver_sql(statement)
