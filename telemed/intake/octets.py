"""The bytes of one Bluetooth characteristic, read from the front, with what its status bits call it."""

from datetime import datetime

from telemed.intake.medical_float import Malformed, Value, decode_sfloat

_UNKNOWN_USER = 0xFF


class NotAReading(ValueError):
    """The device itself says that this is no measurement of a patient; `reason` names why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Octets:
    """Reads a characteristic from its front; whatever is missing or left over is malformed."""

    def __init__(self, data: bytes) -> None:
        self._rest = bytes(data)
        self.flags: set[str] = set()

    @property
    def left(self) -> bool:
        """Whether anything is left to read."""
        return bool(self._rest)

    def take(self, count: int) -> bytes:
        """Return the next bytes."""
        if len(self._rest) < count:
            raise Malformed(f"{count} bytes wanted, {len(self._rest)} are left")
        taken, self._rest = self._rest[:count], self._rest[count:]
        return taken

    def number(self, count: int, signed: bool = False) -> int:
        """Return the next bytes as one little-endian number."""
        return int.from_bytes(self.take(count), "little", signed=signed)

    def sfloat(self) -> Value:
        """Return the next SFLOAT."""
        return decode_sfloat(self.take(2))

    def time(self) -> datetime | None:
        """Return the device's local time; None when it says that it does not know it, or cannot be right."""
        year = self.number(2)
        month, day, hour, minute, second = self.take(5)
        if 0 in (year, month, day):
            self.flags.add("clock-not-set")
            return None
        try:
            # Without a zone on purpose: the device has none, the server's time stands beside it.
            return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
        except ValueError:
            self.flags.add("clock-unreadable")
            return None

    def user(self) -> int | None:
        """Return the number the device gives its user; None when it knows none."""
        number = self.number(1)
        return None if number == _UNKNOWN_USER else number

    def note(self, bits: int, names: dict[int, str]) -> None:
        """Add the name of each bit that is set to the flags."""
        self.flags.update(name for bit, name in names.items() if bits >> bit & 1)

    def refuse(self, bits: int, names: dict[int, str]) -> None:
        """Raise NotAReading by the name of the first bit that is set."""
        for bit, name in names.items():
            if bits >> bit & 1:
                raise NotAReading(name)

    def finish(self) -> frozenset[str]:
        """Return the flags; nothing may be left."""
        if self._rest:
            raise Malformed(f"{len(self._rest)} bytes are left over")
        return frozenset(self.flags)
