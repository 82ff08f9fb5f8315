"""The coordinator sees which hours a counter's line carries, and what nobody has measured."""

from collections.abc import Callable
from datetime import timedelta

from scheduling.ids import uuid7
from scheduling.lines import Reading
from scheduling.store import Book
from telemed import database
from telemed.services import Services
from tests.telemed.conftest import Place, Visitor

StaffClient = Callable[..., Visitor]


def test_a_line_nobody_measured_is_said_to_be_so(staff_client: StaffClient, place: Place) -> None:
    page = staff_client("coordinator").get(f"/admin/sites/{place.site_id}?lang=en").text
    assert "This line was not measured yet" in page


def test_each_hour_says_what_it_carries_and_how_often_it_was_measured(
    staff_client: StaffClient, place: Place, services: Services
) -> None:
    now = services.clock.now()
    with database.write(services.engine) as connection:
        Book(connection, lambda *_: None).add_readings(
            Reading(uuid7(), place.kiosk_id, now - days * timedelta(days=7), kbps, kbps, 60, 0.5, "probe")
            for days, kbps in ((1, 120), (2, 120), (3, 120), (4, 120), (1, 120))
        )
    page = staff_client("coordinator").get(f"/admin/sites/{place.site_id}?lang=en").text
    assert "voice only" in page
    assert "Last measured" in page
