"""How the carriers are doing, as all workers share it: one row each in `carrier_state`."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from telemed import database
from telemed.messages.breaking import Circuit, probing, standing
from telemed.messages.tables import carrier_state

Step = Callable[[Circuit], Circuit]


class Circuits:
    """The carriers' circuits; each look and each step is a short transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def usable(self, names: Iterable[str], now: datetime) -> dict[str, bool]:
        """Return the carriers that may be used, and of each whether it is for one message only: a probe."""
        with database.read(self._engine) as connection:
            known = {row.name: _circuit(row) for row in connection.execute(select(carrier_state))}
        found: dict[str, bool] = {}
        for name in names:
            stands = standing(known[name], now) if name in known else "closed"
            if stands == "closed" or (stands == "half-open" and self._may_probe(known[name], now)):
                found[name] = stands != "closed"
        return found

    def step(self, name: str, step: Step, now: datetime) -> tuple[Circuit, Circuit]:
        """Take one step of a carrier's circuit, alone; returns how it stood before and after."""
        # Most steps change nothing: a carrier that works goes on working.
        with database.read(self._engine) as connection:
            row = connection.execute(_of(name)).one_or_none()
            before = _circuit(row) if row is not None else Circuit(name, now)
        if step(before) == before:
            return before, before
        while True:
            with database.write(self._engine) as connection:
                row = connection.execute(_of(name).with_for_update()).one_or_none()
                before = _circuit(row) if row is not None else Circuit(name, now)
                after = step(before)
                if after != before and row is not None:
                    changed = update(carrier_state).where(carrier_state.c.name == name)
                    connection.execute(changed.values(_values(after, now)))
                if after == before or row is not None or _added(connection, after, now):
                    return before, after

    def _may_probe(self, circuit: Circuit, now: datetime) -> bool:
        """Tell whether this worker is the one that tries; nobody else may while it does."""
        taken = update(carrier_state).where(
            carrier_state.c.name == circuit.name, carrier_state.c.open_until == circuit.open_until
        )
        with database.write(self._engine) as connection:
            return connection.execute(taken.values(_values(probing(circuit, now), now))).rowcount == 1


def _of(name: str) -> Any:
    return select(carrier_state).where(carrier_state.c.name == name)


def _circuit(row: Row[Any]) -> Circuit:
    return Circuit(row.name, row.window_at, row.failures, row.open_until, row.reason)


def _values(circuit: Circuit, now: datetime) -> dict[str, Any]:
    return {
        "open_until": circuit.open_until,
        "reason": circuit.reason and circuit.reason[:40],
        "failures": circuit.failures,
        "window_at": circuit.window_at,
        "changed_at": now,
    }


def _added(connection: Connection, circuit: Circuit, now: datetime) -> bool:
    """Add the carrier's row; false when another worker was quicker."""
    try:
        with connection.begin_nested():
            connection.execute(insert(carrier_state).values(name=circuit.name, **_values(circuit, now)))
    except IntegrityError:
        return False
    return True
