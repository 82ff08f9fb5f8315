"""Who sits where: each call is a room with two seats, and every step returns what must be sent to whom."""

from collections import OrderedDict
from datetime import UTC, datetime

from signaling.passes import Claims, Role
from signaling.protocol import Body, Why
from signaling.room import Absence, Action, Drop, Room, Seat, Send, refused

STORED_CANDIDATES = 64
UNSEATED_SOCKETS = 200
# A process that ends gives each of its sockets this long to come back elsewhere, one after the other.
MS_EACH = 10
SOONEST_MS, LATEST_MS = 1_000, 10_000
NEVER = datetime.max.replace(tzinfo=UTC)
CALLS_AT_ONCE = 2
"""How many patients a practitioner may have on the line; a kiosk has one, the newest."""


class Rooms:
    """All calls of one process; pure, so its owner guards it with a lock and carries the actions out."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}
        self._places: dict[str, tuple[str, Role]] = {}
        self._closed: dict[str, datetime] = {}
        # Which session admitted into a room; nobody else's page may stay near then.
        self._admitted: dict[str, tuple[str, datetime]] = {}
        self._ended: dict[str, datetime] = {}
        # The rooms each session has sat in, and when the first of all these memories is over: what would
        # otherwise be looked through at every join.
        self._rooms_of: dict[str, set[str]] = {}
        self._first_over = NEVER
        self._unseated: OrderedDict[str, None] = OrderedDict()

    def arrive(self, socket: str) -> list[Action]:
        """Note a socket that has no seat yet; of too many such, the oldest must go."""
        self._unseated[socket] = None
        if len(self._unseated) <= UNSEATED_SOCKETS:
            return []
        oldest, _ = self._unseated.popitem(last=False)
        return [Drop(oldest)]

    def drain(self, name: str | None = None) -> list[Action]:
        """Ask every socket, or a room's, to come back within a while that grows with their number."""
        seated = [socket for socket, (room, _) in self._places.items() if name in (None, room)]
        sockets = seated if name else [*self._unseated, *seated]
        within = min(max(MS_EACH * len(sockets), SOONEST_MS), LATEST_MS)
        for socket in sockets:
            self._unseated.pop(socket, None)
            if place := self._places.pop(socket, None):
                self._rooms[place[0]].seats[place[1]].socket = None
        away: list[Action] = [Send(socket, "away", {"within": within}) for socket in sockets]
        return [*away, *map(Drop, sockets)]

    def is_here(self, name: str) -> bool:
        """Whether anybody sits in this room with a line to this process."""
        room = self._rooms.get(name)
        return room is not None and any(seat.socket for seat in room.seats.values())

    def knows(self, claims: Claims) -> bool:
        """Whether this very seat is known here, so that nobody else has to be asked about it."""
        room = self._rooms.get(claims.room)
        return room is not None and room.newest.get(claims.role) == claims.generation

    def role(self, socket: str) -> Role | None:
        """Which side a seated socket is on."""
        place = self._places.get(socket)
        return place[1] if place else None

    def join(
        self, socket: str, claims: Claims, page: str, offer: Body | None, seat_token: str, now: datetime
    ) -> list[Action]:
        """Seat a socket whose pass or seat was checked; an older seat of the same side is replaced."""
        swept = self.sweep(now)
        if why := self.obstacle(socket, claims):
            return [*swept, refused(socket, why)]
        room = self._rooms.setdefault(claims.room, Room(claims.window))
        room.newest[claims.role] = claims.generation
        room.window = max(room.window, claims.window)
        room.sessions.add(claims.session)
        self._rooms_of.setdefault(claims.session, set()).add(claims.room)
        self._first_over = min(self._first_over, room.window)
        old = room.seats.get(claims.role)
        actions = [*swept, *self._replace(old, socket), *self._empty_elsewhere(claims)]
        seat = Seat(claims.session, page, socket, claims.near, offer)
        if old and old.page == page:
            seat.missed = old.missed
            if offer is None:
                seat.offer, seat.candidates = old.offer, old.candidates
        room.seats[claims.role] = seat
        self._places[socket] = (claims.room, claims.role)
        self._unseated.pop(socket, None)
        return [*actions, *self._greet(room, claims, seat, seat_token)]

    def relay(self, socket: str, message: Body, now: datetime) -> list[Action]:
        """Pass a checked message to the other seat; an offer is kept until it has been answered."""
        place = self._places.get(socket)
        if place is None:
            return [refused(socket, "not_seated")]
        name, role = place
        room = self._rooms[name]
        if now >= room.window:
            return self.close(name, room.window)
        other = room.other(role)
        if role == "patient":
            self._keep(room.seats[role], message)
        if other is None or other.socket is None:
            return []
        if message["kind"] == "answer" and other.offer and other.offer["leg"] == message["leg"]:
            other.offer, other.candidates = None, []
        return [Send(other.socket, "signal", message)]

    def leave(self, socket: str, why: Absence = "line") -> list[Action]:
        """Free a seat that was hung up, or keep it while its line is down; saying it twice does nothing."""
        self._unseated.pop(socket, None)
        place = self._places.pop(socket, None)
        if place is None:
            return []
        name, role = place
        room = self._rooms[name]
        if why == "line":
            room.seats[role].socket = None
        else:
            # The room is remembered until its window ends, and with it how new a seat must be.
            del room.seats[role]
        return room.gone(role, why)

    def close(self, name: str, until: datetime) -> list[Action]:
        """End a call for both; until then neither pass nor seat opens the room again."""
        self._closed[name] = max(until, self._closed.get(name, until))
        self._first_over = min(self._first_over, until)
        room = self._rooms.pop(name, None)
        for session in room.sessions if room else ():
            self._rooms_of[session].discard(name)
            if not self._rooms_of[session]:
                del self._rooms_of[session]
        actions: list[Action] = []
        for seat in room.seats.values() if room else ():
            if seat.socket is not None:
                self._places.pop(seat.socket)
                actions += [Send(seat.socket, "closed", {"why": "visit_ended"}), Drop(seat.socket)]
        return actions

    def admit(self, name: str, session: str, until: datetime) -> list[Action]:
        """A session has admitted the patient of this room: pages of others that came near must go.

        No session: the patient waits again, and anybody may come near.
        """
        if not session:
            self._admitted.pop(name, None)
            return []
        self._admitted[name] = (session, until)
        self._first_over = min(self._first_over, until)
        room = self._rooms.get(name)
        seat = room.seats.get("practitioner") if room else None
        if room is None or seat is None or not seat.near or seat.session == session:
            return []
        return self._put_out(room, "practitioner", "replaced", {}, "hung_up")

    def close_session(self, session: str, until: datetime) -> list[Action]:
        """End one signed-in session everywhere; the other side of its calls learns only that it has left."""
        self._ended[session] = max(until, self._ended.get(session, until))
        self._first_over = min(self._first_over, until)
        actions: list[Action] = []
        for room in [self._rooms[name] for name in sorted(self._rooms_of.get(session, ()))]:
            for role, seat in list(room.seats.items()):
                if seat.session == session:
                    said: Body = {"why": "session_ended"}
                    actions += self._put_out(room, role, "closed", said, "session_ended")
        return actions

    def _put_out(self, room: Room, role: Role, event: str, body: Body, why: Absence) -> list[Action]:
        """Empty a seat; media may flow without our line, so the other side hears of it in any case."""
        socket = room.seats.pop(role).socket
        told: list[Action] = []
        if socket is not None:
            self._places.pop(socket)
            told = [Send(socket, event, body), Drop(socket)]
        return [*told, *room.gone(role, why)]

    def obstacle(self, socket: str, claims: Claims) -> Why | None:
        """Why this seat can't be taken by this socket as far as is known here, or None."""
        if claims.room in self._closed:
            return "closed"
        if claims.session in self._ended:
            return "session_ended"
        if self._places.get(socket, (claims.room, claims.role)) != (claims.room, claims.role):
            return "already_seated"
        room = self._rooms.get(claims.room)
        if room is not None and claims.generation < room.newest.get(claims.role, 0):
            return "replaced"
        admitted = self._admitted.get(claims.room)
        if claims.near and admitted is not None and admitted[0] != claims.session:
            return "replaced"
        if claims.role == "practitioner" and len(self._elsewhere(claims)) >= CALLS_AT_ONCE:
            return "too_many"
        return None

    def _elsewhere(self, claims: Claims) -> list[Seat]:
        """Where else this very session sits on this side, with a line."""
        others = sorted(self._rooms_of.get(claims.session, set()) - {claims.room})
        seats = [self._rooms[name].seats.get(claims.role) for name in others]
        return [
            seat
            for seat in seats
            if seat is not None and seat.session == claims.session and seat.socket is not None
        ]

    def _empty_elsewhere(self, claims: Claims) -> list[Action]:
        if claims.role != "patient":
            return []
        actions: list[Action] = []
        for seat in self._elsewhere(claims):
            assert seat.socket is not None
            actions += [Send(seat.socket, "replaced", {}), Drop(seat.socket)]
            actions += self.leave(seat.socket, "hung_up")
        return actions

    def _replace(self, old: Seat | None, socket: str) -> list[Action]:
        if old is None or old.socket is None or old.socket == socket:
            return []
        self._places.pop(old.socket)
        return [Send(old.socket, "replaced", {}), Drop(old.socket)]

    def _greet(self, room: Room, claims: Claims, seat: Seat, seat_token: str) -> list[Action]:
        other = room.other(claims.role)
        assert seat.socket is not None
        joined: Body = {
            "seat": seat_token,
            "role": claims.role,
            "until": claims.window.timestamp(),
            "peer": other.page if other and other.socket else None,
            "signals": other.stored() if other else [],
        }
        actions: list[Action] = [Send(seat.socket, "joined", joined)]
        if other and other.socket:
            actions.append(Send(other.socket, "peer", {"here": True, "page": seat.page}))
            actions += [Send(other.socket, "signal", message) for message in seat.stored()]
        elif other is None and seat.missed is not None:
            actions.append(Send(seat.socket, "peer", {"here": False, "why": seat.missed}))
        return actions

    def _keep(self, seat: Seat, message: Body) -> None:
        if message["kind"] == "offer":
            seat.offer, seat.candidates = message, []
        elif message["kind"] == "candidates" and seat.offer and seat.offer["leg"] == message["leg"]:
            rows = message["candidates"]
            assert isinstance(rows, list)
            seat.candidates = [*seat.candidates, *rows][:STORED_CANDIDATES]

    def sweep(self, now: datetime) -> list[Action]:
        """Forget what is over, and close the rooms whose window has ended."""
        if now < self._first_over:
            return []
        for memory in (self._closed, self._ended):
            for name in [name for name, until in memory.items() if until <= now]:
                del memory[name]
        for name in [name for name, (_, until) in self._admitted.items() if until <= now]:
            del self._admitted[name]
        over = [name for name, room in self._rooms.items() if room.window <= now]
        actions = [action for name in over for action in self.close(name, self._rooms[name].window)]
        left = [
            *self._closed.values(),
            *self._ended.values(),
            *(until for _, until in self._admitted.values()),
        ]
        self._first_over = min([*left, *(room.window for room in self._rooms.values())], default=NEVER)
        return actions
