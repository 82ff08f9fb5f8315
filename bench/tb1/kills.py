"""kill -9 of web processes during bookings: what the client was told, against the database afterwards."""

import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event, Thread
from uuid import UUID

from sqlalchemy import Engine, text

from bench.tb1 import client
from bench.tb1.calls import Call
from bench.tb1.client import LOST, Answer
from bench.tb1.service import Web

PAUSE_SECONDS = 0.05


@dataclass
class Journal:
    """What the server has acknowledged: for each request its appointment; and what it has refused."""

    booked: dict[str, UUID] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    unanswered: int = 0
    twice: int = 0

    def note(self, answer: Answer) -> None:
        """Write down one answer."""
        key = answer.call.headers["Idempotency-Key"]
        if answer.status == 201:
            made = UUID(json.loads(answer.body)["id"])
            # The same request, sent again because its first answer was lost, is the same appointment.
            self.twice += self.booked.get(key, made) != made
            self.booked[key] = made
        elif answer.status != LOST:
            self.refused[key] = answer.status


@dataclass(frozen=True)
class Found:
    """The journal against the database."""

    acknowledged: int
    lost: int
    not_asked_for: int
    doubled: int
    overlapping: int
    kills: int

    @property
    def whole(self) -> bool:
        """Whether nothing is lost and nothing is there twice."""
        return not (self.lost or self.not_asked_for or self.doubled or self.overlapping)


class Killer(Thread):
    """Kills one of the processes now and then, with the signal nobody can catch, and starts it again."""

    def __init__(self, web: Web, every: float, seed: int) -> None:
        super().__init__(daemon=True)
        self._web, self._every, self._dice = web, every, random.Random(seed)
        self._enough = Event()
        self.kills = 0

    def run(self) -> None:
        """Kill until it is enough; a worker is started again by its master, a master by us."""
        while not self._enough.wait(self._every * self._dice.uniform(0.5, 1.5)):
            number = self._dice.randrange(len(self._web.ports))
            self._web.kill(number, only_worker=self._dice.random() < 0.5)
            self.kills += 1
            # Only who serves again can be killed again in the middle of something.
            self._web.wait_until_ready()

    def stop(self) -> None:
        """Let everybody live."""
        self._enough.set()
        self.join()


def book_under_fire(
    web: Web, calls: Sequence[Call], width: int, every: float, seed: int
) -> tuple[Journal, int]:
    """Send every booking until it has an answer, while processes are killed; the journal and the kills."""
    journal, killer = Journal(), Killer(web, every, seed)
    killer.start()
    left = list(calls)
    try:
        while left:
            answers = client.patient_drive(web.ports, width, iter(left))
            for answer in answers:
                journal.note(answer)
            left = [answer.call for answer in answers if answer.status == LOST or answer.status >= 500]
            journal.unanswered += len(left)
            time.sleep(PAUSE_SECONDS)
    finally:
        killer.stop()
    return journal, killer.kills


def compare(engine: Engine, journal: Journal, kills: int) -> Found:
    """What of the journal is not in the database, and what is in it that must not be."""
    with engine.connect() as connection:
        made = {UUID(str(row.id)) for row in connection.execute(text(_MADE))}
        doubled = connection.execute(text(_DOUBLED)).scalar_one()
        overlapping = connection.execute(text(_OVERLAPS)).scalar_one()
    acknowledged = set(journal.booked.values())
    return Found(
        acknowledged=len(acknowledged),
        lost=len(acknowledged - made) + len(journal.booked) - len(acknowledged),
        not_asked_for=len(made - acknowledged) + journal.twice,
        doubled=doubled,
        overlapping=overlapping,
        kills=kills,
    )


_MADE = "SELECT id FROM appointment WHERE request_hash IS NOT NULL"
_DOUBLED = """SELECT count(*) FROM (SELECT 1 FROM appointment WHERE status IN ('booked', 'arrived')
 GROUP BY practitioner_id, starts_at HAVING count(*) > 1) AS x"""
_OVERLAPS = """SELECT count(*) FROM (SELECT starts_at < lag(ends_at)
 OVER (PARTITION BY resource ORDER BY starts_at) AS wrong FROM allocation WHERE active) AS x WHERE wrong"""
