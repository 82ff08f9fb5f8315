"""Which seat of a call is the newest: numbered with its pass, known to every process and after restarts.

Rooms and sides only; nothing here names a person.
"""

from datetime import datetime

from sqlalchemy import Column, Connection, Engine, Integer, String, Table, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import SQLAlchemyError

from scheduling.tables import Instant, metadata
from signaling.passes import Role
from signaling.seats import NoAnswer
from telemed import database
from telemed.notices import Notices

call_seat = Table(
    "call_seat",
    metadata,
    Column("room", String(128), primary_key=True),
    Column("role", String(12), primary_key=True),
    # The last number given to a pass, and the newest number that has taken its seat.
    Column("given", Integer, nullable=False),
    Column("taken", Integer, nullable=False, server_default="0"),
    Column("at", Instant, nullable=False),
    # Whose pass has the last number: a staff session or a kiosk, by the name that signaling knows.
    Column("session", String(64)),
)


# Built once: a call's set-up is little else than this and messages passed on.
_TAKE = (
    call_seat.update()
    .where(
        call_seat.c.room == bindparam("in_room"),
        call_seat.c.role == bindparam("of_role"),
        call_seat.c.taken <= bindparam("generation"),
    )
    .values(taken=bindparam("generation"))
)


class CallSeats:
    """The book of seats; each step is a transaction of its own, as short as can be."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def give(self, room: str, role: Role, real_now: datetime, session: str | None = None) -> int:
        """Return a number above every one that this side of this room was given before, for this session."""
        upsert = postgresql_insert if self._engine.dialect.name == "postgresql" else sqlite_insert
        new = upsert(call_seat).values(room=room, role=role, given=1, at=real_now, session=session)
        one_more = new.on_conflict_do_update(
            index_elements=[call_seat.c.room, call_seat.c.role],
            set_={"given": call_seat.c.given + 1, "at": real_now, "session": session},
        )
        with database.write(self._engine) as connection:
            number: int = connection.execute(one_more.returning(call_seat.c.given)).scalar_one()
        return number

    def take(
        self, room: str, role: Role, generation: int, real_now: datetime, process: str | None = None
    ) -> bool:
        """Remember that a seat was taken, unless a newer one was: False. Raises NoAnswer.

        With the name of a process the others hear, in the same step, that the room is there now.
        """
        try:
            with database.write(self._engine) as connection:
                seat = {"in_room": room, "of_role": role, "generation": generation}
                stands = connection.execute(_TAKE, seat).rowcount > 0
                if stands and process is not None:
                    Notices(connection).say("room-here", f"{process} {room}", real_now)
        except SQLAlchemyError as away:
            raise NoAnswer(room) from away
        return stands


def session_of(connection: Connection, room: str, role: Role) -> str | None:
    """Whose the seat of a side is: the session that was given the last pass."""
    columns = call_seat.c
    found: str | None = connection.scalar(
        select(columns.session).where(columns.room == room, columns.role == role)
    )
    return found


def forget_before(connection: Connection, moment: datetime) -> None:
    """Forget the seats of calls whose window is long over."""
    connection.execute(delete(call_seat).where(call_seat.c.at < moment))
