"""What an answer by SMS does: "1" confirms the appointment, "2" cancels it and frees the slot."""

from scheduling import booking
from scheduling.errors import SchedulingError
from scheduling.events import Actor
from telemed.messages.inbound import Answer, Inbox
from telemed.messages.replies import Meaning
from telemed.unit import Unit

_STEPS = {Meaning.CONFIRM: booking.confirm, Meaning.CANCEL: booking.cancel}


def take_reply(unit: Unit, provider: str, provider_id: str, phone: str, text: str) -> Answer | None:
    """Take one incoming SMS and do what it says; None when the provider has brought it before.

    An answer that comes too late, or twice, changes nothing: the patient said what is already so.
    """
    answer = Inbox(unit.connection, unit.sightings).take(provider, provider_id, phone, text, unit.now)
    if answer is None or answer.appointment_id is None or answer.meaning not in _STEPS:
        return answer
    appointment = unit.book.appointment(answer.appointment_id)
    who = Actor("patient", appointment.patient_id)
    try:
        changed, event = _STEPS[answer.meaning](appointment, unit.now, who, "sms")
    except SchedulingError:
        return answer
    unit.book.change(changed, event)
    return answer
