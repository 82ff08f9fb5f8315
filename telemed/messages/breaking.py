"""The circuit breaker's rule: a carrier that fails too often is left in peace, then tried with one message.

The numbers are GOV.UK Notify's: fifty errors within a minute.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

ERRORS = 50
WITHIN = timedelta(seconds=60)
OPEN_FOR = timedelta(seconds=30)
"""For how long nothing is handed to a carrier that failed so often; also how long a probe may take."""

OPEN_FOR_AN_OPERATOR = timedelta(minutes=5)
"""The same when only a person can put it right, as with a wrong password."""


@dataclass(frozen=True)
class Circuit:
    """How one carrier is doing: its errors since a moment, and until when it is left in peace."""

    name: str
    window_at: datetime
    failures: int = 0
    open_until: datetime | None = None
    reason: str | None = None


def standing(circuit: Circuit, now: datetime) -> Literal["closed", "open", "half-open"]:
    """Tell whether a carrier may be used: half-open means that one message may try."""
    if circuit.open_until is None:
        return "closed"
    return "open" if now < circuit.open_until else "half-open"


def probing(circuit: Circuit, now: datetime) -> Circuit:
    """The carrier while one message tries: to all others it is still open."""
    return replace(circuit, open_until=now + OPEN_FOR)


def after_success(circuit: Circuit, now: datetime) -> Circuit:
    """The carrier after it took a message: trusted again, if it was not."""
    if circuit.open_until is None:
        return circuit
    return Circuit(circuit.name, now)


def after_failure(circuit: Circuit, reason: str, now: datetime) -> Circuit:
    """The carrier after one more error: left in peace when a probe failed, or when it was one too many."""
    if now - circuit.window_at > WITHIN or now < circuit.window_at:
        circuit = replace(circuit, window_at=now, failures=0)
    failures = circuit.failures + 1
    if circuit.open_until is None and failures < ERRORS:
        return replace(circuit, failures=failures)
    return replace(circuit, failures=failures, open_until=now + OPEN_FOR, reason=reason)


def after_denial(circuit: Circuit, reason: str, now: datetime) -> Circuit:
    """The carrier after it told us that we are not its customer: an operator has to look."""
    return replace(circuit, open_until=now + OPEN_FOR_AN_OPERATOR, reason=reason)
