"""Triggers by which the database itself refuses a change, in each dialect's words."""

from collections.abc import Sequence

Rule = tuple[str, str, str]
"""A trigger's name, what it stands before ("UPDATE ON alarm"), and when it refuses; empty: always."""


def guards(rules: Sequence[Rule], function: str, why: str) -> dict[str, tuple[str, ...]]:
    """Return the statements by dialect, safe to repeat; `function` names PostgreSQL's, `why` is the error."""
    return {"sqlite": _sqlite(rules, why), "postgresql": _postgresql(rules, function, why)}


def _sqlite(rules: Sequence[Rule], why: str) -> tuple[str, ...]:
    return tuple(
        statement
        for name, event, when in rules
        for statement in (
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW {f'WHEN {when}' if when else ''} "
            f"BEGIN SELECT RAISE(ABORT, '{why}'); END",
        )
    )


def _postgresql(rules: Sequence[Rule], function: str, why: str) -> tuple[str, ...]:
    refusing = (
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{why}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    triggers = tuple(
        statement
        for name, event, when in rules
        for statement in (
            f"DROP TRIGGER IF EXISTS {name} ON {event.rsplit(' ', 1)[1]}",
            f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW {f'WHEN ({when})' if when else ''} "
            f"EXECUTE FUNCTION {function}()",
        )
    )
    return (refusing, *triggers)
