"""A reminder in a village, and a worker that climbs for it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update

from telemed import database
from telemed.messages import climbing, steps
from telemed.messages.climbing import Around
from telemed.messages.ladder import Reach, Way
from telemed.messages.tables import call_list, message
from tests.telemed.messages.world import PHONE, QUIET, World

LANDLINE, DAUGHTER = "+35952111111", "+359888000002"
SMS = Way("sms", "patient", PHONE)
CALL = Way("voice", "patient", LANDLINE)
PROXY = Way("sms", "proxy", DAUGHTER)
DAY = timedelta(days=1)


class Ladder:
    """One reminder of tomorrow's visit in a village, and a worker that climbs."""

    def __init__(self, world: World) -> None:
        self.world, self.reach = world, Reach((SMS, CALL, PROXY))
        self.appointment = world.book(DAY)
        self.opens: datetime | None = world.now
        self.carriers: dict[str, tuple[str, ...]] = {"sms": ("twilio",), "voice": ("twilio-voice",)}

    def rungs(self) -> list[Row[Any]]:
        """Return every try, from below."""
        about = (message.c.appointment_id == self.appointment.id, message.c.kind == "day_before")
        wanted = select(message).where(*about).order_by(message.c.rung)
        with database.read(self.world.engine) as connection:
            return list(connection.execute(wanted))

    def becomes(self, *states: str, rung: int = -1, reason: str | None = None, **values: Any) -> UUID:
        """Let the highest rung (or another) take these steps."""
        which: UUID = self.rungs()[rung].id
        with database.write(self.world.engine) as connection:
            for state in states:
                assert steps.move(connection, which, state, self.world.now, reason=reason)
            if values:
                connection.execute(update(message).where(message.c.id == which).values(**values))
        return which

    def climb(self) -> int:
        """One tick of the job."""
        with database.read(self.world.engine) as connection:
            found = climbing.to_climb(connection, self.world.now)
        return sum(self.step(each) for each in found)

    def step(self, message_id: UUID) -> int:
        """Take the next step for one message."""
        with self.world.unit() as unit:
            around = Around(unit.book, lambda _: self.reach, lambda *_: self.opens, self.carriers, QUIET)
            connection = unit.book._connection
            return climbing.climb(connection, lambda *_: None, message_id, around, self.world.now)

    def forget(self) -> None:
        """Begin again with another visit."""
        self.world.cancel(self.appointment)
        self.appointment = self.world.book(DAY)

    def lines(self) -> list[tuple[str, str]]:
        """Reason and status of every line on the clerk's list."""
        with database.read(self.world.engine) as connection:
            return [(row.reason, row.status) for row in connection.execute(select(call_list))]

    def ways(self) -> list[Way]:
        """Return by which ways it was tried."""
        return [Way(row.channel, row.whom, row.phone) for row in self.rungs()]


def failed(ladder: Ladder, times: int = 1) -> None:
    """Let the highest rung fail, so often."""
    for _ in range(times):
        ladder.becomes("claimed", "failed", reason="30008", provider="twilio")
        ladder.climb()
