"""The small clinic that the book's machine plays with, and the model of what the book has said yes to."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import event
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import Connection

from scheduling.booking import OPEN, Appointment, Hold, Request
from scheduling.calendar import Shift, Slot
from scheduling.calendar_cache import CalendarCache
from scheduling.errors import (
    OffGrid,
    OutsideHours,
    SchedulingError,
    SlotTaken,
    StaleVersion,
    TooManyBookings,
    WrongState,
)
from scheduling.places import Kiosk, Opening
from scheduling.store import Book
from scheduling.visit_types import VisitType
from tests import build
from tests.build import CLERK, NOW, SOFIA
from tests.scheduling.conftest import nobody

ZONE = ZoneInfo(SOFIA)


@dataclass
class Model:
    """What the book has said yes to."""

    appointments: dict[UUID, Appointment]
    holds: dict[UUID, Hold]
    requests: list[Request]
    more: Counter[tuple[UUID, str]]
    open_at: dict[UUID, tuple[time, time]]
    works: dict[UUID, tuple[time, time]]
    away: dict[UUID, dict[UUID, tuple[date, date]]]

    def taken(self, kind: dict[str, VisitType], now: datetime) -> Iterator[tuple[UUID, UUID, Any, Any]]:
        """Booking, resource, from when and until when, of everything that takes something now."""
        slots = [(each.id, each.slot, each.visit_type_id) for each in self._standing()]
        slots += [
            (each.id, each.slot, each.visit_type_id) for each in self.holds.values() if each.expires_at > now
        ]
        for taker, slot, visit_type_id in slots:
            yield taker, slot.practitioner_id, slot.starts_at, slot.ends_at + kind[visit_type_id].buffer
            if slot.kiosk_id is not None:
                yield taker, slot.kiosk_id, slot.starts_at, slot.ends_at

    def lies_inside(self, slot: Slot) -> bool:
        """Whether the site is open and the practitioner works, from the first minute to the last."""
        first, last = (moment.astimezone(ZONE) for moment in (slot.starts_at, slot.ends_at))
        day = first.date()
        if first.weekday() > 4 or last.date() != day:
            return False
        spans = (self.open_at[slot.site_id], self.works[slot.practitioner_id])
        away = self.away[slot.practitioner_id].values()
        return all(begins <= first.time() and last.time() <= ends for begins, ends in spans) and not any(
            begins <= day <= ends for begins, ends in away
        )

    def open_of(self, patient_id: UUID, visit_type_id: str) -> list[Appointment]:
        """The visits of one type that a patient has before them."""
        return [
            each
            for each in self._standing()
            if (each.patient_id, each.visit_type_id) == (patient_id, visit_type_id)
        ]

    def _standing(self) -> list[Appointment]:
        return [each for each in self.appointments.values() if each.status in OPEN]


class Clinic(RuleBasedStateMachine):
    """A small clinic: two practitioners, three kiosks at two sites, three kinds of visit, three patients."""

    connection: Connection

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        # One memory for all steps, as one process has it, so that what it remembers wrongly shows.
        self.calendars = CalendarCache()
        self._trial = self.connection.begin_nested()
        with self.step() as book:
            self._furnish(book)

    def _furnish(self, book: Book) -> None:
        world = build.world(book)
        elsewhere, colleague = build.site(), build.practitioner(world.facility.id)
        book.add_site(elsewhere)
        book.add_practitioner(colleague)
        self.facility = world.facility.id
        self.kiosks = [world.kiosk, build.kiosk(world.site.id), build.kiosk(elsewhere.id)]
        for kiosk in self.kiosks[1:]:
            book.add_kiosk(kiosk)
        self.doctors = [world.practitioner.id, colleague.id]
        self.patients = [build.somebody(book) for _ in range(3)]
        control = build.visit_type(id="control", minutes=10, buffer_minutes=10, channels=("audio",))
        phone = build.visit_type(id="phone", minutes=20, needs_kiosk=False, channels=("audio",))
        self.types = {each.id: each for each in (build.visit_type(), control, phone)}
        for kind in (control, phone):
            book.set_visit_type(kind)
        for doctor in self.doctors:
            book.set_offers(doctor, list(self.types))
        sites = {kiosk.site_id for kiosk in self.kiosks}
        self.model = Model({}, {}, [], Counter(), {}, {}, {doctor: {} for doctor in self.doctors})
        for site_id in sorted(sites):
            self._open(book, site_id, (time(8), time(12)))
        for doctor in self.doctors:
            self._employ(book, doctor, (time(8), time(12)))

    @contextmanager
    def step(self) -> Iterator[Book]:
        """One transaction of the many; what is refused leaves nothing behind."""
        with self.connection.begin_nested():
            yield Book(self.connection, nobody, self.calendars)

    def teardown(self) -> None:
        """Take everything back."""
        self._trial.rollback()

    # How it is done

    def _book(self, patient: int, slot: Slot, visit_type: VisitType, held: int | None) -> None:
        who = one(self.patients, patient)
        hold = None if held is None or not self.model.holds else one(list(self.model.holds.values()), held)
        request = build.request(
            who, slot, visit_type_id=visit_type.id, channel="audio", hold_id=hold and hold.id
        )
        made = self._try(slot, request, lambda book: book.book(request, self.now, CLERK))
        if made is None:
            return
        assert self.model.lies_inside(slot)
        assert (made.slot, made.patient_id, made.version) == (slot, who, 1)
        if hold is not None:
            # It became the appointment, or was given back for it.
            del self.model.holds[hold.id]
        self.model.appointments[made.id] = made
        self.model.requests.append(request)

    def _try(
        self, slot: Slot, about: Request | Appointment, act: Callable[[Book], Appointment]
    ) -> Appointment | None:
        """Do it; or, when the book refuses, see whether it was right to."""
        try:
            with self.step() as book:
                done = act(book)
            event(f"{type(about).__name__}: yes")
            return done
        except SlotTaken:
            event("SlotTaken")
            assert self._in_the_way(slot, about)
        except OffGrid:
            event("OffGrid")
            assert self.model.lies_inside(slot)
        except OutsideHours:
            event("OutsideHours")
            assert not self.model.lies_inside(slot)
        except TooManyBookings:
            mine = self.model.open_of(about.patient_id, about.visit_type_id)
            assert len(mine) == 1 + self.model.more[about.patient_id, about.visit_type_id]
        except StaleVersion:
            event("StaleVersion")
            assert isinstance(about, Appointment)
        except WrongState:
            event("WrongState")
            assert isinstance(about, Appointment)
        except SchedulingError:
            # What is left is the clock's: too late for the old time or the new.
            ended = about.ends_at if isinstance(about, Appointment) else slot.starts_at
            assert min(ended, slot.starts_at) < self.now or about.slot.starts_at <= self.now
        return None

    def _in_the_way(self, slot: Slot, about: Request | Appointment) -> bool:
        mine = about.id if isinstance(about, Appointment) else about.hold_id
        until = {slot.practitioner_id: slot.ends_at + self.types[about.visit_type_id].buffer}
        if slot.kiosk_id is not None:
            until[slot.kiosk_id] = slot.ends_at
        return any(
            taker != mine and resource in until and starts_at < until[resource] and slot.starts_at < ends_at
            for taker, resource, starts_at, ends_at in self.model.taken(self.types, self.now)
        )

    def _slot(self, visit_type: VisitType, doctor: int, kiosk: int, day: int, minute: int) -> Slot:
        desk = one(self.kiosks, kiosk)
        local = datetime.combine(self._today() + timedelta(days=day), time(8), ZONE)
        starts_at = local.astimezone(NOW.tzinfo) + timedelta(minutes=minute)
        kiosk_id = desk.id if visit_type.needs_kiosk else None
        ends_at = starts_at + visit_type.length
        return Slot(one(self.doctors, doctor), kiosk_id, desk.site_id, starts_at, ends_at)

    def _free(self, visit_type: VisitType, kiosk: Kiosk) -> list[Slot]:
        with self.step() as book:
            slots = book.free_slots(kiosk.site_id, None, visit_type.id, self._today(), 3, self.now)
        for slot in slots:
            assert slot.starts_at >= self.now
            assert self.model.lies_inside(slot)
        return slots

    def _appointment(self, which: int) -> Appointment | None:
        known = list(self.model.appointments.values())
        return one(known, which) if known else None

    def _today(self) -> date:
        return self.now.astimezone(ZONE).date()

    def _open(self, book: Book, site_id: UUID, hours: tuple[time, time]) -> None:
        book.set_hours(site_id, [Opening(day, *hours) for day in range(5)])
        self.model.open_at[site_id] = hours

    def _employ(self, book: Book, doctor: UUID, hours: tuple[time, time]) -> None:
        book.set_shifts(doctor, self.facility, shifts(doctor, self.facility, hours))
        self.model.works[doctor] = hours


def shifts(doctor: UUID, facility: UUID, hours: tuple[time, time]) -> list[Shift]:
    return [Shift(doctor, facility, day, *hours) for day in range(5)]


def one(things: list[Any], pick: int) -> Any:
    return things[pick % len(things)]
