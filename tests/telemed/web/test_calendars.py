"""Calendars outside: a feed that names nobody and ends at once, and a patient's own appointment as a file."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import insert

from scheduling import tables
from scheduling.booking import Appointment
from scheduling.store import Book
from telemed import database
from telemed.accounts.sessions import SessionStore, new_token
from telemed.accounts.store import Staff
from telemed.services import Services
from telemed.web.sessions import COOKIES
from tests import build
from tests.build import World
from tests.telemed.conftest import Visitor, browser_of, visitor


def soon(minutes: int) -> datetime:
    """A whole minute of the near future."""
    return (datetime.now(UTC) + timedelta(minutes=minutes)).replace(second=0, microsecond=0)


@pytest.fixture
def world(services: Services) -> World:
    """One of everything."""
    with database.write(services.engine) as connection:
        return build.world(Book(connection, lambda *_: None))


@pytest.fixture
def visit(services: Services, world: World) -> Appointment:
    """An appointment of the world's patient with its practitioner, an hour from now."""
    booked = build.appointment(
        patient_id=world.patient.id,
        practitioner_id=world.practitioner.id,
        facility_id=world.facility.id,
        site_id=world.site.id,
        kiosk_id=world.kiosk.id,
        starts_at=soon(60),
        ends_at=soon(80),
    )
    store(services, booked)
    return booked


def store(services: Services, booked: Appointment) -> None:
    """Write an appointment down as it is."""
    row = {column.name: getattr(booked, column.name, None) for column in tables.appointment.c}
    with database.write(services.engine) as connection:
        connection.execute(insert(tables.appointment).values({**row, "booking_key": booked.id}))


@pytest.fixture
def doctor(app: Flask, services: Services, world: World, add_staff: Callable[..., Staff]) -> Visitor:
    """The browser of the world's practitioner."""
    staff = add_staff("doctor", facility_id=world.facility.id, practitioner_id=world.practitioner.id)
    return browser_of(app, services, staff)


def feed_address(doctor: Visitor) -> str:
    """Make a feed and read its address off the page."""
    page = doctor.send("/clinic/calendar")
    found = re.search(r"readonly[^>]*>http://[^/<]+(/calendar/[^<]+)<", page.text)
    assert found, page.text
    return found[1]


def events(file: bytes) -> list[dict[str, str]]:
    """What a calendar program understands of a file."""
    calendar = Calendar.from_ical(file)
    return [
        {name: str(event.decoded(name)) if name.startswith("DT") else str(event[name]) for name in event}
        for event in calendar.walk("VEVENT")
    ]


def test_a_feed_says_when_how_long_and_where_and_never_who(
    doctor: Visitor, app: Flask, visit: Appointment, world: World
) -> None:
    answer = visitor(app).get(feed_address(doctor))
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    [event] = events(answer.data)
    assert event["SUMMARY"] == f"Преглед, 20 мин, {world.site.name}"
    assert event["DTSTART"] == str(visit.starts_at)
    assert event["DTEND"] == str(visit.ends_at)
    text = answer.text.replace("\r\n ", "")
    for secret in (world.patient.name, world.patient.identifier, world.patient.phone, str(world.patient.id)):
        assert secret is not None
        assert secret not in text


def test_a_feed_is_nobodys_reading(
    doctor: Visitor, app: Flask, services: Services, visit: Appointment
) -> None:
    visitor(app).get(feed_address(doctor))
    with database.read(services.engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM access_entry").scalar() == 0


def test_what_has_not_changed_is_not_sent_again(doctor: Visitor, app: Flask, world: World) -> None:
    address = feed_address(doctor)
    first = visitor(app).get(address)
    again = visitor(app).get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_cancelled_visit_leaves_the_feed(
    doctor: Visitor, app: Flask, services: Services, visit: Appointment
) -> None:
    address = feed_address(doctor)
    with database.write(services.engine) as connection:
        connection.execute(tables.appointment.update().values(status="cancelled", version=2))
    assert events(visitor(app).get(address).data) == []


def test_an_address_ends_when_it_is_ended_or_replaced(doctor: Visitor, app: Flask, world: World) -> None:
    first = feed_address(doctor)
    second = feed_address(doctor)
    assert first != second
    assert visitor(app).get(first).status_code == 404
    assert visitor(app).get(second).status_code == 200
    assert doctor.send("/clinic/calendar/end", "/clinic/calendar").status_code == 303
    assert visitor(app).get(second).status_code == 404


def test_an_address_is_shown_once_and_kept_as_a_hash(
    doctor: Visitor, services: Services, world: World
) -> None:
    token = feed_address(doctor).removeprefix("/calendar/").removesuffix(".ics")
    assert token not in doctor.get("/clinic/calendar").text
    with database.read(services.engine) as connection:
        assert token not in str(connection.exec_driver_sql("SELECT * FROM feed").all())


@pytest.mark.parametrize("token", ["x", "x" * 43, "x" * 44, "%00" * 43, "a.b"])
def test_a_guessed_address_opens_nothing(app: Flask, world: World, token: str) -> None:
    assert visitor(app).get(f"/calendar/{token}.ics").status_code == 404


def own_record(app: Flask, services: Services, world: World) -> Visitor:
    """The browser of somebody who has opened their own record."""
    browser, token = visitor(app), new_token()
    patient_id = str(world.patient.id)
    with database.write(services.engine) as connection:
        SessionStore(connection).open(
            token, "my", patient_id, f'{{"patient_id": "{patient_id}"}}', datetime.now(UTC)
        )
    browser.set_cookie(COOKIES["my"], token, domain="127.0.0.1")
    return browser


def test_a_patient_takes_an_appointment_along(
    app: Flask, services: Services, world: World, visit: Appointment
) -> None:
    browser = own_record(app, services, world)
    address = f"/my/appointments/{visit.id}.ics"
    assert address in browser.get("/my/record").text
    answer = browser.get(address, headers={"Accept-Language": "en"})
    assert answer.headers["Cache-Control"] == "no-store"
    [event] = events(answer.data)
    assert event["SUMMARY"] == "Visit to the doctor"
    assert world.site.name in event["LOCATION"]
    assert event["UID"] == f"{visit.id}@telemed"


def test_somebody_elses_appointment_does_not_exist(
    app: Flask, services: Services, world: World, visit: Appointment
) -> None:
    other = build.patient(identifier="8001010000")
    with database.write(services.engine) as connection:
        Book(connection, lambda *_: None).add_patient(other)
    browser = own_record(app, services, replace(world, patient=other))
    assert browser.get(f"/my/appointments/{visit.id}.ics").status_code == 404
    assert visitor(app).get(f"/my/appointments/{visit.id}.ics").status_code == 303
