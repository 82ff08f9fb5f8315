from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from scheduling import tables
from scheduling.errors import IdentityTaken, NotFound
from scheduling.store import Book
from tests import build
from tests.build import CLERK, NOW, local
from tests.scheduling.conftest import Witness

pytestmark = pytest.mark.both_databases


def test_a_patient_comes_out_as_put_in_and_the_read_is_told(
    book: Book, world: build.World, witness: Witness
) -> None:
    assert book.patient(world.patient.id) == world.patient
    assert witness.saw == [(world.patient.id, "patient")]


def test_a_patient_may_have_no_number_no_phone_and_no_birth_date(book: Book) -> None:
    unknown = build.patient(
        name="", birth_date=None, sex=None, identifier_kind=None, identifier=None, phone=None
    )
    book.add_patient(unknown)
    assert book.patient(unknown.id) == unknown
    assert book.confirm_patient(unknown.id).identity == "confirmed"


def test_people_are_found_by_the_exact_number_or_phone_only(
    book: Book, world: build.World, witness: Witness
) -> None:
    again = build.patient(phone="+359880000002")
    book.add_patient(again)
    assert book.patients_with("egn", "5003080000") == [world.patient, again]
    assert book.patients_with("phone", "+359880000002") == [again]
    assert book.patients_with("egn", "500308") == []
    assert book.patients_with("lnch", "5003080000") == []
    assert [owner for owner, _ in witness.saw] == [world.patient.id, again.id, again.id]


def test_nobody_is_found_under_an_unknown_id(book: Book, witness: Witness) -> None:
    with pytest.raises(NotFound, match="patient"):
        book.patient(build.patient().id)
    assert witness.saw == []


class TestConfirming:
    def test_makes_the_claim_stand(self, book: Book, world: build.World) -> None:
        confirmed = book.confirm_patient(world.patient.id)
        assert confirmed.identity == "confirmed"
        assert book.patient(world.patient.id) == confirmed

    def test_twice_is_the_same_as_once(self, book: Book, world: build.World) -> None:
        assert book.confirm_patient(world.patient.id) == book.confirm_patient(world.patient.id)

    def test_a_second_person_with_the_number_is_for_a_person_to_link(
        self, book: Book, world: build.World
    ) -> None:
        again = build.patient()
        book.add_patient(again)
        book.confirm_patient(world.patient.id)
        with pytest.raises(IdentityTaken) as taken:
            book.confirm_patient(again.id)
        assert taken.value.patient_id == world.patient.id

    def test_the_database_refuses_the_second_one_too(self, book: Book, world: build.World) -> None:
        book.add_patient(build.patient())
        with pytest.raises(IntegrityError):
            book._connection.execute(update(tables.patient).values(identity="confirmed"))


def test_linking_hands_over_appointments_and_queue_entries(book: Book, world: build.World) -> None:
    known = build.patient(identifier="5003080001")
    book.add_patient(known)
    booked = book.book(build.request(world.patient.id, world.slot(local(11))), NOW, CLERK)
    entry = book.enter_queue(
        world.patient.id, world.facility.id, world.site.id, world.kiosk.id, booked.id, False, NOW, CLERK
    )
    book.link_patient(world.patient.id, known.id)
    assert book.appointment(booked.id).patient_id == book.queue_entry(entry.id).patient_id == known.id
    assert book.appointments_of(world.patient.id) == []
    assert not book.active_relation(world.patient.id, world.facility.id)
    assert book.active_relation(known.id, world.facility.id)


class TestFurtherWaysToReachSomebody:
    def test_one_of_each_stands_and_the_read_is_told(
        self, book: Book, world: build.World, witness: Witness
    ) -> None:
        landline = build.contact(world.patient.id)
        daughter = build.contact(world.patient.id, way="proxy", name="Ани")
        book.set_contact(landline)
        book.set_contact(daughter)
        assert book.contacts(world.patient.id) == {"voice": landline, "proxy": daughter}
        assert witness.saw == [(world.patient.id, "patient")]
        assert book.contacts(build.somebody(book)) == {}

    def test_a_new_number_replaces_the_old_one_which_is_kept(self, book: Book, world: build.World) -> None:
        book.set_contact(build.contact(world.patient.id))
        moved = build.contact(world.patient.id, address="+35932222222", entered_at=NOW + timedelta(days=1))
        book.set_contact(moved)
        assert book.contacts(world.patient.id) == {"voice": moved}
        kept = select(func.count()).select_from(tables.contact)
        assert book._connection.scalar(kept) == 2

    def test_the_database_refuses_two_that_stand(self, book: Book, world: build.World) -> None:
        book.set_contact(build.contact(world.patient.id))
        book.set_contact(build.contact(world.patient.id))
        with pytest.raises(IntegrityError):
            book._connection.execute(update(tables.contact).values(replaced_at=None))

    def test_linking_takes_what_was_told_later(self, book: Book, world: build.World) -> None:
        known = build.patient(identifier="5003080001", phone="+359880000009")
        book.add_patient(known)
        old, new = NOW - timedelta(days=30), NOW
        book.set_contact(build.contact(known.id, entered_at=old))
        book.set_contact(build.contact(known.id, way="email", address="a@example.org", entered_at=old))
        told = build.contact(world.patient.id, address="+35932222222", entered_at=new)
        book.set_contact(told)
        book.link_patient(world.patient.id, known.id)
        contacts = book.contacts(known.id)
        assert contacts["voice"] == replace(told, id=contacts["voice"].id, patient_id=known.id)
        assert contacts["email"].address == "a@example.org"
        assert book.patient(known.id).phone == world.patient.phone

    def test_linking_to_somebody_who_told_something_newer_leaves_that(
        self, book: Book, world: build.World
    ) -> None:
        known = build.patient(identifier="5003080001")
        book.add_patient(known)
        newer = build.contact(known.id, entered_at=NOW + timedelta(days=1))
        book.set_contact(newer)
        book.set_contact(build.contact(world.patient.id, address="+35932222222"))
        book.link_patient(world.patient.id, known.id)
        assert book.contacts(known.id) == {"voice": newer}
