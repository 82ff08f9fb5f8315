"""The demo world is large enough, the same each time, and breaks none of the service's own rules."""

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, func, select

from scheduling import tables
from scheduling.calendar import Slot
from scheduling.placing import placing
from scheduling.store import Book
from telemed import database, deployment, migrations
from telemed.accounts.phone_tables import site_phone, staff_phone
from telemed.accounts.phones import StaffPhone
from telemed.accounts.store import AccountStore
from telemed.countries.bg import BULGARIA
from telemed.demo import world
from telemed.demo.people import invent_people
from telemed.demo.places import HOME, draw_map
from telemed.demo.timetable import draw_timetable
from telemed.deployment import DeploymentError
from telemed.messages.tables import message
from telemed.records.tables import encounter
from telemed.settings import Settings
from tests import build
from tests.telemed.demo.conftest import NOW, TUESDAY


def unseen(_owner: UUID, _what: str) -> None:
    return None


@pytest.fixture
def book(demo_engine: Engine) -> Iterator[Book]:
    with database.read(demo_engine) as connection:
        yield Book(connection, unseen)


def test_it_is_as_large_as_promised(book: Book, demo_engine: Engine) -> None:
    settlements = book.settlements()
    assert len(settlements) >= 40
    assert len({settlement.district for settlement in settlements}) == 6
    assert Counter(site.kind for site in book.sites()) == {"post_office": 30, "route_stop": 3}
    assert all(bool(site.hours) == (site.kind == "post_office") for site in book.sites())
    assert len(book.kiosks()) >= 30
    assert len(book.facilities()) == 3
    assert len(book.practitioners()) == 40
    with database.read(demo_engine) as connection:
        confirmed_or_claimed = select(func.count()).select_from(tables.patient)
        assert connection.execute(confirmed_or_claimed).scalar_one() >= 2_000


def test_many_offices_open_five_half_days(book: Book) -> None:
    halves = [
        site
        for site in book.sites()
        if len(site.hours) == 5
        and all(each.closes.hour <= 13 or each.opens.hour >= 13 for each in site.hours)
    ]
    assert len(halves) >= 10


def test_every_patient_has_a_valid_number_of_their_own(demo_engine: Engine) -> None:
    with database.read(demo_engine) as connection:
        rows = connection.execute(select(tables.patient)).all()
    today = TUESDAY
    for row in rows:
        assert BULGARIA.identifier_problem("egn", row.identifier, today) is None
        assert BULGARIA.birth_date_of("egn", row.identifier) == row.birth_date
        assert (int(row.identifier[8]) % 2 == 0) == (row.sex == "male")
        assert BULGARIA.mobile_number(row.phone) == row.phone
    # Those who sit and wait have claimed the number of somebody the demo knows.
    assert len({row.identifier for row in rows}) == 2_000


def test_appointments_fill_four_weeks_and_lie_in_hours_and_rosters(book: Book) -> None:
    first = NOW - timedelta(days=15)
    made = book.appointments_on(first, first + timedelta(days=40))
    assert len(made) > 1_000
    days = {each.starts_at.date() for each in made}
    assert (max(days) - min(days)).days >= 24
    sites = {site.id: book.site_calendar(site.id) for site in book.sites()}
    people = {each.id: book.practitioner_calendar(each.id) for each in book.practitioners()}
    for each in made:
        slot = Slot(each.practitioner_id, each.kiosk_id, each.site_id, each.starts_at, each.ends_at)
        who = people[each.practitioner_id]
        assert placing(slot, who.visit_types["consultation"], who, sites[each.site_id]) == each.facility_id


def test_a_kit_travels_to_three_villages(book: Book) -> None:
    stops = book.stops()
    assert len({stop.site_id for stop in stops}) == 3
    assert len({stop.kiosk_id for stop in stops}) == 1
    today = [stop for stop in stops if stop.falls_on(TUESDAY)]
    for stop in today:
        slots = book.free_slots(stop.site_id, None, "consultation", TUESDAY, 1, NOW)
        assert slots
        assert {slot.kiosk_id for slot in slots} == {stop.kiosk_id}
    assert len(today) == 2


def test_visits_come_in_three_kinds_and_not_everybody_offers_each(book: Book) -> None:
    assert {kind.id: kind.minutes for kind in book.visit_types()} == {
        "consultation": 20,
        "follow-up": 10,
        "first-visit": 30,
    }
    assert len(set(book.offers().values())) == 2


def test_somebody_is_away_something_is_broken_and_a_day_is_a_holiday(book: Book) -> None:
    assert any(book.leave_of(each.id) for each in book.practitioners())
    assert {outage.kind for outage in book.outages()} == {"maintenance", "clerk_away"}
    assert any(book.site_days(site.id) for site in book.sites())
    assert [each.closed for each in book.holidays()] == [True]


def test_what_would_be_a_holiday_is_worked_where_the_demo_begins() -> None:
    rng = Random(7)
    where = draw_map(rng)
    cast = invent_people(where, TUESDAY, rng)
    plan = draw_timetable(where, cast, TUESDAY, lambda _day: "Republic Day", rng)
    home = plan.sites(where, lambda _day: "Republic Day")[where.home().id]
    assert home.opening(TUESDAY) and home.opening(TUESDAY + timedelta(days=1))
    assert not home.opening(TUESDAY + timedelta(days=2))


def test_the_past_is_over_and_the_future_is_open(book: Book) -> None:
    first = NOW - timedelta(days=15)
    made = book.appointments_on(first, first + timedelta(days=40))
    past = Counter(each.status for each in made if each.ends_at <= NOW)
    coming = Counter(each.status for each in made if each.starts_at > NOW)
    assert set(past) == {"fulfilled", "cancelled", "noshow"}
    assert set(coming) <= {"booked", "cancelled", "arrived"}
    assert coming["booked"] > 300


def test_every_version_of_an_appointment_has_its_event(demo_engine: Engine) -> None:
    with database.read(demo_engine) as connection:
        events = Counter(connection.execute(select(tables.event.c.subject_id)).scalars())
        for row in connection.execute(select(tables.appointment.c.id, tables.appointment.c.version)):
            assert events[row.id] == row.version


def test_the_database_was_asked_about_every_allocation(demo_engine: Engine) -> None:
    assert migrations.check(demo_engine) == []
    with database.read(demo_engine) as connection:
        rows = connection.execute(
            select(tables.allocation).where(tables.allocation.c.active).order_by("resource", "starts_at")
        ).all()
    for earlier, later in itertools.pairwise(rows):
        assert earlier.resource != later.resource or earlier.ends_at <= later.starts_at


@pytest.mark.parametrize("days", [0, 1])
def test_the_shown_doctor_can_be_booked_at_the_shown_kiosk_today_and_tomorrow(
    book: Book, demo_engine: Engine, days: int
) -> None:
    home = next(site for site in book.sites() if site.settlement_code == HOME)
    with database.read(demo_engine) as connection:
        doctor = next(
            each for each in AccountStore(connection).all_staff() if each.email.startswith("doctor@")
        )
    slots = book.free_slots(home.id, None, "consultation", TUESDAY + timedelta(days=days), 1, NOW)
    assert len({slot.starts_at for slot in slots}) >= 5
    assert any(slot.practitioner_id == doctor.practitioner_id for slot in slots)


def test_people_wait_at_every_facility_and_one_has_an_appointment(demo_engine: Engine) -> None:
    with database.read(demo_engine) as connection:
        waiting = connection.execute(select(encounter).where(encounter.c.status == "waiting")).all()
    assert len({row.facility_id for row in waiting}) == 3
    assert sum(row.appointment_id is not None for row in waiting) == 1
    assert all(row.intake_id is not None for row in waiting)


def test_the_messages_to_come_belong_to_the_shown_kiosk(demo_engine: Engine) -> None:
    with database.read(demo_engine) as connection:
        rows = connection.execute(select(message)).all()
    assert rows
    assert {row.place for row in rows} == {"Поща Аврен"}
    assert all(row.state == "due" and row.due_at > NOW for row in rows)


def test_the_clock_starts_on_tuesday_at_twenty_to_ten(demo_engine: Engine) -> None:
    now = deployment.DemoClock(demo_engine).now().astimezone(ZoneInfo("Europe/Sofia"))
    assert now.date() == TUESDAY
    assert now.hour * 60 + now.minute >= 9 * 60 + 40


def test_seeding_again_changes_nothing(demo_settings: Settings) -> None:
    engine = database.connect(demo_settings.database_url)
    before = _rows(engine)
    assert "already" in world.seed(demo_settings, 8, TUESDAY)
    assert _rows(engine) == before
    engine.dispose()


def test_the_same_seed_makes_the_same_world(seeded: Settings, tmp_path: Path) -> None:
    twin = replace(seeded, data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'twin.db'}")
    engine = database.connect(twin.database_url)
    migrations.upgrade(engine)
    world.seed(twin, 7, TUESDAY)
    first = database.connect(seeded.database_url)
    assert _facts(engine) == _facts(first)
    engine.dispose()
    first.dispose()


def test_a_database_in_use_is_not_turned_into_a_demo(engine: Engine, tmp_path: Path) -> None:
    with database.write(engine) as connection:
        Book(connection, unseen).add_settlement(build.settlement())
    settings = Settings(demo=True, data_dir=tmp_path, database_url=str(engine.url), secret_key="s" * 64)
    with pytest.raises(DeploymentError, match="empty"):
        world.seed(settings, 7, TUESDAY)
    with database.read(engine) as connection:
        assert not deployment.is_demo(connection)


def test_the_sign_ins_are_listed_with_names(seeded: Settings) -> None:
    lines = world.accounts(seeded)
    assert any("doctor@telemed.example" in line and "д-р" in line for line in lines)
    assert any("coordinator@" in line for line in lines)


def _rows(engine: Engine) -> list[int]:
    with database.read(engine) as connection:
        return [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables.metadata.sorted_tables
        ]


def _facts(engine: Engine) -> list[object]:
    with database.read(engine) as connection:
        return [
            connection.execute(select(table).order_by(table.c.id)).all()
            for table in (tables.site, tables.practitioner, tables.appointment)
        ]


@pytest.mark.both_databases
def test_either_database_takes_the_world(engine: Engine, database_url: str, tmp_path: Path) -> None:
    settings = Settings(demo=True, data_dir=tmp_path, database_url=database_url, secret_key="s" * 64)
    assert "2000 patients" in world.seed(settings, 7, TUESDAY)
    assert migrations.check(engine) == []


def test_every_doctor_and_every_post_office_has_a_telephone_of_this_country(demo_engine: Engine) -> None:
    with database.read(demo_engine) as connection:
        own = [StaffPhone(**row._mapping) for row in connection.execute(select(staff_phone))]
        places = connection.execute(select(site_phone.c.phone)).scalars().all()
    numbers = [*(each.phone for each in own), *places]
    assert len(own) == 2
    assert all(each.calls and each.pages for each in own)
    assert len(places) == 30
    assert [BULGARIA.telephone_number(number) for number in numbers] == numbers
    assert len(set(numbers)) == len(numbers)
