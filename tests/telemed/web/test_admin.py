"""The coordinator's pages: kiosks and their codes, and finding one person, which that person can see."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from flask import Flask

from scheduling.ids import uuid7
from scheduling.people import Patient
from scheduling.store import Book
from telemed import database
from telemed.accounts.store import AccountStore
from telemed.notices import Notices
from telemed.records.access_log import Reader
from telemed.services import Services
from telemed.web.proofs import DEVICE_COOKIE
from tests.telemed.conftest import Place, Visitor, visitor

StaffClient = Callable[..., Visitor]
ANA = Patient(
    id=uuid7(),
    identity="confirmed",
    name="Ана Петрова",
    birth_date=date(1948, 3, 3),
    sex=None,
    identifier_kind="egn",
    identifier="4803031234",
    phone="+359881234567",
    language="bg",
)


def known(services: Services, person: Patient = ANA) -> Patient:
    added = replace(person, id=uuid7())
    with database.write(services.engine) as connection:
        Book(connection, lambda *_: None).add_patient(added)
    return added


def readings(services: Services, person: Patient) -> list[str]:
    with services.unit(Reader("job", "test", None, "test", "audit")) as unit:
        return [entry.reader.purpose for entry in unit.records.access.entries(person.id)]


def test_the_list_shows_which_counters_have_a_kiosk(
    staff_client: StaffClient, place: Place, services: Services
) -> None:
    browser = staff_client("coordinator")
    assert "Not enrolled" in browser.get("/admin?lang=en").text
    now = datetime.now(UTC)
    with database.write(services.engine) as connection:
        devices = AccountStore(connection).devices
        devices.enrol(devices.make_code(place.kiosk_id, now), None, now)
    page = browser.get("/admin?lang=en").text
    assert "Post office Selo" in page
    assert "Enrolled, last seen" in page


def test_a_code_from_the_page_makes_a_browser_a_kiosk(
    app: Flask, staff_client: StaffClient, place: Place
) -> None:
    made = staff_client("coordinator").send(f"/admin/kiosks/{place.kiosk_id}/code", page="/admin")
    code = re.search(r"[A-Z2-9]{5}-[A-Z2-9]{5}", made.text)
    assert code
    kiosk = visitor(app)
    answer = kiosk.send("/kiosk/enrol", code=code[0])
    assert (answer.status_code, answer.location) == (303, "/kiosk")
    assert kiosk.get("/kiosk").status_code == 200


def test_a_code_for_a_counter_that_is_not_there_is_refused(staff_client: StaffClient, place: Place) -> None:
    answer = staff_client("coordinator").send(f"/admin/kiosks/{uuid7()}/code", page="/admin")
    assert answer.status_code == 404


def test_revoking_shuts_the_kiosk_out_and_ends_its_calls(
    staff_client: StaffClient, kiosk_client: Visitor, place: Place, services: Services
) -> None:
    with database.read(services.engine) as connection:
        device = AccountStore(connection).devices.of_kiosk(place.kiosk_id)
    assert device
    assert kiosk_client.get("/kiosk").status_code == 200
    staff_client("coordinator").send(f"/admin/kiosks/{place.kiosk_id}/revoke", page="/admin")
    assert kiosk_client.get("/kiosk").location == "/kiosk/enrol"
    with database.read(services.engine) as connection:
        told = [notice.subject for notice in Notices(connection).after(datetime(2020, 1, 1, tzinfo=UTC))]
    assert told == [device.reference]


def test_a_person_is_found_by_exact_number_and_can_see_that(
    staff_client: StaffClient, services: Services
) -> None:
    person, browser = known(services), staff_client("coordinator")
    for asked in ("4803031234", " 480303 1234 ", "0881234567", "+359 88 123 4567"):
        page = browser.send("/admin/find", what=asked)
        assert person.name in page.text, asked
        assert "1948" not in page.text
        assert "4803031234" not in page.text
    assert readings(services, person) == ["finding a person"] * 4


def test_a_person_is_found_by_the_code_on_the_slip(staff_client: StaffClient, services: Services) -> None:
    person = known(services)
    with services.unit(Reader("job", "test", None, "test", "audit")) as unit:
        code = unit.records.slips.issue(uuid7(), person.id, person.birth_date, unit.now)
    assert person.name in staff_client("coordinator").send("/admin/find", what=code.lower()).text


def test_parts_of_a_number_or_a_name_find_nobody(staff_client: StaffClient, services: Services) -> None:
    person, browser = known(services), staff_client("coordinator")
    for asked in ("480303123", "Ана", "Ана Петрова", "%", "", "4803031235"):
        assert person.name not in browser.send("/admin/find", what=asked).text
    assert readings(services, person) == []


def test_what_was_asked_for_is_in_no_address(staff_client: StaffClient, services: Services) -> None:
    known(services)
    answer = staff_client("coordinator").send("/admin/find", what="4803031234")
    assert "4803031234" not in answer.request.url
    assert answer.location is None


def test_an_unenrolled_browser_has_no_device_cookie(client: Visitor) -> None:
    client.get("/kiosk/enrol")
    assert client.cookie(DEVICE_COOKIE) is None
