"""What became of every message, by three witnesses: the table, its timeline and the carrier's ledger."""

import itertools
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Row, select

from scheduling.reminders import QuietHours
from telemed import database
from telemed.messages.simulated_twilio.ledger import Ledger
from telemed.messages.tables import STEPS, call_list, message, message_step

_REFERENCE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OUT = ("accepted", "delivered", "undelivered")
_NEVER = timedelta(0)


@dataclass(frozen=True)
class Verdict:
    """Everything that must be empty, how many ended where, and how long the slowest took."""

    twice: list[UUID]
    lost: list[tuple[UUID, str]]
    at_night: list[UUID]
    backwards: list[tuple[UUID, str, str]]
    ends: Counter[tuple[str, str]]
    unsent_after: timedelta
    settled_after: timedelta

    @property
    def table(self) -> str:
        """How many ended in each state, as a table for a page."""
        lines = [f"| {state} | {reason} | {count} |" for (state, reason), count in sorted(self.ends.items())]
        return "\n".join(["| state | reason | messages |", "|---|---|---|", *lines])


def judge(engine: Engine, ledger: Ledger, now: datetime, recovered_at: datetime) -> Verdict:
    """Hear the witnesses."""
    with database.read(engine) as connection:
        rows = connection.execute(select(message)).all()
        listed = set(connection.execute(select(call_list.c.message_id)).scalars())
        steps = connection.execute(select(message_step).order_by(message_step.c.id)).all()
    paths: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for step in steps:
        paths[step.message_id].append(step)
    accepted = [(_of(each.callback), each.at) for each in ledger.messages()]
    count = Counter(reference for reference, _ in accepted)
    by_id = {row.id: row for row in rows}
    quiet = QuietHours()
    return Verdict(
        twice=[each for each, times in count.items() if times > 1],
        lost=[(row.id, row.state) for row in rows if not _is_told(row, count[row.id], listed, now)],
        at_night=[
            each
            for each, at in accepted
            if quiet.covers(at.astimezone(ZoneInfo(by_id[each].time_zone)).time())
        ],
        backwards=[
            (row.id, before, after)
            for row in rows
            for before, after in itertools.pairwise([*(each.state for each in paths[row.id]), row.state])
            if before != after and after not in STEPS[before]
        ],
        ends=Counter((row.state, row.reason or "") for row in rows),
        unsent_after=max(
            (wait for row in rows if (wait := _unsent(row, paths[row.id], recovered_at)) is not None),
            default=_NEVER,
        ),
        settled_after=max((each for row in rows for each in _unsettled(paths[row.id])), default=_NEVER),
    )


def story(engine: Engine, ledger: Ledger, message_id: UUID) -> str:
    """Everything that is known of one message, for a test that fails."""
    columns = message_step.c
    wanted = select(message_step).where(columns.message_id == message_id).order_by(columns.id)
    with database.read(engine) as connection:
        steps = [f"{step.at:%H:%M:%S.%f} {step.state} {step.reason}" for step in connection.execute(wanted)]
    out = [
        f"{each.at:%H:%M:%S.%f} took it: {each.behaviour}"
        for each in ledger.messages()
        if _of(each.callback) == message_id
    ]
    told = [
        f"{each.at:%H:%M:%S.%f} told {each.fields.get('MessageStatus')}: {each.status}"
        for each in ledger.told()
        if str(message_id) in each.url
    ]
    return "\n  ".join([str(message_id), *sorted([*steps, *out, *told])])


def _of(callback: str) -> UUID:
    found = _REFERENCE.search(callback)
    assert found, "every message asks for reports under its own name"
    return UUID(found[0])


def _is_told(row: Row[Any], times: int, listed: set[UUID], now: datetime) -> bool:
    """Whether it ended as it may: it went out, a person was asked, or nobody wants it any more."""
    if row.state in _OUT:
        return times >= 1
    if row.state == "on_call_list":
        return row.id in listed and row.reason is not None
    if row.state == "cancelled":
        return times == 0 and row.reason is not None
    return bool(row.state == "due" and row.due_at > now and times == 0)


def _unsent(row: Row[Any], path: list[Row[Any]], recovered_at: datetime) -> timedelta | None:
    """How long after the recovery a message went out that was known then not to have."""
    before = [each for each in path if each.at <= recovered_at]
    after = [each for each in path if each.at > recovered_at and each.state == "claimed"]
    if not before or before[-1].state != "due" or not after:
        return None
    waited: timedelta = after[-1].at - recovered_at
    return waited


def _unsettled(path: list[Row[Any]]) -> list[timedelta]:
    """How long nobody knew, from the first unknown to the step that ended it."""
    since, spans = None, []
    for step in path:
        if step.state == "unknown" and since is None:
            since = step.at
        elif since is not None and step.state not in ("unknown", "claimed"):
            spans.append(step.at - since)
            since = None
    return spans
