"""Whoever wants no messages, or is somebody else, gets none any more; due ones go another way or nowhere."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update

from scheduling.ids import uuid7
from telemed.messages.inbound import Answer, answered
from telemed.messages.ladder import Way, for_proxy
from telemed.messages.replies import Meaning
from telemed.messages.spoken import is_said
from telemed.messages.steps import Taken, move_all, write_down
from telemed.messages.stopped import BY_NUMBER, Stopped
from telemed.messages.tables import message
from telemed.messages.timeline import Timeline
from telemed.unit import Unit
from telemed.visits.reaching import reach_of
from telemed.visits.times_offered import person

WRONG_NUMBER, STOPPED, RESUMED = "wrong_number", "stopped", Meaning.RESUME.value


def obey(unit: Unit, answer: Answer) -> None:
    """Stop a number, or write to it again; nothing is sent in return.

    A number that we never wrote to is not kept: nobody can fill our list from outside.
    """
    if answer.message_id is None:
        return
    row = answered(unit.connection, answer.message_id)
    stopped = Stopped(unit.connection)
    if answer.meaning is Meaning.RESUME:
        # Only what that number itself has asked for; not what a carrier says, nor that it is somebody else's.
        if stopped.lift(answer.phone, ("sms",), "patient", RESUMED, unit.now, reasons=("asked",)):
            _bring_back(unit, answer.phone)
        return
    unit.sightings(row.patient_id, "message")
    wrong = answer.meaning is Meaning.WRONG_NUMBER
    channels: Collection[str] = BY_NUMBER if wrong else ("sms",)
    for channel in channels:
        stopped.add(answer.phone, channel, "wrong_person" if wrong else "asked", row.id, unit.now, "patient")
    waiting = _spare(unit, answer.phone, channels)
    # Somebody must find the right number; that a patient wants no SMS is only written down.
    person(unit, row, WRONG_NUMBER if wrong else STOPPED, answer.inbound_id, needed=wrong)
    for other in waiting if wrong else ():
        if other.patient_id != row.patient_id:
            unit.sightings(other.patient_id, "message")
            person(unit, other, WRONG_NUMBER, None)


def _bring_back(unit: Unit, phone: str) -> None:
    """What was withdrawn when the number asked for peace, and is not due yet, is promised again.

    The last look before sending withdraws it once more if the visit is another by then.
    """
    columns = message.c
    withdrawn = select(message).where(
        columns.phone == phone,
        columns.channel == "sms",
        columns.state == "cancelled",
        columns.reason == STOPPED,
        columns.due_at > unit.now,
        columns.appointment_id.is_not(None),
    )
    timeline = Timeline(unit.connection, unit.sightings)
    for row in unit.connection.execute(withdrawn.order_by(columns.due_at)).all():
        unit.sightings(row.patient_id, "message")
        if any((way.channel, way.address) == ("sms", phone) for way in reach_of(unit, row.patient_id).ways):
            same_way = {
                name: getattr(row, name) for name in ("channel", "whom", "phone", "language", "script")
            }
            timeline.again(row.id, {"id": uuid7(), **same_way}, RESUMED, "patient", row.due_at, unit.now)


def _spare(unit: Unit, phone: str, channels: Collection[str]) -> list[Row[Any]]:
    """What waits for this number goes another way that the patient has agreed to, or is withdrawn.

    Returned is one message of each patient whom it was for: several may have given the same number.
    """
    columns = message.c
    waiting = select(message).where(
        columns.phone == phone, columns.channel.in_(channels), columns.state == "due"
    )
    rows = unit.connection.execute(waiting.with_for_update()).all()
    for row in rows:
        _send_elsewhere(unit, row)
    return list({row.patient_id: row for row in rows}.values())


def heed_refusals(unit: Unit, patient_id: UUID) -> None:
    """What waits for a patient by a way that they have refused since goes by another, or is withdrawn."""
    columns = message.c
    waiting = select(message).where(columns.patient_id == patient_id, columns.state == "due")
    ways = {(way.channel, way.whom) for way in reach_of(unit, patient_id).ways}
    for row in unit.connection.execute(waiting.with_for_update()).all():
        if (row.channel, row.whom) not in ways:
            _send_elsewhere(unit, row)


def _send_elsewhere(unit: Unit, row: Row[Any]) -> None:
    which = message.c.id == row.id
    way = _another_way(unit, row)
    if way is None:
        move_all(unit.connection, which, "cancelled", unit.now, reason=STOPPED)
        return
    other = {"channel": way.channel, "phone": way.address, "whom": way.whom, "refused_by": None}
    unit.connection.execute(update(message).where(which).values(**other))
    write_down(unit.connection, [Taken(row.id, "due", reason=f"{STOPPED}: {way.channel}")], unit.now)


def _another_way(unit: Unit, row: Row[Any]) -> Way | None:
    """The first way that is left and can tell this; nobody is called to hear nothing."""
    for way in reach_of(unit, row.patient_id).ways if row.whom == "patient" else ():
        if (way.channel != "voice" or is_said(row.kind)) and (way.whom == "patient" or for_proxy(row.kind)):
            return way
    return None
