from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from scheduling import booking, waiting
from scheduling.booking import Appointment
from scheduling.errors import NotFound, StaleVersion
from scheduling.ids import uuid7
from scheduling.people import Patient
from scheduling.store import Book
from scheduling.waiting import QueueEntry
from tests import build
from tests.build import CLERK, DOCTOR, NOW, TUESDAY, local
from tests.scheduling.conftest import Witness

pytestmark = pytest.mark.both_databases


def enter(book: Book, world: build.World, **changes: Any) -> QueueEntry:
    wanted = {
        "patient_id": world.patient.id,
        "facility_id": world.facility.id,
        "site_id": world.site.id,
        "kiosk_id": world.kiosk.id,
        "appointment_id": None,
        "emergency": False,
        "now": NOW,
        "who": CLERK,
    }
    return book.enter_queue(**{**wanted, **changes})


def booked(book: Book, world: build.World) -> Appointment:
    return book.book(build.request(world.patient.id, world.slot(local(11))), NOW, CLERK)


def another(book: Book, number: int) -> Patient:
    person = build.patient(identifier=f"500308000{number}")
    book.add_patient(person)
    return person


class TestEntering:
    def test_is_kept_with_its_event(self, book: Book, world: build.World) -> None:
        entry = enter(book, world)
        assert book.queue_entry(entry.id) == entry
        assert [event.kind for event in book.events] == ["queue.entered"]

    def test_twice_gives_the_same_entry(self, book: Book, world: build.World) -> None:
        assert enter(book, world) == enter(book, world, now=local(10))
        assert len(book.events) == 1

    def test_again_as_an_emergency_raises_it(self, book: Book, world: build.World) -> None:
        entry = enter(book, world)
        raised = enter(book, world, emergency=True)
        assert (raised.id, raised.emergency, raised.version) == (entry.id, True, 2)
        assert book.queue_entry(entry.id) == raised
        assert enter(book, world, emergency=False) == raised

    def test_is_possible_again_after_leaving(self, book: Book, world: build.World) -> None:
        entry = enter(book, world)
        book.change_entry(*waiting.leave(entry, NOW, CLERK))
        assert enter(book, world).id != entry.id

    def test_with_an_appointment_is_told_apart_from_without(self, book: Book, world: build.World) -> None:
        made = booked(book, world)
        assert enter(book, world).id != enter(book, world, appointment_id=made.id).id


class TestQueue:
    def test_is_in_order_with_those_being_seen_at_the_end(
        self, book: Book, world: build.World, witness: Witness
    ) -> None:
        people = [build.patient(identifier=f"500308000{number}") for number in range(3)]
        for person in people:
            book.add_patient(person)
        first, second, emergency = (
            enter(book, world, patient_id=person.id, emergency=person is people[2]) for person in people
        )
        admitted, event = waiting.admit(first, world.practitioner.id, NOW, DOCTOR)
        book.change_entry(admitted, event)
        assert book.queue(world.facility.id) == [emergency, second, admitted]
        assert {owner for owner, _ in witness.saw} == {person.id for person in people}

    def test_of_another_facility_is_empty(self, book: Book, world: build.World) -> None:
        enter(book, world)
        assert book.queue(uuid7()) == []

    def test_only_one_practitioner_can_take_a_patient_in(self, book: Book, world: build.World) -> None:
        entry = enter(book, world)
        book.change_entry(*waiting.admit(entry, world.practitioner.id, NOW, DOCTOR))
        with pytest.raises(StaleVersion):
            book.change_entry(*waiting.admit(entry, world.practitioner.id, NOW, DOCTOR))

    def test_an_unknown_entry_is_not_found(self, book: Book) -> None:
        with pytest.raises(NotFound, match="queue entry"):
            book.queue_entry(uuid7())


class TestTokens:
    def test_count_from_one_for_each_facility(self, book: Book, world: build.World) -> None:
        tokens = [enter(book, world, patient_id=another(book, number).id).token for number in range(3)]
        assert tokens == ["A 1", "A 2", "A 3"]

    def test_begin_anew_at_the_facilitys_midnight(self, book: Book, world: build.World) -> None:
        before, after = local(23, 59), local(0, 1, TUESDAY + timedelta(days=1))
        enter(book, world, patient_id=another(book, 1).id, now=before)
        assert enter(book, world, patient_id=another(book, 2).id, now=after).token == "A 1"

    def test_stay_with_those_who_ask_again(self, book: Book, world: build.World) -> None:
        assert enter(book, world).token == enter(book, world, now=local(10)).token == "A 1"


class TestTickets:
    def test_say_everything_but_who(self, book: Book, world: build.World, witness: Witness) -> None:
        entry = enter(book, world)
        witness.saw.clear()
        (ticket,) = book.tickets(facility_id=world.facility.id)
        assert (ticket.id, ticket.token, ticket.turn) == (entry.id, entry.token, entry.turn)
        assert not hasattr(ticket, "patient_id")
        assert book.tickets(site_id=world.site.id) == [ticket]
        assert book.tickets(site_id=uuid7()) == []
        assert witness.saw == []

    def test_are_of_those_who_are_still_there(self, book: Book, world: build.World) -> None:
        book.change_entry(*waiting.leave(enter(book, world), NOW, CLERK))
        assert book.tickets() == []


class TestChanging:
    def test_keeps_every_step(self, book: Book, world: build.World) -> None:
        entry = enter(book, world)
        steps: tuple[Callable[[QueueEntry], waiting.Change], ...] = (
            lambda each: waiting.prioritise(each, 2, world.practitioner.id, NOW, DOCTOR),
            lambda each: waiting.send_home(each, NOW, CLERK),
            lambda each: waiting.call(each, NOW, CLERK),
            lambda each: waiting.come_back(each, world.kiosk.id, world.site.id, NOW, CLERK),
            lambda each: waiting.ring(each, world.practitioner.id, NOW, CLERK),
        )
        for step in steps:
            entry, event = step(entry)
            book.change_entry(entry, event)
            assert book.queue_entry(entry.id) == entry
        assert entry.version == 6

    def test_with_an_appointment_waits_from_its_time(self, book: Book, world: build.World) -> None:
        made = booked(book, world)
        entry = enter(book, world, appointment_id=made.id)
        assert (entry.since, entry.visit_type_id) == (made.starts_at, made.visit_type_id)


class TestActiveRelation:
    def test_there_is_none_at_first(self, book: Book, world: build.World) -> None:
        assert not book.active_relation(world.patient.id, world.facility.id)

    def test_an_appointment_makes_one_until_it_is_over(self, book: Book, world: build.World) -> None:
        made = booked(book, world)
        assert book.active_relation(world.patient.id, world.facility.id)
        assert not book.active_relation(world.patient.id, uuid7())
        book.change(*booking.cancel(made, NOW, CLERK))
        assert not book.active_relation(world.patient.id, world.facility.id)

    def test_waiting_makes_one_until_the_patient_leaves(self, book: Book, world: build.World) -> None:
        entry = enter(book, world)
        assert book.active_relation(world.patient.id, world.facility.id)
        book.change_entry(*waiting.leave(entry, NOW, CLERK))
        assert not book.active_relation(world.patient.id, world.facility.id)
