"""What an answer does: confirms, cancels, moves, chooses, stops, or brings a person to the telephone."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from scheduling import booking
from scheduling.errors import PastWindow, SchedulingError
from scheduling.events import Actor
from telemed.messages import choices
from telemed.messages.calling import ASKED, UNCLEAR, close_unclear
from telemed.messages.choices import MOST, WHICH, Option
from telemed.messages.choosing import NONE_OF_THEM
from telemed.messages.inbound import Answer, Inbox, answered, close, reply_to, was_told
from telemed.messages.replies import Meaning
from telemed.messages.tables import message
from telemed.unit import Unit
from telemed.visits import left_in_peace, times_offered, waiting_list
from telemed.visits.addressees import addressee
from telemed.visits.queue import give_up_place
from telemed.visits.times_offered import person

_UNDERSTOOD = (Meaning.CONFIRM, Meaning.CANCEL)
_OF_THE_NUMBER = (Meaning.STOP, Meaning.WRONG_NUMBER, Meaning.RESUME)


def take_reply(unit: Unit, provider: str, provider_id: str, phone: str, text: str) -> Answer | None:
    """Take one incoming SMS and do what it says; None when the provider has brought it before.

    An answer that comes too late, or twice, changes nothing: the patient said what is already so.
    """
    answer = Inbox(unit.connection, unit.sightings).take(provider, provider_id, phone, text, unit.now)
    if answer is None:
        return None
    if answer.meaning in _OF_THE_NUMBER:
        left_in_peace.obey(unit, answer)
    elif answer.meaning is Meaning.CHOICE:
        _choose(unit, answer)
    elif answer.could_mean:
        _ask_which(unit, answer)
    elif answer.meaning in (*_UNDERSTOOD, Meaning.MOVE):
        _do(unit, answer)
    elif answer.message_id is not None and (answer.asked_before or answer.meaning is Meaning.HELP):
        _call(unit, answer, ASKED if answer.meaning is Meaning.HELP else UNCLEAR)
    return answer


def act(unit: Unit, answer: Answer) -> bool:
    """Do what a yes or a no says, by whatever way it came; false when it came too late."""
    if answer.meaning not in _UNDERSTOOD:
        return True
    _understood_now(unit, answer)
    if answer.wish_offer_id is not None:
        if answer.meaning is Meaning.CONFIRM:
            return waiting_list.accept(unit, answer.wish_offer_id)
        waiting_list.decline(unit, answer.wish_offer_id)
    elif answer.queue_entry_id is not None and answer.meaning is Meaning.CANCEL:
        give_up_place(unit, answer.queue_entry_id)
    elif answer.appointment_id is not None:
        return _of_appointment(unit, answer, answer.appointment_id)
    return True


def _understood_now(unit: Unit, answer: Answer) -> None:
    """Whoever has said yes or no in the end need not be called for what they wrote before."""
    columns = message.c
    subjects = (
        (columns.appointment_id, answer.appointment_id),
        (columns.queue_entry_id, answer.queue_entry_id),
        (columns.wish_offer_id, answer.wish_offer_id),
    )
    for column, subject in subjects:
        if subject is not None:
            close_unclear(unit.connection, select(columns.id).where(column == subject), unit.now)


def _of_appointment(unit: Unit, answer: Answer, appointment_id: UUID) -> bool:
    appointment = unit.book.appointment(appointment_id)
    if appointment.status == "booked" and answer.told and appointment.starts_at not in answer.told:
        # It was moved, and the patient did not know that yet: yes or no was said to another time.
        _call(unit, answer)
        return False
    who = Actor("patient", appointment.patient_id)
    try:
        if answer.meaning is Meaning.CONFIRM:
            changed, event = booking.confirm(appointment, unit.now, who, "sms")
        else:
            needed = booking.notice(unit.book.visit_type(appointment.visit_type_id))
            changed, event = booking.cancel(appointment, unit.now, who, "sms", needed=needed)
    except PastWindow:
        # Silence would read like a yes: say that the visit stands and who can still call it off.
        unit.outbox.add_once(addressee(unit, appointment, appointment.site_id), "too_late", unit.now)
        return False
    except SchedulingError:
        return True
    unit.book.change(changed, event)
    return True


def _move(unit: Unit, answer: Answer) -> None:
    if answer.message_id is None:
        return
    if answer.appointment_id is None:
        # No visit to move: somebody who was cancelled, is called in, or is offered a time.
        _call(unit, answer)
        return
    row = answered(unit.connection, answer.message_id)
    times_offered.offer(unit, row, answer.appointment_id, answer.inbound_id)


def _choose(unit: Unit, answer: Answer) -> None:
    if answer.chosen is None or answer.message_id is None:
        return
    row = answered(unit.connection, answer.message_id)
    option = choices.taken(unit.connection, row.id, answer.chosen or 1)
    if option is None:
        return
    if answer.chosen == NONE_OF_THEM:
        if row.kind != WHICH:
            times_offered.keep(unit, row, option.appointment_id)
    elif row.kind == WHICH:
        _meant(unit, answer, option)
    else:
        times_offered.take(unit, row, option, answer.inbound_id)


def _meant(unit: Unit, answer: Answer, option: Option) -> None:
    """Do to the visit that was chosen what was wanted at first, unless it is at another time by now."""
    if unit.book.appointment(option.appointment_id).starts_at != option.starts_at:
        _call(unit, answer)
        return
    close(unit.connection, option.appointment_id, unit.now)
    _do(unit, replace(answer, meaning=Meaning(option.meaning), appointment_id=option.appointment_id, told=()))


def _do(unit: Unit, answer: Answer) -> None:
    if answer.meaning is Meaning.MOVE:
        _move(unit, answer)
    else:
        act(unit, answer)


def _ask_which(unit: Unit, answer: Answer) -> None:
    assert answer.message_id is not None, "an answer that could mean several visits is to one of our messages"
    row = answered(unit.connection, answer.message_id)
    visits = [each for each in unit.book.appointments(answer.could_mean) if each.status == "booked"]
    visits.sort(key=lambda each: each.starts_at)
    if len(visits) == 1:
        _do(unit, replace(answer, appointment_id=visits[0].id))
        return
    # Once for each visit and version: whoever answers it thrice with the same word should be called.
    about = next((each for each in visits if not was_told(unit.connection, [WHICH], each)), None)
    told_apart = len({each.starts_at for each in visits}) == len(visits)
    if about is None or len(visits) > MOST or not told_apart:
        _call(unit, answer)
        return
    made = reply_to(unit.connection, row, WHICH, unit.now, about)
    options = [Option(each.id, answer.meaning.value, each.starts_at) for each in visits]
    choices.give(unit.connection, made, options)


def _call(unit: Unit, answer: Answer, reason: str = UNCLEAR) -> None:
    assert answer.message_id is not None, "only who has answered one of our messages is called"
    row = answered(unit.connection, answer.message_id)
    unit.sightings(row.patient_id, "message")
    person(unit, row, reason, answer.inbound_id)
