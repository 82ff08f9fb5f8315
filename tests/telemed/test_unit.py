"""What a unit read is logged in the commit of what it wrote; if that fails, there is no answer."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from scheduling.ids import uuid7
from scheduling.people import Patient
from telemed import database, deployment, services
from telemed.records.access_log import Reader
from telemed.services import PersonalDataInView, Services
from telemed.settings import Settings

DOCTOR = Reader("staff", "d-1", None, "Dr Ivanova", "treatment", "doctor")
KIOSK = Reader("kiosk", "k-1", None, "kiosk", "booking")


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[Services]:
    built = services.build(Settings(database_url=database_url, data_dir=tmp_path, secret_key="s" * 32))
    yield built
    built.engine.dispose()


@pytest.fixture
def patient_id(house: Services) -> UUID:
    patient = Patient(uuid7(), "claimed", "Иванка Петрова", None, None, None, None, None, "bg")
    with house.unit(KIOSK) as unit:
        unit.book.add_patient(patient)
    return patient.id


def readings(house: Services, owner: UUID) -> list[tuple[str, str]]:
    with house.unit(DOCTOR) as unit:
        return [(entry.reader.id, entry.what) for entry in unit.records.access.entries(owner)]


@pytest.mark.both_databases
def test_what_a_unit_read_is_in_its_owners_log(house: Services, patient_id: UUID) -> None:
    with house.unit(DOCTOR) as unit:
        unit.book.patient(patient_id)
    assert readings(house, patient_id) == [("d-1", "patient")]


@pytest.mark.both_databases
def test_when_the_log_cannot_be_written_the_reader_gets_an_error(house: Services, patient_id: UUID) -> None:
    with database.write(house.engine) as connection:
        connection.execute(text("ALTER TABLE access_entry RENAME TO access_entry_gone"))
    with pytest.raises(DBAPIError), house.unit(DOCTOR) as unit:
        unit.book.patient(patient_id)


def test_a_view_cannot_hand_out_anything_personal(house: Services, patient_id: UUID) -> None:
    with pytest.raises(PersonalDataInView), house.view() as view:
        view.book.patient(patient_id)


def test_a_rule_that_fails_leaves_nothing_written(house: Services) -> None:
    phone = "+359888000001"
    lost = Patient(uuid7(), "claimed", "Never Kept", None, None, None, None, phone, "en")
    with pytest.raises(RuntimeError), house.unit(KIOSK) as unit:
        unit.book.add_patient(lost)
        raise RuntimeError
    with house.unit(DOCTOR) as unit:
        found = unit.book.patients_with("phone", phone)
    assert found == []


def test_the_domain_clock_of_a_real_installation_is_the_machines(house: Services) -> None:
    with house.view() as view:
        assert abs(view.now - datetime.now(UTC)).total_seconds() < 60


@pytest.mark.both_databases
def test_in_a_demo_a_crowd_that_waits_for_a_unit_does_not_keep_the_time_from_it(
    database_url: str, tmp_path: Path
) -> None:
    engine = database.connect(database_url)
    with database.write(engine) as connection:
        deployment.mark_demo(connection, 7, datetime.now(UTC), datetime.now(UTC))
    engine.dispose()
    settings = Settings(database_url=database_url, data_dir=tmp_path, secret_key="s" * 32, demo=True)
    house = services.build(settings)
    crowd = 45

    def come(number: int) -> datetime:
        with house.unit(KIOSK) as unit:
            unit.accounts.note_failure(b"key", str(number), unit.real_now)
            return unit.now

    begun = monotonic()
    with ThreadPoolExecutor(crowd) as threads:
        assert len(list(threads.map(come, range(crowd)))) == crowd
    assert monotonic() - begun < 10
    house.engine.dispose()
