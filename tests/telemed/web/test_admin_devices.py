"""The coordinator's list of what is measured with: added, calibrated, supplied with strips, retired."""

import re

import pytest

from telemed.services import Services
from tests.telemed.conftest import Visitor
from tests.telemed.web.coordinators_desk import Desk, open_desk

METER = {"driver": "standard-glucose", "name": "Contour Next", "serial": "SN 77"}


@pytest.fixture
def desk(services: Services) -> Desk:
    return open_desk(services)


@pytest.fixture
def browser(desk: Desk) -> Visitor:
    return desk.browser()


@pytest.fixture
def table(desk: Desk) -> str:
    return f"/admin/kiosks/{desk.world.kiosk.id}/devices"


def page_of(browser: Visitor, table: str) -> str:
    """The address of the one device on this table."""
    found = re.search(r'href="(/admin/devices/[0-9a-f-]{36})"', browser.get(table).text)
    assert found
    return found[1]


def test_a_device_is_added_and_its_worries_are_said_in_words(
    desk: Desk, browser: Visitor, table: str
) -> None:
    form = {**METER, "calibrate_by": "2026-11-16", "lot_expires": "2026-11-01", "remaining": "0", "lot": "L9"}
    answer = browser.send(f"{table}/new", **form)
    assert (answer.status_code, answer.location) == (303, table)
    listed = browser.get(table).text
    for said in ("Glucose meter", "Contour Next", "SN 77", "Lot L9", "Not paired yet"):
        assert said in listed
    worries = ("Calibration overdue", "Strips expired", "Strips run out")
    assert all(worry in listed for worry in worries)
    assert all(worry in browser.get(desk.site_page).text for worry in worries)


def test_a_calibration_is_entered_and_what_was_overdue_is_so_no_longer(browser: Visitor, table: str) -> None:
    browser.send(f"{table}/new", **METER, calibrate_by="2026-11-16")
    page = page_of(browser, table)
    was = re.search(r'name="was" value="(\d+)"', browser.get(page).text)
    assert was
    form = {"calibrated_on": "2026-11-17", "calibrate_by": "2027-11-17", "remaining": "50"}
    assert browser.send(page, was=was[1], **form).status_code == 303
    listed = browser.get(table).text
    assert "Calibration overdue" not in listed
    assert "Strips left: 50" in listed
    # The same form once more shows what has become of it meanwhile.
    again = browser.send(page, was=was[1], **form, lot="L1")
    assert again.status_code == 409
    assert "Somebody changed this meanwhile" in again.text


@pytest.mark.parametrize(
    ("spoiled", "said"),
    [
        ({"serial": ""}, "Fill this in."),
        ({"driver": "of-my-own"}, "Choose one of these."),
        ({"calibrated_on": "2026-11-18"}, "Choose a day that has come already."),
        (
            {"calibrated_on": "2026-11-17", "calibrate_by": "2026-11-17"},
            "Choose a day after the calibration.",
        ),
        ({"remaining": "-1"}, "Write a whole number"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    browser: Visitor, table: str, spoiled: dict[str, str], said: str
) -> None:
    answer = browser.send(f"{table}/new", **{**METER, **spoiled})
    assert answer.status_code == 422
    assert said in answer.text
    assert "No device is listed here." in browser.get(table).text


def test_no_device_stands_at_two_tables(browser: Visitor, table: str) -> None:
    browser.send(f"{table}/new", **METER)
    answer = browser.send(f"{table}/new", **METER)
    assert answer.status_code == 422
    assert "at a table already" in answer.text


def test_a_retired_device_leaves_the_table(browser: Visitor, table: str) -> None:
    browser.send(f"{table}/new", **METER)
    page = page_of(browser, table)
    answer = browser.send(f"{page}/retire", page=page)
    assert (answer.status_code, answer.location) == (303, table)
    assert "No device is listed here." in browser.get(table).text
