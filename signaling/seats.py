"""Which seat of a side is the newest, across restarts and processes: an older one never comes back."""

from typing import Protocol

from signaling.passes import Role


class NoAnswer(Exception):
    """Nobody could say just now how the seats of a call stand."""


class SeatBook(Protocol):
    """Who knows the newest seat that each side of a room has taken."""

    def take(self, room: str, role: Role, generation: int, opens: bool) -> bool:
        """Write down that a seat is taken; False when a newer one of its side was. Raises NoAnswer.

        Looking and writing are one step, so of two seats that come at once the newer one stays. `opens`:
        nobody sits in this room here yet, so other processes must hear that it is here now.
        """
