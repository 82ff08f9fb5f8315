"""The tables of messages."""

from telemed.messages.tables.answers import choice, inbound_message
from telemed.messages.tables.carriers import carrier_state, handset_message
from telemed.messages.tables.desk import OPEN_CALLS, call_list, stopped_number
from telemed.messages.tables.messages import (
    REPEATS,
    STEPS,
    SUBJECTS,
    TIMELINE,
    TRIGGERS,
    message,
    message_step,
)

__all__ = [
    "OPEN_CALLS",
    "REPEATS",
    "STEPS",
    "SUBJECTS",
    "TIMELINE",
    "TRIGGERS",
    "call_list",
    "carrier_state",
    "choice",
    "handset_message",
    "inbound_message",
    "message",
    "message_step",
    "stopped_number",
]
