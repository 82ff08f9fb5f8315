from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine, delete, text, update
from sqlalchemy.exc import DBAPIError

from telemed import database
from telemed.records import tables
from telemed.records.access_log import Reader
from telemed.records.access_store import FEW, AccessStore
from tests.telemed.records.conftest import NOW

SEAL_KEY = b"s" * 32
DOCTOR = Reader("staff", "7", UUID(int=9), "д-р Иванова", "care", "doctor")
OWNER = UUID(int=1)

pytestmark = pytest.mark.both_databases


def fill(engine: Engine, owners: int = 3, readings: int = 4) -> None:
    for number in range(readings):
        with database.write(engine) as connection:
            seen = [(UUID(int=owner), "visit") for owner in range(1, owners + 1)]
            AccessStore(connection).append(DOCTOR, seen, NOW + timedelta(minutes=number))


def faults(engine: Engine) -> list[str]:
    with database.read(engine) as connection:
        return [fault.reason for fault in AccessStore(connection).verify_all(SEAL_KEY)[1]]


def seal(engine: Engine, day: date, at: datetime = NOW) -> str | None:
    with database.write(engine) as connection:
        return AccessStore(connection).seal(SEAL_KEY, day, at)


def without_guards(connection: Connection, table: str) -> None:
    """What somebody with the database owner's rights can do."""
    for act in ("update", "delete"):
        suffix = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{act}{suffix}")


def test_what_was_read_is_there_again_in_order(schema: Engine) -> None:
    fill(schema)
    with database.read(schema) as connection:
        entries = AccessStore(connection).entries(OWNER)
    assert [entry.seq for entry in entries] == [1, 2, 3, 4]
    assert (entries[0].reader, entries[0].what, entries[0].at) == (DOCTOR, "visit", NOW)
    assert faults(schema) == []


def test_nothing_seen_writes_nothing(schema: Engine) -> None:
    with database.write(schema) as connection:
        assert AccessStore(connection).append(DOCTOR, [], NOW) == []


@pytest.mark.parametrize("table", ["access_entry", "access_seal", "access_sealed_head"])
@pytest.mark.parametrize("act", ["UPDATE {} SET hash_or_digest", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_remove(schema: Engine, table: str, act: str) -> None:
    fill(schema)
    seal(schema, date(2026, 12, 1))
    column = "digest" if table == "access_seal" else "hash"
    statement = act.format(table).replace("hash_or_digest", f"{column} = 'x'")
    with pytest.raises(DBAPIError, match="kept as it was written"), database.write(schema) as connection:
        connection.execute(text(statement))
    assert faults(schema) == []


@pytest.mark.parametrize("column", ["what", "purpose", "reader_name", "reader_id", "reader_role"])
def test_a_changed_row_is_found(schema: Engine, column: str) -> None:
    fill(schema)
    entry = tables.access_entry
    with database.write(schema) as connection:
        without_guards(connection, "access_entry")
        connection.execute(
            update(entry).where(entry.c.owner_id == OWNER, entry.c.seq == 2).values({column: "x"})
        )
    assert faults(schema) == ["was changed after it was written"]


@pytest.mark.parametrize("seq", [1, 2, 4])
def test_a_removed_row_is_found_also_the_last(schema: Engine, seq: int) -> None:
    fill(schema)
    entry = tables.access_entry
    with database.write(schema) as connection:
        without_guards(connection, "access_entry")
        connection.execute(delete(entry).where(entry.c.owner_id == OWNER, entry.c.seq == seq))
    assert faults(schema)


def test_a_whole_chain_removed_with_its_head_is_found_by_the_seal(schema: Engine) -> None:
    fill(schema)
    seal(schema, date(2026, 12, 1))
    with database.write(schema) as connection:
        without_guards(connection, "access_entry")
        for table in (tables.access_entry, tables.access_head):
            connection.execute(delete(table).where(table.c.owner_id == OWNER))
    assert faults(schema) == ["differs from what was sealed on 2026-12-01"]


def test_a_chain_rewritten_from_scratch_is_found_by_the_seal(schema: Engine) -> None:
    fill(schema)
    seal(schema, date(2026, 12, 1))
    with database.write(schema) as connection:
        without_guards(connection, "access_entry")
        for table in (tables.access_entry, tables.access_head):
            connection.execute(delete(table).where(table.c.owner_id == OWNER))
    fill(schema, owners=1, readings=3)
    assert faults(schema) == ["differs from what was sealed on 2026-12-01"]


def test_a_forged_seal_is_found(schema: Engine) -> None:
    fill(schema)
    seal(schema, date(2026, 12, 1))
    seal(schema, date(2026, 12, 2))
    with database.write(schema) as connection:
        without_guards(connection, "access_seal")
        connection.execute(
            update(tables.access_seal).where(tables.access_seal.c.day == "2026-12-01").values(digest="f" * 64)
        )
    assert faults(schema) == ["the seal of 2026-12-01 is broken", "the seal of 2026-12-02 is broken"]


def test_a_day_cut_off_with_its_seal_breaks_nothing_and_only_its_logged_digest_is_missed(
    schema: Engine,
) -> None:
    fill(schema, owners=1)
    first = seal(schema, date(2026, 12, 1))
    logged = seal(schema, date(2026, 12, 2))
    with database.write(schema) as connection:
        without_guards(connection, "access_seal")
        connection.execute(delete(tables.access_seal).where(tables.access_seal.c.day == "2026-12-02"))
    with database.read(schema) as connection:
        last = AccessStore(connection).last_seal()
    assert faults(schema) == []
    assert logged
    assert last == ("2026-12-01", first)


def test_after_a_clock_that_was_far_ahead_each_day_is_sealed_again_once(schema: Engine) -> None:
    fill(schema, owners=1)
    assert seal(schema, date(2090, 1, 1), NOW.replace(year=2090))
    for day in range(2):
        fill(schema, owners=1)
        at = NOW + timedelta(days=day)
        assert seal(schema, at.date(), at)
        assert seal(schema, at.date(), at + timedelta(minutes=1)) is None
    with database.read(schema) as connection:
        sealed = connection.execute(text("SELECT day FROM access_seal ORDER BY day")).scalars().all()
    assert sealed == ["2090-01-01", "2090-01-02", "2090-01-03"]
    assert faults(schema) == []


def test_a_clock_that_was_a_little_ahead_seals_no_day_twice(schema: Engine) -> None:
    fill(schema)
    assert seal(schema, date(2026, 12, 2), NOW)
    assert seal(schema, date(2026, 12, 1), NOW - timedelta(hours=1)) is None


def test_a_day_is_sealed_once_and_holds_only_what_moved(schema: Engine) -> None:
    fill(schema, owners=3)
    assert seal(schema, date(2026, 12, 1))
    assert seal(schema, date(2026, 12, 1)) is None
    fill(schema, owners=1)
    assert seal(schema, date(2026, 12, 2))
    with database.read(schema) as connection:
        sealed = connection.execute(
            text("SELECT day, count(*) FROM access_sealed_head GROUP BY day ORDER BY day")
        )
        assert [tuple(row) for row in sealed] == [("2026-12-01", 3), ("2026-12-02", 1)]
    assert faults(schema) == []


def test_many_write_to_the_same_chains_at_once_and_every_chain_holds(schema: Engine) -> None:
    owners = [uuid4() for _ in range(3)]

    def read_records(number: int) -> None:
        for turn in range(5):
            with database.write(schema) as connection:
                shown = owners if turn % 2 else owners[::-1]
                AccessStore(connection).append(DOCTOR, [(o, f"visit {number}") for o in shown], NOW)

    with ThreadPoolExecutor(4) as pool:
        for finished in [pool.submit(read_records, number) for number in range(4)]:
            finished.result()
    assert faults(schema) == []
    with database.read(schema) as connection:
        assert [len(AccessStore(connection).entries(owner)) for owner in owners] == [20, 20, 20]


def test_of_many_at_once_each_has_a_chain_of_its_own_that_holds(schema: Engine) -> None:
    owners = 2 * FEW + 7
    fill(schema, owners, readings=2)
    with database.read(schema) as connection:
        found, wrong = AccessStore(connection).verify_all(SEAL_KEY)
        last = AccessStore(connection).entries(UUID(int=owners))
    assert (found, wrong) == (2 * owners, [])
    assert [entry.seq for entry in last] == [1, 2]
