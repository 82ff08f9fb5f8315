"""Enrolling a kiosk: a code works once, for ten minutes, and only one browser is the kiosk."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.exc import IntegrityError

from telemed import database
from telemed.accounts.devices import CODE_LIFE, CodeRefused, DeviceStore
from telemed.accounts.tables import enrolment_code, kiosk_device
from tests.telemed.conftest import Place

NOW = datetime(2025, 12, 2, 9, 40, tzinfo=UTC)
KEY = {"kty": "EC", "crv": "P-256", "x": "x", "y": "y"}


@pytest.fixture
def connection(engine: Engine, place: Place) -> Iterator[Connection]:
    with database.write(engine) as connection:
        yield connection


@pytest.fixture
def devices(connection: Connection) -> DeviceStore:
    return DeviceStore(connection)


def test_a_code_makes_a_browser_the_kiosk(devices: DeviceStore, place: Place) -> None:
    device, token = devices.enrol(devices.make_code(place.kiosk_id, NOW), KEY, NOW)
    assert (device.kiosk_id, device.site_id, device.public_key) == (place.kiosk_id, place.site_id, KEY)
    assert devices.by_token(token) == devices.of_kiosk(place.kiosk_id) == device


def test_a_code_may_be_typed_as_it_was_read_out(devices: DeviceStore, place: Place) -> None:
    code = devices.make_code(place.kiosk_id, NOW)
    devices.enrol(f" {code.lower().replace('-', ' ')} ", None, NOW)
    assert devices.of_kiosk(place.kiosk_id) is not None


def test_a_code_works_once(devices: DeviceStore, place: Place) -> None:
    code = devices.make_code(place.kiosk_id, NOW)
    devices.enrol(code, None, NOW)
    with pytest.raises(CodeRefused):
        devices.enrol(code, None, NOW)


def test_a_code_works_for_ten_minutes(devices: DeviceStore, place: Place) -> None:
    code = devices.make_code(place.kiosk_id, NOW)
    with pytest.raises(CodeRefused):
        devices.enrol(code, None, NOW + CODE_LIFE)
    devices.enrol(code, None, NOW + CODE_LIFE - timedelta(seconds=1))


@pytest.mark.parametrize("code", ["", "AAAAA-AAAAA", "'; DROP TABLE kiosk_device; --"])
def test_an_invented_code_is_refused(devices: DeviceStore, code: str) -> None:
    with pytest.raises(CodeRefused):
        devices.enrol(code, None, NOW)


def test_a_second_browser_replaces_the_first(devices: DeviceStore, place: Place) -> None:
    _, first = devices.enrol(devices.make_code(place.kiosk_id, NOW), None, NOW)
    _, second = devices.enrol(devices.make_code(place.kiosk_id, NOW), None, NOW)
    assert devices.by_token(first) is None
    assert devices.by_token(second) is not None


def test_a_revoked_kiosk_is_no_kiosk_and_cannot_come_back(
    devices: DeviceStore, place: Place, connection: Connection
) -> None:
    device, token = devices.enrol(devices.make_code(place.kiosk_id, NOW), None, NOW)
    assert devices.revoke(place.kiosk_id, NOW)
    assert not devices.revoke(place.kiosk_id, NOW)
    assert devices.by_token(token) is None
    assert devices.enrolled() == {}
    with pytest.raises(IntegrityError, match="set_once"), connection.begin_nested():
        connection.execute(update(kiosk_device).where(kiosk_device.c.id == device.id).values(revoked_at=None))


def test_neither_code_nor_token_is_kept_readable(
    devices: DeviceStore, place: Place, connection: Connection
) -> None:
    code = devices.make_code(place.kiosk_id, NOW)
    _, token = devices.enrol(code, None, NOW)
    stored = str(connection.execute(select(enrolment_code)).one()) + str(
        connection.execute(select(kiosk_device)).one()
    )
    assert code not in stored
    assert code.replace("-", "") not in stored
    assert token not in stored


def test_of_two_browsers_with_one_code_one_becomes_the_kiosk(engine: Engine, place: Place) -> None:
    with database.write(engine) as connection:
        code = DeviceStore(connection).make_code(place.kiosk_id, NOW)
    taken: list[UUID] = []
    refused: list[CodeRefused] = []
    both = threading.Barrier(2)

    def enrol() -> None:
        both.wait()
        try:
            with database.write(engine) as connection:
                taken.append(DeviceStore(connection).enrol(code, None, NOW)[0].id)
        except CodeRefused as error:
            refused.append(error)

    threads = [threading.Thread(target=enrol) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), len(refused)) == (1, 1)
