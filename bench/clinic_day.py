"""A simulated clinic: bookings and walk-ins, no-shows, overruns, late doctors, emergencies, by the minute."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from scheduling.wait_estimate import Doctor, History, Room
from scheduling.wait_room import Promise, room_for
from scheduling.waiting import Ticket, order

DOCTORS = 3
OPENS, CLOSES = 8 * 60, 16 * 60
SLOT = 20
BOOKED_SHARE = 0.55
NO_SHOW = 0.14
WALK_INS_PER_HOUR = 4.6
EMERGENCY_SHARE = 0.04
MINUTE = timedelta(minutes=1)
_MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
_NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Waited:
    """One patient who was seen: the room as it was on arrival, and the minutes until somebody took them."""

    room: Room
    wait: float


@dataclass
class Day:
    """One day as it went."""

    waited: list[Waited] = field(default_factory=list)
    lengths: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    booked: int = 0
    missed: int = 0
    emergencies: int = 0


@dataclass
class _Clinic:
    random: Random
    number: int
    day: Day = field(default_factory=Day)
    queue: list[Ticket] = field(default_factory=list)
    rooms: dict[UUID, Room] = field(default_factory=dict)
    arrived: dict[UUID, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        random = self.random
        # Some days everybody is slower, and some days more people come.
        self.slow, self.busy = random.lognormvariate(0, 0.12), random.lognormvariate(0, 0.2)
        self.doctors = [UUID(int=number + 1) for number in range(DOCTORS)]
        self.begins = {
            doctor: OPENS + (random.expovariate(1 / 12) if random.random() < 0.4 else 0.0)
            for doctor in self.doctors
        }
        self.free, self.seen_since = dict(self.begins), dict.fromkeys(self.doctors, -1.0)
        self.promises = [
            Promise(self._id(), doctor, at(minute), True)
            for doctor in self.doctors
            for minute in range(OPENS, CLOSES - SLOT, SLOT)
            if random.random() < BOOKED_SHARE
        ]

    def run(self) -> Day:
        """Let everybody come and be seen, and say what it was like."""
        for minute, ticket in self._coming():
            self._serve(minute)
            if ticket.appointment_id:
                self._here(ticket.appointment_id)
            self.rooms[ticket.id] = room_for(
                ticket, self.queue, self.promises, self._doctors(minute), at(minute)
            )
            self.arrived[ticket.id] = (ticket.since - _MIDNIGHT) / MINUTE
            self.queue.append(ticket)
        self._serve(24 * 60)
        return self.day

    def _coming(self) -> list[tuple[float, Ticket]]:
        random, coming = self.random, []
        for promise in self.promises:
            self.day.booked += 1
            if random.random() < NO_SHOW:
                self.day.missed += 1
                continue
            minute = (promise.starts_at - _MIDNIGHT) / MINUTE + random.gauss(-11, 9)
            coming.append((minute, self._ticket(minute, promise)))
        minute = float(OPENS - 15)
        while (minute := minute + random.expovariate(WALK_INS_PER_HOUR * self.busy / 60)) < CLOSES - 60:
            coming.append((minute, self._ticket(minute, None)))
        return sorted(coming, key=lambda each: each[0])

    def _ticket(self, minute: float, promise: Promise | None) -> Ticket:
        emergency = self.random.random() < EMERGENCY_SHARE
        self.day.emergencies += emergency
        return Ticket(
            id=self._id(),
            facility_id=_NOBODY,
            site_id=_NOBODY,
            kiosk_id=_NOBODY,
            appointment_id=promise.appointment_id if promise else None,
            entered_at=at(minute),
            counts_from=max(at(minute), promise.starts_at) if promise else None,
            emergency=emergency,
            status="waiting",
            practitioner_id=None,
            version=1,
        )

    def _here(self, appointment_id: UUID) -> None:
        self.promises = [
            promise._replace(to_come=False) if promise.appointment_id == appointment_id else promise
            for promise in self.promises
        ]

    def _doctors(self, minute: float) -> list[Doctor]:
        return [
            Doctor(
                doctor,
                minute - since if since >= 0 and self.free[doctor] > minute else None,
                max(0.0, OPENS - minute),
                since < 0,
            )
            for doctor, since in self.seen_since.items()
        ]

    def _serve(self, until: float) -> None:
        """Each doctor who becomes free before then takes the first in order whom they may see."""
        with_whom = {promise.appointment_id: promise.practitioner_id for promise in self.promises}
        while self.queue:
            doctor = min(self.doctors, key=lambda each: self.free[each])
            now = self.free[doctor]
            if now >= until:
                return
            mine = [each for each in order(self.queue) if self._may_see(each, doctor, with_whom)]
            if not mine:
                self.free[doctor] = min(
                    [until, *(self.free[each] for each in self.doctors if self.free[each] > now)]
                )
                continue
            self._see(doctor, mine[0], max(now, (mine[0].entered_at - _MIDNIGHT) / MINUTE))

    def _may_see(self, ticket: Ticket, doctor: UUID, with_whom: dict[UUID, UUID]) -> bool:
        return ticket.appointment_id is None or with_whom[ticket.appointment_id] == doctor

    def _see(self, doctor: UUID, ticket: Ticket, now: float) -> None:
        if self.seen_since[doctor] < 0:
            self.day.late.append(max(0.0, now - max(OPENS, self.arrived[ticket.id])))
        length = max(3.0, self.random.lognormvariate(2.62, 0.5) * self.slow)
        self.queue = [each for each in self.queue if each.id != ticket.id]
        self.seen_since[doctor], self.free[doctor] = now, now + length
        self.day.lengths.append(length)
        self.day.waited.append(Waited(self.rooms[ticket.id], max(0.0, now - self.arrived[ticket.id])))

    def _id(self) -> UUID:
        return UUID(int=self.random.getrandbits(127) + 100)


def days(number: int, seed: int) -> list[Day]:
    """So many days, one after the other; the same for the same seed."""
    random = Random(seed)
    return [_Clinic(random, each).run() for each in range(number)]


def history(past: list[Day]) -> History:
    """What a clinic knows from its past days."""
    return History(
        lengths=tuple(length for day in past for length in day.lengths),
        late=tuple(late for day in past for late in day.late) or (0.0,),
        no_show=sum(day.missed for day in past) / max(1, sum(day.booked for day in past)),
        emergencies_per_hour=sum(day.emergencies for day in past) / (len(past) * (CLOSES - OPENS) / 60),
    )


def at(minute: float) -> datetime:
    """The moment of a day's minute."""
    return _MIDNIGHT + minute * MINUTE
