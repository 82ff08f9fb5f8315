"""The kiosk without script: ordinary forms, one question each, nothing lost and nothing doubled."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Table, func, select, update

from telemed import database
from telemed.accounts.tables import web_session
from telemed.intake.emergency_tables import emergency_call
from telemed.intake.steps.journey import STEPS, TOGETHER
from telemed.intake.tables import intake
from telemed.services import Services
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


def test_the_first_page_asks_for_the_language_and_shows_the_emergency_number(counter: Counter) -> None:
    page = counter.browser.get("/kiosk").text
    assert "Добър ден" in page
    assert re.findall(r'hreflang="([^"]+)"', page) == ["bg", "en", "tr"]
    assert "SOS 112" in page


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
    assert counter.answer("share", "yes").location == "/kiosk/bg/review"
    assert counter.answer("complaint", "skin").location == "/kiosk/bg/spreading"
    assert counter.answer("number", "none").location == "/kiosk/bg/name"
    assert counter.see("review").location == "/kiosk/bg/born"


def test_a_sign_of_danger_shows_the_emergency_page_and_leads_on_behind_it(
    counter: Counter, services: Services, plain: dict[str, str]
) -> None:
    counter.go_through(plain, until="weak")
    assert "/kiosk/bg/emergency" in str(counter.answer("weak", "yes").location)
    assert counter.see("fainted").location == "/kiosk/bg/emergency"
    assert "112" in counter.see("emergency").text
    assert counter.answer("emergency").location == "/kiosk/bg/fainted"
    assert count(services, emergency_call) == 1


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
    shown = re.sub(r'value="[0-9a-f]{128}"', "", counter.see("name").text)
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


def test_a_page_brings_along_the_questions_that_follow_it(counter: Counter) -> None:
    pattern = r'<template data-page="([a-z_0-9]+)">\s*<main id="main"[^>]*data-step="([a-z_0-9]+)"'
    for first, along in TOGETHER.items():
        brought = re.findall(pattern, counter.browser.get(f"/kiosk/pages/bg/{first}").text)
        assert [key for key, _ in brought] == [step for _, step in brought] == list(along), first
    assert "<template data-page" not in counter.browser.get("/kiosk/pages/bg/phone").text
