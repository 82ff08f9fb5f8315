"""The database the migrations make is the one the code declares, and keeps its promises after each step."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, text

from telemed import database, migrations
from telemed.migrations import promises
from telemed.migrations.schema import metadata

REVISIONS = [script.revision for script in ScriptDirectory("telemed/migrations").walk_revisions()][::-1]


@pytest.fixture
def bare_engine(engine: Engine) -> Engine:
    """The fresh database emptied of every table, as before the first migration."""
    with database.write(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        else:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            tables = MetaData()
            tables.reflect(connection)
            tables.drop_all(connection)
    return engine


@pytest.mark.both_databases
def test_the_migrated_database_is_what_the_code_declares(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
        assert migrations.current(connection) == migrations.head()


@pytest.mark.both_databases
def test_after_each_step_no_slot_can_be_taken_twice(bare_engine: Engine) -> None:
    for revision in REVISIONS:
        migrations.upgrade(bare_engine, revision)
        assert promises.broken(bare_engine) == [], revision


@pytest.mark.both_databases
def test_what_is_stored_before_a_step_is_there_after_all_of_them(bare_engine: Engine) -> None:
    migrations.upgrade(bare_engine, REVISIONS[0])
    with database.write(bare_engine) as connection:
        promises.two_appointments(connection)
    migrations.upgrade(bare_engine)
    assert migrations.check(bare_engine) == []
    with database.read(bare_engine) as connection:
        kept = connection.execute(
            text("SELECT count(*) FROM appointment a JOIN kiosk k ON k.id = a.kiosk_id")
        )
        assert kept.scalar() == 2
        offers = connection.execute(text("SELECT visit_type_id FROM offer")).scalars().all()
        assert offers == ["consultation"]


@pytest.mark.both_databases
def test_a_missing_guard_is_noticed(engine: Engine) -> None:
    with database.write(engine) as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER allocation_insert_no_overlap"))
        else:
            connection.execute(text("ALTER TABLE allocation DROP CONSTRAINT allocation_no_overlap"))
    assert any("practitioner taken twice" in problem for problem in migrations.check(engine))


@pytest.mark.both_databases
def test_the_check_leaves_nothing_behind(engine: Engine) -> None:
    migrations.check(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM appointment")).scalar() == 0


def test_a_database_without_tables_is_told_what_to_do(tmp_path: object) -> None:
    empty = database.connect(f"sqlite:///{tmp_path}/empty.db")
    assert "telemed db upgrade" in migrations.check(empty)[0]
    empty.dispose()
