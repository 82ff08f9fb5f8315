"""Who is called in because of a value reads neither the value nor a word of danger: only to wait here."""

import re
from datetime import date
from typing import Any

import pytest

from scheduling.ids import uuid7
from tests import build
from tests.fakes import FakeClock
from tests.telemed.intake.vectors import VECTORS
from tests.telemed.kiosk.conftest import Counter

MEASURED = VECTORS["submissions"][1]["answers"]
BREATHLESS = {**MEASURED, "oxygen": "88", "oxygen_repeated": "88", "oxygen_again": "refused"}
SUNDAY = date(2026, 11, 22)
WAIT = "Изчакайте тук. Лекарят е повикан."
NOBODY = "В момента няма дежурен лекар."


def told(oxygen: str, **changes: Any) -> dict[str, Any]:
    body = dict(VECTORS["submissions"][0]["body"])
    reading = {"code": "oxygen", "value": oxygen, "taken_at": build.NOW.isoformat()}
    return {**body, "measurements": [reading], **changes}


def filed(counter: Counter, body: dict[str, Any]) -> dict[str, str]:
    answer = counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", body)
    assert answer.status_code == 200, answer.text
    receipt: dict[str, str] = answer.get_json()
    return receipt


def seen(page: str) -> str:
    """The words of a page that are not hidden."""
    shown = re.sub(r"<(\w+)[^>]*\bhidden\b[^>]*>.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown))


def test_the_script_learns_only_that_a_doctor_is_called(counter: Counter) -> None:
    urgent, other = filed(counter, told("88")), filed(counter, told("97"))
    assert set(urgent) == set(other)
    assert (urgent["kind"], urgent["call"], other["kind"], other["call"]) == ("now", "doctor", "now", "")
    assert not {"88", "oxygen", "91"} & {str(value) for value in urgent.values()}


@pytest.mark.parametrize(("oxygen", "kind"), [("88", "wish-now"), ("97", "wish")])
def test_who_hopes_for_a_time_goes_on_to_the_doctor_from_the_slip(
    counter: Counter, oxygen: str, kind: str
) -> None:
    receipt = filed(counter, told(oxygen, choice={"kind": "wish", "days": 14}))
    assert receipt["kind"] == kind
    state = counter.ask("GET", f"/api/v1/visits/{receipt['visit']}")
    assert (state.status_code == 200) == (oxygen == "88")


def test_without_script_the_slip_says_to_wait_here_and_nothing_of_the_value(counter: Counter) -> None:
    counter.go_through(BREATHLESS)
    assert counter.answer("review").location == "/kiosk/bg/booked"
    slip = seen(counter.see("booked").text)
    assert WAIT in slip
    assert "Към лекаря" in slip
    assert NOBODY not in slip
    assert not re.search(r"\b88\b|кислород|опасн|граница", slip, re.IGNORECASE)
    waiting = seen(counter.see("waiting").text)
    assert WAIT in waiting
    assert not re.search(r"\b88\b|кислород|опасн|граница", waiting, re.IGNORECASE)


def test_with_nobody_on_duty_the_emergency_number_comes_first_and_the_slip_says_so(
    counter: Counter, clock: FakeClock
) -> None:
    clock.moment = build.local(10, day=SUNDAY)
    counter.go_through(BREATHLESS)
    assert counter.answer("review").location == "/kiosk/bg/emergency"
    assert "112" in seen(counter.see("emergency").text)
    assert counter.answer("emergency").location == "/kiosk/bg/booked"
    slip = seen(counter.see("booked").text)
    assert NOBODY in slip
    assert "88" not in slip
    assert WAIT not in slip


def test_the_emergency_page_after_filing_changes_nothing_that_was_filed(counter: Counter) -> None:
    counter.go_through(MEASURED)
    counter.answer("review")
    before = seen(counter.see("booked").text)
    assert counter.answer("emergency").location == "/kiosk/bg/booked"
    assert seen(counter.see("booked").text) == before
