"""Passes for the two pages, and closings that other processes ordered."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from signaling import passes
from signaling.seats import NoAnswer
from telemed import settings
from telemed.notices import Notice
from telemed.web import calls

NOW = datetime(2026, 3, 3, 9, 40, tzinfo=UTC)
NONCE = "what-only-the-page-knows"
UNTIL = NOW + calls.WINDOW


class FakeServices:
    """Services of which only the settings are needed."""

    def __init__(self, folder: Path, **more: str) -> None:
        environ = {"TELEMED_DATA_DIR": str(folder), "TELEMED_SECRET_KEY": "s" * 32, **more}
        self.settings = settings.read(environ)
        self.call_seats = FakeSeats()


class FakeSeats:
    """Numbers the passes it is asked for."""

    def __init__(self) -> None:
        self.given = 0

    def give(self, _room: str, _role: passes.Role, _real_now: datetime, _session: str) -> int:
        self.given += 1
        return self.given


class FakeBoard:
    """The board of notices, which may be away."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.asked: list[datetime] = []
        self.away = False
        self.looks = threading.Semaphore(0)

    def __call__(self, since: datetime) -> list[Notice]:
        self.asked.append(since)
        self.looks.release()
        if self.away:
            raise OperationalError("SELECT", {}, RuntimeError("away"))
        return self.notices


class FakeDoor:
    """Notes what it is told to close."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.closing = threading.Event()

    def close_call(self, room: str, until: datetime) -> None:
        self.told.append(("room", room))
        self.closing.set()

    def close_session(self, session: str, until: datetime) -> None:
        self.told.append(("session", session))

    def admit(self, room: str, session: str, until: datetime) -> None:
        self.told.append((f"admitted to {room}", session))

    def send_elsewhere(self, room: str) -> None:
        self.told.append(("elsewhere", room))


def issue(folder: Path, **more: str) -> dict[str, object]:
    services = FakeServices(folder, **more)
    return calls.issue_pass(
        services,  # type: ignore[arg-type]  # settings and seats are all it reads
        room="room-a",
        role="patient",
        session="kiosk-1",
        nonce_hash=passes.hashed(NONCE),
        now_real=NOW,
    )


def test_the_pass_opens_the_room_with_the_key_of_the_door(tmp_path: Path) -> None:
    issued = issue(tmp_path)
    key = FakeServices(tmp_path).settings.key(calls.KEY)
    claims = passes.check(key, str(issued["pass"]), NONCE, NOW, "pass")
    assert (claims.room, claims.role, claims.session, claims.window) == (
        "room-a",
        "patient",
        "kiosk-1",
        UNTIL,
    )
    assert issued["seat_until"] == UNTIL.isoformat()


def test_the_address_is_the_public_one_and_names_nothing(tmp_path: Path) -> None:
    issued = issue(tmp_path, TELEMED_PUBLIC_ORIGIN="https://telemed.example/")
    assert (issued["url"], issued["room"]) == ("https://telemed.example/call", "room-a")


def test_relays_come_with_credentials_for_this_room_only(tmp_path: Path) -> None:
    urls = "stun:turn.example:3478, turn:turn.example:3478?transport=udp"
    issued = issue(tmp_path, TELEMED_TURN_URLS=urls, TELEMED_TURN_SECRET="secret")
    servers = issued["ice"]
    assert isinstance(servers, list)
    plain, relay = servers
    assert plain == {"urls": ["stun:turn.example:3478"]}
    assert relay["username"] == f"{int(UNTIL.timestamp())}:room-a"
    assert issue(tmp_path)["ice"] == []


@pytest.fixture
def board() -> FakeBoard:
    return FakeBoard()


@pytest.fixture
def door() -> FakeDoor:
    return FakeDoor()


@pytest.fixture
def watch(board: FakeBoard, door: FakeDoor) -> Iterator[calls.NoticeWatch]:
    watch = calls.NoticeWatch(board, lambda: NOW, look_seconds=0.01, process="this")
    watch.tell(door)
    yield watch
    watch.stop()


def test_each_notice_is_carried_out_once(watch: calls.NoticeWatch, board: FakeBoard, door: FakeDoor) -> None:
    board.notices = [
        Notice(1, "close-room", "room-a"),
        Notice(2, "close-session", "staff-1"),
        Notice(3, "admitted", "room-b staff-2"),
    ]
    watch.catch_up()
    watch.catch_up()
    assert door.told == [("room", "room-a"), ("session", "staff-1"), ("admitted to room-b", "staff-2")]


def test_a_rooms_sockets_follow_it_to_another_process_and_not_to_this_one(
    watch: calls.NoticeWatch, board: FakeBoard, door: FakeDoor
) -> None:
    board.notices = [Notice(1, "room-here", "this room-a"), Notice(2, "room-here", "other room-b")]
    watch.catch_up()
    assert door.told == [("elsewhere", "room-b")]


def test_a_notice_with_an_earlier_number_may_come_later(
    watch: calls.NoticeWatch, board: FakeBoard, door: FakeDoor
) -> None:
    board.notices = [Notice(2, "close-room", "b")]
    watch.catch_up()
    board.notices = [Notice(1, "close-room", "a"), Notice(2, "close-room", "b")]
    watch.catch_up()
    assert door.told == [("room", "b"), ("room", "a")]


def test_a_process_that_starts_anew_reads_the_whole_window(
    watch: calls.NoticeWatch, board: FakeBoard
) -> None:
    watch.catch_up()
    watch.catch_up()
    assert board.asked[0] == NOW - calls.WINDOW
    assert board.asked[-1] == NOW - calls.OVERLAP
    assert timedelta(0) < calls.OVERLAP < calls.WINDOW


def test_the_look_goes_on_after_the_database_was_away(
    watch: calls.NoticeWatch, board: FakeBoard, door: FakeDoor
) -> None:
    watch.catch_up()
    board.away = True
    assert all(board.looks.acquire(timeout=10) for _ in range(5))
    board.away, board.notices = False, [Notice(1, "close-room", "room-a")]
    assert door.closing.wait(10)
    assert door.told == [("room", "room-a")]


def test_while_the_notices_cannot_be_read_whoever_wants_a_seat_gets_no_answer(
    watch: calls.NoticeWatch, board: FakeBoard
) -> None:
    board.away = True
    with pytest.raises(NoAnswer):
        watch.before_join()


@pytest.mark.parametrize(
    ("demo", "public", "allowed"),
    [
        (False, "https://telemed.example/", ["https://telemed.example"]),
        (False, "http://127.0.0.1:8000", ["http://127.0.0.1:8000"]),
        (True, "http://127.0.0.1:8000", ["http://127.0.0.1:8000", "http://localhost:8000"]),
        (True, "http://localhost:8100", ["http://127.0.0.1:8100", "http://localhost:8100"]),
        (True, "https://demo.example", ["https://demo.example"]),
    ],
)
def test_a_demo_on_this_machine_is_known_by_both_its_names(
    demo: bool, public: str, allowed: list[str]
) -> None:
    assert calls.origins(settings.Settings(demo=demo, public_origin=public)) == allowed
