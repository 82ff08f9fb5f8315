"""Two telephones joined for a visit: each rings once, and what is known of both says how far the call is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update

from scheduling.ids import uuid7
from telemed.messages.tables import LEG_STEPS, message, phone_bridge, phone_leg

Who = Literal["kiosk", "doctor"]
State = Literal["ringing", "talking", "over", "failed"]

OPEN: tuple[State, ...] = ("ringing", "talking")
LEASE = timedelta(minutes=1)
"""A worker that has claimed a telephone for longer has died over it: nobody knows whether it rings."""

SILENT = timedelta(seconds=90)
"""So long after it was rung nobody picks up any more, whether or not we were told."""

LONGEST = timedelta(hours=2)
"""No call lasts longer; a report that was lost does not keep it open for ever."""

_ENDED = ("over", "failed")
# What the carrier says of a telephone nobody talked on, in our words; anything else is "failed".
_NOBODY = {"no-answer": "silent", "silent": "silent", "machine": "silent", "busy": "busy"}


@dataclass(frozen=True)
class Leg:
    """One of the two telephones."""

    id: UUID
    bridge_id: UUID
    who: Who
    phone: str
    state: str
    reason: str | None
    sid: str | None
    changed_at: datetime


@dataclass(frozen=True)
class Bridge:
    """One call of a visit by telephone; the reason says which telephone failed and how."""

    id: UUID
    visit_id: UUID
    practitioner_id: UUID
    asked_at: datetime
    state: State
    reason: str | None
    changed_at: datetime

    @property
    def open(self) -> bool:
        """Whether it rings or somebody talks."""
        return self.state in OPEN


def standing(before: State, legs: Sequence[Leg]) -> tuple[State, str | None]:
    """How far a call is by its telephones, and why it failed: `kiosk_silent`, `doctor_busy`, …"""
    if before not in OPEN:
        return before, None
    failed = next((leg for leg in legs if leg.state == "failed"), None)
    if before == "talking":
        return ("over", None) if any(leg.state in _ENDED for leg in legs) else ("talking", None)
    if failed is not None:
        return "failed", f"{failed.who}_{_NOBODY.get(failed.reason or '', 'failed')}"
    if any(leg.state == "over" for leg in legs):
        return "over", None
    return ("talking" if all(leg.state == "joined" for leg in legs) else "ringing"), None


class Bridges:
    """The calls by telephone of one transaction; no telephone is rung in it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, visit_id: UUID, practitioner_id: UUID, phones: Mapping[Who, str], now: datetime) -> Bridge:
        """Ask for both telephones to be rung; as long as one call of the visit is open, that one stands."""
        before = self.newest(visit_id)
        if before is not None and before.open:
            return before
        made = Bridge(uuid7(), visit_id, practitioner_id, now, "ringing", None, now)
        self._connection.execute(insert(phone_bridge).values(**vars(made)))
        legs = [Leg(uuid7(), made.id, who, phone, "due", None, None, now) for who, phone in phones.items()]
        self._connection.execute(insert(phone_leg), [vars(leg) for leg in legs])
        return made

    def newest(self, visit_id: UUID) -> Bridge | None:
        """The last call by telephone of a visit."""
        columns = phone_bridge.c
        query = select(phone_bridge).where(columns.visit_id == visit_id)
        row = self._connection.execute(
            query.order_by(columns.asked_at.desc(), columns.id.desc()).limit(1)
        ).one_or_none()
        return None if row is None else _bridge(row)

    def find(self, leg_id: UUID) -> tuple[Bridge, Leg] | None:
        """A telephone and its call; both stay as they are until this transaction ends."""
        bridge_id = select(phone_leg.c.bridge_id).where(phone_leg.c.id == leg_id).scalar_subquery()
        held = select(phone_bridge).where(phone_bridge.c.id == bridge_id).with_for_update()
        row = self._connection.execute(held).one_or_none()
        if row is None:
            return None
        leg = self._connection.execute(select(phone_leg).where(phone_leg.c.id == leg_id)).one()
        return _bridge(row), _leg(leg)

    def move(self, leg_id: UUID, state: str, now: datetime, **told: Any) -> bool:
        """Take one step of a telephone and see how far its call is; false when it is past that step.

        `told`: the reason, and the carrier's name for it (`sid`).
        """
        found = self.find(leg_id)
        allowed = [before for before, steps in LEG_STEPS.items() if state in steps]
        if found is None or found[1].state not in allowed:
            return False
        # The number is kept where its owner can take it back, and nowhere else.
        values = {"state": state, "changed_at": now} | ({"phone": ""} if state in _ENDED else {})
        known = {name: value for name, value in told.items() if value is not None}
        self._connection.execute(update(phone_leg).where(phone_leg.c.id == leg_id).values(**values, **known))
        self._settle(found[0], now)
        return True

    def end(self, visit_id: UUID, now: datetime) -> None:
        """End the open call of a visit; telephones that ring or talk are put down afterwards."""
        bridge = self.newest(visit_id)
        if bridge is not None and bridge.open:
            self._change(bridge, "over", None, now)

    def busy(self) -> bool:
        """Whether any telephone is to be rung, rings or talks."""
        on = phone_leg.c.state.not_in(_ENDED)
        return self._connection.execute(select(phone_leg.c.id).where(on).limit(1)).first() is not None

    def claim(self, now: datetime) -> list[Leg]:
        """Take the telephones that are to be rung; commit before ringing."""
        columns = phone_leg.c
        due = select(phone_leg).where(columns.state == "due").with_for_update(skip_locked=True)
        legs = [_leg(row) for row in self._connection.execute(due)]
        taken = update(phone_leg).where(columns.id.in_([leg.id for leg in legs]), columns.state == "due")
        if legs:
            self._connection.execute(taken.values(state="claimed", changed_at=now))
        return legs

    def waiting(self, state: str, before: datetime) -> list[Leg]:
        """The telephones that have been in a state since before this moment."""
        columns = phone_leg.c
        query = select(phone_leg).where(columns.state == state, columns.changed_at <= before)
        return [_leg(row) for row in self._connection.execute(query.order_by(columns.id))]

    def to_put_down(self) -> list[Leg]:
        """The telephones that ring or talk although their call is over."""
        ended = select(phone_bridge.c.id).where(phone_bridge.c.state.in_(_ENDED))
        columns = phone_leg.c
        on = columns.state.in_(("ringing", "joined")) & columns.sid.is_not(None)
        return [
            _leg(row)
            for row in self._connection.execute(select(phone_leg).where(on, columns.bridge_id.in_(ended)))
        ]

    def others(self, phone: str, moment: datetime) -> frozenset[str] | None:
        """By which names the carrier knows the calls since then that we know of, patients' included.

        None while a patient is being called on this number by a call that has no name yet: of what a carrier
        lists then, nobody can say whose it is.
        """
        columns, to_patients = phone_leg.c, message.c
        known = select(columns.sid).where(columns.sid.is_not(None), columns.changed_at >= moment)
        there = (to_patients.channel == "voice") & (to_patients.phone == phone)
        nameless = to_patients.sid.is_(None) & to_patients.state.in_(("claimed", "unknown"))
        if self._connection.execute(select(to_patients.id).where(there, nameless).limit(1)).first():
            return None
        told = select(to_patients.sid).where(there, to_patients.sid.is_not(None))
        return frozenset(each for query in (known, told) for each in self._connection.scalars(query) if each)

    def name(self, leg_id: UUID, sid: str) -> None:
        """Note by which name the carrier knows a telephone that was picked up before it said so."""
        columns = phone_leg.c
        nameless = update(phone_leg).where(columns.id == leg_id, columns.sid.is_(None))
        self._connection.execute(nameless.values(sid=sid))

    def _settle(self, before: Bridge, now: datetime) -> None:
        query = select(phone_leg).where(phone_leg.c.bridge_id == before.id)
        legs = [_leg(row) for row in self._connection.execute(query)]
        state, reason = standing(before.state, legs)
        if state != before.state:
            self._change(before, state, reason, now)

    def _change(self, before: Bridge, state: State, reason: str | None, now: datetime) -> None:
        mine = phone_bridge.c.id == before.id
        changed = update(phone_bridge).where(mine, phone_bridge.c.state == before.state)
        self._connection.execute(changed.values(state=state, reason=reason, changed_at=now))
        if state in _ENDED:
            columns = phone_leg.c
            unrung = update(phone_leg).where(columns.bridge_id == before.id, columns.state == "due")
            self._connection.execute(unrung.values(state="over", phone="", changed_at=now))


def _bridge(row: Row[Any]) -> Bridge:
    return Bridge(**row._mapping)


def _leg(row: Row[Any]) -> Leg:
    return Leg(**row._mapping)
