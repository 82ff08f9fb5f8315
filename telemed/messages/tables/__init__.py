"""The tables of messages."""

from telemed.messages.tables.answers import choice, inbound_message
from telemed.messages.tables.bridges import GUARDS as BRIDGES
from telemed.messages.tables.bridges import LEG_STEPS, PAGE_STEPS, doctor_page, phone_bridge, phone_leg
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
    "BRIDGES",
    "LEG_STEPS",
    "OPEN_CALLS",
    "PAGE_STEPS",
    "REPEATS",
    "STEPS",
    "SUBJECTS",
    "TIMELINE",
    "TRIGGERS",
    "call_list",
    "carrier_state",
    "choice",
    "doctor_page",
    "handset_message",
    "inbound_message",
    "message",
    "message_step",
    "phone_bridge",
    "phone_leg",
    "stopped_number",
]
