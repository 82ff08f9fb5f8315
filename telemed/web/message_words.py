"""What happened to messages, in words; every text is a message id."""

from telemed.messages.consequences import Consequences, consequence

KINDS = {
    "booked": "Booked",
    "moved": "Moved",
    "cancelled": "Cancelled",
    "three_days": "Reminder three days before",
    "day_before": "Reminder the day before",
    "two_hours": "Reminder two hours before",
    "confirmed": "Thanks for the answer",
    "help": "How to answer",
    "too_late": "Too late to cancel",
    "which": "Which visit is meant",
    "choices": "Three other times",
    "summary": "Summary is ready",
    "read": "Record was read",
}
CHANNELS = {"sms": "SMS", "voice": "telephone call", "email": "e-mail"}
CARRIERS = {
    "twilio": "Twilio (SMS)",
    "twilio_voice": "Twilio (telephone calls)",
    "twilio_relays": "Twilio (relays of calls)",
    "gateway": "SMS gateway",
    "smpp": "the operator's own line (SMS)",
    "modem": "the office's modem (SMS)",
    "email": "the mail server (e-mail)",
    "handset": "the demo's telephone",
}
WHOM = {"patient": "to the patient", "proxy": "to the person the patient named"}
STATES = {
    "due": "waits to go out",
    "claimed": "is being handed over",
    "accepted": "taken by the carrier",
    "unknown": "nobody knows yet whether it went out",
    "on_call_list": "on the counter's call list",
    "delivered": "arrived",
    "undelivered": "did not arrive",
    "failed": "refused by the carrier",
    "cancelled": "withdrawn",
}
CALLS = {
    "open": "The counter is asked to call.",
    "unreached": "The counter has called and reached nobody yet.",
    "called": "The counter has told the patient.",
    "letter": "The counter has written a letter.",
    "not_needed": "No call is needed any more.",
}
MEANINGS = {
    "confirm": "understood as yes",
    "cancel": "understood as no",
    "move": "understood as: another time",
    "stop": "understood as: no more messages",
    "resume": "understood as: messages again",
    "help": "understood as a question",
    "wrong": "understood as: wrong number",
    "choice": "understood as a choice",
    "unclear": "not understood",
}
_OURS = {
    "overtaken": "something newer tells of it",
    "arrived": "it has arrived by another way",
    "repeated": "sent twice, and nobody knows about either",
    "no_repeat": "it must not come twice",
    "unreachable": "the carrier could not be asked",
    "worker-lost": "the sender stopped in the middle",
    "night": "nobody is disturbed at night",
    "begun": "the visit has begun",
    "stopped": "this number wants no messages",
    "resume": "this number wants messages again",
    "number_corrected": "by hand: the number was corrected",
    "asked_again": "by hand: the patient asked for it",
    "carrier_trouble": "by hand: the carrier had trouble",
    "not_seen": "by hand: the patient has not seen it",
    "no-connection": "no connection to the carrier",
}
_FOLLOWS = {
    Consequences.STOP_NUMBER: "this number wants no messages",
    Consequences.INVALID_NUMBER: "this is no number",
    Consequences.NOT_MOBILE: "this number takes no SMS",
    Consequences.UNREACHABLE: "the telephone is off or out of reach",
    Consequences.ONCE_MORE: "the network does not say why",
    Consequences.FILTERED: "stopped as unwanted",
    Consequences.SENDER_WRONG: "our sender is not allowed there",
    Consequences.BACK_OFF: "the carrier had too much to do",
    Consequences.CIRCUIT_OPEN: "the carrier does not know our account",
}
_UNEXPLAINED = "the carrier gave a reason of its own"
WHY_AGAIN = {
    "number_corrected": "The number was wrong and has been corrected",
    "asked_again": "The patient asks for it",
    "carrier_trouble": "The carrier had trouble",
    "not_seen": "The patient has not seen it",
}
REFUSALS = {
    "on_its_way": "This message is on its way or its fate is not known yet. Wait until that is clear.",
    "over": "The appointment has changed since: this message would be wrong.",
    "no_way": "No way is left: no number is known, the patient wants no messages, or it is on the stop list.",
    "too_late": "The visit begins before anybody may be disturbed.",
}
STOPPED = {
    "asked": "somebody there asked for it",
    "wrong_person": "it belongs to somebody else",
    "carrier": "the carrier forbids it",
    "not_mobile": "it takes no SMS",
    "invalid": "it is no number",
    "by_hand": "by hand",
}

ALL = (
    KINDS,
    CHANNELS,
    CARRIERS,
    WHOM,
    STATES,
    CALLS,
    MEANINGS,
    _OURS,
    tuple(_FOLLOWS.values()),
    _UNEXPLAINED,
    WHY_AGAIN,
    REFUSALS,
    STOPPED,
)
"""Every table, for the test of texts."""


def carrier(name: str) -> str:
    """Say who carries messages; one that nobody has named here keeps the name its settings give it."""
    return CARRIERS.get(name, name)


def reason(carrier: str | None, code: str | None) -> str:
    """Say why a step was taken; a code that nobody has explained is said to be the carrier's own."""
    if code is None:
        return ""
    known = _OURS.get(code)
    if known is not None:
        return known
    return _FOLLOWS.get(consequence(carrier or "", code), _UNEXPLAINED)
