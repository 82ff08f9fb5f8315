"""What happens around the waiting list: who hopes, what becomes free, what the worker does, who answers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from threading import Barrier
from uuid import UUID

from sqlalchemy import select

from scheduling import booking, tables
from scheduling.booking import Appointment, Request
from scheduling.ids import uuid7
from scheduling.ringing import Patience
from scheduling.rosters import Leave
from telemed import database
from telemed.jobs import piece_by_piece
from telemed.messages.tables import message
from telemed.run.worker import QUEUE, waiting_rounds
from telemed.unit import Unit
from telemed.visits.kiosk import Receipt
from telemed.visits.replies import take_reply
from tests import build
from tests.build import CLERK, local
from tests.telemed.consulting_room import KIOSK, ConsultingRoom

AFTERNOON = local(15)
FIRST, SECOND = "+359888123456", "+359888123457"


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


def works_until(room: ConsultingRoom, hour: int) -> None:
    """The doctor's roster is made longer."""
    shifts = build.roster(room.world.practitioner, ends=time(hour))
    facility_id = room.world.facility.id
    within(room, lambda unit: unit.book.set_shifts(room.doctor_id, facility_id, shifts))


def offered_at(room: ConsultingRoom, receipt: Receipt) -> datetime | None:
    """The time that is offered to this wish now."""
    with room.services.unit(room.reader()) as unit:
        offer = unit.book.open_offer(receipt.intake_id)
    return None if offer is None else offer.starts_at


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


def together(*acts: Callable[[], object]) -> list[object]:
    """Do all of it at the same time."""
    start = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        start.wait(10)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result() for each in [pool.submit(one, act) for act in acts]]
