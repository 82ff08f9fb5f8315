"""What follows from a carrier's code: one table for answers to a request and for reports that come later."""

from enum import Enum
from typing import Literal, NamedTuple

Reason = Literal["asked", "wrong_person", "carrier", "not_mobile", "invalid", "by_hand"]
"""Why a number is left in peace."""


class Consequence(NamedTuple):
    """What to do about a message that was refused or did not arrive.

    `another`: another carrier may say yes to it. `stop`: from now on nothing goes to this number by this
    channel, with this reason. `again`: the same carrier may be asked once more. `later`: not now; then by
    another channel. `alarm`: an operator has to look. `opens`: nothing is handed to this carrier for a while.
    """

    another: bool = False
    stop: Reason | None = None
    again: bool = False
    later: bool = False
    alarm: bool = False
    opens: bool = False


class Consequences(Enum):
    """Everything that can follow."""

    STOP_NUMBER = Consequence(stop="carrier")
    INVALID_NUMBER = Consequence(stop="invalid")
    NOT_MOBILE = Consequence(stop="not_mobile")
    UNREACHABLE = Consequence(later=True)
    ONCE_MORE = Consequence(again=True)
    FILTERED = Consequence(alarm=True)
    SENDER_WRONG = Consequence(another=True, alarm=True)
    BACK_OFF = Consequence(another=True, again=True, later=True)
    CIRCUIT_OPEN = Consequence(another=True, alarm=True, opens=True)
    UNKNOWN = Consequence()


_TWILIO = {
    "20003": Consequences.CIRCUIT_OPEN,
    "20005": Consequences.CIRCUIT_OPEN,
    "20404": Consequences.CIRCUIT_OPEN,
    "401": Consequences.CIRCUIT_OPEN,
    "403": Consequences.CIRCUIT_OPEN,
    "20429": Consequences.BACK_OFF,
    "21611": Consequences.BACK_OFF,
    "30001": Consequences.BACK_OFF,
    "429": Consequences.BACK_OFF,
    "21408": Consequences.SENDER_WRONG,
    "21606": Consequences.SENDER_WRONG,
    "21612": Consequences.SENDER_WRONG,
    "21212": Consequences.SENDER_WRONG,
    "21215": Consequences.SENDER_WRONG,
    "21610": Consequences.STOP_NUMBER,
    "21216": Consequences.STOP_NUMBER,
    "21211": Consequences.INVALID_NUMBER,
    "21217": Consequences.INVALID_NUMBER,
    "21614": Consequences.NOT_MOBILE,
    "21635": Consequences.NOT_MOBILE,
    "30006": Consequences.NOT_MOBILE,
    "30003": Consequences.UNREACHABLE,
    "30005": Consequences.UNREACHABLE,
    "30004": Consequences.FILTERED,
    "30007": Consequences.FILTERED,
    "30008": Consequences.ONCE_MORE,
}
"""https://www.twilio.com/docs/api/errors: the codes that ask for something else than giving up."""

# Our own words, which every other carrier's answers are turned into.
_OURS = {
    "stopped": Consequences.STOP_NUMBER,
    "invalid-number": Consequences.INVALID_NUMBER,
    "not-mobile": Consequences.NOT_MOBILE,
    "unreachable": Consequences.UNREACHABLE,
    "filtered": Consequences.FILTERED,
    "sender": Consequences.SENDER_WRONG,
    "throttled": Consequences.BACK_OFF,
    "no-connection": Consequences.BACK_OFF,
    "sign-in": Consequences.CIRCUIT_OPEN,
    "once-more": Consequences.ONCE_MORE,
}


def consequence(carrier: str, code: str | None) -> Consequences:
    """Return what follows from a carrier's code; a code that nobody has explained means nothing here."""
    table = _TWILIO if carrier.startswith("twilio") else _OURS
    return table.get(code or "", _OURS.get(code or "", Consequences.UNKNOWN))
