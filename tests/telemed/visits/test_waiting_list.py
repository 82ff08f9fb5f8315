"""The waiting list over a whole service: a freed time goes to one, then to the next, and never to two."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduling import booking, tables
from scheduling.booking import Appointment, Request
from scheduling.ids import uuid7
from scheduling.places import Outage
from scheduling.ringing import Patience
from scheduling.rosters import Leave
from telemed import database
from telemed.jobs import piece_by_piece
from telemed.messages.tables import message
from telemed.run.worker import QUEUE, waiting_rounds
from telemed.services import Services
from telemed.unit import Unit
from telemed.visits import kiosk as kiosk_verbs
from telemed.visits import waiting_list
from telemed.visits.kiosk import Receipt
from telemed.visits.replies import take_reply
from tests import build
from tests.build import CLERK, TUESDAY, local
from tests.fakes import FakeClock
from tests.telemed.consulting_room import KIOSK, ConsultingRoom, open_room, submission

AFTERNOON = local(15)
FIRST, SECOND = "+359888123456", "+359888123457"


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


def within(room: ConsultingRoom, act: Callable[[Unit], object]) -> object:
    with room.services.unit(room.reader()) as unit:
        return act(unit)


def hopes(room: ConsultingRoom, phone: str = FIRST, days: int = 7) -> Receipt:
    """Somebody at the kiosk finds no time and leaves a wish."""
    room.clock.forward(timedelta(seconds=1))
    return room.comes(phone=phone, choice={"kind": "wish", "days": days})


def booked(room: ConsultingRoom, starts_at: datetime) -> Appointment:
    person = build.patient(identifier=str(starts_at.timestamp())[:10], phone=None)
    with room.services.unit(KIOSK) as unit:
        unit.book.add_patient(person)
        request = Request(person.id, room.world.slot(starts_at), "consultation", "video", uuid7())
        return unit.book.book(request, unit.now, CLERK)


def freed(room: ConsultingRoom, starts_at: datetime = AFTERNOON) -> datetime:
    """A booked time is given back."""
    made = booked(room, starts_at)
    within(room, lambda unit: unit.book.change(*booking.cancel(made, unit.now, CLERK)))
    return starts_at


def on_leave(room: ConsultingRoom, day: date) -> None:
    """The doctor is away for a day."""
    within(room, lambda unit: unit.book.add_leave(Leave(uuid7(), room.doctor_id, day, day, "")))


def tick(room: ConsultingRoom, *names: str) -> int:
    """The worker looks at the waiting list once."""
    rounds = waiting_rounds(Patience(), timedelta(seconds=5))
    return sum(
        piece_by_piece(name, rounds[f"waiting_list.{name}"][0], QUEUE)(room.services)
        for name in names or ("pass_overdue", "offer_freed")
    )


def send(room: ConsultingRoom) -> None:
    """Everything that is due has been carried to the telephones."""
    with database.write(room.services.engine) as connection:
        for state in ("claimed", "accepted"):
            due = message.c.state.in_(("due", "claimed")) & (message.c.due_at <= room.clock.now())
            connection.execute(message.update().where(due).values(state=state))


def answer(room: ConsultingRoom, text: str, phone: str = FIRST) -> None:
    send(room)
    with room.services.unit(room.reader()) as unit:
        take_reply(unit, "fake", str(uuid7()), phone, text)


def status(room: ConsultingRoom, receipt: Receipt) -> str:
    with room.services.unit(room.reader()) as unit:
        return unit.book.wish(receipt.intake_id).status


def messages(room: ConsultingRoom, phone: str = FIRST) -> list[str]:
    with database.read(room.services.engine) as connection:
        query = select(message.c.kind).where(message.c.phone == phone).order_by(message.c.id)
        return list(connection.execute(query).scalars())


def appointments(room: ConsultingRoom, starts_at: datetime) -> list[UUID]:
    """Who has the time now."""
    with database.read(room.services.engine) as connection:
        columns = tables.appointment.c
        query = select(columns.patient_id).where(columns.starts_at == starts_at, columns.status == "booked")
        return list(connection.execute(query).scalars())


class TestOffering:
    def test_a_freed_time_is_offered_to_who_has_waited_longest(self, room: ConsultingRoom) -> None:
        first, second = hopes(room), hopes(room, SECOND)
        freed(room)
        assert (tick(room), tick(room)) == (1, 0)
        assert (status(room, first), status(room, second)) == ("offered", "waiting")
        assert (messages(room), messages(room, SECOND)) == (["offer"], [])

    def test_a_moved_appointment_gives_its_old_time_back(self, room: ConsultingRoom) -> None:
        receipt, made = hopes(room), booked(room, AFTERNOON)
        with room.services.unit(KIOSK) as unit:
            unit.book.move(made.id, made.version, room.world.slot(local(11)), unit.now, CLERK)
        assert tick(room) == 1
        with room.services.unit(room.reader()) as unit:
            offer = unit.book.open_offer(receipt.intake_id)
        assert offer is not None
        assert offer.starts_at == AFTERNOON

    def test_is_held_meanwhile(self, room: ConsultingRoom) -> None:
        hopes(room)
        starts_at = freed(room)
        tick(room)
        with room.services.view() as view:
            day = starts_at.date()
            free = view.book.free_slots(room.world.site.id, None, "consultation", day, 1, view.now)
        assert starts_at not in {slot.starts_at for slot in free}

    def test_without_a_wish_nothing_is_held(self, room: ConsultingRoom) -> None:
        freed(room)
        assert tick(room) == 0

    def test_a_time_too_soon_to_ask_about_is_left_free(self, room: ConsultingRoom) -> None:
        hopes(room)
        freed(room, local(10, 40))
        assert tick(room) == 0

    def test_a_time_somebody_took_already_is_not_offered(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        booked(room, freed(room))
        assert tick(room) == 0
        assert status(room, receipt) == "waiting"


class TestAnswering:
    def test_yes_makes_it_a_booking_that_the_slip_opens(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        starts_at = freed(room)
        tick(room)
        answer(room, "1")
        assert status(room, receipt) == "booked"
        assert len(appointments(room, starts_at)) == 1
        assert messages(room)[:2] == ["offer", "booked"]
        room.clock.moment = starts_at - timedelta(minutes=5)
        with room.services.unit(KIOSK) as unit:
            came = kiosk_verbs.arrive(unit, receipt.code, room.world.kiosk)
        assert came is not None
        assert came.visit_id == receipt.visit_id

    def test_yes_twice_is_yes_once(self, room: ConsultingRoom) -> None:
        hopes(room)
        starts_at = freed(room)
        tick(room)
        for _ in range(2):
            answer(room, "1")
        assert len(appointments(room, starts_at)) == 1
        assert "offer_over" not in messages(room)

    def test_no_passes_it_to_the_next(self, room: ConsultingRoom) -> None:
        first, second = hopes(room), hopes(room, SECOND)
        freed(room)
        tick(room)
        answer(room, "2")
        tick(room)
        assert (status(room, first), status(room, second)) == ("waiting", "offered")

    def test_silence_until_the_deadline_does_too(self, room: ConsultingRoom) -> None:
        first, second = hopes(room), hopes(room, SECOND)
        freed(room)
        tick(room)
        room.clock.forward(timedelta(hours=2))
        tick(room)
        assert (status(room, first), status(room, second)) == ("waiting", "offered")

    def test_yes_at_the_deadline_is_too_late_and_is_told_so_once(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        starts_at = freed(room)
        tick(room)
        send(room)
        room.clock.forward(timedelta(hours=2))
        for _ in range(2):
            answer(room, "1")
        assert appointments(room, starts_at) == []
        assert messages(room) == ["offer", "offer_over"]
        tick(room)
        assert status(room, receipt) == "waiting"

    def test_nobody_is_offered_the_same_time_twice(self, room: ConsultingRoom) -> None:
        hopes(room)
        freed(room)
        tick(room)
        answer(room, "2")
        assert tick(room) == 0
        assert messages(room) == ["offer"]


class TestWithdrawing:
    def test_what_can_no_longer_be_had_is_taken_back_and_something_else_offered(
        self, room: ConsultingRoom
    ) -> None:
        receipt = hopes(room)
        freed(room)
        tick(room)
        on_leave(room, TUESDAY)
        assert (tick(room, "withdraw"), tick(room, "withdraw")) == (1, 0)
        assert status(room, receipt) == "waiting"
        freed(room, local(15, day=TUESDAY + timedelta(days=1)))
        assert tick(room) == 1
        assert status(room, receipt) == "offered"

    def test_a_yes_to_it_is_told_that_it_is_gone(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        starts_at = freed(room)
        tick(room)
        send(room)
        on_leave(room, TUESDAY)
        tick(room, "withdraw")
        answer(room, "1")
        assert (appointments(room, starts_at), messages(room)) == ([], ["offer", "offer_over"])
        assert status(room, receipt) == "waiting"

    def test_so_is_what_a_broken_kiosk_cannot_keep(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        freed(room)
        tick(room)
        site, kiosk, until = room.world.site, room.world.kiosk, AFTERNOON + timedelta(hours=1)
        outage = Outage(uuid7(), site.id, kiosk.id, AFTERNOON, until, "maintenance", "")
        within(room, lambda unit: unit.book.add_outage(outage))
        assert tick(room, "withdraw") == 1
        assert status(room, receipt) == "waiting"

    def test_so_is_what_is_not_held_any_more(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        starts_at = freed(room)
        tick(room)
        with room.services.unit(room.reader()) as unit:
            offer = unit.book.open_offer(receipt.intake_id)
            assert offer is not None
            unit.book.release(offer.hold_id, unit.now)
        booked(room, starts_at)
        assert tick(room, "withdraw") == 1
        assert status(room, receipt) == "waiting"

    def test_what_stands_is_left_alone(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        freed(room)
        tick(room)
        on_leave(room, TUESDAY + timedelta(days=1))
        assert tick(room, "withdraw") == 0
        assert status(room, receipt) == "offered"


class TestLeaving:
    def test_gives_what_is_held_to_the_next(self, room: ConsultingRoom) -> None:
        first, second = hopes(room), hopes(room, SECOND)
        freed(room)
        tick(room)
        within(room, lambda unit: waiting_list.leave(unit, first.intake_id, CLERK))
        tick(room)
        assert (status(room, first), status(room, second)) == ("left", "offered")

    def test_happens_by_itself_when_the_days_are_over(self, room: ConsultingRoom) -> None:
        receipt = hopes(room, days=1)
        room.clock.forward(timedelta(days=1))
        assert tick(room, "end_past") == 0
        room.clock.forward(timedelta(days=1))
        assert tick(room, "end_past") == 1
        assert status(room, receipt) == "left"


class TestKiosk:
    def test_the_same_wish_sent_twice_is_one(self, room: ConsultingRoom) -> None:
        intake_id, wish = uuid7(), submission(choice={"kind": "wish", "days": 7})
        with room.services.unit(KIOSK) as unit:
            from_kiosk = [kiosk_verbs.file_intake(unit, intake_id, wish, room.world.kiosk) for _ in range(2)]
            assert len(unit.book.wishes(site_id=room.world.site.id)) == 1
        assert from_kiosk[0] == from_kiosk[1]

    def test_the_slip_of_a_wish_does_not_let_anybody_arrive(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        with room.services.unit(KIOSK) as unit:
            assert kiosk_verbs.arrive(unit, receipt.code, room.world.kiosk) is None


def together(*acts: Callable[[], object]) -> list[object]:
    """Do all of it at the same time."""
    start = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        start.wait(10)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result() for each in [pool.submit(one, act) for act in acts]]


@pytest.mark.both_databases
class TestRaces:
    def test_two_jobs_offer_a_freed_time_once(self, room: ConsultingRoom) -> None:
        hopes(room)
        hopes(room, SECOND)
        freed(room)
        assert sum(int(str(each)) for each in together(*[lambda: tick(room)] * 2)) == 1
        assert messages(room) + messages(room, SECOND) == ["offer"]

    def test_a_wish_gets_one_offer_of_two_times_freed_at_once(self, room: ConsultingRoom) -> None:
        hopes(room)
        freed(room)
        freed(room, local(14))
        together(*[lambda: tick(room)] * 2)
        assert messages(room) == ["offer"]

    def test_two_answers_and_the_job_make_at_most_one_booking(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        starts_at = freed(room)
        tick(room)
        send(room)
        together(lambda: answer(room, "1"), lambda: answer(room, "1"), lambda: tick(room))
        assert len(appointments(room, starts_at)) == 1
        assert status(room, receipt) == "booked"

    def test_at_the_deadline_the_answer_or_the_job_wins_never_both(self, room: ConsultingRoom) -> None:
        first, second = hopes(room), hopes(room, SECOND)
        starts_at = freed(room)
        tick(room)
        send(room)
        room.clock.forward(timedelta(hours=2))
        together(lambda: answer(room, "1"), lambda: tick(room))
        tick(room)
        assert appointments(room, starts_at) == []
        assert (status(room, first), status(room, second)) == ("waiting", "offered")
