"""Twilio's states of a message in our words, for its reports and for its list."""

STATES = {
    "accepted": "accepted",
    "scheduled": "accepted",
    "queued": "accepted",
    "sending": "accepted",
    "sent": "accepted",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
}

# A call that is over has only arrived if a person was at the other end: our own door notes that first.
CALL_STATES: dict[str, tuple[str, str | None]] = {
    "queued": ("accepted", None),
    "initiated": ("accepted", None),
    "ringing": ("accepted", None),
    "in-progress": ("accepted", None),
    "completed": ("undelivered", "hung-up"),
    "busy": ("undelivered", "busy"),
    "no-answer": ("undelivered", "no-answer"),
    "canceled": ("undelivered", "cancelled"),
    "failed": ("failed", "not-connected"),
}
"""The same for a call, with the reason."""
