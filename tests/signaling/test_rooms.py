"""Two seats per room, each step says who must be told what, and nothing ever reaches a third party."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from signaling.passes import ROLES, Claims, Role
from signaling.protocol import Body
from signaling.room import Action, Drop, Send
from signaling.rooms import CALLS_AT_ONCE, UNSEATED_SOCKETS, Rooms
from tests.signaling.conftest import NOW, WINDOW

OFFER: Body = {"kind": "offer", "leg": "leg-1", "sdp": "v=0 one"}
ANSWER: Body = {"kind": "answer", "leg": "leg-1", "sdp": "v=0 two"}
CANDIDATES: Body = {"kind": "candidates", "leg": "leg-1", "candidates": [{"candidate": "late"}]}


@pytest.fixture
def rooms() -> Rooms:
    return Rooms()


def sit(
    rooms: Rooms, socket: str, claims: Claims, page: str = "page-of-it", offer: Body | None = None
) -> list[Action]:
    return rooms.join(socket, claims, page, offer, f"seat of {socket}", NOW)


def events(actions: list[Action], socket: str) -> list[str]:
    return [action.event if isinstance(action, Send) else "DROP" for action in actions if action.to == socket]


def body(actions: list[Action], socket: str, event: str) -> Body:
    return next(a.body for a in actions if isinstance(a, Send) and (a.to, a.event) == (socket, event))


def test_who_comes_first_waits_and_gets_a_seat(rooms: Rooms, patient: Claims) -> None:
    actions = sit(rooms, "p", patient)
    assert events(actions, "p") == ["joined"]
    joined = body(actions, "p", "joined")
    assert (joined["seat"], joined["role"], joined["peer"], joined["signals"]) == (
        "seat of p",
        "patient",
        None,
        [],
    )


def test_the_offer_waits_for_whoever_is_absent(rooms: Rooms, patient: Claims, practitioner: Claims) -> None:
    sit(rooms, "p", patient, "page-pat", OFFER)
    rooms.relay("p", CANDIDATES, NOW)
    actions = sit(rooms, "d", practitioner, "page-doc")
    joined = body(actions, "d", "joined")
    assert joined["peer"] == "page-pat"
    assert joined["signals"] == [OFFER, CANDIDATES]
    assert body(actions, "p", "peer") == {"here": True, "page": "page-doc"}


def test_the_offer_in_a_join_reaches_whoever_is_there(
    rooms: Rooms, patient: Claims, practitioner: Claims
) -> None:
    sit(rooms, "d", practitioner)
    actions = sit(rooms, "p", patient, "page-pat", OFFER)
    assert events(actions, "d") == ["peer", "signal"]
    assert body(actions, "d", "signal") == OFFER


def test_a_doctor_has_two_patients_on_the_line_and_not_three(rooms: Rooms, practitioner: Claims) -> None:
    for number in range(CALLS_AT_ONCE):
        assert events(
            sit(rooms, f"d{number}", replace(practitioner, room=f"room-{number}")), f"d{number}"
        ) == ["joined"]
    third = sit(rooms, "d9", replace(practitioner, room="room-9"))
    assert body(third, "d9", "refused") == {"why": "too_many"}
    # Coming back to one of the two is no third; after one has been left there is a place again.
    assert events(sit(rooms, "d7", replace(practitioner, room="room-0")), "d7") == ["joined"]
    rooms.leave("d7", "hung_up")
    assert events(sit(rooms, "d9", replace(practitioner, room="room-9")), "d9") == ["joined"]


def test_a_kiosk_sits_in_one_call_the_newest(rooms: Rooms, patient: Claims, practitioner: Claims) -> None:
    sit(rooms, "p", patient)
    sit(rooms, "d", practitioner)
    actions = sit(rooms, "q", replace(patient, room="room-of-the-next"))
    assert events(actions, "p") == ["replaced", "DROP"]
    assert body(actions, "d", "peer") == {"here": False, "why": "hung_up"}
    assert events(actions, "q") == ["joined"]


def test_an_answered_offer_is_not_given_again(rooms: Rooms, patient: Claims, practitioner: Claims) -> None:
    sit(rooms, "p", patient, offer=OFFER)
    sit(rooms, "d", practitioner)
    assert events(rooms.relay("d", ANSWER, NOW), "p") == ["signal"]
    assert body(sit(rooms, "d2", practitioner), "d2", "joined")["signals"] == []


def test_an_answer_nobody_heard_leaves_the_offer_open(
    rooms: Rooms, patient: Claims, practitioner: Claims
) -> None:
    sit(rooms, "p", patient, offer=OFFER)
    sit(rooms, "d", practitioner)
    rooms.leave("p")
    assert rooms.relay("d", ANSWER, NOW) == []
    assert body(sit(rooms, "d2", practitioner), "d2", "joined")["signals"] == [OFFER]


def test_a_lost_line_keeps_the_seat_and_its_offer(
    rooms: Rooms, patient: Claims, practitioner: Claims
) -> None:
    sit(rooms, "p", patient, "page-pat", OFFER)
    sit(rooms, "d", practitioner)
    assert rooms.leave("p") == [Send("d", "peer", {"here": False, "why": "line"})]
    assert rooms.leave("p") == []
    actions = sit(rooms, "p2", patient, "page-pat")
    assert body(actions, "d", "peer") == {"here": True, "page": "page-pat"}
    assert body(actions, "d", "signal") == OFFER


def test_hanging_up_frees_the_seat_and_tells_the_other(
    rooms: Rooms, patient: Claims, practitioner: Claims
) -> None:
    sit(rooms, "p", patient, offer=OFFER)
    sit(rooms, "d", practitioner)
    assert rooms.leave("p", "hung_up") == [Send("d", "peer", {"here": False, "why": "hung_up"})]
    assert body(sit(rooms, "d2", practitioner), "d2", "joined")["signals"] == []


def test_the_same_side_again_replaces_the_old_seat(rooms: Rooms, patient: Claims) -> None:
    sit(rooms, "p", patient)
    actions = sit(rooms, "p2", patient)
    assert events(actions, "p") == ["replaced", "DROP"]
    assert events(rooms.relay("p", OFFER, NOW), "p") == ["refused"]


def test_an_older_seat_never_comes_back_after_a_newer_one(rooms: Rooms, patient: Claims) -> None:
    newer = replace(patient, generation=2)
    sit(rooms, "p", patient)
    assert events(sit(rooms, "p2", newer), "p") == ["replaced", "DROP"]
    assert body(sit(rooms, "p3", patient), "p3", "refused") == {"why": "replaced"}
    rooms.leave("p2", "hung_up")
    assert body(sit(rooms, "p3", patient), "p3", "refused") == {"why": "replaced"}
    assert rooms.knows(newer)
    assert not rooms.knows(patient)


def test_a_closed_room_tells_both_and_opens_no_more(
    rooms: Rooms, patient: Claims, practitioner: Claims
) -> None:
    sit(rooms, "p", patient)
    sit(rooms, "d", practitioner)
    actions = rooms.close("room-a", WINDOW)
    assert events(actions, "p") == events(actions, "d") == ["closed", "DROP"]
    assert body(sit(rooms, "p", patient), "p", "refused") == {"why": "closed"}
    assert rooms.close("room-a", WINDOW) == []


def test_a_closed_room_is_forgotten_when_its_passes_have_expired(rooms: Rooms, patient: Claims) -> None:
    rooms.close("room-a", NOW)
    assert events(rooms.join("p", patient, "page", None, "seat", NOW + timedelta(seconds=1)), "p") == [
        "joined"
    ]


def test_one_socket_sits_in_one_place(rooms: Rooms, patient: Claims, practitioner: Claims) -> None:
    sit(rooms, "p", patient)
    assert body(sit(rooms, "p", practitioner), "p", "refused") == {"why": "already_seated"}


def test_a_room_ends_with_its_window(rooms: Rooms, patient: Claims) -> None:
    sit(rooms, "p", patient)
    assert events(rooms.relay("p", OFFER, WINDOW), "p") == ["closed", "DROP"]


def test_of_too_many_sockets_without_a_seat_the_oldest_goes(rooms: Rooms, patient: Claims) -> None:
    sit_first = [rooms.arrive(f"s{number}") for number in range(UNSEATED_SOCKETS)]
    assert not any(sit_first)
    sit(rooms, "s0", patient)
    assert rooms.arrive("another") == []
    assert rooms.arrive("one more") == [Drop("s1")]


class AnyOrder(RuleBasedStateMachine):
    """Whatever the order of joins, words, lost lines and ends: only who sits in that very room is told."""

    def __init__(self) -> None:
        super().__init__()
        self.rooms = Rooms()
        self.now: datetime = NOW
        self.seats: dict[str, tuple[str, Role]] = {}
        self.sessions: dict[str, str] = {}
        self.closed: set[str] = set()
        self.ended: set[str] = set()
        self.count = 0

    @rule(
        room=st.sampled_from("ABC"),
        role=st.sampled_from(ROLES),
        session=st.sampled_from("xyz"),
        offers=st.booleans(),
    )
    def joins(self, room: str, role: Role, session: str, offers: bool) -> None:
        self.count += 1
        socket = f"socket-{self.count}"
        claims = Claims("pass", room, role, session, WINDOW, WINDOW, "hash", self.count)
        offer: Body | None = (
            {"kind": "offer", "leg": room, "sdp": room} if offers and role == "patient" else None
        )
        before = next((name for name, seat in self.seats.items() if seat == (room, role)), None)
        elsewhere = [
            name
            for name, seat in self.seats.items()
            if seat[1] == role and seat[0] != room and self.sessions[name] == session
        ]
        actions = self.rooms.join(socket, claims, f"page-{self.count}", offer, "seat", self.now)
        full = role == "practitioner" and len(elsewhere) >= CALLS_AT_ONCE
        if room in self.closed or session in self.ended or full:
            assert [(type(a), a.to) for a in actions] == [(Send, socket)]
            assert events(actions, socket) == ["refused"]
            return
        if before is not None:
            assert events(actions, before) == ["replaced", "DROP"]
            del self.seats[before]
        self.seats[socket], self.sessions[socket] = (room, role), session
        left = elsewhere if role == "patient" else []
        assert [a.to for a in actions if isinstance(a, Drop) and a.to != before] == left
        beside = {self.seats.pop(name)[0] for name in left}
        told = [a for a in actions if a.to in self.seats and self.seats[a.to][0] in beside]
        assert all(isinstance(a, Send) and a.event == "peer" for a in told)
        rest = [a for a in actions if a not in told and a.to not in left]
        self.stays_inside(rest, room, besides=before)

    @precondition(lambda self: self.count)
    @rule(data=st.data(), kind=st.sampled_from(["offer", "answer", "candidates"]))
    def speaks(self, data: st.DataObject, kind: str) -> None:
        socket = data.draw(st.sampled_from([f"socket-{number + 1}" for number in range(self.count)]))
        room, role = self.seats.get(socket, ("", "patient"))
        message: Body = {"kind": kind, "leg": room, "sdp": room, "candidates": [{"candidate": room}]}
        actions = self.rooms.relay(socket, message, self.now)
        if not room:
            assert events(actions, socket) == ["refused"]
            assert len(actions) == 1
            return
        for action in actions:
            assert self.seats[action.to] == (room, "practitioner" if role == "patient" else "patient")

    @precondition(lambda self: self.seats)
    @rule(data=st.data(), why=st.sampled_from(["line", "hung_up"]))
    def leaves(self, data: st.DataObject, why: str) -> None:
        socket = data.draw(st.sampled_from(sorted(self.seats)))
        room, _ = self.seats.pop(socket)
        self.stays_inside(self.rooms.leave(socket, why), room)  # type: ignore[arg-type]  # drawn from its values
        assert self.rooms.leave(socket) == []

    @rule(room=st.sampled_from("ABC"))
    def closes(self, room: str) -> None:
        told = {action.to for action in self.rooms.close(room, WINDOW)}
        inside = {socket for socket, seat in self.seats.items() if seat[0] == room}
        assert told == inside
        self.seats = {socket: seat for socket, seat in self.seats.items() if socket not in inside}
        self.closed.add(room)

    @rule(session=st.sampled_from("xyz"))
    def revokes(self, session: str) -> None:
        out = {socket for socket in self.seats if self.sessions[socket] == session}
        actions = self.rooms.close_session(session, WINDOW)
        assert {action.to for action in actions if isinstance(action, Drop)} == out
        self.seats = {socket: seat for socket, seat in self.seats.items() if socket not in out}
        self.ended.add(session)

    @invariant()
    def every_seat_is_where_we_think(self) -> None:
        for socket, (_, role) in self.seats.items():
            assert self.rooms.role(socket) == role

    def stays_inside(self, actions: list[Action], room: str, besides: str | None = None) -> None:
        for action in actions:
            if action.to == besides:
                continue
            assert self.seats[action.to][0] == room
            if isinstance(action, Send):
                signals = action.body.get("signals", [action.body] if action.event == "signal" else [])
                assert isinstance(signals, list)
                assert all(signal["leg"] == room for signal in signals)


TestAnyOrder = AnyOrder.TestCase
