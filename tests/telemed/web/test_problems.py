"""What visitors are told when something goes wrong: status, plain words, what to do next, their language."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from scheduling.errors import (
    Forbidden,
    KeyReused,
    NotFound,
    NotOffered,
    OffGrid,
    OutsideHours,
    PastWindow,
    SchedulingError,
    SlotTaken,
    StaleVersion,
    TooLate,
    TooManyBookings,
    TooSoon,
    WrongState,
)
from telemed import database
from telemed.accounts.store import Staff
from telemed.run.web import create_app
from telemed.services import Services
from telemed.texts import STAFF_LANGUAGES
from telemed.web.problems import BY_STATUS, PROBLEMS, of_error
from telemed.web.sessions import COOKIES
from tests import build
from tests.telemed.conftest import BuiltAssets, Visitor, browsable, browser_of, visitor


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (SlotTaken(build.slot(), "consultation"), 409, "slot-taken"),
        (OutsideHours(), 409, "outside-hours"),
        (TooLate(), 409, "too-late"),
        (OffGrid(), 409, "outside-hours"),
        (TooSoon(build.NOW), 409, "too-soon"),
        (PastWindow(build.NOW), 409, "past-window"),
        (TooManyBookings(), 409, "too-many-bookings"),
        (NotOffered(), 409, "not-offered"),
        (KeyReused(), 409, "key-reused"),
        (Forbidden(), 409, "forbidden-remotely"),
        (WrongState(), 409, "wrong-state"),
        (NotFound("visit"), 404, "not-found"),
        (StaleVersion(), 409, "changed-meanwhile"),
        (SchedulingError(), 500, "our-fault"),
        (ZeroDivisionError(), 500, "our-fault"),
    ],
)
def test_every_error_has_its_status_and_code(error: Exception, status: int, code: str) -> None:
    problem = of_error(error)
    assert (problem.status, problem.code) == (status, code)


@pytest.mark.parametrize("language", STAFF_LANGUAGES)
def test_every_problem_is_said_in_every_language(services: Services, language: str) -> None:
    for problem in PROBLEMS.values():
        for text in (problem.title, problem.advice):
            said = services.texts.translate(language, text)
            assert (said == text) == (language == "en"), (problem.code, text)


def test_a_bare_http_error_gets_the_first_problem_of_its_status() -> None:
    assert BY_STATUS[404].code == "not-found"
    assert BY_STATUS[400].code == "bad-request"


@pytest.mark.parametrize(
    ("address", "back"), [("/nothing", "/staff"), ("/my/nothing", "/my"), ("/kiosk/x", "/kiosk")]
)
def test_each_audience_gets_its_own_way_back(client: Visitor, address: str, back: str) -> None:
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert PROBLEMS["not-found"].advice in answer.text
    assert f'href="{back}"' in answer.text


def test_scripts_get_the_same_as_json(client: Visitor) -> None:
    answer = client.get("/api/v1/nothing", headers={"Accept-Language": "en"})
    assert answer.mimetype == "application/problem+json"
    assert answer.json == {
        "type": "urn:telemed:not-found",
        "code": "not-found",
        "status": 404,
        "title": PROBLEMS["not-found"].title,
        "detail": PROBLEMS["not-found"].advice,
    }


def test_the_wrong_method_says_which_are_right(client: Visitor) -> None:
    answer = client.put("/health/live")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_too_large_a_form_is_refused(client: Visitor) -> None:
    answer = client.post("/staff/sign-in", data={"email": "x" * 1_100_000})
    assert answer.status_code == 413


def test_when_the_database_is_gone_the_page_still_says_so(services: Services, tmp_path: Path) -> None:
    gone = database.connect(f"sqlite:///{tmp_path / 'no such folder' / 'gone.db'}")
    browser = visitor(browsable(create_app(replace(services, engine=gone), BuiltAssets())))
    browser.set_cookie(COOKIES["staff"], "x" * 43, domain="127.0.0.1")
    answer = browser.get("/admin", headers={"Accept-Language": "en"})
    assert answer.status_code == 500
    assert PROBLEMS["our-fault"].advice in answer.text
    assert browser.get("/health/live").status_code == 200
    assert browser.get("/health/ready").status_code == 503
    gone.dispose()


def test_languages_are_chosen_and_remembered_but_not_on_the_kiosk(
    client: Visitor, kiosk_client: Visitor, services: Services
) -> None:
    assert 'lang="en"' in client.get("/staff/sign-in?lang=en").text
    assert 'lang="en"' in client.get("/staff/sign-in", headers={"Accept-Language": "bg"}).text
    kiosk_client.get("/kiosk/enrol?lang=en")
    assert kiosk_client.cookie("__Host-telemed-lang") is None


def test_the_demo_says_so_on_every_page(demo_services: Services, services: Services) -> None:
    for service in (demo_services, services):
        browser = visitor(browsable(create_app(service, BuiltAssets())))
        for address in ("/", "/staff/sign-in", "/kiosk/enrol", "/nothing"):
            page = browser.get(address, headers={"Accept-Language": "en"}).text
            assert ("every person here is invented" in page) == service.settings.demo


def test_a_fault_of_ours_signs_nobody_out(
    app: Flask, services: Services, add_staff: Callable[..., Staff], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(app, services, add_staff("coordinator"))
    monkeypatch.setitem(app.view_functions, "admin.sites", lambda: 1 / 0)
    failed = browser.get("/admin")
    assert failed.status_code == 500
    assert not failed.headers.getlist("Set-Cookie")
    assert browser.get("/admin/sessions").status_code == 200


@pytest.mark.both_databases
def test_a_letter_no_database_keeps_is_refused(staff_client: Callable[..., Visitor]) -> None:
    assert staff_client("coordinator").send("/admin/find", what="a\0b").status_code == 400
