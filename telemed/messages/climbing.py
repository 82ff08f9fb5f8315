"""Takes the next step of the ladder for messages that ended or stayed silent, each once, by one worker."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update
from sqlalchemy.exc import IntegrityError

from scheduling.ids import uuid7
from scheduling.reminders import QuietHours
from telemed.messages import carriers, ladder, steps
from telemed.messages.about import Subjects
from telemed.messages.calling import add_line, close_lines, site_of
from telemed.messages.consequences import consequence
from telemed.messages.ladder import Climb, Desk, Done, Reach, Step, Times, Try, Wait, Way
from telemed.messages.last_look import Verdict
from telemed.messages.moves import Seen, look_again
from telemed.messages.reconciling import Standing, standing
from telemed.messages.tables import SUBJECTS, call_list, message

ENDED = ("failed", "undelivered", "delivered")
# Ends that nobody need act upon, but that nobody may have to guess either.
_TOLD = ("begun", "closed", "refused")
_SAME = ("version", "kind", "patient_id", "language", "script", "place", "time_zone", "starts_at")


@dataclass(frozen=True)
class Around:
    """What the ladder asks others: how things stand, who may be reached how, when a counter opens."""

    subjects: Subjects
    reach: Callable[[UUID], Reach]
    opens_at: Callable[[UUID, datetime, datetime], datetime | None]
    # Who carries each channel here, in the order in which they are tried.
    carriers: Mapping[str, Collection[str]]
    quiet: QuietHours


def to_climb(connection: Connection, now: datetime, limit: int = 200) -> list[UUID]:
    """Return the messages that the ladder has not dealt with; ids only, nobody is named."""
    columns = message.c
    # Whom no message can be sent is listed when it would have been due.
    ended = and_(columns.state.in_(ENDED), columns.due_at <= now)
    silent = and_(columns.state == "accepted", columns.silent_at <= now)
    found: list[UUID] = []
    for which in (ended, silent):
        wanted = select(columns.id).where(which, columns.climbed_at.is_(None))
        found += connection.scalars(wanted.order_by(columns.changed_at).limit(limit))
    return found


def climb(connection: Connection, seen: Seen, message_id: UUID, around: Around, now: datetime) -> int:
    """Take the next step for one message; 1 if a way, a line on the list or an end was written down."""
    rungs = _locked(connection, message_id)
    top = rungs[-1]
    if any(row.state == "delivered" for row in rungs):
        _nothing_more(connection, rungs, now)
        return 0
    if top.id != message_id:
        # Already climbed over.
        _mark(connection, [message_id], now)
        return 0
    if top.climbed_at is not None:
        return 0
    step = _step(rungs, around, now)
    if isinstance(step, Wait):
        return 0
    seen(top.patient_id, "message")
    _take(connection, rungs, step, around, now)
    _mark(connection, [top.id], now)
    return 1


def arrived(connection: Connection, message_id: UUID, now: datetime) -> None:
    """A message has arrived: what would have followed it is withdrawn, and nobody needs to call any more."""
    found = connection.execute(select(message).where(message.c.id == message_id)).one()
    _nothing_more(connection, _locked(connection, message_id, found.rung), now)


def belongs_to(connection: Connection, claimed_id: UUID, known_id: UUID) -> None:
    """What is still to be told to a claimed patient is told to the person it turned out to be."""
    mine = and_(message.c.patient_id == claimed_id, message.c.read_on.is_(None))
    connection.execute(update(message).where(mine).values(patient_id=known_id))
    listed = update(call_list).where(call_list.c.patient_id == claimed_id)
    connection.execute(listed.values(patient_id=known_id))


def _locked(connection: Connection, message_id: UUID, lowest: int = 0) -> Sequence[Row[Any]]:
    """The rungs of what this message is one of, from below; nobody else climbs or reports meanwhile."""
    found = connection.execute(select(message).where(message.c.id == message_id)).one()
    # Always locked upwards: who holds one waits for those above only.
    rungs = select(message).where(_rungs_of(found), message.c.rung >= lowest)
    return connection.execute(rungs.order_by(message.c.rung).with_for_update()).all()


def _rungs_of(row: Row[Any]) -> ColumnElement[bool]:
    columns = message.c
    subject = next(name for name in SUBJECTS if getattr(row, name) is not None)
    return and_(
        columns[subject] == getattr(row, subject),
        columns.version == row.version,
        columns.kind == row.kind,
        columns.patient_id == row.patient_id,
    )


def _nothing_more(connection: Connection, rungs: Sequence[Row[Any]], now: datetime) -> None:
    due = [row.id for row in rungs if row.state == "due"]
    if due:
        steps.move_all(connection, message.c.id.in_(due), "cancelled", now, reason="arrived")
    close_lines(connection, select(message.c.id).where(_rungs_of(rungs[0])), now)
    _mark(connection, [row.id for row in rungs], now)


def _step(rungs: Sequence[Row[Any]], around: Around, now: datetime) -> Step:
    top = rungs[-1]
    if top.kind not in ladder.HEIGHTS:
        return Done("no_ladder")
    verdict, (_, expires_at) = look_again(top, around.subjects, now, around.quiet)
    until = expires_at or top.starts_at
    if _overtaken(rungs, verdict, around.subjects, now):
        return Done("overtaken")
    reach = around.reach(top.patient_id)
    usable = tuple(way for way in reach.ways if around.carriers.get(way.channel))
    opens_at = around.opens_at(site_of(top, around.subjects), now, until)
    times = Times(now, until, top.time_zone, around.quiet, opens_at)
    tried = [_try(row) for row in rungs]
    return ladder.next_rung(top.kind, tried, Reach(usable, reach.wanted), around.carriers["sms"], times)


def _overtaken(rungs: Sequence[Row[Any]], verdict: Verdict, subjects: Subjects, now: datetime) -> bool:
    top = rungs[-1]
    if any(row.answered_at is not None for row in rungs):
        return True
    if top.appointment_id is None:
        return verdict.withdrawn
    stands = standing(top.kind, top.starts_at, subjects.appointment(top.appointment_id), now)
    return stands is Standing.OVERTAKEN or (verdict.withdrawn and stands is not Standing.BEGUN)


def _try(row: Row[Any]) -> Try:
    had = carriers.names(row.refused_by) + ((row.provider,) if row.provider else ())
    follows = consequence(row.provider or "", row.reason).value
    way = Way(row.channel, row.whom, row.phone)
    hopeless = follows.stop is not None or follows.later
    return Try(way, row.state, row.silent_at, frozenset(had), hopeless)


def _take(
    connection: Connection, rungs: Sequence[Row[Any]], step: Step, around: Around, now: datetime
) -> None:
    top = rungs[-1]
    if isinstance(step, Climb):
        _climb_once(connection, _rung_above(rungs, step, around, now))
    elif isinstance(step, Desk):
        add_line(connection, top, step.reason, now, site_of(top, around.subjects))
    elif isinstance(step, Done) and step.why in _TOLD:
        add_line(connection, top, step.why, now, site_of(top, around.subjects), needed=False)


def _climb_once(connection: Connection, row: Mapping[str, Any]) -> None:
    try:
        with connection.begin_nested():
            steps.plan(connection, [row])
    except IntegrityError:
        # Somebody has sent it again by hand at this very moment: that is the next rung.
        return


def _rung_above(rungs: Sequence[Row[Any]], step: Climb, around: Around, now: datetime) -> dict[str, Any]:
    top, way = rungs[-1], step.way
    had = [name for row in rungs if row.channel == way.channel for name in sorted(_try(row).carriers)]
    return {
        **{name: getattr(top, name) for name in (*SUBJECTS, *_SAME)},
        "id": uuid7(),
        "rung": top.rung + 1,
        "follows_id": top.id,
        "channel": way.channel,
        "whom": way.whom,
        "phone": way.address,
        "site_id": site_of(top, around.subjects),
        "refused_by": carriers.listed(had) if way.whom == "patient" else None,
        "due_at": step.due_at,
        "state": "due",
        "changed_at": now,
        "attempts": 0,
    }


def _mark(connection: Connection, ids: Collection[UUID], now: datetime) -> None:
    connection.execute(
        update(message).where(message.c.id.in_(ids), message.c.climbed_at.is_(None)).values(climbed_at=now)
    )
