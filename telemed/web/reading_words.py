"""How the list of readings says what was read, by whom and why, in words; all are message ids."""

CONTEXT, WHO_CONTEXT = "reading", "reader"

WHAT = {
    "patient": "name and contact details",
    "appointment": "appointment",
    "queue entry": "place in the queue",
    "wish": "place on the waiting list",
    "visit": "that there is a visit",
    "intake": "what you said and measured at the kiosk",
    "note": "the doctor’s note",
    "summary": "the printed summary",
    "consent": "what you agreed to",
    "access log": "this list",
    "message": "text messages to you",
}
PURPOSES = {
    "care": "to treat you",
    "coordination": "to arrange visits",
    "finding a person": "to find you by a number or code you gave",
    "help at the counter": "to help you at the counter",
    "the day sheet at the counter": "to know at the counter who comes on that day",
    "visit": "for your visit at this kiosk",
    "own record": "you looked at it yourself",
    "opening the record": "somebody opened it with your slip code and birth date",
    "printing the summary": "to print your summary",
    "looking after an appointment": "to look after your appointment",
    "looking at the appointments of a day": "to see which visits there are on a day",
    "looking whose appointments a change would strand": "to see whom a change of working hours would touch",
    "deciding about an appointment outside of hours or roster": "to find you another time",
    "looking at the waiting list": "to look after the waiting list",
    "keeping the queue and the waiting list": "to keep your place in the queue or on the waiting list",
    "looking after messages": "to see whether messages reach you",
    "sending messages": "to send you text messages",
    "answer by SMS": "because you answered a text message",
    "accounts": "to look after the accounts of staff",
    "audit": "to check that the service works as it should",
    "demonstration": "to show how the service works",
    "exchange": "to exchange data with another system",
}
WHO = {
    "doctor": "doctor",
    "nurse": "nurse",
    "coordinator": "coordinator",
    "clerk": "post-office clerk",
    "patient": "you",
    "kiosk": "kiosk",
    "job": "the service itself",
    "demo": "demonstration",
    "client": "another system",
}
