"""One call's two seats, and what must be sent to whom when somebody comes or goes."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from signaling.passes import Role
from signaling.protocol import Body, Why

Absence = Literal["line", "hung_up", "session_ended"]


@dataclass(frozen=True)
class Send:
    """Tell one socket something."""

    to: str
    event: str
    body: Body


@dataclass(frozen=True)
class Drop:
    """Disconnect one socket, after what was sent before it."""

    to: str


Action = Send | Drop


@dataclass
class Seat:
    """One side of a call; without a socket its line is down and it may come back."""

    session: str
    page: str
    socket: str | None
    near: bool = False
    offer: Body | None = None
    candidates: list[Body] = field(default_factory=list)
    # How the other side left while this one had no line.
    missed: Absence | None = None

    def stored(self) -> list[Body]:
        """What the other side must still hear: the offer nobody has answered, and its candidates."""
        if self.offer is None:
            return []
        late: list[Body] = []
        if self.candidates:
            late = [{"kind": "candidates", "leg": self.offer["leg"], "candidates": list(self.candidates)}]
        return [self.offer, *late]


@dataclass
class Room:
    """The two seats of one call, until the window ends."""

    window: datetime
    seats: dict[Role, Seat] = field(default_factory=dict)
    # The newest seat each side ever had; an older one never comes back.
    newest: dict[Role, int] = field(default_factory=dict)
    # Every session that sat here.
    sessions: set[str] = field(default_factory=set)

    def other(self, role: Role) -> Seat | None:
        """The seat across the table, if anybody has it."""
        return self.seats.get("practitioner" if role == "patient" else "patient")

    def gone(self, role: Role, why: Absence) -> list[Action]:
        """Tell the other side that this one has left, now or when it has a line again."""
        other = self.other(role)
        if other is not None and other.socket is not None:
            return [Send(other.socket, "peer", {"here": False, "why": why})]
        if other is not None:
            other.missed = None if why == "line" else why
        return []


def refused(socket: str, why: Why) -> Send:
    """Say no to one socket."""
    return Send(socket, "refused", {"why": why})
