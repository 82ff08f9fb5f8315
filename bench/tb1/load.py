"""Writes the world of TB-1 into a migrated database, on either dialect, through the declared tables."""

import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Table, insert

from bench.tb1.world import SEED, SHIFTS, Place, World
from scheduling import tables
from telemed.accounts.client_tables import api_client, api_token
from telemed.records.tables import consent

CLIENT = "bench"
TOKEN = "bench-token-that-a-real-client-would-have-been-given-an-hour-ago"
SCOPES = ["system/*.cruds"]
KIOSK_TYPE, PHONE_TYPE = "consultation", "phone"
OPENS, CLOSES = time(8), time(18)
MORE = 20
_BATCH = 2_000
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

Rows = Iterable[dict[str, Any]]


def load(engine: Engine, world: World, visit_type: str, scopes: Sequence[str] = SCOPES) -> None:
    """Write everything, with the bookings as appointments of this visit type."""
    with engine.begin() as connection:
        for table, rows in [*_places(world), *_people(world), *_proofs(scopes)]:
            add(connection, table, rows)
        for table, rows in _appointments(world, visit_type):
            add(connection, table, rows)


def settle(engine: Engine) -> None:
    """Let the database look at what it has been given."""
    words = "VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(words)


def add(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert many rows in batches."""
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        connection.execute(insert(table), batch)


def _places(world: World) -> Iterator[tuple[Table, Rows]]:
    facility = world.ids["facility"][0]
    yield tables.facility, [{"id": facility, "name": "Bench", "time_zone": "Europe/Sofia"}]
    names = [f"Settlement {number}" for number in range(world.kiosks)]
    yield (
        tables.settlement,
        [
            {"code": f"{number:05}", "name": name, "name_latin": name, "district": "D", "municipality": "M"}
            for number, name in enumerate(names)
        ],
    )
    yield (
        tables.site,
        [
            {
                "id": site,
                "kind": "post_office",
                "settlement_code": f"{number:05}",
                "name": names[number],
                "time_zone": "Europe/Sofia",
                "keeps_holidays": False,
            }
            for number, site in enumerate(world.ids["site"])
        ],
    )
    yield (
        tables.opening,
        [
            {"site_id": site, "weekday": weekday, "opens": OPENS, "closes": CLOSES}
            for site in world.ids["site"]
            for weekday in range(7)
        ],
    )
    yield tables.resource, [{"id": each, "kind": "kiosk"} for each in world.ids["kiosk"]]
    yield (
        tables.kiosk,
        [
            {"id": kiosk, "site_id": site, "label": "K1"}
            for kiosk, site in zip(world.ids["kiosk"], world.ids["site"], strict=True)
        ],
    )


def _people(world: World) -> Iterator[tuple[Table, Rows]]:
    facility, practitioners = world.ids["facility"][0], world.ids["practitioner"]
    yield tables.visit_type, [_phone_type()]
    yield tables.resource, [{"id": each, "kind": "practitioner"} for each in practitioners]
    yield (
        tables.practitioner,
        [
            {
                "id": each,
                "facility_id": facility,
                "name": f"Practitioner {number:03}",
                "specialty": "general",
                "languages": ["bg", "en"],
            }
            for number, each in enumerate(practitioners)
        ],
    )
    yield (
        tables.shift,
        [
            {
                "practitioner_id": each,
                "facility_id": facility,
                "weekday": weekday,
                "starts": starts,
                "ends": ends,
            }
            for each in practitioners
            for weekday in range(7)
            for starts, ends in SHIFTS
        ],
    )
    types = (KIOSK_TYPE, PHONE_TYPE)
    yield (
        tables.offer,
        [{"practitioner_id": each, "visit_type_id": kind} for each in practitioners for kind in types],
    )
    patients = world.ids["patient"]
    yield tables.patient, [_patient(number, each) for number, each in enumerate(patients)]
    yield (
        tables.allowance,
        [
            {
                "patient_id": each,
                "visit_type_id": kind,
                "more": MORE,
                "granted_by": practitioners[0],
                "granted_at": _LONG_AGO,
            }
            for each in patients
            for kind in types
        ],
    )
    yield consent, _consents(patients)


def _consents(patients: Sequence[UUID]) -> Iterator[dict[str, Any]]:
    dice = random.Random(SEED + 1)
    for each in patients:
        for kind in ("notice", "sms"):
            yield {
                "id": UUID(int=dice.getrandbits(128), version=4),
                "patient_id": each,
                "kind": kind,
                "given": True,
                "notice_version": "1",
                "at": _LONG_AGO,
            }


def _phone_type() -> dict[str, Any]:
    return {
        "id": PHONE_TYPE,
        "names": {"en": "By telephone"},
        "service": "general",
        "minutes": 20,
        "buffer_minutes": 0,
        "channels": ["audio", "written"],
        "needs_kiosk": False,
        "needs_clerk": False,
        "lead_minutes": 0,
        "cancel_minutes": 0,
    }


def _patient(number: int, patient_id: UUID) -> dict[str, Any]:
    return {
        "id": patient_id,
        "identity": "confirmed",
        "name": f"Patient {number:05}",
        "birth_date": date(1950, 1, 1) + timedelta(days=number),
        "sex": None,
        "identifier_kind": "bench",
        "identifier": f"{number:06}",
        "phone": f"+3598800{number:05}",
        "language": "bg",
    }


def _proofs(scopes: Sequence[str]) -> Iterator[tuple[Table, Rows]]:
    yield (
        api_client,
        [
            {
                "id": CLIENT,
                "name": "Bench",
                "facility_id": None,
                "scopes": list(scopes),
                "jwks": {"keys": []},
                "created_at": _LONG_AGO,
            }
        ],
    )
    yield (
        api_token,
        [
            {
                "token_hash": hashlib.sha256(TOKEN.encode()).digest(),
                "client_id": CLIENT,
                "scopes": list(scopes),
                "expires_at": datetime.now(UTC) + timedelta(days=2),
            }
        ],
    )


def _appointments(world: World, visit_type: str) -> Iterator[tuple[Table, Rows]]:
    dice = random.Random(SEED + 2)
    ids = [UUID(int=dice.getrandbits(128), version=4) for _ in world.bookings]
    booked = list(zip(ids, world.bookings, strict=True))
    with_kiosk = visit_type == KIOSK_TYPE
    yield (
        tables.appointment,
        (_appointment(world, visit_type, number, row) for number, row in enumerate(booked)),
    )
    yield (
        tables.allocation,
        (
            {
                "booking": booking,
                "resource": resource,
                "starts_at": place.starts_at,
                "ends_at": place.ends_at,
                "active": True,
            }
            for booking, (_, place) in booked
            for resource in _taken(world, place, with_kiosk)
        ),
    )
    yield tables.event, (_event(booking, UUID(int=dice.getrandbits(128), version=4)) for booking in ids)


def _appointment(
    world: World, visit_type: str, number: int, row: tuple[UUID, tuple[int, Place]]
) -> dict[str, Any]:
    booking, (patient, place) = row
    ids = world.ids
    return {
        "id": booking,
        "version": 1,
        "patient_id": ids["patient"][patient],
        "practitioner_id": ids["practitioner"][place.practitioner],
        "facility_id": ids["facility"][0],
        "site_id": ids["site"][place.kiosk],
        "kiosk_id": ids["kiosk"][place.kiosk] if visit_type == KIOSK_TYPE else None,
        "starts_at": place.starts_at,
        "ends_at": place.ends_at,
        "channel": "video" if visit_type == KIOSK_TYPE else "audio",
        "status": "booked",
        "booking_key": booking,
        "visit_type_id": visit_type,
        "nth": number // world.patients,
    }


def _taken(world: World, place: Place, with_kiosk: bool) -> list[UUID]:
    practitioner = world.ids["practitioner"][place.practitioner]
    return [practitioner, world.ids["kiosk"][place.kiosk]] if with_kiosk else [practitioner]


def _event(booking: UUID, event_id: UUID) -> dict[str, Any]:
    return {
        "id": event_id,
        "at": _LONG_AGO,
        "kind": "appointment.booked",
        "subject_id": booking,
        "version": 1,
        "who_kind": "client",
        "who_id": None,
        "why": "",
    }
