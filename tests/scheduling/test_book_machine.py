"""Whatever is done to the book in whatever order, what it promised stands and nobody is promised twice.

Hypothesis invents the orders. Beside the book goes a model that only remembers what the book said yes to, and
an oracle that judges times by the wall clock, in code that shares nothing with the book's own.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, Engine, func, select

from scheduling import booking, tables
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
from scheduling.ids import uuid7
from scheduling.places import Kiosk, Opening
from scheduling.rosters import Leave
from scheduling.store import Book
from scheduling.visit_types import VisitType
from telemed import database
from tests import build
from tests.build import CLERK, NOW, SOFIA
from tests.scheduling.conftest import nobody

ZONE = ZoneInfo(SOFIA)
ORDERS, STEPS = {40: (15, 20), 300: (60, 30), 20_000: (250, 50)}[settings().max_examples]
"""How many orders of how many steps: some hundreds in the short tier, over ten thousand in the long one."""

HOURS = st.tuples(st.integers(7, 9), st.integers(10, 12)).map(lambda pair: (time(pair[0]), time(pair[1])))
MINUTES = st.sampled_from([*range(0, 200, 20), 10, 35])
PICK = st.integers(0, 1000)


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


class BookMachine(RuleBasedStateMachine):
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

    # What people ask for

    @rule(patient=PICK, doctor=PICK, kiosk=PICK, kind=PICK, day=st.integers(0, 2), minute=MINUTES, held=PICK)
    def book(
        self, patient: int, doctor: int, kiosk: int, kind: int, day: int, minute: int, held: int
    ) -> None:
        """Somebody asks for a time, on the grid or off it, now and then with a hold."""
        visit_type = _one(list(self.types.values()), kind)
        slot = self._slot(visit_type, doctor, kiosk, day, minute)
        self._book(patient, slot, visit_type, held)

    @rule(patient=PICK, which=PICK, kind=PICK, kiosk=PICK)
    def book_what_is_free(self, patient: int, which: int, kind: int, kiosk: int) -> None:
        """Somebody takes one of the times that are shown."""
        visit_type = _one(list(self.types.values()), kind)
        slots = self._free(visit_type, _one(self.kiosks, kiosk))
        if slots:
            self._book(patient, _one(slots, which), visit_type, None)

    @rule(which=PICK)
    def ask_again(self, which: int) -> None:
        """The answer was lost on the way: the same request gives the same appointment, however late."""
        if self.model.requests:
            request = _one(self.model.requests, which)
            with self.step() as book:
                again = book.book(request, self.now, CLERK)
            known = next(each for each in self.model.appointments.values() if each.id == again.id)
            event("asked again")
            assert again == known
            assert known.patient_id == request.patient_id

    @rule(which=PICK, kind=PICK, kiosk=PICK)
    def hold(self, which: int, kind: int, kiosk: int) -> None:
        """Somebody looks at one of the times that are shown."""
        visit_type = _one(list(self.types.values()), kind)
        slots = self._free(visit_type, _one(self.kiosks, kiosk))
        if slots:
            with self.step() as book:
                made = book.hold(_one(slots, which), visit_type.id, self.now, CLERK)
            self.model.holds[made.id] = made

    @rule(which=PICK)
    def release(self, which: int) -> None:
        """Somebody looks away."""
        if self.model.holds:
            hold_id = _one(sorted(self.model.holds), which)
            with self.step() as book:
                book.release(hold_id, self.now)
            del self.model.holds[hold_id]

    @rule(which=PICK, doctor=PICK, kiosk=PICK, day=st.integers(0, 2), minute=MINUTES, stale=PICK)
    def move(self, which: int, doctor: int, kiosk: int, day: int, minute: int, stale: int) -> None:
        """An appointment is to be at another time, whatever is there."""
        before = self._appointment(which)
        if before is not None:
            slot = self._slot(self.types[before.visit_type_id], doctor, kiosk, day, minute)
            self._move(before, slot, before.version - (stale % 10 == 0))

    @rule(which=PICK, kiosk=PICK, free=PICK)
    def move_to_what_is_free(self, which: int, kiosk: int, free: int) -> None:
        """An appointment is to be at one of the times that are shown."""
        before = self._appointment(which)
        slots = self._free(self.types[before.visit_type_id], _one(self.kiosks, kiosk)) if before else []
        if before is not None and slots:
            self._move(before, _one(slots, free), before.version)

    def _move(self, before: Appointment, slot: Slot, version: int) -> None:
        moved = self._try(
            slot, before, lambda book: book.move(before.id, version, slot, self.now, CLERK, "asked to")
        )
        if moved is not None:
            assert version == before.version
            assert self.model.lies_inside(slot)
            self.model.appointments[moved.id] = moved

    @rule(which=PICK)
    def undo(self, which: int) -> None:
        """The last step was one too far."""
        before = self._appointment(which)
        if before is None:
            return
        again = self._try(
            before.slot, before, lambda book: book.undo(before.id, before.version, self.now, CLERK)
        )
        if again is not None:
            assert before.status == "arrived" or self.model.lies_inside(again.slot)
            self.model.appointments[again.id] = again

    @rule(which=PICK, verb=st.sampled_from(["cancel", "arrive", "no_show", "fulfil", "confirm"]))
    def go_on(self, which: int, verb: str) -> None:
        """An appointment takes one of its ordinary steps."""
        before = self._appointment(which)
        if before is None:
            return
        try:
            after, event = getattr(booking, verb)(before, self.now, CLERK)
        except SchedulingError:
            return
        with self.step() as book:
            book.change(after, event)
        self.model.appointments[after.id] = after

    @rule(patient=PICK, kind=PICK, more=st.integers(1, 2))
    def allow_more(self, patient: int, kind: int, more: int) -> None:
        """A clinician lets somebody have more visits of a kind."""
        who, visit_type = _one(self.patients, patient), _one(sorted(self.types), kind)
        more = max(more, self.model.more[who, visit_type])
        with self.step() as book:
            book.allow_more(who, visit_type, more, self.doctors[0], self.now)
        self.model.more[who, visit_type] = more

    # What changes around them

    @rule(doctor=PICK, hours=HOURS)
    def change_roster(self, doctor: int, hours: tuple[time, time]) -> None:
        """A practitioner works at other hours from now on; what is promised stays promised."""
        with self.step() as book:
            self._employ(book, _one(self.doctors, doctor), hours)

    @rule(site=PICK, hours=HOURS)
    def change_hours(self, site: int, hours: tuple[time, time]) -> None:
        """A site opens at other hours from now on."""
        with self.step() as book:
            self._open(book, _one(sorted(self.model.open_at), site), hours)

    @rule(doctor=PICK, after=st.integers(0, 2), days=st.integers(0, 1))
    def go_on_leave(self, doctor: int, after: int, days: int) -> None:
        """A practitioner will be away."""
        who = _one(self.doctors, doctor)
        first = self.now.astimezone(ZONE).date() + timedelta(days=after)
        leave = Leave(uuid7(), who, first, first + timedelta(days=days), "away")
        with self.step() as book:
            book.add_leave(leave)
        self.model.away[who][leave.id] = (leave.first_day, leave.last_day)

    @rule(doctor=PICK)
    def stay_after_all(self, doctor: int) -> None:
        """A practitioner will not be away."""
        who = _one(self.doctors, doctor)
        if self.model.away[who]:
            leave_id, _ = self.model.away[who].popitem()
            with self.step() as book:
                book.remove_leave(leave_id)

    @rule(doctor=PICK, hours=HOURS)
    def change_roster_and_think_better_of_it(self, doctor: int, hours: tuple[time, time]) -> None:
        """A change that is taken back before its commit is remembered by nobody."""
        trial = self.connection.begin_nested()
        book = Book(self.connection, nobody, self.calendars)
        shifts = _shifts(_one(self.doctors, doctor), self.facility, hours)
        book.set_shifts(_one(self.doctors, doctor), self.facility, shifts)
        book.free_slots(self.kiosks[0].site_id, None, "consultation", self._today(), 2, self.now)
        trial.rollback()

    @rule(jump=st.sampled_from([1, 9, 10, 25, 60, 90, 720]))
    def pass_time(self, jump: int) -> None:
        """Minutes or days go by."""
        self.now += timedelta(minutes=jump)

    # What must always be true

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        """No practitioner and no kiosk is in two active allocations that overlap."""
        columns = tables.allocation.c
        spans: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
        query = select(columns.resource, columns.starts_at, columns.ends_at).where(columns.active)
        for resource, starts_at, ends_at in self.connection.execute(query):
            spans[resource].append((starts_at, ends_at))
        for taken in spans.values():
            assert all(first[1] <= second[0] for first, second in pairwise(sorted(taken)))

    @invariant()
    def what_was_promised_is_there(self) -> None:
        """Every appointment stands as it was last acknowledged, with what it takes and nothing else."""
        with self.step() as book:
            stored = [book.appointments_of(patient) for patient in self.patients]
        assert {each.id: each for part in stored for each in part} == self.model.appointments
        columns = tables.allocation.c
        rows = self.connection.execute(
            select(columns.booking, columns.resource, columns.starts_at, columns.ends_at).where(
                columns.active, (columns.expires_at.is_(None)) | (columns.expires_at > self.now)
            )
        )
        assert {tuple(row) for row in rows} == set(self.model.taken(self.types, self.now))

    @invariant()
    def nobody_has_more_than_they_may(self) -> None:
        """A patient has one open visit of a kind, or as many more as a clinician allowed."""
        for patient in self.patients:
            for kind in self.types:
                mine = self.model.open_of(patient, kind)
                assert len(mine) <= 1 + self.model.more[patient, kind]
                assert len({each.nth for each in mine}) == len(mine)

    @invariant()
    def every_change_is_on_record(self) -> None:
        """Each version of each appointment has its one event."""
        columns = tables.event.c
        rows = self.connection.execute(
            select(columns.subject_id, func.count(), func.max(columns.version)).group_by(columns.subject_id)
        )
        told = {subject: (number, last) for subject, number, last in rows}
        versions = {each.id: each.version for each in self.model.appointments.values()}
        assert told == {known: (version, version) for known, version in versions.items()}

    # How it is done

    def _book(self, patient: int, slot: Slot, visit_type: VisitType, held: int | None) -> None:
        who = _one(self.patients, patient)
        hold = None if held is None or not self.model.holds else _one(list(self.model.holds.values()), held)
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
            assert min(ended, slot.starts_at) < self.now or about_starts(about) <= self.now
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
        desk = _one(self.kiosks, kiosk)
        local = datetime.combine(self._today() + timedelta(days=day), time(8), ZONE)
        starts_at = local.astimezone(NOW.tzinfo) + timedelta(minutes=minute)
        kiosk_id = desk.id if visit_type.needs_kiosk else None
        ends_at = starts_at + visit_type.length
        return Slot(_one(self.doctors, doctor), kiosk_id, desk.site_id, starts_at, ends_at)

    def _free(self, visit_type: VisitType, kiosk: Kiosk) -> list[Slot]:
        with self.step() as book:
            slots = book.free_slots(kiosk.site_id, None, visit_type.id, self._today(), 3, self.now)
        for slot in slots:
            assert slot.starts_at >= self.now
            assert self.model.lies_inside(slot)
        return slots

    def _appointment(self, which: int) -> Appointment | None:
        known = list(self.model.appointments.values())
        return _one(known, which) if known else None

    def _today(self) -> date:
        return self.now.astimezone(ZONE).date()

    def _open(self, book: Book, site_id: UUID, hours: tuple[time, time]) -> None:
        book.set_hours(site_id, [Opening(day, *hours) for day in range(5)])
        self.model.open_at[site_id] = hours

    def _employ(self, book: Book, doctor: UUID, hours: tuple[time, time]) -> None:
        book.set_shifts(doctor, self.facility, _shifts(doctor, self.facility, hours))
        self.model.works[doctor] = hours


def about_starts(about: Request | Appointment) -> datetime:
    """When what is asked about begins, as it stands."""
    return about.slot.starts_at


def _shifts(doctor: UUID, facility: UUID, hours: tuple[time, time]) -> list[Shift]:
    return [Shift(doctor, facility, day, *hours) for day in range(5)]


def _one(things: list[Any], pick: int) -> Any:
    return things[pick % len(things)]


@pytest.mark.both_databases
def test_the_book_keeps_its_promises_in_every_order(kept_engine: Engine) -> None:
    with database.read(kept_engine.execution_options(telemed_writes=True)) as connection:
        run_state_machine_as_test(
            type("Machine", (BookMachine,), {"connection": connection}),
            settings=settings(
                max_examples=ORDERS,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
