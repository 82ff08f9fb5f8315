"""What an answer by SMS does: "1" confirms or takes what we asked about, "2" cancels or refuses it."""

from uuid import UUID

from scheduling import booking
from scheduling.errors import PastWindow, SchedulingError
from scheduling.events import Actor
from telemed.messages.inbound import Answer, Inbox
from telemed.messages.replies import Meaning
from telemed.unit import Unit
from telemed.visits import waiting_list
from telemed.visits.addressees import addressee
from telemed.visits.queue import give_up_place

_UNDERSTOOD = (Meaning.CONFIRM, Meaning.CANCEL)


def take_reply(unit: Unit, provider: str, provider_id: str, phone: str, text: str) -> Answer | None:
    """Take one incoming SMS and do what it says; None when the provider has brought it before.

    An answer that comes too late, or twice, changes nothing: the patient said what is already so.
    """
    answer = Inbox(unit.connection, unit.sightings).take(provider, provider_id, phone, text, unit.now)
    if answer is not None:
        act(unit, answer)
    return answer


def act(unit: Unit, answer: Answer) -> bool:
    """Do what an answer says, by whatever way it came; false when it came too late."""
    if answer.meaning not in _UNDERSTOOD:
        return True
    if answer.wish_offer_id is not None:
        step = waiting_list.accept if answer.meaning is Meaning.CONFIRM else waiting_list.decline
        step(unit, answer.wish_offer_id)
    elif answer.queue_entry_id is not None and answer.meaning is Meaning.CANCEL:
        give_up_place(unit, answer.queue_entry_id)
    elif answer.appointment_id is not None:
        return _of_appointment(unit, answer.appointment_id, answer.meaning)
    return True


def _of_appointment(unit: Unit, appointment_id: UUID, meaning: Meaning) -> bool:
    appointment = unit.book.appointment(appointment_id)
    who = Actor("patient", appointment.patient_id)
    try:
        if meaning is Meaning.CONFIRM:
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
