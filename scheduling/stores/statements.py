"""Inserts of one statement and one compilation, however many rows (on PostgreSQL: tables) there are.

A few rows are written out, a parameter for each value, which is quickest for them; of many, PostgreSQL gets
one array for each column: a statement of hundreds of parameters takes it longer to read than to run.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Insert,
    Select,
    Table,
    bindparam,
    column,
    func,
    insert,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

Rows = Sequence[Mapping[str, Any]]
Values = Mapping[str, Any]
_Shape = tuple[Table, tuple[str, ...], int]


def insert_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows of the same columns with one statement."""
    insert_together(connection, (table, rows))


def insert_together(
    connection: Connection, *inserts: tuple[Table, Rows], last: tuple[Insert, Values] | None = None
) -> None:
    """Insert into several tables; PostgreSQL does it in one statement, SQLite in one for each table.

    What the rows point to may be among them: foreign keys are looked at when the statement ends. `last` is
    a statement of one's own, with its values, that goes along.
    """
    wanted = [(table, rows) for table, rows in inserts if rows]
    if connection.dialect.name == "postgresql":
        _send(connection, wanted, last)
        return
    for each in wanted:
        _send(connection, [each], None)
    if last is not None:
        connection.execute(*last)


def insert_many(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert many rows of the same columns."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(_insert_arrays(table, tuple(rows[0])), arrays_of(rows))
    else:
        connection.execute(insert(table), list(rows))


@cache
def from_arrays(table: Table, columns: tuple[str, ...]) -> Select[tuple[Any, ...]]:
    """Rows given as one array for each column, to insert from; PostgreSQL only."""
    kinds = [table.c[name].type for name in columns]
    arrays = [bindparam(f"all_{name}", type_=ARRAY(kind)) for name, kind in zip(columns, kinds, strict=True)]
    named = [column(name, kind) for name, kind in zip(columns, kinds, strict=True)]
    given = func.unnest(*arrays).table_valued(*named, name="given").render_derived()
    return select(*(given.c[name] for name in columns))


def arrays_of(rows: Rows) -> dict[str, Any]:
    """What is bound for rows given as arrays."""
    return {f"all_{name}": [row[name] for row in rows] for name in rows[0]}


def rows_of(
    table: Table, columns: tuple[str, ...], count: int, place: str = ""
) -> CompoundSelect[tuple[Any, ...]]:
    """So many rows of bound values, to insert from; a VALUES list would be compiled anew each time."""
    each = [
        select(*(bindparam(_name(place, number, name), type_=table.c[name].type) for name in columns))
        for number in range(count)
    ]
    return union_all(*each)


def values_of(rows: Rows, place: str = "") -> dict[str, Any]:
    """What is bound for these rows."""
    return {
        _name(place, number, column): value
        for number, row in enumerate(rows)
        for column, value in row.items()
    }


def _send(
    connection: Connection, inserts: Sequence[tuple[Table, Rows]], last: tuple[Insert, Values] | None
) -> None:
    if not inserts and last is None:
        return
    shapes = tuple((table, tuple(rows[0]), len(rows)) for table, rows in inserts)
    values = dict(last[1]) if last else {}
    for place, (_, rows) in enumerate(inserts):
        values |= values_of(rows, f"_{place}")
    connection.execute(_statement(shapes, last[0] if last else None), values)


@cache
def _statement(shapes: tuple[_Shape, ...], last: Insert | None) -> Insert:
    # Kept, because SQLAlchemy remembers on the statement itself how it was compiled.
    made = [_insert(f"_{place}", *shape) for place, shape in enumerate(shapes)]
    if last is None:
        last = made.pop()
    return last.add_cte(*(each.cte(f"also_{place}") for place, each in enumerate(made)))


@cache
def _insert_arrays(table: Table, columns: tuple[str, ...]) -> Insert:
    return insert(table).from_select(list(columns), from_arrays(table, columns), include_defaults=False)


def _insert(place: str, table: Table, columns: tuple[str, ...], count: int) -> Insert:
    if count == 1:
        return insert(table).values({name: bindparam(_name(place, 0, name)) for name in columns})
    left_out = [
        column.name for column in table.c if column.default is not None and column.name not in columns
    ]
    if left_out:
        raise ValueError(f"rows of {table.name} written together must say their {', '.join(left_out)}")
    return insert(table).from_select(list(columns), rows_of(table, columns, count, place))


def _name(place: str, number: int, column: str) -> str:
    return f"{column}{place}_{number}"
