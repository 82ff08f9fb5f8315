"""An appointment gets another slot, comes back after a step too far, and how many one patient may have."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from scheduling import booking, tables
from scheduling.booking import Appointment
from scheduling.errors import (
    OutsideHours,
    PastWindow,
    SlotTaken,
    StaleVersion,
    TooLate,
    TooManyBookings,
    WrongState,
)
from scheduling.store import Book
from tests import build
from tests.build import CLERK, NOW, local

pytestmark = pytest.mark.both_databases


@pytest.fixture
def booked(book: Book, world: build.World) -> Appointment:
    return book.book(build.request(world.patient.id, world.slot(local(11))), NOW, CLERK)


def take(book: Book, world: build.World, minute: int = 0) -> Appointment:
    return book.book(build.request(build.somebody(book), world.slot(local(11, minute))), NOW, CLERK)


class TestMoving:
    def test_takes_the_new_slot_and_gives_back_the_old(
        self, book: Book, world: build.World, booked: Appointment
    ) -> None:
        moved = book.move(booked.id, 1, world.slot(local(12)), NOW, CLERK, "the patient asked")
        assert book.appointment(booked.id) == moved
        assert (moved.id, moved.version, moved.slot) == (booked.id, 2, world.slot(local(12)))
        assert [event.kind for event in book.events] == ["appointment.booked", "appointment.moved"]
        take(book, world)
        with pytest.raises(SlotTaken):
            book.book(build.request(build.somebody(book), world.slot(local(12))), NOW, CLERK)

    def test_by_half_its_own_length_is_possible(
        self, book: Book, world: build.World, booked: Appointment
    ) -> None:
        assert book.move(booked.id, 1, world.slot(local(11, 20)), NOW, CLERK).starts_at == local(11, 20)

    def test_onto_somebody_elses_changes_nothing(
        self, book: Book, world: build.World, booked: Appointment
    ) -> None:
        other = take(book, world, 20)
        with pytest.raises(SlotTaken):
            book.move(booked.id, 1, other.slot, NOW, CLERK)
        assert book.appointment(booked.id) == booked

    def test_to_another_practitioner_and_place_frees_both_old_ones(
        self, book: Book, world: build.World, booked: Appointment
    ) -> None:
        elsewhere = build.site()
        desk, colleague = build.kiosk(elsewhere.id), build.practitioner(world.facility.id)
        book.add_site(elsewhere)
        book.add_kiosk(desk)
        book.add_practitioner(colleague)
        for shift in build.roster(colleague):
            book.add_shift(shift)
        there = replace(
            world.slot(local(11)), practitioner_id=colleague.id, kiosk_id=desk.id, site_id=elsewhere.id
        )
        assert book.move(booked.id, 1, there, NOW, CLERK).slot == there
        assert take(book, world).slot == booked.slot

    def test_needs_the_version_as_it_stands(
        self, book: Book, world: build.World, booked: Appointment
    ) -> None:
        book.move(booked.id, 1, world.slot(local(12)), NOW, CLERK)
        with pytest.raises(StaleVersion):
            book.move(booked.id, 1, world.slot(local(13)), NOW, CLERK)

    def test_stays_inside_hours_and_roster(self, book: Book, world: build.World, booked: Appointment) -> None:
        with pytest.raises(OutsideHours):
            book.move(booked.id, 1, world.slot(local(16)), NOW, CLERK)

    def test_the_patient_keeps_the_notice_and_staff_need_not(self, book: Book, world: build.World) -> None:
        kind = build.offer(book, world, cancel_minutes=120)
        wish = build.request(world.patient.id, world.slot(local(11)), visit_type_id=kind.id)
        made = book.book(wish, NOW, CLERK)
        with pytest.raises(PastWindow) as refused:
            book.move(made.id, 1, world.slot(local(12)), NOW, CLERK, by_patient=True)
        assert refused.value.closed_at == local(9)
        assert book.move(made.id, 1, world.slot(local(12)), NOW, CLERK).version == 2


class TestUndoing:
    def test_a_cancellation_gives_the_time_back(self, book: Book, booked: Appointment) -> None:
        book.change(*booking.cancel(booked, NOW, CLERK))
        again = book.undo(booked.id, 2, NOW, CLERK, "wrong line")
        assert (again.status, again.version, again.slot) == ("booked", 3, booked.slot)
        assert (book.events[-1].kind, book.events[-1].why) == ("appointment.reinstated", "wrong line")
        with pytest.raises(SlotTaken):
            book.book(build.request(build.somebody(book), booked.slot), NOW, CLERK)

    def test_a_cancellation_stands_when_somebody_took_the_time(
        self, book: Book, world: build.World, booked: Appointment
    ) -> None:
        book.change(*booking.cancel(booked, NOW, CLERK))
        take(book, world)
        with pytest.raises(SlotTaken):
            book.undo(booked.id, 2, NOW, CLERK)
        assert book.appointment(booked.id).status == "cancelled"

    def test_a_cancellation_stands_when_the_patient_booked_another_one(
        self, book: Book, world: build.World, booked: Appointment
    ) -> None:
        book.change(*booking.cancel(booked, NOW, CLERK))
        book.book(build.request(world.patient.id, world.slot(local(12))), NOW, CLERK)
        with pytest.raises(TooManyBookings):
            book.undo(booked.id, 2, NOW, CLERK)

    def test_a_patient_who_came_late_after_all_is_no_longer_missing(
        self, book: Book, booked: Appointment
    ) -> None:
        book.change(*booking.no_show(booked, local(11, 10), CLERK))
        assert book.undo(booked.id, 2, local(11, 15), CLERK).status == "booked"
        again = book.appointment(booked.id)
        book.change(*booking.no_show(again, local(11, 19), CLERK))
        with pytest.raises(TooLate):
            book.undo(booked.id, 4, local(11, 20), CLERK)

    def test_an_arrival_by_mistake_keeps_the_time(self, book: Book, booked: Appointment) -> None:
        book.change(*booking.arrive(booked, NOW, CLERK))
        assert book.undo(booked.id, 2, NOW, CLERK).status == "booked"
        with pytest.raises(SlotTaken):
            book.book(build.request(build.somebody(book), booked.slot), NOW, CLERK)

    def test_of_what_stands_is_refused(self, book: Book, booked: Appointment) -> None:
        with pytest.raises(WrongState):
            book.undo(booked.id, 1, NOW, CLERK)
        with pytest.raises(StaleVersion):
            book.undo(booked.id, 7, NOW, CLERK)


class TestHowManyOnePatientMayHave:
    def test_is_one_of_each_type(self, book: Book, world: build.World, booked: Appointment) -> None:
        with pytest.raises(TooManyBookings):
            book.book(build.request(world.patient.id, world.slot(local(12))), NOW, CLERK)
        kind = build.offer(book, world)
        other = build.request(world.patient.id, world.slot(local(12)), visit_type_id=kind.id)
        assert book.book(other, NOW, CLERK).visit_type_id == kind.id

    def test_is_one_again_after_the_first_is_over(
        self, book: Book, world: build.World, booked: Appointment
    ) -> None:
        book.change(*booking.cancel(booked, NOW, CLERK))
        assert book.book(build.request(world.patient.id, world.slot(local(12))), NOW, CLERK).nth == 0

    def test_is_more_when_a_clinician_allows_it(
        self, book: Book, world: build.World, booked: Appointment
    ) -> None:
        for more in (1, 2):
            book.allow_more(world.patient.id, "consultation", more, world.practitioner.id, NOW)
        assert book.allowed_more(world.patient.id, "consultation") == 2
        made = [
            book.book(build.request(world.patient.id, world.slot(local(hour))), NOW, CLERK)
            for hour in (12, 13)
        ]
        assert [each.nth for each in made] == [1, 2]
        with pytest.raises(TooManyBookings):
            book.book(build.request(world.patient.id, world.slot(local(14))), NOW, CLERK)
        book.change(*booking.cancel(made[0], NOW, CLERK))
        assert book.book(build.request(world.patient.id, world.slot(local(14))), NOW, CLERK).nth == 1

    def test_is_the_databases_word_too(self, book: Book, world: build.World, booked: Appointment) -> None:
        second = take(book, world, 20)
        with pytest.raises(Exception, match=r"open_type|appointment\.nth"):
            book._connection.execute(
                update(tables.appointment)
                .where(tables.appointment.c.id == second.id)
                .values(patient_id=world.patient.id)
            )

    def test_does_not_stop_two_records_of_one_person_from_being_joined(
        self, book: Book, world: build.World, booked: Appointment
    ) -> None:
        claimed = take(book, world, 20)
        book.link_patient(claimed.patient_id, world.patient.id)
        assert [each.nth for each in book.appointments_of(world.patient.id)] == [0, 1]
        with pytest.raises(TooManyBookings):
            book.book(build.request(world.patient.id, world.slot(local(14))), NOW, CLERK)


class TestAlternatives:
    def test_are_the_nearest_free_ones_at_the_same_place(self, book: Book, world: build.World) -> None:
        gone = take(book, world)
        starts = [slot.starts_at for slot in book.alternatives(gone.slot, "consultation", NOW)]
        assert starts == [local(10, 20), local(10, 40), local(11, 20)]

    def test_are_with_anybody_who_works_there(self, book: Book, world: build.World) -> None:
        colleague = build.practitioner(world.facility.id)
        second = build.kiosk(world.site.id)
        book.add_practitioner(colleague)
        book.add_kiosk(second)
        for shift in build.roster(colleague):
            book.add_shift(shift)
        gone = take(book, world)
        first, *_ = book.alternatives(gone.slot, "consultation", NOW, 1)
        assert (first.starts_at, first.practitioner_id) == (gone.starts_at, colleague.id)

    def test_are_in_the_nearest_other_place_when_there_is_none(self, book: Book, world: build.World) -> None:
        places = {}
        for code, latitude in (("00001", 43.2), ("00002", 43.4), ("00003", 46.0)):
            book.add_settlement(build.settlement(code=code, latitude=latitude))
            places[code] = build.site(settlement_code=code)
            book.add_site(places[code])
            book.add_kiosk(build.kiosk(places[code].id))
        closed = build.site(hours=())
        book.add_site(closed)
        gone = replace(world.slot(local(11)), site_id=closed.id)
        slots = book.alternatives(gone, "consultation", NOW)
        # The world's own post office stands in the same village as the closed one.
        assert {slot.site_id for slot in slots} == {world.site.id}
        far = replace(gone, site_id=places["00003"].id)
        assert {slot.site_id for slot in book.alternatives(far, "consultation", NOW)} == {places["00003"].id}

    def test_of_a_time_long_gone_are_those_to_come(self, book: Book, world: build.World) -> None:
        past = world.slot(local(11) - timedelta(days=30))
        assert book.alternatives(past, "consultation", NOW)[0].starts_at == local(9, 40)
