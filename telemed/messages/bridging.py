"""Ringing the two telephones of a call: claimed and committed first, rung once, asked about, put down."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from sqlalchemy import Connection

from telemed.messages.bridges import LEASE, LONGEST, SILENT, Bridges, Leg
from telemed.messages.port import Accepted, CannotTell, Found, Lost, OutcomeUnknown, SendError, TryLater

ASKED_AGAIN = timedelta(seconds=20)
"""How long a carrier that has not said whether it rings is left in peace before it is asked."""

_GIVEN_UP = timedelta(minutes=2)
# Our clock and the carrier's may differ by this much.
_SLACK = timedelta(seconds=30)


class Exchange(Protocol):
    """Whoever rings telephones and puts them down; it may raise the errors of ``port``."""

    def ring(self, leg: Leg) -> Accepted:
        """Let one telephone ring, once."""

    def find(self, lost: Lost) -> Found | None:
        """Look for a call that may ring; None says that there is none, CannotTell says nothing."""

    def put_down(self, sid: str) -> None:
        """End a call, whether it rings or somebody talks; again and again without harm."""


class BridgingUnit(Protocol):
    """The part of a unit of work that ringing needs."""

    @property
    def connection(self) -> Connection:
        """Return the transaction."""

    @property
    def now(self) -> datetime:
        """Return the moment."""


OpenUnit = Callable[[], AbstractContextManager[BridgingUnit]]


class Said(NamedTuple):
    """What became of a telephone that was to be rung."""

    state: str
    reason: str | None = None
    sid: str | None = None


def ring_due(open_unit: OpenUnit, exchange: Exchange) -> int:
    """Ring what is due and put down what is over; returns how many telephones were touched."""
    _let_go(open_unit)
    with open_unit() as unit:
        legs = Bridges(unit.connection).claim(unit.now)
    # Leaving the block has committed the claims: a crash from here on leaves "unknown", not a second ring.
    for leg in legs:
        said = _rung(exchange, leg)
        with open_unit() as unit:
            _record(Bridges(unit.connection), leg, said, unit.now)
    return len(legs) + _ask(open_unit, exchange) + _put_down(open_unit, exchange)


def _rung(exchange: Exchange, leg: Leg) -> Said:
    try:
        return Said("ringing", sid=exchange.ring(leg).sid)
    except TryLater as later:
        return Said("due", later.reason)
    except OutcomeUnknown as unknown:
        return Said("unknown", unknown.reason)
    except SendError as refused:
        return Said("failed", refused.reason)


def _record(bridges: Bridges, leg: Leg, said: Said, now: datetime) -> None:
    found = bridges.find(leg.id)
    asked_at = found[0].asked_at if found else now
    if said.state == "due" and (found is None or not found[0].open or now - asked_at > LEASE):
        # A patient who sits there is not rung minutes later.
        said = Said("failed", said.reason)
    if not bridges.move(leg.id, said.state, now, reason=said.reason, sid=said.sid) and said.sid:
        # Whoever picked up was quicker than the carrier's answer.
        bridges.name(leg.id, said.sid)


def _let_go(open_unit: OpenUnit) -> None:
    """What no report came about: a worker that died, a telephone nobody picks up, a talk without an end."""
    with open_unit() as unit:
        bridges, now = Bridges(unit.connection), unit.now
        for state, since, then, reason in (
            ("claimed", LEASE, "unknown", "worker-gone"),
            ("ringing", SILENT, "failed", "silent"),
            ("joined", LONGEST, "over", "too-long"),
        ):
            for leg in bridges.waiting(state, now - since):
                bridges.move(leg.id, then, now, reason=reason)


def _ask(open_unit: OpenUnit, exchange: Exchange) -> int:
    with open_unit() as unit:
        bridges, now = Bridges(unit.connection), unit.now
        lost = [
            (leg, bridges.others(leg.phone, now - LONGEST))
            for leg in bridges.waiting("unknown", now - ASKED_AGAIN)
        ]
    for leg, others in lost:
        said = _looked_up(exchange, leg, others, now)
        if said is not None:
            with open_unit() as unit:
                _settle(Bridges(unit.connection), leg, said, unit.now)
    return len(lost)


def _settle(bridges: Bridges, leg: Leg, said: Said, now: datetime) -> None:
    others = bridges.others(leg.phone, now - LONGEST)
    if said.sid is not None and (others is None or said.sid in others):
        # Meanwhile it was named, or may be, as a call of somebody else's: it is asked about once more.
        return
    bridges.move(leg.id, said.state, now, reason=said.reason, sid=said.sid)


def _looked_up(exchange: Exchange, leg: Leg, others: frozenset[str] | None, now: datetime) -> Said | None:
    """What became of a ring; None: it is asked about again. Without `others` no list says anything."""
    given_up = now - leg.changed_at > _GIVEN_UP
    try:
        if others is None:
            raise CannotTell("a patient is being called on the same number")
        found = exchange.find(Lost(leg.phone, "", leg.changed_at - LEASE - _SLACK, others))
    except CannotTell:
        return Said("failed", "unknown") if given_up else None
    if found is None:
        return Said("failed", "unknown") if given_up else None
    if found.state == "accepted":
        return Said("ringing", sid=found.sid)
    return Said("failed", found.reason, found.sid)


def _put_down(open_unit: OpenUnit, exchange: Exchange) -> int:
    with open_unit() as unit:
        legs = Bridges(unit.connection).to_put_down()
    for leg in legs:
        try:
            exchange.put_down(leg.sid or "")
        except SendError:
            # Asked again at the next look.
            continue
        with open_unit() as unit:
            Bridges(unit.connection).move(leg.id, "over", unit.now)
    return len(legs)
