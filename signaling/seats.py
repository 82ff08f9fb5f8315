"""Which seat of a side is the newest, across restarts and processes: an older one never comes back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from signaling.passes import Claims, Role

ANSWER_IS_FRESH = timedelta(seconds=5)


class NoAnswer(Exception):
    """Nobody could say just now how the seats of a call stand."""


class Replaced(Exception):
    """The same side has taken a newer seat."""


class SeatBook(Protocol):
    """Who knows the newest seat that each side of a room has taken."""

    def newest(self, room: str) -> Mapping[Role, int]:
        """The generation of each side's newest seat, 0 before the first; raises NoAnswer."""

    def taken(self, room: str, role: Role, generation: int) -> None:
        """A seat was taken; raises NoAnswer."""


class NewestSeats:
    """Asks the book once per room, and again when its answer is older than five seconds."""

    def __init__(self, book: SeatBook) -> None:
        self._book = book
        self._answers: dict[str, tuple[datetime, Mapping[Role, int]]] = {}

    def check(self, claims: Claims, now: datetime) -> None:
        """Let the newest seat of a side pass, and write a newer one down; raises Replaced and NoAnswer."""
        at, newest = self._newest(claims.room, now)
        if claims.generation < newest.get(claims.role, 0):
            raise Replaced(claims.room)
        if claims.generation > newest.get(claims.role, 0):
            self._book.taken(claims.room, claims.role, claims.generation)
            # The other side, who comes in a moment, needs no look of its own.
            self._answers[claims.room] = (at, {**newest, claims.role: claims.generation})

    def _newest(self, room: str, now: datetime) -> tuple[datetime, Mapping[Role, int]]:
        # Joins come on many threads: what is walked through is a copy, and what was found is kept at hand.
        for name, (at, _) in list(self._answers.items()):
            if now - at > ANSWER_IS_FRESH:
                self._answers.pop(name, None)
        known = self._answers.get(room)
        if known is None:
            known = self._answers[room] = (now, self._book.newest(room))
        return known
