"""Patients with one appointment and one message each, written straight into the tables: due, or for later."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Table, insert, text

from scheduling import tables
from telemed import database
from telemed.messages.tables import message, message_step
from telemed.records.tables import consent

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""Tuesday, 11:00 in Sofia."""

ZONE, NIGHT = "Europe/Sofia", "Asia/Kamchatka"
"""Where it is day at that moment, and where it is 21:00: the quiet hours begin."""

KINDS = ("two_hours", "two_hours", "two_hours", "booked")
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_BATCH = 1_000
_PLACE = {"facility": 1, "site": 1, "kiosk": 1, "practitioner": 1}


@dataclass(frozen=True)
class Reminders:
    """So many due messages of as many patients; every n-th of them where it is night."""

    count: int
    starts_in: timedelta = timedelta(minutes=95)
    every_at_night: int = 0
    seed: int = 3
    ids: dict[str, list[UUID]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        dice = random.Random(self.seed)
        each = dict.fromkeys(("patient", "appointment", "message"), self.count)
        for kind, number in {**_PLACE, **each}.items():
            self.ids[kind] = [UUID(int=dice.getrandbits(128), version=4) for _ in range(number)]

    def load(self, engine: Engine) -> None:
        """Write everything."""
        with database.write(engine) as connection:
            for table, rows in (*_places(self.ids), *_people(self)):
                add(connection, table, rows)

    def at_night(self, number: int) -> bool:
        """Whether this patient sleeps."""
        return self.every_at_night > 0 and number % self.every_at_night == 0

    def starts_at(self, number: int) -> datetime:
        """When this patient's visit begins; who sleeps has it on the next day."""
        return NOW + (timedelta(hours=20) if self.at_night(number) else self.starts_in)


def add(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    """Insert many rows in batches."""
    while batch := list(islice(rows, _BATCH)):
        connection.execute(insert(table), batch)


def add_future(engine: Engine, world: Reminders, versions: int) -> int:
    """Copy each message so many times as one that is due in a year's time; returns how many there are now."""
    # The database itself makes a million rows in a minute; we would take twenty.
    names = [column.name for column in message.columns]
    sqlite = engine.dialect.name == "sqlite"
    # In the order of their version, and never an id that there is: those are of version 4.
    ordered = "printf('%.4x', n.n) || substr(m.id, 5, 8) || 'a' || substr(m.id, 14)"
    fresh = ordered if sqlite else "gen_random_uuid()"
    numbers = "WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n <= :versions)"
    new = {"id": fresh, "version": "n.n", "due_at": ":due_at", "state": "'due'"}
    chosen = ", ".join(new.get(name, f"m.{name}") for name in names)
    into = f"INSERT INTO message ({', '.join(names)})"
    statement = f"{into} {numbers} SELECT {chosen} FROM message m, n"  # noqa: S608  our own columns' names
    due_at = tables.Instant().process_bind_param(NOW + timedelta(days=365), engine.dialect)
    with database.write(engine) as connection:
        if sqlite:
            # Two megabytes, as usual, hold none of eleven indexes of a million rows.
            connection.exec_driver_sql("PRAGMA cache_size=-600000")
        connection.execute(text(statement), {"versions": versions, "due_at": due_at})
        return int(connection.execute(text("SELECT count(*) FROM message")).scalar_one())


def settle(engine: Engine) -> None:
    """Let the database look at what it has been given."""
    words = "VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(words)


def _places(ids: dict[str, list[UUID]]) -> Iterator[tuple[Table, Iterator[dict[str, Any]]]]:
    facility, site, kiosk, doctor = (ids[kind][0] for kind in _PLACE)
    named = {"name": "Коритен", "name_latin": "Koriten", "district": "Добрич", "municipality": "Крушари"}
    yield tables.facility, iter([{"id": facility, "name": "МЦ „Извор“", "time_zone": ZONE}])
    yield tables.settlement, iter([{"code": "38618", **named}])
    place = {"kind": "post_office", "settlement_code": "38618", "name": "поща Коритен"}
    yield tables.site, iter([{"id": site, "time_zone": ZONE, "keeps_holidays": False, **place}])
    hours = ({"site_id": site, "weekday": day, "opens": time(0), "closes": time(23, 59)} for day in range(7))
    yield tables.opening, hours
    yield tables.resource, iter([{"id": kiosk, "kind": "kiosk"}, {"id": doctor, "kind": "practitioner"}])
    yield tables.kiosk, iter([{"id": kiosk, "site_id": site, "label": "1"}])
    who = {"facility_id": facility, "name": "д-р Илиева", "specialty": "general", "languages": ["bg"]}
    yield tables.practitioner, iter([{"id": doctor, **who}])


def _people(world: Reminders) -> Sequence[tuple[Table, Iterator[dict[str, Any]]]]:
    everybody = range(world.count)
    return (
        (tables.patient, (_patient(world, number) for number in everybody)),
        (consent, (_consent(world, number) for number in everybody)),
        (tables.appointment, (_appointment(world, number) for number in everybody)),
        (message, (_message(world, number) for number in everybody)),
        (message_step, (_step(world, number) for number in everybody)),
    )


def phone(number: int) -> str:
    """The telephone of one patient."""
    return f"+3598880{number:05}"


def _patient(world: Reminders, number: int) -> dict[str, Any]:
    return {
        "id": world.ids["patient"][number],
        "identity": "claimed",
        "name": f"Patient {number:05}",
        "birth_date": date(1950, 1, 1),
        "phone": phone(number),
        "language": "bg",
        "script": "native",
    }


def _consent(world: Reminders, number: int) -> dict[str, Any]:
    return {
        "id": UUID(int=number + 1),
        "patient_id": world.ids["patient"][number],
        "kind": "sms",
        "given": True,
        "notice_version": "1",
        "at": _LONG_AGO,
    }


def _appointment(world: Reminders, number: int) -> dict[str, Any]:
    starts_at = world.starts_at(number)
    return {
        "id": world.ids["appointment"][number],
        "booking_key": world.ids["appointment"][number],
        "version": 1,
        "patient_id": world.ids["patient"][number],
        "practitioner_id": world.ids["practitioner"][0],
        "facility_id": world.ids["facility"][0],
        "site_id": world.ids["site"][0],
        "kiosk_id": world.ids["kiosk"][0],
        "channel": "video",
        "status": "booked",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=20),
    }


def _message(world: Reminders, number: int) -> dict[str, Any]:
    night = world.at_night(number)
    return {
        "id": world.ids["message"][number],
        "appointment_id": world.ids["appointment"][number],
        "version": 1,
        "kind": "booked" if night else KINDS[number % len(KINDS)],
        "patient_id": world.ids["patient"][number],
        "rung": 0,
        "channel": "sms",
        "whom": "patient",
        "phone": phone(number),
        "language": "bg",
        "script": "native",
        "site_id": world.ids["site"][0],
        "place": "поща Коритен",
        "time_zone": NIGHT if night else ZONE,
        "starts_at": world.starts_at(number),
        "due_at": NOW,
        "state": "due",
        "changed_at": NOW,
        "attempts": 0,
    }


def _step(world: Reminders, number: int) -> dict[str, Any]:
    return {
        "id": UUID(int=number + 1),
        "message_id": world.ids["message"][number],
        "at": NOW,
        "state": "due",
    }
