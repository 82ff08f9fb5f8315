"""Whatever is done to the book in whatever order, what it promised stands and nobody is promised twice.

Hypothesis invents the orders. Beside the book goes a model that only remembers what the book said yes to, and
an oracle that judges times by the wall clock, in code that shares nothing with the book's own.
"""

from collections import defaultdict
from datetime import datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, func, select

from scheduling import booking, tables
from scheduling.booking import Appointment
from scheduling.calendar import Slot
from scheduling.errors import (
    SchedulingError,
)
from scheduling.ids import uuid7
from scheduling.rosters import Leave
from scheduling.store import Book
from telemed import database
from tests.build import CLERK
from tests.scheduling.clinic import Clinic, one, shifts
from tests.scheduling.conftest import nobody

ORDERS, STEPS = {40: (15, 20), 300: (60, 30), 20_000: (250, 50)}[settings().max_examples]
"""How many orders of how many steps: some hundreds in the short tier, over ten thousand in the long one."""

HOURS = st.tuples(st.integers(7, 9), st.integers(10, 12)).map(lambda pair: (time(pair[0]), time(pair[1])))
MINUTES = st.sampled_from([*range(0, 200, 20), 10, 35])
PICK = st.integers(0, 1000)


class BookMachine(Clinic):
    """Everything that can happen to the clinic, and what must be true after each of it."""

    # What people ask for

    @rule(patient=PICK, doctor=PICK, kiosk=PICK, kind=PICK, day=st.integers(0, 2), minute=MINUTES, held=PICK)
    def book(
        self, patient: int, doctor: int, kiosk: int, kind: int, day: int, minute: int, held: int
    ) -> None:
        """Somebody asks for a time, on the grid or off it, now and then with a hold."""
        visit_type = one(list(self.types.values()), kind)
        slot = self._slot(visit_type, doctor, kiosk, day, minute)
        self._book(patient, slot, visit_type, held)

    @rule(patient=PICK, which=PICK, kind=PICK, kiosk=PICK)
    def book_what_is_free(self, patient: int, which: int, kind: int, kiosk: int) -> None:
        """Somebody takes one of the times that are shown."""
        visit_type = one(list(self.types.values()), kind)
        slots = self._free(visit_type, one(self.kiosks, kiosk))
        if slots:
            self._book(patient, one(slots, which), visit_type, None)

    @rule(which=PICK)
    def ask_again(self, which: int) -> None:
        """The answer was lost on the way: the same request gives the same appointment, however late."""
        if self.model.requests:
            request = one(self.model.requests, which)
            with self.step() as book:
                again = book.book(request, self.now, CLERK)
            known = next(each for each in self.model.appointments.values() if each.id == again.id)
            event("asked again")
            assert again == known
            assert known.patient_id == request.patient_id

    @rule(which=PICK, kind=PICK, kiosk=PICK)
    def hold(self, which: int, kind: int, kiosk: int) -> None:
        """Somebody looks at one of the times that are shown."""
        visit_type = one(list(self.types.values()), kind)
        slots = self._free(visit_type, one(self.kiosks, kiosk))
        if slots:
            with self.step() as book:
                made = book.hold(one(slots, which), visit_type.id, self.now, CLERK)
            self.model.holds[made.id] = made

    @rule(which=PICK)
    def release(self, which: int) -> None:
        """Somebody looks away."""
        if self.model.holds:
            hold_id = one(sorted(self.model.holds), which)
            with self.step() as book:
                book.release(hold_id, self.now)
            del self.model.holds[hold_id]

    @rule()
    def clear_away(self) -> None:
        """The worker forgets what nobody keeps any more."""
        with self.step() as book:
            book.forget_holds(self.now, 2)

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
        slots = self._free(self.types[before.visit_type_id], one(self.kiosks, kiosk)) if before else []
        if before is not None and slots:
            self._move(before, one(slots, free), before.version)

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
        who, visit_type = one(self.patients, patient), one(sorted(self.types), kind)
        more = max(more, self.model.more[who, visit_type])
        with self.step() as book:
            book.allow_more(who, visit_type, more, self.doctors[0], self.now)
        self.model.more[who, visit_type] = more

    # What changes around them

    @rule(doctor=PICK, hours=HOURS)
    def change_roster(self, doctor: int, hours: tuple[time, time]) -> None:
        """A practitioner works at other hours from now on; what is promised stays promised."""
        with self.step() as book:
            self._employ(book, one(self.doctors, doctor), hours)

    @rule(site=PICK, hours=HOURS)
    def change_hours(self, site: int, hours: tuple[time, time]) -> None:
        """A site opens at other hours from now on."""
        with self.step() as book:
            self._open(book, one(sorted(self.model.open_at), site), hours)

    @rule(doctor=PICK, after=st.integers(0, 2), days=st.integers(0, 1))
    def go_on_leave(self, doctor: int, after: int, days: int) -> None:
        """A practitioner will be away."""
        who = one(self.doctors, doctor)
        first = self._today() + timedelta(days=after)
        leave = Leave(uuid7(), who, first, first + timedelta(days=days), "away")
        with self.step() as book:
            book.add_leave(leave)
        self.model.away[who][leave.id] = (leave.first_day, leave.last_day)

    @rule(doctor=PICK)
    def stay_after_all(self, doctor: int) -> None:
        """A practitioner will not be away."""
        who = one(self.doctors, doctor)
        if self.model.away[who]:
            leave_id, _ = self.model.away[who].popitem()
            with self.step() as book:
                book.remove_leave(leave_id)

    @rule(doctor=PICK, hours=HOURS)
    def change_roster_and_think_better_of_it(self, doctor: int, hours: tuple[time, time]) -> None:
        """A change that is taken back before its commit is remembered by nobody."""
        trial = self.connection.begin_nested()
        book = Book(self.connection, nobody, self.calendars)
        then = shifts(one(self.doctors, doctor), self.facility, hours)
        book.set_shifts(one(self.doctors, doctor), self.facility, then)
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
