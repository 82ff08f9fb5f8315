import pytest
from sqlalchemy import update
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
