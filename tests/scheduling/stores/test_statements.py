"""Many rows in few statements: nothing is left out, and what points to each other may come together."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import IntegrityError

from scheduling import tables
from scheduling.stores.statements import insert_many, insert_rows, insert_together

pytestmark = pytest.mark.both_databases


@pytest.fixture
def sent(connection: Connection) -> Iterator[list[str]]:
    """Every insert that goes to the database."""
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("INSERT", "WITH")):
            statements.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield statements
    event.remove(connection, "before_cursor_execute", note)


def kiosks(site: str, count: int) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Rows of kiosks and of the resources they are."""
    ids = [uuid4() for _ in range(count)]
    return (
        [{"id": each, "kind": "kiosk"} for each in ids],
        [{"id": each, "site_id": site, "label": str(number)} for number, each in enumerate(ids)],
    )


@pytest.fixture
def site(connection: Connection) -> str:
    code, site = "00084", uuid4()
    village = {"code": code, "name": "Аврен", "name_latin": "Avren", "district": "", "municipality": ""}
    insert_rows(connection, tables.settlement, [village])
    row = {"id": site, "kind": "clinic", "settlement_code": code, "name": "", "time_zone": "UTC"}
    insert_rows(connection, tables.site, [row])
    return site  # type: ignore[return-value]  # an id is an id to the database


@pytest.mark.parametrize("count", [1, 2, 5])
def test_as_many_rows_as_wanted_take_one_statement(
    connection: Connection, sent: list[str], count: int
) -> None:
    resources, _ = kiosks("", count)
    insert_rows(connection, tables.resource, resources)
    assert len(sent) == 1
    assert set(connection.scalars(select(tables.resource.c.id))) == {row["id"] for row in resources}


def test_no_rows_take_no_statement(connection: Connection, sent: list[str]) -> None:
    insert_rows(connection, tables.resource, [])
    insert_together(connection, (tables.resource, []), (tables.kiosk, []))
    assert sent == []


def test_what_points_to_each_other_is_written_together(
    connection: Connection, site: str, sent: list[str]
) -> None:
    resources, rows = kiosks(site, 2)
    insert_together(connection, (tables.resource, resources), (tables.kiosk, rows))
    assert len(sent) == {"postgresql": 1, "sqlite": 2}[connection.dialect.name]
    written = connection.execute(select(tables.kiosk).order_by(tables.kiosk.c.label)).all()
    assert [row._asdict() for row in written] == rows


def test_a_refused_row_refuses_them_all(connection: Connection, site: str) -> None:
    resources, rows = kiosks(site, 1)
    rows[0]["label"] = None
    with pytest.raises(IntegrityError), connection.begin_nested():
        insert_together(connection, (tables.resource, resources), (tables.kiosk, rows))
    assert connection.scalars(select(tables.resource.c.id)).all() == []


def test_many_rows_need_one_statement_however_many_there_are(connection: Connection, sent: list[str]) -> None:
    for count in (60, 300):
        insert_many(connection, tables.resource, kiosks("", count)[0])
    assert len(connection.execute(select(tables.resource.c.id)).all()) == 360
    assert len(set(sent)) == 1


def test_many_are_also_none(connection: Connection, sent: list[str]) -> None:
    insert_many(connection, tables.resource, [])
    assert sent == []
