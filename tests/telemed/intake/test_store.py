"""Filed intakes stay as they were, whatever is tried, on both databases."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError
from sqlalchemy import Connection, Engine, delete, insert, update
from sqlalchemy.exc import DatabaseError

from scheduling.ids import uuid7
from scheduling.store import Book
from telemed import database
from telemed.intake import submission
from telemed.intake.intake import Filing, fingerprint
from telemed.intake.store import IntakeStore
from telemed.intake.submission import Submission
from telemed.intake.tables import intake, intake_conflict
from telemed.visits.measured import Measured
from telemed.web import measured
from tests import build
from tests.telemed.intake.vectors import VECTORS

AT = datetime(2026, 11, 17, 8, tzinfo=UTC)


class Witness:
    """Remembers whose data were handed out."""

    def __init__(self) -> None:
        self.saw: list[tuple[UUID, str]] = []

    def __call__(self, owner: UUID, what: str) -> None:
        self.saw.append((owner, what))


def told(**changes: Any) -> Submission:
    return submission.read({**VECTORS["submissions"][0]["body"], **changes})


@pytest.fixture
def world(engine: Engine) -> build.World:
    with database.write(engine) as connection:
        return build.world(Book(connection, lambda *_: None))


@pytest.fixture
def filing(world: build.World) -> Filing:
    return Filing(uuid7(), uuid7(), world.patient.id, world.kiosk.id, world.site.id, AT)


@pytest.fixture
def filed(engine: Engine, filing: Filing) -> Filing:
    with database.write(engine) as connection:
        store = IntakeStore(connection, Witness())
        assert store.known(filing.intake_id, told(), filing.kiosk_id, AT) == "new"
        store.file(filing, told())
    return filing


def plant(engine: Engine, filing: Filing, body: bytes) -> None:
    """A row as an earlier version of the service wrote it."""
    with database.write(engine) as connection:
        connection.execute(
            insert(intake).values(
                id=filing.intake_id,
                visit_id=filing.visit_id,
                patient_id=filing.patient_id,
                kiosk_id=filing.kiosk_id,
                site_id=filing.site_id,
                filed_at=filing.at,
                sha256=fingerprint(body),
                body=body,
            )
        )


def test_what_was_filed_reads_back_and_its_owner_is_told(engine: Engine, filed: Filing) -> None:
    witness = Witness()
    with database.read(engine) as connection:
        store = IntakeStore(connection, witness)
        assert store.filing(filed.intake_id) == filed
        assert witness.saw == []
        assert store.of_visit(filed.visit_id) == told().intake(filed)
        assert [item.filing for item in store.of_patient(filed.patient_id)] == [filed]
    assert witness.saw == [(filed.patient_id, "intake")] * 2


def test_what_was_filed_under_looser_rules_stays_readable(engine: Engine, filing: Filing) -> None:
    of_old = {
        **json.loads(told().body()),
        "complaint": "evil eye",
        "words": "w" * 5000,
        "claim": {"name": "И", "birth_date": "1944-03-07"},
        "measurements": [
            {"code": "pulse", "value": "19", "reason": None, "typed_by": "nurse", "taken_at": AT.isoformat()},
            {"code": "grip", "value": 31.5, "typed_by": "patient", "taken_at": AT.isoformat()},
            {"code": "systolic", "reason": "no cuff", "taken_at": AT.isoformat()},
        ],
    }
    del of_old["sharing"]
    plant(engine, filing, json.dumps(of_old).encode())
    with pytest.raises(ValidationError):
        submission.read(of_old)
    with database.read(engine) as connection:
        read = IntakeStore(connection, Witness()).of_visit(filing.visit_id)
    assert read is not None
    assert (read.complaint, len(read.words), read.claim.name, read.sharing) == ("evil eye", 5000, "И", False)
    assert [(each.code, each.value) for each in read.measurements] == [
        ("pulse", Decimal(19)),
        ("grip", Decimal("31.5")),
        ("systolic", None),
    ]
    found = Measured((read.measurements,), {}, {}, ())
    lines = measured.table(found, "en", ZoneInfo(build.SOFIA)).lines
    shown = {line.name: (line.value, line.reason is None) for line in lines}
    assert shown == {"Blood pressure": (None, False), "Pulse": ("19", True), "grip": ("31.5", True)}


def test_the_same_again_is_the_same_and_another_is_kept_once(engine: Engine, filed: Filing) -> None:
    with database.write(engine) as connection:
        store = IntakeStore(connection, Witness())
        assert store.known(filed.intake_id, told(), filed.kiosk_id, AT) == "same"
        for _ in range(3):
            assert store.known(filed.intake_id, told(complaint="skin"), filed.kiosk_id, AT) == "conflict"
        assert store.conflicts() == 1
        assert store.of_visit(filed.visit_id) == told().intake(filed)


def test_what_is_not_there_is_none(engine: Engine) -> None:
    with database.read(engine) as connection:
        store = IntakeStore(connection, Witness())
        assert store.filing(uuid7()) is None
        assert store.of_visit(uuid7()) is None


def test_an_intake_follows_its_patient_when_the_identity_is_confirmed(
    engine: Engine, world: build.World, filed: Filing
) -> None:
    known = build.patient()
    with database.write(engine) as connection:
        Book(connection, lambda *_: None).add_patient(known)
        store = IntakeStore(connection, Witness())
        store.belongs_to(world.patient.id, known.id)
        assert [item.filing.intake_id for item in store.of_patient(known.id)] == [filed.intake_id]


def change_body(connection: Connection) -> None:
    connection.execute(update(intake).values(body=b"{}"))


def change_hash(connection: Connection) -> None:
    connection.execute(update(intake).values(sha256="0" * 64))


def change_time(connection: Connection) -> None:
    connection.execute(update(intake).values(filed_at=datetime.now(UTC)))


def remove(connection: Connection) -> None:
    connection.execute(delete(intake))


@pytest.mark.parametrize("tamper", [change_body, change_hash, change_time, remove])
def test_the_database_itself_refuses_a_change(
    engine: Engine, filed: Filing, tamper: Callable[[Connection], None]
) -> None:
    with pytest.raises(DatabaseError), database.write(engine) as connection:
        tamper(connection)
    with database.read(engine) as connection:
        assert IntakeStore(connection, Witness()).of_visit(filed.visit_id) == told().intake(filed)


@pytest.mark.parametrize("tamper", [update(intake_conflict).values(body=b"{}"), delete(intake_conflict)])
def test_a_conflicting_body_is_kept_too(engine: Engine, filed: Filing, tamper: Any) -> None:
    with database.write(engine) as connection:
        IntakeStore(connection, Witness()).known(filed.intake_id, told(complaint="skin"), filed.kiosk_id, AT)
    with pytest.raises(DatabaseError), database.write(engine) as connection:
        connection.execute(tamper)


def test_an_id_is_filed_once(engine: Engine, filed: Filing) -> None:
    with pytest.raises(DatabaseError), database.write(engine) as connection:
        IntakeStore(connection, Witness()).file(filed._replace(visit_id=uuid7()), told())


def test_a_table_that_was_filled_by_hand_is_seen(engine: Engine, filed: Filing) -> None:
    with pytest.raises(DatabaseError), database.write(engine) as connection:
        connection.execute(insert(intake).values(id=uuid7(), body=b"{}"))
