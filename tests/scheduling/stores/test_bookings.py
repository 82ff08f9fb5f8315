from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from scheduling import booking, tables
from scheduling.booking import Appointment
from scheduling.calendar import Shift, Slot
from scheduling.errors import KeyReused, NotFound, OffGrid, OutsideHours, SlotTaken, StaleVersion, TooLate
from scheduling.ids import uuid7
from scheduling.store import Book
from scheduling.visit_types import CONSULTATION
from tests import build
from tests.build import CLERK, NOW, TUESDAY, local
from tests.scheduling.conftest import Witness

pytestmark = pytest.mark.both_databases


def take(book: Book, world: build.World, slot: Slot, key: UUID | None = None) -> Appointment:
    return book.book(build.request(build.somebody(book), slot, key), NOW, CLERK)


def free(book: Book, world: build.World, day: date = TUESDAY) -> list[Slot]:
    return book.free_slots(world.site.id, world.facility.id, CONSULTATION, day, 1, NOW)


class TestFreeSlots:
    def test_are_what_hours_and_roster_leave_of_today(self, book: Book, world: build.World) -> None:
        slots = free(book, world)
        assert (slots[0].starts_at, slots[-1].ends_at) == (local(9, 40), local(16))
        assert len(slots) == 19

    def test_shrink_with_each_booking(self, book: Book, world: build.World) -> None:
        slot = free(book, world)[3]
        take(book, world, slot)
        assert slot not in free(book, world)
        assert len(free(book, world)) == 18

    def test_a_booking_elsewhere_keeps_the_practitioner_busy(self, book: Book, world: build.World) -> None:
        other_site = build.site()
        other_kiosk = build.kiosk(other_site.id)
        book.add_site(other_site)
        book.add_kiosk(other_kiosk)
        take(book, world, replace(world.slot(local(11)), site_id=other_site.id, kiosk_id=other_kiosk.id))
        assert local(11) not in [slot.starts_at for slot in free(book, world)]

    def test_of_another_facility_there_are_none(self, book: Book, world: build.World) -> None:
        assert book.free_slots(world.site.id, uuid7(), CONSULTATION, TUESDAY, 1, NOW) == []

    @pytest.mark.parametrize("days", [0, 63])
    def test_are_searched_within_bounds(self, book: Book, world: build.World, days: int) -> None:
        with pytest.raises(ValueError, match="62"):
            book.free_slots(world.site.id, None, CONSULTATION, TUESDAY, days, NOW)

    def test_of_an_unknown_site_are_not_found(self, book: Book) -> None:
        with pytest.raises(NotFound, match="site"):
            book.free_slots(uuid7(), None, CONSULTATION, TUESDAY, 1, NOW)


class TestBooking:
    def test_gives_an_appointment_at_the_facility_of_the_shift(self, book: Book, world: build.World) -> None:
        made = take(book, world, world.slot(local(11)))
        assert book.appointment(made.id) == made
        assert (made.facility_id, made.status, made.version) == (world.facility.id, "booked", 1)

    def test_leaves_one_event(self, book: Book, world: build.World) -> None:
        made = take(book, world, world.slot(local(11)))
        assert [(event.kind, event.subject_id) for event in book.events] == [("appointment.booked", made.id)]
        stored = book._connection.execute(select(tables.event)).one()
        assert (stored.kind, stored.subject_id, stored.at) == ("appointment.booked", made.id, NOW)
        assert (stored.who_kind, stored.who_id) == (CLERK.kind, CLERK.id)

    def test_a_taken_slot_is_refused(self, book: Book, world: build.World) -> None:
        take(book, world, world.slot(local(11)))
        with pytest.raises(SlotTaken) as taken:
            take(book, world, world.slot(local(11)))
        assert taken.value.slot == world.slot(local(11))
        assert len(book.events) == 1

    def test_an_overlap_of_a_minute_is_refused(self, book: Book, world: build.World) -> None:
        short = build.offer(book, world, minutes=5)
        take(book, world, world.slot(local(11)))
        for minute in (55 - 60, 0, 5, 15):
            slot = world.slot(local(11) + minute * timedelta(minutes=1), short.length)
            wish = build.request(build.somebody(book), slot, visit_type_id=short.id)
            if minute < 0:
                assert book.book(wish, NOW, CLERK).ends_at == local(11)
            else:
                with pytest.raises(SlotTaken):
                    book.book(wish, NOW, CLERK)

    def test_no_visit_begins_off_the_grid(self, book: Book, world: build.World) -> None:
        with pytest.raises(OffGrid):
            take(book, world, world.slot(local(11, 19)))

    def test_a_kiosk_has_one_patient_at_a_time(self, book: Book, world: build.World) -> None:
        colleague = build.practitioner(world.facility.id)
        book.add_practitioner(colleague)
        for shift in build.roster(colleague):
            book.add_shift(shift)
        take(book, world, world.slot(local(11)))
        with pytest.raises(SlotTaken):
            take(book, world, replace(world.slot(local(11)), practitioner_id=colleague.id))

    def test_the_next_slot_may_begin_when_this_one_ends(self, book: Book, world: build.World) -> None:
        take(book, world, world.slot(local(11)))
        assert take(book, world, world.slot(local(11, 20))).starts_at == local(11, 20)

    def test_the_same_key_gives_the_same_appointment(
        self, book: Book, world: build.World, witness: Witness
    ) -> None:
        wish = build.request(world.patient.id, world.slot(local(11)), request_hash="one")
        first = book.book(wish, NOW, CLERK)
        assert book.book(wish, NOW, CLERK) == first
        assert book.book(wish, local(11, 5), CLERK) == first
        assert len(book.events) == 1
        assert set(witness.saw) == {(world.patient.id, "appointment")}

    def test_the_same_key_for_another_request_is_refused(self, book: Book, world: build.World) -> None:
        wish = build.request(world.patient.id, world.slot(local(11)), request_hash="one")
        book.book(wish, NOW, CLERK)
        for other in (
            replace(wish, request_hash="two"),
            replace(wish, patient_id=build.somebody(book)),
            replace(wish, request_hash="three", slot=world.slot(local(12))),
        ):
            with pytest.raises(KeyReused):
                book.book(other, NOW, CLERK)
        assert len(book.events) == 1

    @pytest.mark.parametrize(
        "starts_at",
        [local(17), local(16), local(15, 50), local(11, 0, TUESDAY + timedelta(days=4))],
        ids=["after closing", "after the shift", "beyond the shift", "on Saturday"],
    )
    def test_outside_hours_or_roster_is_refused(
        self, book: Book, world: build.World, starts_at: datetime
    ) -> None:
        with pytest.raises(OutsideHours):
            take(book, world, world.slot(starts_at))

    def test_a_slot_that_has_begun_is_too_late(self, book: Book, world: build.World) -> None:
        with pytest.raises(TooLate):
            take(book, world, world.slot(local(9, 20)))

    @pytest.mark.parametrize("field", ["practitioner_id", "kiosk_id", "site_id"])
    def test_what_does_not_exist_or_belong_there_is_not_found(
        self, book: Book, world: build.World, field: str
    ) -> None:
        elsewhere: dict[str, Any] = {field: uuid7()}
        with pytest.raises(NotFound):
            take(book, world, replace(world.slot(local(11)), **elsewhere))

    def test_an_unknown_patient_is_not_taken_for_a_taken_slot(self, book: Book, world: build.World) -> None:
        with pytest.raises(NotFound, match="patient"):
            book.book(build.request(uuid7(), world.slot(local(11))), NOW, CLERK)

    def test_counts_for_the_facility_whose_shift_it_is(self, book: Book, world: build.World) -> None:
        second = build.facility()
        book.add_facility(second)
        book.add_shift(Shift(world.practitioner.id, second.id, 1, time(16), time(17)))
        assert take(book, world, world.slot(local(16, 20))).facility_id == second.id


class TestChanging:
    def test_a_change_is_stored_with_its_event(self, book: Book, world: build.World) -> None:
        made = take(book, world, world.slot(local(11)))
        changed, event = booking.confirm(made, NOW, CLERK)
        book.change(changed, event)
        assert book.appointment(made.id) == changed
        assert book.events[-1] == event

    def test_the_second_of_two_who_read_the_same_version_is_refused(
        self, book: Book, world: build.World
    ) -> None:
        made = take(book, world, world.slot(local(11)))
        book.change(*booking.confirm(made, NOW, CLERK))
        with pytest.raises(StaleVersion):
            book.change(*booking.cancel(made, NOW, CLERK))
        assert book.appointment(made.id).status == "booked"
        assert len(book.events) == 2

    def test_cancelling_frees_practitioner_and_kiosk(self, book: Book, world: build.World) -> None:
        made = take(book, world, world.slot(local(11)))
        book.change(*booking.cancel(made, NOW, CLERK))
        assert take(book, world, world.slot(local(11))).id != made.id

    def test_arriving_keeps_them(self, book: Book, world: build.World) -> None:
        made = take(book, world, world.slot(local(11)))
        book.change(*booking.arrive(made, NOW, CLERK))
        with pytest.raises(SlotTaken):
            take(book, world, world.slot(local(11)))

    def test_what_is_over_holds_nothing(self, book: Book, world: build.World) -> None:
        seen, missed = (take(book, world, world.slot(local(hour))) for hour in (10, 11))
        arrived, arrival = booking.arrive(seen, NOW, CLERK)
        book.change(arrived, arrival)
        book.change(*booking.fulfil(arrived, NOW, CLERK))
        book.change(*booking.no_show(missed, local(11, 30), CLERK))
        active = select(func.count()).where(tables.allocation.c.active)
        assert book._connection.scalar(active) == 0


class TestLists:
    def test_a_day_is_read_by_practitioner_site_or_facility(
        self, book: Book, world: build.World, witness: Witness
    ) -> None:
        book.allow_more(world.patient.id, "consultation", 2, world.practitioner.id, NOW)
        moments = local(13), local(10), local(10, 0, TUESDAY + timedelta(days=1))
        later, sooner, tomorrow = (
            book.book(build.request(world.patient.id, world.slot(moment)), NOW, CLERK) for moment in moments
        )
        day = local(0), local(0, 0, TUESDAY + timedelta(days=1))
        assert book.appointments_on(*day) == [sooner, later]
        assert book.appointments_on(*day, practitioner_id=world.practitioner.id) == [sooner, later]
        assert book.appointments_on(*day, site_id=world.site.id, facility_id=world.facility.id)
        assert book.appointments_on(*day, site_id=uuid7()) == []
        assert book.appointments_of(world.patient.id) == [sooner, later, tomorrow]

    def test_each_owner_shown_is_told_once(self, book: Book, world: build.World, witness: Witness) -> None:
        book.allow_more(world.patient.id, "consultation", 2, world.practitioner.id, NOW)
        for hour in (10, 11, 12):
            book.book(build.request(world.patient.id, world.slot(local(hour))), NOW, CLERK)
        book.appointments_on(local(0), local(23))
        assert witness.saw == [(world.patient.id, "appointment")]

    def test_an_unknown_appointment_is_not_found(self, book: Book) -> None:
        with pytest.raises(NotFound, match="appointment"):
            book.appointment(uuid7())
