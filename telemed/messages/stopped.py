"""Numbers and addresses that are left in peace: by which channel, why, and who may lift it again."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, select, update

from scheduling.ids import uuid7
from scheduling.stores.statements import insert_rows
from telemed.messages.consequences import Reason
from telemed.messages.tables import message, stopped_number

Channel = Literal["sms", "voice", "email"]

BY_NUMBER: tuple[Channel, ...] = ("sms", "voice")
"""The channels that reach a telephone number."""


class Stopped:
    """The stop list, of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        address: str,
        channel: str,
        reason: Reason,
        message_id: UUID | None,
        now: datetime,
        who: str | None = None,
    ) -> bool:
        """Leave an address in peace by one channel; false when it is so already, whatever the reason was."""
        # Two answers at the same moment: the second waits here and then finds the first.
        if message_id is not None:
            self._connection.execute(select(message.c.id).where(message.c.id == message_id).with_for_update())
        if self.is_stopped(address, channel):
            return False
        row = {"id": uuid7(), "address": address, "channel": channel, "reason": reason, "at": now}
        insert_rows(self._connection, stopped_number, [{**row, "message_id": message_id, "who": who}])
        return True

    def is_stopped(self, address: str, channel: str) -> bool:
        """Whether nothing may go to this address by this channel."""
        return self._reason(address, channel) is not None

    def is_doubtful(self, address: str) -> bool:
        """Whether somebody wrote from this number that it is not the patient's."""
        return any(self._reason(address, channel) == "wrong_person" for channel in BY_NUMBER)

    def lift(
        self,
        address: str,
        channels: Collection[str],
        who: str,
        why: str,
        now: datetime,
        reasons: Collection[str] | None = None,
    ) -> int:
        """Take an address off the list, if it stands there for one of these reasons; how often it did."""
        columns = stopped_number.c
        there = update(stopped_number).where(
            columns.address == address, columns.channel.in_(channels), columns.lifted_at.is_(None)
        )
        if reasons is not None:
            there = there.where(columns.reason.in_(reasons))
        return self._connection.execute(
            there.values(lifted_at=now, lifted_by=who, lifted_why=why[:200])
        ).rowcount

    def _reason(self, address: str, channel: str) -> str | None:
        columns = stopped_number.c
        in_force = select(columns.reason).where(
            columns.address == address, columns.channel == channel, columns.lifted_at.is_(None)
        )
        return self._connection.execute(in_force).scalar()
