"""Whoever comes with the slip of a cancelled visit is told so, and what to do now."""

import pytest

from scheduling import booking
from scheduling.ids import uuid7
from telemed.records.access_log import Reader
from telemed.services import Services
from tests import build
from tests.telemed.intake.vectors import VECTORS
from tests.telemed.kiosk.conftest import Counter

DOCTOR = Reader("staff", "doctor", None, "д-р Илиева", "care", "doctor")


@pytest.fixture
def code(counter: Counter, services: Services, world: build.World) -> str:
    """The code of a visit that was booked and then cancelled."""
    times = counter.ask("GET", "/api/v1/slots?lang=bg").get_json()["days"][0]["times"]
    doctor, kiosk, starts_at = times[-1]["value"].split("|")
    choice = {"kind": "slot", "practitioner_id": doctor, "kiosk_id": kiosk, "starts_at": starts_at}
    body = {**VECTORS["submissions"][0]["body"], "choice": choice}
    receipt = counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", body).get_json()
    with services.unit(DOCTOR) as unit:
        slip = unit.records.slips.find(receipt["code"], unit.now)
        assert slip is not None
        assert slip.appointment_id is not None
        booked = unit.book.appointment(slip.appointment_id)
        unit.book.change(*booking.cancel(booked, unit.now, build.DOCTOR, "ill"))
    return str(receipt["code"])


def test_the_script_is_told(counter: Counter, code: str) -> None:
    told = counter.ask("POST", "/api/v1/arrivals?lang=bg", {"code": code})
    assert (told.status_code, told.get_json()["code"]) == (422, "code_cancelled")


def test_the_page_says_it_and_the_code_may_be_typed_again(counter: Counter, code: str) -> None:
    counter.browser.get("/kiosk")
    counter.answer("welcome", "slip", lang="en")
    for _ in range(7):
        told = counter.answer("arrive", lang="en", code=code)
        assert told.status_code == 422
        assert "was cancelled. Book a new time" in told.text
