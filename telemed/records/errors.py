"""What can go wrong in records beyond scheduling's NotFound, WrongState and StaleVersion.

RecordError
├── NotAllowed     the caller: no role or relation for this part of the record
└── AlreadySigned  the doctor: a signed note stays as it is; write a correction (it is a WrongState too)
"""

from scheduling.errors import WrongState


class RecordError(Exception):
    """The root of what only records refuse."""


class NotAllowed(RecordError):
    """The reader has no ground to see or do this."""


class AlreadySigned(RecordError, WrongState):
    """The note is signed and can only be amended."""
