"""A domain clock in a file, read by every process of a test and moved by the test alone."""

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class SharedClock:
    """Tells the time that stands in the file."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 8)

    @classmethod
    def at(cls, path: Path, moment: datetime) -> "SharedClock":
        """Make the file, at this moment."""
        path.write_bytes(bytes(8))
        clock = cls(path)
        clock.move_to(moment)
        return clock

    def now(self) -> datetime:
        """Return the domain's instant."""
        microseconds: int = struct.unpack_from("<q", self._memory)[0]
        return _EPOCH + microseconds * _MICROSECOND

    def ahead(self) -> timedelta:
        """Return nothing: no browser looks."""
        return timedelta(0)

    def move_to(self, moment: datetime) -> None:
        """Let it be this moment everywhere."""
        struct.pack_into("<q", self._memory, 0, (moment - _EPOCH) // _MICROSECOND)
