"""The database itself refuses the second taker, whatever the code above it does."""

from datetime import datetime, timedelta, timezone
from uuid import UUID

import pytest
from sqlalchemy import Connection, Table, insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from scheduling import booking, tables
from scheduling.errors import SlotTaken
from scheduling.store import Book
from scheduling.stores.booking_facts import Facts
from tests import build
from tests.build import CLERK, NOW, local

pytestmark = pytest.mark.both_databases
OVERLAP = "allocation_no_overlap"


@pytest.fixture
def booked(book: Book, world: build.World) -> booking.Appointment:
    return book.book(build.request(world.patient.id, world.slot(local(11))), NOW, CLERK)


@pytest.fixture
def later(book: Book, world: build.World) -> booking.Appointment:
    return book.book(build.request(build.somebody(book), world.slot(local(12))), NOW, CLERK)


def allocate(
    connection: Connection,
    appointment: booking.Appointment,
    starts_at: datetime,
    ends_at: datetime,
    active: bool = True,
) -> None:
    """Write a row past all our code, in place of the one that the appointment had."""
    mine = tables.allocation.c.booking == appointment.id
    connection.execute(tables.allocation.delete().where(mine))
    connection.execute(
        insert(tables.allocation).values(
            booking=appointment.id,
            resource=appointment.practitioner_id,
            starts_at=starts_at,
            ends_at=ends_at,
            active=active,
        )
    )


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        (local(11), local(11, 20)),
        (local(10, 50), local(11, 1)),
        (local(11, 19), local(11, 40)),
        (local(11, 5), local(11, 10)),
        (local(10), local(12)),
    ],
    ids=["the same", "into its start", "into its end", "inside", "around"],
)
def test_an_overlapping_row_is_refused(
    connection: Connection,
    booked: booking.Appointment,
    later: booking.Appointment,
    begin: datetime,
    end: datetime,
) -> None:
    with pytest.raises(IntegrityError, match=OVERLAP):
        allocate(connection, later, begin, end)


@pytest.mark.parametrize(
    ("begin", "end"),
    [(local(10, 40), local(11)), (local(11, 20), local(11, 40))],
    ids=["before", "after"],
)
def test_a_touching_row_is_accepted(
    connection: Connection,
    booked: booking.Appointment,
    later: booking.Appointment,
    begin: datetime,
    end: datetime,
) -> None:
    allocate(connection, later, begin, end)
    taken = select(tables.allocation.c.starts_at).where(tables.allocation.c.booking == later.id)
    assert begin in connection.scalars(taken).all()


def test_the_same_instant_in_another_zone_is_the_same_instant(
    connection: Connection, booked: booking.Appointment, later: booking.Appointment
) -> None:
    far = timezone(timedelta(hours=9))
    with pytest.raises(IntegrityError, match=OVERLAP):
        allocate(connection, later, local(11).astimezone(far), local(11, 20).astimezone(far))


def test_moving_a_row_onto_another_is_refused(
    connection: Connection, booked: booking.Appointment, later: booking.Appointment
) -> None:
    with pytest.raises(IntegrityError, match=OVERLAP):
        connection.execute(
            update(tables.allocation)
            .where(tables.allocation.c.booking == later.id)
            .values(starts_at=local(11, 10), ends_at=local(11, 30))
        )


def test_an_inactive_row_may_overlap_but_not_be_made_active_again(
    connection: Connection, booked: booking.Appointment, later: booking.Appointment
) -> None:
    allocate(connection, later, local(11), local(11, 20), active=False)
    with pytest.raises(IntegrityError, match=OVERLAP):
        connection.execute(
            update(tables.allocation).where(tables.allocation.c.booking == later.id).values(active=True)
        )


def test_a_row_may_be_moved_within_its_own_time(
    connection: Connection, booked: booking.Appointment, later: booking.Appointment
) -> None:
    connection.execute(
        update(tables.allocation)
        .where(tables.allocation.c.booking == later.id)
        .values(starts_at=local(12, 5), ends_at=local(12, 15))
    )
    rows = connection.scalars(
        select(tables.allocation.c.starts_at).where(tables.allocation.c.booking == later.id)
    )
    assert set(rows) == {local(12, 5)}


def test_a_row_must_end_after_it_starts(connection: Connection, later: booking.Appointment) -> None:
    with pytest.raises(DBAPIError):
        allocate(connection, later, local(11), local(11))


def test_a_naive_time_never_reaches_the_database(connection: Connection, later: booking.Appointment) -> None:
    with pytest.raises(StatementError, match="time zone"):
        allocate(connection, later, local(11).replace(tzinfo=None), local(11, 20))


def test_an_instant_comes_back_aware_and_equal(connection: Connection, later: booking.Appointment) -> None:
    stored = connection.scalars(select(tables.appointment.c.starts_at)).one()
    assert stored == later.starts_at
    assert stored.utcoffset() == timedelta(0)


def test_a_time_written_in_another_form_is_refused_where_times_are_text(
    connection: Connection, booked: booking.Appointment
) -> None:
    if connection.dialect.name != "sqlite":
        return
    with pytest.raises(IntegrityError, match="Instant"):
        connection.execute(text("UPDATE allocation SET starts_at = '2026-11-17T09:05:00Z'"))


def test_guards_may_be_installed_again(
    connection: Connection, booked: booking.Appointment, later: booking.Appointment
) -> None:
    tables.install_guards(connection)
    with pytest.raises(IntegrityError, match=OVERLAP):
        allocate(connection, later, local(11), local(11, 20))


def test_guards_lost_in_a_table_rebuild_come_back(
    connection: Connection, booked: booking.Appointment, later: booking.Appointment
) -> None:
    if connection.dialect.name == "sqlite":
        for name in ("insert", "update"):
            connection.exec_driver_sql(f"DROP TRIGGER allocation_{name}_no_overlap")
    else:
        connection.exec_driver_sql("ALTER TABLE allocation DROP CONSTRAINT allocation_no_overlap")
    tables.install_guards(connection)
    with pytest.raises(IntegrityError, match=OVERLAP):
        allocate(connection, later, local(11), local(11, 20))


def test_one_event_holds_each_version(
    connection: Connection, booked: booking.Appointment, book: Book
) -> None:
    _, event = booking.confirm(booked, NOW, CLERK)
    book._record(event)
    with pytest.raises(IntegrityError):
        book._record(event)


def test_a_booking_that_slips_past_the_check_is_still_told_that_the_slot_is_taken(
    connection: Connection, booked: booking.Appointment, world: build.World
) -> None:
    class Careless(Book):
        def _clear(self, facts: Facts, *mine: UUID | None) -> None:
            """Look at nothing."""

    careless = Careless(connection, lambda owner, what: None)
    with pytest.raises(SlotTaken) as taken:
        careless.book(build.request(build.somebody(careless), world.slot(local(11))), NOW, CLERK)
    assert taken.value.slot == booked.slot
    assert careless.events == []


def test_every_table_of_ours_is_there(connection: Connection) -> None:
    ours = {table.name for table in vars(tables).values() if isinstance(table, Table)}
    assert ours <= set(inspect(connection).get_table_names())
