"""Makes the demo world in an empty database, and says who can sign in to it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Table, func, insert, select

from scheduling import reminders, tables
from scheduling.booking import OPEN, Appointment
from scheduling.events import Event
from scheduling.national_holidays import national_holidays
from scheduling.store import Book
from telemed import clock, database, deployment, services
from telemed.accounts.credentials import DEMO_PASSWORD
from telemed.accounts.store import AccountStore
from telemed.countries import packs
from telemed.demo import other_system, telephones
from telemed.demo.devices import lay_tables
from telemed.demo.diary import Diary, write_diary
from telemed.demo.lines import measure_lines
from telemed.demo.past_waits import PastWaits, past_waits
from telemed.demo.people import Cast, invent_people
from telemed.demo.places import ZONE, Map, draw_map, new_id
from telemed.demo.sign_ins import SIGN_INS, add_sign_ins
from telemed.demo.timetable import Timetable, draw_timetable
from telemed.demo.waiting_room import WaitingRoom
from telemed.deployment import DeploymentError
from telemed.intake.device_tables import device
from telemed.messages.outbox import Addressee, message_row
from telemed.messages.tables import message
from telemed.records.access_log import Reader
from telemed.records.tables import consent
from telemed.settings import Settings
from telemed.visits.posting import QUIET

OPENS_AT = time(9, 40)
SEEDER = Reader("demo", "seed", None, "demo", "demonstration")


def seed(settings: Settings, number: int, tuesday: date | None = None) -> str:
    """Fill an empty database with the demo world of this seed; a database that has one is left alone."""
    engine = database.connect(settings.database_url)
    rng, notice = Random(number), packs.country(settings.country).notice_version
    now = _morning(tuesday or this_weeks_tuesday(clock.real_now()))
    with _disposed(engine), database.write(engine) as connection:
        if deployment.is_demo(connection):
            return "The demo world is already there."
        _refuse_real(connection)
        where = draw_map(rng)
        cast = invent_people(where, now.date(), rng)
        national = national_holidays(settings.country)
        # Drawn apart, so that whatever is drawn after it stays the same.
        plan = draw_timetable(where, cast, now.date(), national, Random(f"{number} timetable"))
        calendars = plan.practitioners(where, cast), plan.sites(where, national)
        diary = write_diary(where, cast, calendars, now, rng)
        deployment.mark_demo(connection, number, now, clock.real_now())
        _settle(connection, where, cast, plan)
        _write_down(connection, diary)
        _remember(connection, past_waits(diary.appointments, now, Random(f"{number} waits")))
        readings = measure_lines(where, now, Random(f"{number} lines"))
        Book(connection, _nobody_looks).add_readings(readings)
        tables_laid = lay_tables(where, now, Random(f"{number} devices"))
        _insert(connection, device, [asdict(each) for each in tables_laid])
        _promise_messages(connection, where, cast, diary, now, notice, rng)
        add_sign_ins(AccountStore(connection), where, cast, settings, clock.real_now())
        telephones.hand_out(connection, where, clock.real_now())
    built = services.build(settings)
    with built.unit(SEEDER) as unit:
        WaitingRoom(unit, where, cast, notice, rng).fill()
    built.engine.dispose()
    return (
        f"The demo world: {len(where.settlements)} settlements, {len(where.sites)} post offices, "
        f"{len(cast.practitioners)} practitioners, {len(cast.patients)} patients, "
        f"{len(diary.appointments)} appointments."
    )


@contextmanager
def _disposed(engine: Engine) -> Iterator[None]:
    """Close every connection of an engine afterwards, whatever happens."""
    try:
        yield
    finally:
        engine.dispose()


def accounts(settings: Settings) -> list[str]:
    """Return one line per demo account, how to sign in, and how another system asks."""
    engine = database.connect(settings.database_url)
    with _disposed(engine), database.write(engine) as connection:
        names = {staff.email: staff.name for staff in AccountStore(connection).all_staff()}
        if deployment.is_demo(connection):
            other_system.introduce(connection, settings, clock.real_now())
    lines = [f"{each.role:<12} {each.email:<28} {names.get(each.email, '')}" for each in SIGN_INS]
    signs = [*lines, f"Password: {DEMO_PASSWORD}; the page shows the six digits."]
    return [*signs, "", *other_system.lines(settings)]


def this_weeks_tuesday(real_now: datetime) -> date:
    """Return the day on which a world begins that is made now."""
    today = real_now.astimezone(ZoneInfo(ZONE)).date()
    return today + timedelta(days=1 - today.weekday())


def _morning(tuesday: date) -> datetime:
    return datetime.combine(tuesday, OPENS_AT, ZoneInfo(ZONE)).astimezone(UTC)


def _refuse_real(connection: Connection) -> None:
    for table in (tables.settlement, tables.patient, tables.facility):
        if connection.execute(select(func.count()).select_from(table)).scalar():
            raise DeploymentError("This database is in use. The demo world needs an empty one.")


def _settle(connection: Connection, where: Map, cast: Cast, plan: Timetable) -> None:
    book = Book(connection, _nobody_looks)
    book.add_settlements(where.settlements)
    for facility in where.facilities:
        book.add_facility(facility)
    for site in where.sites:
        book.add_site(site)
    for kiosk in where.kiosks:
        book.add_kiosk(kiosk)
    for practitioner in cast.practitioners:
        book.add_practitioner(practitioner)
    _insert(connection, tables.shift, [asdict(shift) for shift in cast.shifts])
    plan.write(book)
    _insert(connection, tables.patient, [asdict(patient) for patient in cast.patients])


def _write_down(connection: Connection, diary: Diary) -> None:
    """Write many rows at once; the database's own guards still look at each."""
    made = diary.appointments
    _insert(connection, tables.appointment, [{**asdict(each), "booking_key": each.id} for each in made])
    _insert(
        connection,
        tables.allocation,
        [
            {
                "booking": each.id,
                "resource": resource,
                "starts_at": each.starts_at,
                "ends_at": each.ends_at,
                "active": each.status in OPEN,
            }
            for each in made
            for resource in (each.practitioner_id, each.kiosk_id)
        ],
    )
    _insert(connection, tables.event, _event_rows(diary.events))


def _remember(connection: Connection, past: PastWaits) -> None:
    _insert(connection, tables.queue_entry, list(past.entries))
    _insert(connection, tables.event, _event_rows(past.events))


def _event_rows(events: Iterable[Event]) -> list[dict[str, Any]]:
    columns = ("id", "at", "kind", "subject_id", "version", "why")
    return [
        {name: getattr(each, name) for name in columns} | {"who_kind": each.who.kind, "who_id": each.who.id}
        for each in events
    ]


def _promise_messages(
    connection: Connection, where: Map, cast: Cast, diary: Diary, now: datetime, notice: str, rng: Random
) -> None:
    """Let the patients of the shown kiosk have agreed to SMS; the handset stays readable with so few."""
    home = where.home()
    patients = {patient.id: patient for patient in cast.patients}
    coming = [each for each in diary.appointments if each.site_id == home.id and each.status == "booked"]
    rows: list[dict[str, Any]] = []
    for each in coming:
        patient = patients[each.patient_id]
        to = Addressee(each, patient.phone, patient.language, True, home.name, home.time_zone)
        rows += [
            message_row(to, planned.kind, planned.due_at, now)
            for planned in _reminders(each, now, to.time_zone)
        ]
    _insert(connection, message, rows)
    agreed = {each.patient_id for each in coming}
    _insert(
        connection,
        consent,
        [
            {
                "id": new_id(rng),
                "patient_id": patient_id,
                "kind": kind,
                "given": True,
                "notice_version": notice,
                "at": now - timedelta(days=14),
            }
            for patient_id in sorted(agreed)
            for kind in ("notice", "sms")
        ],
    )


def _reminders(appointment: Appointment, now: datetime, zone: str) -> list[reminders.Planned]:
    return [each for each in reminders.plan(appointment, now, zone, QUIET) if each.kind != "booked"]


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _nobody_looks(_owner: UUID, _what: str) -> None:
    """Seeding writes; it reads nobody's record."""
