"""Emergency button or a yes to danger: a doctor is called, before anybody has said who they are."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from scheduling.ids import uuid7
from telemed import database
from telemed.intake.emergency_tables import emergency_call
from telemed.records.access_log import Reader
from telemed.services import Services
from telemed.visits import emergencies
from tests import build
from tests.fakes import FakeClock
from tests.telemed.kiosk.conftest import Counter
from tests.telemed.kiosk.test_called_in import seen

SUNDAY = date(2026, 11, 22)
CALLED = "Викаме и лекар."
NOBODY = "В момента няма дежурен лекар. Обадете се на 112."
PATH = "/api/v1/emergencies"


def calls(services: Services) -> list[Any]:
    with database.read(services.engine) as connection:
        return list(connection.execute(select(emergency_call).order_by(emergency_call.c.raised_at)))


def pressed(counter: Counter, why: str = "pressed", call_id: UUID | None = None) -> Any:
    return counter.ask("POST", PATH, {"id": str(call_id or uuid7()), "why": why})


def test_the_button_calls_whoever_is_on_duty_to_this_kiosk(
    counter: Counter, services: Services, world: build.World
) -> None:
    answer = pressed(counter)
    assert (answer.status_code, answer.get_json()) == (200, {"called": "doctor"})
    (call,) = calls(services)
    assert (call.kiosk_id, call.site_id, call.facility_id) == (
        world.kiosk.id,
        world.site.id,
        world.facility.id,
    )
    assert (call.asked, call.reach, call.why, call.raised_at) == (
        world.practitioner.id,
        "first",
        "pressed",
        build.NOW,
    )


def test_without_script_the_button_calls_too_and_needs_no_question_before_it(
    counter: Counter, services: Services
) -> None:
    answer = counter.browser.post("/kiosk/bg/call-for-help")
    assert (answer.status_code, answer.location) == (303, "/kiosk/bg/emergency?called=doctor")
    shown = seen(counter.browser.get(str(answer.location)).text)
    assert CALLED in shown
    assert NOBODY not in shown
    assert "112" in shown
    assert [call.why for call in calls(services)] == ["pressed"]


def test_every_page_has_the_button_as_a_form_of_its_own(counter: Counter) -> None:
    for page in ("/kiosk", "/kiosk/bg/welcome", "/kiosk/bg/emergency", "/kiosk/bg/help"):
        assert 'method="post" action="/kiosk/bg/call-for-help"' in counter.browser.get(page).text, page


def test_a_yes_to_danger_calls_as_well(counter: Counter, services: Services) -> None:
    counter.answer("welcome", "visit")
    answer = counter.answer("danger", "yes")
    assert answer.location == "/kiosk/bg/emergency?called=doctor"
    assert [call.why for call in calls(services)] == ["danger"]


def test_a_no_calls_nobody(counter: Counter, services: Services) -> None:
    counter.answer("welcome", "visit")
    counter.answer("danger", "no")
    assert calls(services) == []


@pytest.mark.parametrize("language", ["en", "ru", "tr", "uk", "uz", "uz-Cyrl", "vi"])
def test_whoever_speaks_another_language_has_words_to_show_at_the_counter(
    counter: Counter, language: str
) -> None:
    for_clerk = "Този човек има нужда от помощ сега. Моля, обадете се на 112."
    page = counter.browser.get(f"/kiosk/{language}/emergency").text
    assert page.count("112") >= 3
    assert re.search(rf'<p class="for-clerk" lang="bg"[^>]*>.*{for_clerk}', page)
    assert for_clerk not in counter.browser.get("/kiosk/bg/emergency").text


def test_looking_at_the_page_calls_nobody_and_promises_nothing(counter: Counter, services: Services) -> None:
    shown = seen(counter.see("emergency").text)
    assert CALLED not in shown
    assert NOBODY not in shown
    assert calls(services) == []


@pytest.mark.parametrize("by_script", [True, False])
def test_with_nobody_on_duty_the_kiosk_says_so_and_all_doctors_are_called(
    counter: Counter, services: Services, clock: FakeClock, by_script: bool
) -> None:
    clock.moment = build.local(10, day=SUNDAY)
    if by_script:
        assert pressed(counter).get_json() == {"called": "nobody"}
    else:
        answer = counter.browser.post("/kiosk/bg/call-for-help")
        assert NOBODY in seen(counter.browser.get(str(answer.location)).text)
    (call,) = calls(services)
    assert (call.reach, call.asked) == ("everybody", None)


def test_sent_again_after_a_lost_answer_it_is_the_same_call(
    counter: Counter, services: Services, clock: FakeClock
) -> None:
    call_id = uuid7()
    for _ in range(3):
        assert pressed(counter, call_id=call_id).get_json() == {"called": "doctor"}
        clock.forward(timedelta(minutes=5))
    assert [call.id for call in calls(services)] == [call_id]


def test_pressed_again_within_a_minute_it_is_the_same_call_and_later_another(
    counter: Counter, services: Services, clock: FakeClock
) -> None:
    pressed(counter)
    clock.forward(timedelta(seconds=59))
    pressed(counter, "danger")
    counter.browser.post("/kiosk/bg/call-for-help")
    assert len(calls(services)) == 1
    clock.forward(timedelta(seconds=1))
    pressed(counter)
    assert len(calls(services)) == 2


def test_nobody_but_the_enrolled_kiosk_calls(counter: Counter, services: Services) -> None:
    body = {"id": str(uuid7()), "why": "pressed"}
    assert counter.browser.post(PATH, json=body).status_code == 401
    assert counter.ask("POST", PATH, body, seconds=1_000_000).status_code == 401
    foreign = counter.browser.post("/kiosk/bg/call-for-help", headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert calls(services) == []


def test_the_call_of_another_kiosk_is_not_answered_for(
    counter: Counter, services: Services, world: build.World
) -> None:
    call_id = uuid7()
    elsewhere = build.site(name="Поща Друга")
    other = build.kiosk(elsewhere.id)
    with services.unit(Reader("kiosk", "k-2", None, "Kiosk 2", "visit", "kiosk")) as unit:
        unit.book.add_site(elsewhere)
        unit.book.add_kiosk(other)
        emergencies.call_for_help(unit, call_id, "pressed", other)
    assert pressed(counter, call_id=call_id).status_code == 404
    assert pressed(counter).get_json() == {"called": "doctor"}
    assert {call.kiosk_id for call in calls(services)} == {other.id, world.kiosk.id}


@pytest.mark.parametrize(
    "body",
    [
        {"id": str(uuid4()), "why": "pressed"},
        {"id": "7", "why": "pressed"},
        {"id": str(uuid7()), "why": "bored"},
        {"id": str(uuid7()), "why": "pressed", "name": "Иванка"},
        [],
        None,
    ],
)
def test_what_is_no_call_is_refused_and_not_a_fault(counter: Counter, services: Services, body: Any) -> None:
    assert counter.ask("POST", PATH, body).status_code == 422
    assert calls(services) == []
