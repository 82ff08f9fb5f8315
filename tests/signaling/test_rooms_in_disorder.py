"""Joins, words and partings may come twice, late or in any order: only the room is told, and the two meet."""

from datetime import timedelta
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from signaling.passes import ROLES, Claims, Role
from signaling.protocol import Body
from signaling.room import Action, Drop, Send
from signaling.rooms import Rooms
from tests.signaling.conftest import NOW, WINDOW

NAMES = ("room-a", "room-b")
KINDS: dict[Role, tuple[str, ...]] = {
    "patient": ("offer", "candidates"),
    "practitioner": ("answer", "candidates", "restart"),
}


class Step(NamedTuple):
    """One thing that happens on one of two lines of one side of a room; drawn again it happens again."""

    what: str
    room: str
    role: Role
    line: int
    generation: int

    @property
    def socket(self) -> str:
        return f"{self.room} {self.role} {self.line}"


steps = st.builds(
    Step,
    st.sampled_from(
        ["join", "join with offer", "offer", "answer", "candidates", "restart", "line", "hung_up"]
    ),
    st.sampled_from(NAMES),
    st.sampled_from(ROLES),
    st.integers(0, 1),
    st.integers(1, 3),
)


def message(kind: str, room: str) -> Body:
    said: Body = {"kind": kind, "leg": f"leg of {room}"}
    return said | ({"candidates": [{"candidate": room}]} if kind == "candidates" else {"sdp": room})


class Told:
    """Rooms, and what everybody was told so far."""

    def __init__(self) -> None:
        self.rooms = Rooms()
        self.place: dict[str, tuple[str, Role]] = {}
        self.newest: dict[tuple[str, Role], int] = {}

    def happens(self, step: Step) -> None:
        before = dict(self.place)
        actions = self._do(step)
        if step.what in ("line", "hung_up"):
            self.place.pop(step.socket, None)
        for action in actions:
            if isinstance(action, Drop):
                self.place.pop(action.to, None)
            elif action.event == "joined":
                self.place[action.to] = (step.room, step.role)
                assert step.generation >= self.newest.get((step.room, step.role), 0)
                self.newest[step.room, step.role] = step.generation
        assert len(set(self.place.values())) == len(self.place)
        for action in actions:
            inside = {before.get(action.to, ("", ""))[0], self.place.get(action.to, ("", ""))[0]}
            assert action.to == step.socket or step.room in inside
            if isinstance(action, Send):
                self._is_of(action, step)

    def _do(self, step: Step) -> list[Action]:
        if step.what in ("line", "hung_up"):
            return self.rooms.leave(step.socket, step.what)  # type: ignore[arg-type]  # one of its two words
        if step.what.startswith("join"):
            session = f"session of {step.room} {step.role}"
            claims = Claims("pass", step.room, step.role, session, WINDOW, WINDOW, "hash", step.generation)
            offers = step.role == "patient" and "offer" in step.what
            offer = message("offer", step.room) if offers else None
            return self.rooms.join(step.socket, claims, f"page {step.line}", offer, "seat", NOW)
        # The door lets no side say what is the other's (signaling/protocol.py).
        kind = step.what if step.what in KINDS[step.role] else "candidates"
        return self.rooms.relay(step.socket, message(kind, step.room), NOW + timedelta(minutes=1))

    def _is_of(self, action: Send, step: Step) -> None:
        said = action.body.get("signals", [action.body] if action.event == "signal" else [])
        assert isinstance(said, list)
        assert all(each["leg"] == f"leg of {step.room}" for each in said)
        if action.event == "signal" and not step.what.startswith("join"):
            assert self.place[action.to] == (step.room, other(step.role))


def other(role: Role) -> Role:
    return "practitioner" if role == "patient" else "patient"


@given(st.lists(steps, max_size=40))
def test_only_the_room_itself_is_told_whatever_comes_twice_or_late(drawn: list[Step]) -> None:
    told = Told()
    for step in drawn:
        told.happens(step)


@given(st.lists(steps, max_size=40), st.booleans())
def test_after_any_disorder_two_newcomers_meet(drawn: list[Step], doctor_first: bool) -> None:
    told = Told()
    for step in drawn:
        told.happens(step)
    sides: list[Role] = ["patient", "practitioner"]
    for role in reversed(sides) if doctor_first else sides:
        told.happens(Step("join with offer", "room-a", role, 7, 9))
    said = told.rooms.relay("room-a practitioner 7", message("answer", "room-a"), NOW)
    assert said == [Send("room-a patient 7", "signal", message("answer", "room-a"))]
    back = Claims(
        "seat", "room-a", "practitioner", "session of room-a practitioner", WINDOW, WINDOW, "hash", 9
    )
    greeted = told.rooms.join("back again", back, "page 7", None, "seat", NOW)
    # What was answered is not offered once more.
    assert [
        each.body["signals"] for each in greeted if isinstance(each, Send) and each.event == "joined"
    ] == [[]]
