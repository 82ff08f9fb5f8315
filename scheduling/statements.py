"""Inserts that cost one statement and one compilation, however many rows (on PostgreSQL: tables) there are."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Table, bindparam, insert, select, union_all

Rows = Sequence[Mapping[str, Any]]
_Shape = tuple[Table, tuple[str, ...], int]


def insert_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows of the same columns with one statement."""
    insert_together(connection, (table, rows))


def insert_together(connection: Connection, *inserts: tuple[Table, Rows]) -> None:
    """Insert into several tables; PostgreSQL does it in one statement, SQLite in one for each table.

    What the rows point to may be among them: foreign keys are looked at when the statement ends.
    """
    wanted = [(table, rows) for table, rows in inserts if rows]
    if connection.dialect.name == "postgresql":
        _send(connection, wanted)
    else:
        for each in wanted:
            _send(connection, [each])


def _send(connection: Connection, inserts: Sequence[tuple[Table, Rows]]) -> None:
    if not inserts:
        return
    shapes = tuple((table, tuple(rows[0]), len(rows)) for table, rows in inserts)
    values = {
        _name(place, number, column): value
        for place, (_, rows) in enumerate(inserts)
        for number, row in enumerate(rows)
        for column, value in row.items()
    }
    connection.execute(_statement(shapes), values)


@cache
def _statement(shapes: tuple[_Shape, ...]) -> Insert:
    # Kept, because SQLAlchemy remembers on the statement itself how it was compiled.
    *before, last = [_insert(place, *shape) for place, shape in enumerate(shapes)]
    return last.add_cte(*(each.cte(f"also_{place}") for place, each in enumerate(before)))


def _insert(place: int, table: Table, columns: tuple[str, ...], count: int) -> Insert:
    if count == 1:
        return insert(table).values({name: bindparam(_name(place, 0, name)) for name in columns})
    # A VALUES list of several rows would be compiled anew each time.
    each = [
        select(*(bindparam(_name(place, number, name), type_=table.c[name].type) for name in columns))
        for number in range(count)
    ]
    return insert(table).from_select(list(columns), union_all(*each))


def _name(place: int, number: int, column: str) -> str:
    return f"{column}_{place}_{number}"
