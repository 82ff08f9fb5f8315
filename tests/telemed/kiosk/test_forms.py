"""The kiosk without script: ordinary forms, one question each, nothing lost and nothing doubled."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, func, select, update

from scheduling.store import Book
from scheduling.tables import appointment
from telemed import database
from telemed.accounts.tables import web_session
from telemed.intake.steps.journey import STEPS
from telemed.intake.tables import intake
from telemed.services import Services
from tests import build
from tests.fakes import FakeClock
from tests.telemed.conftest import Visitor
from tests.telemed.intake.vectors import VECTORS
from tests.telemed.kiosk.conftest import Counter

MEASURED = VECTORS["submissions"][1]["answers"]


def count(services: Services, table: Table) -> int:
    with database.read(services.engine) as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found
    return re.sub(r"<[^>]+>", " ", found[1]).strip()


def first_slot(counter: Counter) -> str:
    found = re.search(r'name="slot" value="([^"]+)"', counter.see("slot").text)
    assert found, "no free time on the page"
    return found[1]


def last_slot(counter: Counter) -> str:
    found = re.findall(r'name="slot" value="([^"]+[|][^"]+[|][^"]+)"', counter.see("slot").text)
    assert found, "no free time on the page"
    return str(found[-1])


def test_the_first_page_asks_for_the_language_and_shows_the_emergency_number(counter: Counter) -> None:
    page = counter.browser.get("/kiosk").text
    assert "Добър ден" in page
    assert "Good day" in page
    assert "112" in page


def test_a_patient_reaches_the_doctor_now(
    counter: Counter, services: Services, plain: dict[str, str]
) -> None:
    counter.go_through(plain)
    review = counter.see("review").text
    assert "Мария  Иванова" in review
    assert counter.answer("review").location == "/kiosk/bg/booked"
    slip = counter.see("booked").text
    assert "Отговорите ви са при лекаря." in slip
    assert "data:image/svg+xml" in slip
    assert count(services, intake) == 1


def test_a_patient_books_a_time_and_gets_a_slip(counter: Counter, services: Services) -> None:
    counter.go_through(MEASURED, until="slot")
    counter.answer("slot", first_slot(counter))
    assert "вторник, 17 ноември" in counter.see("review").text
    counter.answer("review")
    slip = counter.see("booked").text
    assert re.search(r'class="code"[^>]*>[2-9A-Z]{4} [2-9A-Z]{4}<', slip)
    assert "Поща Аврен" in slip
    assert count(services, appointment) == 1


def test_the_slip_lets_its_owner_arrive(counter: Counter, clock: FakeClock) -> None:
    counter.go_through(MEASURED, until="slot")
    counter.answer("slot", first_slot(counter))
    counter.answer("review")
    found = re.search(r'class="code"[^>]*>([^<]+)<', counter.see("booked").text)
    assert found
    counter.browser.get("/kiosk")
    counter.answer("welcome", "slip")
    arrived = counter.answer("arrive", code=found[1].lower())
    assert str(arrived.location).rsplit("/", 1)[1] in ("waiting", "early")


def test_both_languages_have_every_page(counter: Counter) -> None:
    for key in STEPS:
        pages = {lang: counter.browser.get(f"/kiosk/pages/{lang}/{key}").text for lang in ("bg", "en")}
        assert heading(pages["bg"]) != heading(pages["en"])


WRONG = (
    "wrong check digit",
    "born in the future",
    "30 February",
    "nine digits",
    "letters",
    "continued with an empty field",
)


@pytest.mark.parametrize(
    "example",
    [case for case in VECTORS["problems"] if case["step"] == "number" and case["why"] in WRONG],
    ids=lambda case: str(case["why"]),
)
def test_a_wrong_number_stays_on_its_page_with_what_to_do(counter: Counter, example: dict[str, Any]) -> None:
    counter.go_through({"welcome": "visit", "danger": "no"}, until="number")
    told = counter.answer("number", egn=example["answers"]["egn"])
    assert told.status_code == 422
    assert 'role="alert"' in told.text
    assert heading(told.text) == "Какво е вашето ЕГН?"


def test_what_was_typed_is_still_there_beside_the_problem(counter: Counter, plain: dict[str, str]) -> None:
    counter.go_through(plain, until="number")
    told = counter.answer("number", egn="4403075020")
    assert told.status_code == 422
    assert "Една от цифрите е грешна. Сравнете с картата си." in told.text
    assert 'value="4403075020"' in told.text
    assert heading(told.text) == "Какво е вашето ЕГН?"


def test_the_problem_is_said_in_english_to_who_reads_english(counter: Counter, plain: dict[str, str]) -> None:
    counter.go_through(plain, until="number")
    told = counter.answer("number", lang="en", egn="2652126126")
    assert "This day has not come yet." in told.text or "One of the digits is wrong." in told.text


@pytest.mark.parametrize(
    ("systolic", "diastolic", "words"),
    [("80", "120", "Горното число"), ("500", "80", "300"), ("NaN", "80", "само цифри")],
)
def test_impossible_measurements_are_refused_in_plain_words(
    counter: Counter, systolic: str, diastolic: str, words: str
) -> None:
    counter.go_through(MEASURED, until="pressure")
    told = counter.answer("pressure", systolic=systolic, diastolic=diastolic)
    assert told.status_code == 422
    assert words in told.text


def test_an_unknown_choice_is_no_answer(counter: Counter, plain: dict[str, str]) -> None:
    counter.go_through(plain, until="complaint")
    assert counter.answer("complaint", "pizza").status_code == 422


def test_nobody_jumps_ahead(counter: Counter) -> None:
    assert counter.see("review").location == "/kiosk/bg/welcome"
    assert counter.answer("welcome", "visit").location == "/kiosk/bg/danger"
    assert counter.see("booked").location == "/kiosk/bg/danger"


def test_sending_twice_files_once(counter: Counter, services: Services, plain: dict[str, str]) -> None:
    counter.go_through(plain)
    token = counter.browser.token("/kiosk/bg/review")
    for _ in range(2):
        sent = counter.browser.post("/kiosk/bg/review", data={"csrf_token": token, "review": "given"})
        assert sent.location == "/kiosk/bg/booked"
    assert count(services, intake) == 1
    assert counter.see("booked").text == counter.see("booked").text


def test_going_back_after_sending_shows_the_slip_and_no_question(
    counter: Counter, plain: dict[str, str]
) -> None:
    counter.go_through(plain)
    assert "не са изпратени" in counter.see("stop").text
    counter.answer("review")
    assert "Изпратеното остава при лекаря" in counter.see("stop").text
    for step in ("number", "complaint", "review"):
        assert counter.see(step).location == "/kiosk/bg/booked"


def test_a_change_leads_back_to_the_review(counter: Counter, plain: dict[str, str]) -> None:
    counter.go_through(plain)
    assert counter.answer("complaint", "skin").location == "/kiosk/bg/review"
    assert counter.answer("number", "none").location == "/kiosk/bg/name"
    assert counter.see("review").location == "/kiosk/bg/born"


def test_a_chosen_time_is_kept_for_whoever_chose_it(counter: Counter, clock: FakeClock) -> None:
    counter.go_through(MEASURED, until="slot")
    wanted = last_slot(counter)
    assert counter.answer("slot", wanted).location == "/kiosk/bg/review"
    assert f'value="{wanted}"' not in counter.see("slot").text
    clock.forward(timedelta(minutes=9))
    assert counter.answer("review").location == "/kiosk/bg/booked"


def test_who_chooses_again_or_leaves_gives_the_time_back(counter: Counter) -> None:
    counter.go_through(MEASURED, until="slot")
    first, second = first_slot(counter), last_slot(counter)
    counter.answer("slot", first)
    counter.answer("slot", second)
    page = counter.see("slot").text
    assert f'value="{first}"' in page
    assert f'value="{second}"' not in page
    counter.browser.get("/kiosk")
    counter.go_through(MEASURED, until="slot")
    assert f'value="{second}"' in counter.see("slot").text


def test_a_time_kept_too_long_and_taken_offers_others_and_loses_nothing(
    counter: Counter, services: Services, take_slot: Callable[[str], None], clock: FakeClock
) -> None:
    counter.go_through(MEASURED, until="slot")
    wanted = last_slot(counter)
    counter.answer("slot", wanted)
    clock.forward(timedelta(minutes=11))
    take_slot(wanted)
    told = counter.answer("review")
    assert told.status_code == 409
    assert "Някой току-що зае този час. Изберете друг." in told.text
    assert 'name="slot"' in told.text
    assert f'value="{wanted}"' not in told.text
    assert count(services, intake) == 0
    assert counter.answer("slot", last_slot(counter)).location == "/kiosk/bg/review"
    assert counter.answer("review").location == "/kiosk/bg/booked"


def test_a_slot_taken_before_it_could_be_kept_shows_the_others_at_once(
    counter: Counter, take_slot: Callable[[str], None]
) -> None:
    counter.go_through(MEASURED, until="slot")
    wanted = last_slot(counter)
    take_slot(wanted)
    told = counter.answer("slot", wanted)
    assert told.status_code == 409
    assert "Някой току-що зае този час. Изберете друг." in told.text
    assert counter.answer("slot", last_slot(counter)).location == "/kiosk/bg/review"


def test_a_made_up_slot_is_no_answer(counter: Counter) -> None:
    counter.go_through(MEASURED, until="slot")
    assert counter.answer("slot", "a|b|c").status_code == 422
    practitioner, kiosk, starts_at = last_slot(counter).split("|")
    assert counter.answer("slot", f"{practitioner}|{kiosk}|9999-12-31T23:59:59-14:00").status_code == 422
    past = counter.answer("slot", f"{practitioner}|{kiosk}|1700000000")
    assert past.status_code == 409
    assert "Този час вече не е възможен. Изберете друг." in past.text
    # A moment may be written in more ways than one; the next page shows it all the same.
    seconds = int(datetime.fromisoformat(starts_at).timestamp())
    assert counter.answer("slot", f"{practitioner}|{kiosk}|{seconds}").location == "/kiosk/bg/review"
    assert counter.see("review").status_code == 200


def test_where_there_are_two_kinds_of_visits_the_patient_chooses_and_may_change_it(
    counter: Counter, services: Services, world: build.World
) -> None:
    with database.write(services.engine) as connection:
        build.offer(Book(connection, lambda *_: None), world, id="first-visit", minutes=40)
    counter.go_through(MEASURED, until="type")
    page = counter.see("type").text
    assert "Преглед" in page or "Консултация" in page
    assert "40 минути" in page
    assert counter.answer("type", "first-visit").location == "/kiosk/bg/slot"
    counter.answer("slot", last_slot(counter))
    counter.answer("type", "consultation")
    assert counter.see("review").location == "/kiosk/bg/slot"
    counter.answer("type", "first-visit")
    counter.answer("slot", last_slot(counter))
    counter.answer("review")
    counter.see("booked")
    with database.read(services.engine) as connection:
        made = connection.execute(select(appointment)).one()
    assert made.visit_type_id == "first-visit"
    assert made.ends_at - made.starts_at == timedelta(minutes=40)


def test_a_code_nobody_has_is_said_so(counter: Counter) -> None:
    counter.answer("welcome", "slip")
    told = counter.answer("arrive", code="AAAA AAAA")
    assert told.status_code == 422
    assert "Не познаваме този код." in told.text


def test_too_many_codes_are_for_the_clerk(counter: Counter) -> None:
    counter.answer("welcome", "slip")
    codes = [counter.answer("arrive", code=f"AAAAAA{number:02}").status_code for number in range(8)]
    assert codes[0] == 422
    assert codes[-1] == 429


def test_an_expired_visit_is_told_so_and_begins_again(
    counter: Counter, services: Services, plain: dict[str, str]
) -> None:
    counter.go_through(plain, until="complaint")
    token = counter.browser.token("/kiosk/bg/complaint")
    with database.write(services.engine) as connection:
        connection.execute(update(web_session).values(expires_at=datetime(2026, 1, 1, tzinfo=UTC)))
    told = counter.browser.post("/kiosk/bg/complaint", data={"csrf_token": token, "complaint": "skin"})
    assert told.status_code in (401, 403)
    assert "<h1" in told.text
    assert counter.see("complaint").location == "/kiosk/bg/welcome"


def test_the_start_page_wipes(counter: Counter, plain: dict[str, str]) -> None:
    counter.go_through(plain, until="complaint")
    counter.browser.get("/kiosk")
    assert counter.see("name").location == "/kiosk/bg/welcome"
    assert "Мария" not in counter.see("welcome").text


def test_the_emergency_page_is_open_to_everybody_and_does_not_end_the_way(counter: Counter) -> None:
    page = counter.see("emergency").text
    assert "112" in page
    assert counter.answer("emergency").location == "/kiosk/bg/number"


def test_danger_leads_to_the_emergency_page_and_is_filed(
    counter: Counter, services: Services, plain: dict[str, str]
) -> None:
    counter.go_through({**plain, "danger": "yes", "emergency": "given"})
    counter.answer("review")
    with database.read(services.engine) as connection:
        body = connection.execute(select(intake.c.body)).scalar_one()
    assert b'"red_flag":true' in body


def test_known_and_unknown_numbers_get_the_same_next_page(
    counter: Counter, services: Services, plain: dict[str, str]
) -> None:
    counter.go_through(plain)
    counter.answer("review")
    pages = []
    for number in (plain["egn"], "4603121239"):
        counter.browser.get("/kiosk")
        counter.go_through({**plain, "number": "given", "egn": plain["egn"]}, until="number")
        told = counter.answer("number", egn=number)
        pages.append((told.status_code, told.location))
    assert pages[0] == (303, "/kiosk/bg/name")
    shown = re.sub(r'value="[0-9a-f]{64}"', "", counter.see("name").text)
    assert "Мария" not in shown


def test_no_page_answers_a_browser_that_is_not_enrolled(client: Visitor) -> None:
    assert client.get("/kiosk").status_code == 303
    assert client.get("/kiosk/bg/welcome").status_code == 303
    assert client.get("/kiosk/pages/bg/welcome").status_code == 200


def test_pages_for_everybody_are_the_same_for_everybody(counter: Counter, plain: dict[str, str]) -> None:
    before = counter.browser.get("/kiosk/pages/bg/name")
    counter.go_through(plain, until="notice")
    after = counter.browser.get("/kiosk/pages/bg/name")
    assert before.text == after.text
    assert "csrf" not in after.text
    assert after.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in after.headers


def test_personal_pages_are_kept_nowhere(counter: Counter, plain: dict[str, str]) -> None:
    counter.go_through(plain)
    assert counter.see("review").headers["Cache-Control"] == "no-store"


def test_a_page_that_does_not_exist_is_404(counter: Counter) -> None:
    for address in ("/kiosk/bg/nothing", "/kiosk/pages/bg/nothing", "/kiosk/xx/welcome"):
        assert counter.browser.get(address).status_code == 404
