"""Writing down what carriers said of messages handed to them, many at once, each with its step."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, select, update
from sqlalchemy.exc import IntegrityError

from telemed.messages import carriers
from telemed.messages.consequences import Consequence, consequence
from telemed.messages.ladder import silent_at
from telemed.messages.moves import Claim
from telemed.messages.port import Accepted, OutcomeUnknown, Refused, SendError
from telemed.messages.steps import Taken, write_down
from telemed.messages.stopped import Stopped
from telemed.messages.tables import STEPS, message

_SHORTEST, _LONGEST = timedelta(seconds=5), timedelta(seconds=45)
# Written anew with each outcome, as they were or as they are now.
_KEPT = (
    *("state", "changed_at", "provider", "body", "attempts", "sid", "reason", "due_at", "look_at"),
    *("silent_at", "refused_by", "segments", "cost_micros", "currency"),
)
_WRITE = (
    update(message)
    .where(message.c.id == bindparam("which"))
    .values({name: bindparam(f"new_{name}") for name in _KEPT})
)


@dataclass(frozen=True)
class Handed:
    """One message that was handed over, in which words, how that ended, and what it cost.

    There are no words and no price when its carrier was not asked after all.
    """

    claim: Claim
    body: str | None
    outcome: Accepted | SendError
    price: carriers.Price | None = None


def record(connection: Connection, handed: Sequence[Handed], now: datetime) -> None:
    """Write outcomes down."""
    by_id = {each.claim.id: each for each in handed}
    wanted = select(message).where(message.c.id.in_(by_id)).order_by(message.c.id).with_for_update()
    rows = connection.execute(wanted).all()
    taken = _names_of_others(connection, rows, by_id)
    changes = [_change(row, by_id[row.id], now, taken) for row in rows]
    try:
        with connection.begin_nested():
            _write(connection, changes)
    except IntegrityError:
        # Another worker has just found one of these names for an equal text: one name, one message.
        _write_singly(connection, changes)
    moved = [
        Taken(row.id, new["state"], new["provider"], new["reason"])
        for row, new in zip(rows, changes, strict=True)
        if new["state"] != row.state
    ]
    write_down(connection, moved, now)
    for row in rows:
        outcome = by_id[row.id].outcome
        if isinstance(outcome, Refused):
            heed(connection, row, by_id[row.id].claim.carrier, outcome.reason, now)


def heed(connection: Connection, row: Row[Any], carrier: str, code: str | None, now: datetime) -> None:
    """Leave a number in peace when a carrier's code says so; the next rung of the ladder is another way."""
    reason = consequence(carrier, code).value.stop
    if reason is not None:
        Stopped(connection).add(row.phone, row.channel, reason, row.id, now)


def wait(message_id: UUID, attempts: int) -> timedelta:
    """How long a message waits that was not looked at: longer each time, and not all for equally long."""
    longest: timedelta = min(_LONGEST, _SHORTEST * 2 ** min(attempts, 5))
    return longest * (0.75 + 0.25 * (message_id.int % 1000) / 1000)


def _change(row: Row[Any], handed: Handed, now: datetime, taken: Collection[str]) -> dict[str, Any]:
    new = {name: getattr(row, name) for name in _KEPT}
    if handed.body is not None:
        new |= {"provider": handed.claim.carrier, "body": handed.body, "attempts": row.attempts + 1}
    if handed.price is not None:
        new |= dict(zip(("segments", "cost_micros", "currency"), handed.price, strict=True))
    step = _step(row, handed, now)
    # Whoever took longer than it may knows only one thing better than those who came after: that it went out.
    late = row.state == "claimed" and row.lease_until != handed.claim.until
    if step["state"] in STEPS[row.state] and (step["state"] == "accepted" or not late):
        new |= step | {"changed_at": now}
    if new["sid"] in taken and new["sid"] != row.sid:
        new["sid"] = row.sid
    return new | {"id": row.id}


def _step(row: Row[Any], handed: Handed, now: datetime) -> dict[str, Any]:
    outcome = handed.outcome
    if isinstance(outcome, Accepted):
        silent = silent_at(row.kind, now, row.starts_at) if outcome.reported else None
        return {"state": "accepted", "sid": outcome.sid, "reason": None, "silent_at": silent}
    if isinstance(outcome, OutcomeUnknown):
        return {"state": "unknown", "reason": outcome.reason[:40], "look_at": None}
    refused_by = _refused_by(row, handed)
    goes_on = refused_by is not None and handed.body is not None
    if not goes_on and isinstance(outcome, Refused):
        return {"state": "failed", "reason": outcome.reason[:40]}
    due_at = now if goes_on else now + wait(row.id, row.attempts)
    return {"state": "due", "due_at": due_at, "reason": outcome.reason[:40], "refused_by": refused_by}


def _refused_by(row: Row[Any], handed: Handed) -> str | None:
    """Return who is not to be asked again about it; nobody when no other carrier is left."""
    if handed.body is None:
        kept: str | None = row.refused_by
        return kept
    if not handed.claim.another:
        return None
    if isinstance(handed.outcome, Refused) and not _follows(handed).another:
        return None
    return carriers.listed([*carriers.names(row.refused_by), handed.claim.carrier])


def _follows(handed: Handed) -> Consequence:
    code = handed.outcome.reason if isinstance(handed.outcome, SendError) else None
    return consequence(handed.claim.carrier, code).value


def _names_of_others(connection: Connection, rows: Sequence[Row[Any]], by_id: dict[UUID, Handed]) -> set[str]:
    """Return the providers' names for these messages that stand at others already."""
    handed = [by_id[row.id] for row in rows]
    named = {each.outcome.sid: each.claim.id for each in handed if isinstance(each.outcome, Accepted)}
    if not named:
        return set()
    # By the index; a report that came before its provider was noted has been told apart by its address.
    from_whom = message.c.provider.in_({each.claim.carrier for each in handed})
    known = select(message.c.id, message.c.sid).where(from_whom, message.c.sid.in_(named))
    return {row.sid for row in connection.execute(known) if named[row.sid] != row.id}


def _write(connection: Connection, changes: Sequence[dict[str, Any]]) -> None:
    if changes:
        connection.execute(_WRITE, [_bound(change) for change in changes])


def _write_singly(connection: Connection, changes: Sequence[dict[str, Any]]) -> None:
    for change in changes:
        try:
            with connection.begin_nested():
                _write(connection, [change])
        except IntegrityError:
            _write(connection, [change | {"sid": None}])


def _bound(change: dict[str, Any]) -> dict[str, Any]:
    return {"which": change["id"]} | {f"new_{name}": change[name] for name in _KEPT}
