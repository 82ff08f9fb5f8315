"""Identifiers that sort by the moment they were made."""

import os
import time
from uuid import UUID

_NANOSECONDS_IN_MILLISECOND = 1_000_000


def uuid7() -> UUID:
    """A new UUID version 7 (RFC 9562 §5.7) whose 12 bits after the milliseconds carry the finer clock."""
    milliseconds, rest = divmod(time.time_ns(), _NANOSECONDS_IN_MILLISECOND)
    fraction = (rest << 12) // _NANOSECONDS_IN_MILLISECOND
    chance = int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | chance)
