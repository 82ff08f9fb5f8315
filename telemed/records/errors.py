"""What can go wrong in records, sorted by who must act.

RecordError
├── NotFound       the caller: no such visit, or none this reader may know of
├── NotAllowed     the caller: no role or relation for this part of the record
├── WrongState     the doctor: the visit has moved on; look at it again
├── StaleVersion   the doctor: somebody (or another tab) saved in between; both texts are kept
└── AlreadySigned  the doctor: a signed note stays as it is; write a correction
"""


class RecordError(Exception):
    """The root of all refusals in this package."""


class NotFound(RecordError):
    """There is no such thing, or the reader may not know that there is."""


class NotAllowed(RecordError):
    """The reader has no ground to see or do this."""


class WrongState(RecordError):
    """The visit is not in a state in which this can happen."""


class StaleVersion(RecordError):
    """The caller has seen an older version than the one stored."""

    def __init__(self, expected: int, stored: int) -> None:
        super().__init__(f"expected version {expected}, stored is {stored}")
        self.expected = expected
        self.stored = stored


class AlreadySigned(RecordError):
    """The note is signed and can only be amended."""
