"""Ringing two telephones: each is asked for once, whatever the carrier says and whoever dies."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, insert, select

from scheduling.ids import uuid7
from telemed import database
from telemed.messages.bridges import LEASE, SILENT, Bridge, Bridges, Leg
from telemed.messages.bridging import ASKED_AGAIN, ring_due
from telemed.messages.port import Accepted, CannotTell, Found, Lost, OutcomeUnknown, Refused, TryLater
from telemed.messages.tables import message
from telemed.records.tables import encounter
from tests import build
from tests.fakes import FakeClock
from tests.telemed.call_looks import visit_and_doctor

DOCTOR, KIOSK = "+359888000009", "+35932000001"
Trouble = Exception | None


@dataclass
class FakeExchange:
    """Rings everybody; `answers` names what to raise instead, one per ring; `listed` what it finds."""

    answers: Sequence[Trouble] = ()
    rung: list[str] = field(default_factory=list)
    down: list[str] = field(default_factory=list)
    listed: Found | None = None
    silent: bool = False
    deaf: int = 0
    asked: list[Lost] = field(default_factory=list)
    meanwhile: Callable[[], None] | None = None

    def ring(self, leg: Leg) -> Accepted:
        self.rung.append(leg.phone)
        trouble = self.answers[len(self.rung) - 1] if len(self.rung) <= len(self.answers) else None
        if trouble is not None:
            raise trouble
        return Accepted(f"CA-{len(self.rung)}")

    def find(self, lost: Lost) -> Found | None:
        self.asked.append(lost)
        if self.silent:
            raise CannotTell("away")
        if self.meanwhile is not None:
            self.meanwhile()
        return self.listed if self.listed and self.listed.sid not in lost.others else None

    def put_down(self, sid: str) -> None:
        if self.deaf:
            self.deaf -= 1
            raise OutcomeUnknown("ReadTimeout")
        self.down.append(sid)


@dataclass
class Unit:
    """The part of a unit of work that ringing touches."""

    connection: Connection
    now: datetime


@dataclass
class Room:
    """One call by telephone on one database, with its clock."""

    engine: Engine
    visit: tuple[UUID, UUID]
    clock: FakeClock

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        with database.write(self.engine) as connection:
            yield Unit(connection, self.clock.now())

    def look(self, exchange: FakeExchange, later: timedelta = timedelta(0)) -> int:
        self.clock.forward(later)
        return ring_due(self.unit, exchange)

    def reminds(self, state: str, sid: str | None) -> None:
        """A patient whose contact is the handset at the kiosk is being called there."""
        with self.unit() as unit:
            patient_id = unit.connection.scalar(
                select(encounter.c.patient_id).where(encounter.c.id == self.visit[0])
            )
            row = {"id": uuid7(), "encounter_id": self.visit[0], "patient_id": patient_id, "version": 1}
            row |= {"kind": "summary", "channel": "voice", "phone": KIOSK, "language": "bg", "place": ""}
            row |= {"time_zone": build.SOFIA, "starts_at": build.NOW, "due_at": build.NOW, "state": state}
            unit.connection.execute(insert(message).values(**row, sid=sid, changed_at=build.NOW))

    def move(self, phone_at: int, state: str, reason: str | None = None) -> None:
        with self.unit() as unit:
            calls = Bridges(unit.connection)
            for each in ("ringing", "joined"):
                legs = calls.waiting(each, unit.now)
                if phone_at < len(legs):
                    calls.move(legs[phone_at].id, state, unit.now, reason=reason)
                    return

    def call(self) -> Bridge:
        with self.unit() as unit:
            found = Bridges(unit.connection).newest(self.visit[0])
        assert found is not None
        return found


@pytest.fixture
def room(engine: Engine) -> Room:
    made = Room(engine, visit_and_doctor(engine), FakeClock())
    with made.unit() as unit:
        phones = Bridges(unit.connection)
        phones.open(*made.visit, {"doctor": DOCTOR, "kiosk": KIOSK}, build.NOW)
    return made


def test_both_are_rung_once_however_often_one_looks(room: Room) -> None:
    exchange = FakeExchange()
    for _ in range(4):
        room.look(exchange, timedelta(seconds=5))
    assert sorted(exchange.rung) == sorted([DOCTOR, KIOSK])
    assert room.call().state == "ringing"


def test_what_the_carrier_has_not_looked_at_is_rung_again_but_not_minutes_later(room: Room) -> None:
    exchange = FakeExchange([TryLater("429"), None, TryLater("429"), TryLater("429")])
    room.look(exchange)
    assert room.look(exchange, timedelta(seconds=5)) == 1
    assert room.call().state == "ringing"
    room.look(exchange, LEASE)
    assert room.call().state == "failed"
    assert len(exchange.rung) == 4


def test_a_refused_number_ends_the_call_and_the_other_telephone_is_put_down(room: Room) -> None:
    exchange = FakeExchange([None, Refused("21211")])
    room.look(exchange)
    room.look(exchange, timedelta(seconds=2))
    assert room.call().state == "failed"
    assert exchange.down == ["CA-1"]


@pytest.mark.parametrize(
    ("listed", "silent", "state"),
    [(Found("CA-9", "accepted"), False, "ringing"), (None, False, "failed"), (None, True, "failed")],
)
def test_an_unknown_outcome_is_asked_about_and_never_rung_again(
    room: Room, listed: Found | None, silent: bool, state: str
) -> None:
    exchange = FakeExchange([OutcomeUnknown("ReadTimeout"), None], listed=listed, silent=silent)
    room.look(exchange)
    room.look(exchange, ASKED_AGAIN)
    assert room.call().state == "ringing"
    if listed is None:
        room.look(exchange, timedelta(minutes=2))
    assert room.call().state == state
    assert len(exchange.rung) == 2


def lost_ring(room: Room) -> FakeExchange:
    """Nobody knows whether the handset rings; the carrier lists one call to it."""
    exchange = FakeExchange([None, OutcomeUnknown("ReadTimeout")], listed=Found("CA-9", "accepted"))
    room.look(exchange)
    return exchange


def test_a_call_to_a_patient_is_never_taken_for_ours_nor_put_down(room: Room) -> None:
    room.reminds("accepted", "CA-9")
    exchange = lost_ring(room)
    room.look(exchange, ASKED_AGAIN)
    room.look(exchange, timedelta(minutes=2))
    room.look(exchange, timedelta(seconds=2))
    assert room.call().state == "failed"
    assert "CA-9" not in exchange.down


def test_while_a_patients_call_has_no_name_yet_nothing_listed_is_ours(room: Room) -> None:
    room.reminds("claimed", None)
    exchange = lost_ring(room)
    room.look(exchange, ASKED_AGAIN)
    assert exchange.asked == []
    room.look(exchange, timedelta(minutes=2))
    assert room.call().state == "failed"


def test_what_is_named_a_patients_while_we_ask_stays_the_patients(room: Room) -> None:
    exchange = lost_ring(room)
    exchange.meanwhile = lambda: room.reminds("accepted", "CA-9")
    room.look(exchange, ASKED_AGAIN)
    with room.unit() as unit:
        assert [leg.sid for leg in Bridges(unit.connection).waiting("unknown", unit.now)] == [None]


def test_only_calls_since_it_was_to_ring_are_looked_through(room: Room) -> None:
    exchange = lost_ring(room)
    room.look(exchange, ASKED_AGAIN)
    [lost] = exchange.asked
    assert build.NOW - 2 * LEASE < lost.since < build.NOW


def test_a_worker_that_dies_over_a_claim_leaves_unknown_and_no_second_ring(room: Room) -> None:
    with room.unit() as unit:
        Bridges(unit.connection).claim(unit.now)
    exchange = FakeExchange()
    room.look(exchange, LEASE)
    room.look(exchange, timedelta(minutes=3))
    assert (exchange.rung, room.call().state) == ([], "failed")


def test_a_telephone_nobody_picks_up_fails_even_without_a_report(room: Room) -> None:
    exchange = FakeExchange()
    room.look(exchange)
    room.move(0, "joined")
    room.look(exchange, SILENT)
    assert (room.call().state, room.call().reason) in (
        ("failed", "kiosk_silent"),
        ("failed", "doctor_silent"),
    )
    assert len(exchange.down) == 1


def test_whoever_hangs_up_ends_it_for_both_and_a_deaf_carrier_is_asked_again(room: Room) -> None:
    exchange = FakeExchange(deaf=1)
    room.look(exchange)
    room.move(0, "joined")
    room.move(0, "joined")
    assert room.call().state == "talking"
    with room.unit() as unit:
        Bridges(unit.connection).end(room.visit[0], unit.now)
    room.look(exchange, timedelta(seconds=2))
    room.look(exchange, timedelta(seconds=2))
    room.look(exchange, timedelta(seconds=2))
    assert sorted(exchange.down) == ["CA-1", "CA-2"]
