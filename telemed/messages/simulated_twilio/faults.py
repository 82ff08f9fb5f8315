"""What Twilio refuses and with which code: its documented test numbers, and requests that cannot be right."""

import re
from collections.abc import Mapping
from typing import NamedTuple

LONGEST_BODY = 1_600
LONGEST_TTL = 86_400
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


class Fault(NamedTuple):
    """One refusal: the HTTP status, Twilio's own code, and its words."""

    status: int
    code: int
    message: str


UNAUTHENTICATED = Fault(401, 20003, "Authenticate")
NOT_FOUND = Fault(404, 20404, "The requested resource was not found")
THROTTLED = Fault(429, 20429, "Too Many Requests")
BROKEN = Fault(500, 20500, "An internal server error has occurred")
OPTED_OUT = Fault(400, 21610, "Attempt to send to unsubscribed recipient")

# https://www.twilio.com/docs/iam/test-credentials: what each +1500555000x answers.
_TO_OF_A_MESSAGE = {
    "+15005550001": Fault(400, 21211, "Invalid 'To' Phone Number"),
    "+15005550002": Fault(400, 21612, "The 'To' number is not currently reachable"),
    "+15005550003": Fault(400, 21408, "Permission to send an SMS has not been enabled for the region"),
    "+15005550004": OPTED_OUT,
    "+15005550009": Fault(400, 21614, "'To' number is not a valid mobile number"),
}
_FROM_OF_A_MESSAGE = {
    "+15005550001": Fault(400, 21212, "Invalid 'From' number"),
    "+15005550007": Fault(400, 21606, "The 'From' number is not a valid, SMS-capable number"),
    "+15005550008": Fault(
        429, 21611, "This 'From' number has exceeded the maximum number of queued messages"
    ),
}
_TO_OF_A_CALL = {
    "+15005550001": Fault(400, 21217, "Phone number does not appear to be valid"),
    "+15005550002": Fault(400, 21214, "'To' phone number cannot be reached"),
    "+15005550003": Fault(400, 21215, "Account not authorized to call the number"),
    "+15005550004": Fault(400, 21216, "Call blocked by Twilio blocklist"),
}
_FROM_OF_A_CALL = {"+15005550001": Fault(400, 21212, "Invalid 'From' number")}


def fault_of_a_message(fields: Mapping[str, str]) -> Fault | None:
    """Return why a message would be refused, or None."""
    to, sender = fields.get("To", ""), fields.get("From", "")
    if not to:
        return Fault(400, 21604, "A 'To' phone number is required.")
    if not sender and not fields.get("MessagingServiceSid"):
        return Fault(400, 21603, "A 'From' phone number is required.")
    if not fields.get("Body"):
        return Fault(400, 21602, "Message body is required.")
    if len(fields["Body"]) > LONGEST_BODY:
        return Fault(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
    found = _TO_OF_A_MESSAGE.get(to) or _FROM_OF_A_MESSAGE.get(sender)
    return found or _shape(to, Fault(400, 21211, "The 'To' number is not a valid phone number."))


def fault_of_a_call(fields: Mapping[str, str]) -> Fault | None:
    """Return why a call would be refused, or None."""
    to, sender = fields.get("To", ""), fields.get("From", "")
    if not to:
        return Fault(400, 21201, "No 'To' number is specified")
    if not sender:
        return Fault(400, 21213, "Caller phone number is required")
    if not fields.get("Url") and not fields.get("Twiml"):
        return Fault(400, 21205, "Url parameter is required.")
    found = _TO_OF_A_CALL.get(to) or _FROM_OF_A_CALL.get(sender)
    return found or _shape(to, Fault(400, 21211, "The phone number you are attempting to call is not valid."))


def fault_of_a_token(fields: Mapping[str, str]) -> Fault | None:
    """Return why a token for relays would be refused, or None."""
    asked = fields.get("Ttl", str(LONGEST_TTL))
    if asked.isdecimal() and 0 < int(asked) <= LONGEST_TTL:
        return None
    return Fault(400, 20001, "Ttl must be a number of seconds, at most 86400")


def _shape(number: str, fault: Fault) -> Fault | None:
    return None if _NUMBER.fullmatch(number) else fault
