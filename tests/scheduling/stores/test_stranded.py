"""Which promises cannot be kept as hours and rosters stand, and which are kept all the same."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from scheduling import booking
from scheduling.booking import Appointment
from scheduling.hours import Span
from scheduling.ids import uuid7
from scheduling.places import Outage, SpecialDay
from scheduling.rosters import DutyDay, Leave
from scheduling.store import Book
from scheduling.stores.stranded import Scope
from scheduling.visit_types import CONSULTATION
from tests import build
from tests.build import CLERK, NOW, TUESDAY, local
from tests.scheduling.conftest import Witness

pytestmark = pytest.mark.both_databases

THURSDAY = TUESDAY + timedelta(days=2)


@pytest.fixture
def booked(book: Book, world: build.World) -> Appointment:
    slot = world.slot(local(11, day=THURSDAY))
    return book.book(build.request(build.somebody(book), slot), NOW, CLERK)


def obstacles(book: Book, scope: Scope | None = None) -> list[str]:
    return [each.obstacle for each in book.stranded(NOW, scope or Scope())]


def test_what_fits_is_not_stranded(book: Book, booked: Appointment) -> None:
    assert obstacles(book) == []


def test_leave_and_a_changed_day_strand_what_lies_in_them(
    book: Book, world: build.World, booked: Appointment
) -> None:
    leave = Leave(uuid7(), world.practitioner.id, THURSDAY, THURSDAY, "")
    book.add_leave(leave)
    assert obstacles(book) == ["off_duty"]
    book.remove_leave(leave.id)
    assert obstacles(book) == []
    late = DutyDay(world.practitioner.id, world.facility.id, THURSDAY, time(13), time(16))
    book.set_duty_days(world.practitioner.id, world.facility.id, THURSDAY, 1, [late])
    assert obstacles(book) == ["off_duty"]


def test_a_grid_that_has_shifted_strands_nothing(book: Book, world: build.World, booked: Appointment) -> None:
    early = DutyDay(world.practitioner.id, world.facility.id, THURSDAY, time(8, 5), time(16))
    book.set_duty_days(world.practitioner.id, world.facility.id, THURSDAY, 1, [early])
    assert obstacles(book) == []


def test_a_closed_day_and_a_kiosk_under_repair_strand(
    book: Book, world: build.World, booked: Appointment
) -> None:
    book.set_site_day(world.site.id, THURSDAY, [SpecialDay(world.site.id, THURSDAY, None, None, "")])
    assert obstacles(book) == ["closed"]
    book.set_site_day(world.site.id, THURSDAY, [])
    span = local(10, day=THURSDAY), local(12, day=THURSDAY)
    book.add_outage(Outage(uuid7(), world.site.id, world.kiosk.id, *span, "maintenance", ""))
    assert obstacles(book) == ["kiosk_away"]


def test_what_is_offered_no_more_stays_where_it_is(
    book: Book, world: build.World, booked: Appointment
) -> None:
    book.set_offers(world.practitioner.id, [])
    assert obstacles(book) == []


def test_a_visit_of_a_kind_that_now_needs_the_clerk_lacks_one_when_the_clerk_is_away(
    book: Book, world: build.World, booked: Appointment
) -> None:
    span = local(10, day=THURSDAY), local(12, day=THURSDAY)
    book.add_outage(Outage(uuid7(), world.site.id, None, *span, "clerk_away", ""))
    assert obstacles(book) == []
    book.set_visit_type(replace(book.visit_type(CONSULTATION), needs_clerk=True))
    assert obstacles(book) == ["closed"]


def test_only_who_is_still_to_come_can_be_stranded(
    book: Book, world: build.World, booked: Appointment
) -> None:
    book.add_leave(Leave(uuid7(), world.practitioner.id, THURSDAY, THURSDAY, ""))
    assert book.stranded(local(11, 1, day=THURSDAY), Scope()) == []
    book.change(*booking.cancel(booked, NOW, CLERK))
    assert obstacles(book) == []


def test_a_scope_leaves_out_what_is_elsewhere(book: Book, world: build.World, booked: Appointment) -> None:
    book.add_leave(Leave(uuid7(), world.practitioner.id, THURSDAY, THURSDAY, ""))
    day = booked.starts_at - timedelta(hours=2)
    inside = Span(day, day + timedelta(hours=3))
    before = Span(day - timedelta(days=1), day)
    for scope, number in (
        (Scope(facility_id=world.facility.id), 1),
        (Scope(facility_id=uuid7()), 0),
        (Scope(site_ids=[world.site.id], practitioner_ids=[world.practitioner.id]), 1),
        (Scope(site_ids=[uuid7()]), 0),
        (Scope(window=inside), 1),
        (Scope(window=before), 0),
    ):
        assert len(obstacles(book, scope)) == number, scope


def test_looking_for_them_reads_nobodys_record(
    book: Book, world: build.World, booked: Appointment, witness: Witness
) -> None:
    book.add_leave(Leave(uuid7(), world.practitioner.id, THURSDAY, THURSDAY, ""))
    witness.saw.clear()
    assert obstacles(book) == ["off_duty"]
    assert witness.saw == []


def test_a_kept_one_is_remembered_in_the_version_that_was_kept(book: Book, booked: Appointment) -> None:
    for _ in range(2):
        book.keep(booked, CLERK, NOW)
    assert book.kept([booked.id, uuid7()]) == {(booked.id, booked.version)}
    assert book.kept([]) == set()
