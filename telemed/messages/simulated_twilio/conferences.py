"""Who talks with whom: calls brought into one conference, which ends for all with the first to go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock

from telemed.messages.simulated_twilio.ledger import Call


@dataclass
class Conferences:
    """The conferences of one account; `end` puts a call's line down."""

    end: Callable[[Call], None]
    lock: RLock = field(default_factory=RLock)
    _rooms: dict[str, list[Call]] = field(default_factory=dict)
    # Everybody who was ever in one, for tests to read.
    talked: dict[str, list[Call]] = field(default_factory=dict)

    def join(self, name: str, call: Call) -> None:
        """Bring a call into a conference."""
        with self.lock:
            self._rooms.setdefault(name, []).append(call)
            self.talked.setdefault(name, []).append(call)

    def leave(self, call: Call) -> None:
        """Put a call down; whoever is with it is put down as well."""
        with self.lock:
            name = next((each for each, calls in self._rooms.items() if call in calls), None)
            calls = self._rooms.pop(name) if name is not None else [call]
        for each in calls:
            self.end(each)
