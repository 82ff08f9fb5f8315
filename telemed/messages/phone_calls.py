"""The calls that ring at somebody's: what each is about, and the digit that was pressed, stored once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update

from scheduling.ids import uuid7
from telemed.messages.about import same_subject
from telemed.messages.inbound import Answer
from telemed.messages.moves import Seen
from telemed.messages.replies import Meaning
from telemed.messages.tables import inbound_message, message

PROVIDER = "twilio_voice"
MEANINGS = {"1": Meaning.CONFIRM, "2": Meaning.CANCEL, "9": Meaning.STOP}
"""What a digit means; "3" only asks to hear everything again."""


@dataclass(frozen=True)
class PhoneCall:
    """One call: the message that it tells, as it is stored."""

    row: Row[Any]

    @property
    def id(self) -> UUID:
        """Return the message's id."""
        return UUID(str(self.row.id))


class PhoneCalls:
    """The calls of one transaction."""

    def __init__(self, connection: Connection, seen: Seen) -> None:
        self._connection = connection
        self._seen = seen

    def find(self, message_id: UUID) -> PhoneCall | None:
        """Return the call that tells a message; none if there is no such message, or it is no call."""
        wanted = select(message).where(message.c.id == message_id, message.c.channel == "voice")
        row = self._connection.execute(wanted).one_or_none()
        if row is None:
            return None
        self._seen(row.patient_id, "message")
        return PhoneCall(row)

    def press(self, call: PhoneCall, sid: str, digit: str, now: datetime) -> Answer:
        """Store what was pressed, once a call; a call answers its own message and no other."""
        meaning = MEANINGS[digit]
        columns = inbound_message.c
        known = select(columns.id).where(columns.provider == PROVIDER, columns.provider_id == sid)
        again = self._connection.execute(known).first() is not None
        if not again:
            pressed = {"provider": PROVIDER, "provider_id": sid, "phone": call.row.phone, "body": digit}
            row = {"id": uuid7(), **pressed, "meaning": meaning.value, "message_id": call.row.id, "at": now}
            self._connection.execute(insert(inbound_message).values(row))
        if meaning is not Meaning.STOP:
            self._connection.execute(
                update(message)
                .where(same_subject(call.row), message.c.answered_at.is_(None))
                .values(answered_at=now)
            )
        about = (call.row.appointment_id, call.row.queue_entry_id, call.row.wish_offer_id)
        told = (call.row.starts_at,)
        return Answer(meaning, *about, message_id=call.id, told=told, brought_before=again)
