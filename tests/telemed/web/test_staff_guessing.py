"""Guessing passwords and six digits is stopped, however it is tried; signing in is not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from telemed.accounts.store import Staff
from telemed.services import Services
from telemed.web.staff import MAX_FAILURES
from tests.telemed.conftest import PASSWORD, Visitor, digits, visitor

SIGN_IN = "/staff/sign-in"
CODE = "/staff/code"
ENGLISH = {"Accept-Language": "en"}
MakeStaff = Callable[..., Staff]


def with_password(browser: Visitor, staff: Staff) -> None:
    browser.send(SIGN_IN, email=staff.email, password=PASSWORD, next="/staff")


def test_guessing_passwords_is_stopped(client: Visitor, services: Services, add_staff: MakeStaff) -> None:
    staff = add_staff("coordinator")
    for _ in range(MAX_FAILURES["security.login"]):
        client.send(SIGN_IN, email=staff.email, password="a wrong password")
    answer = client.post(
        SIGN_IN,
        data={"csrf_token": client.token(SIGN_IN), "email": staff.email.upper(), "password": PASSWORD},
        headers=ENGLISH,
    )
    assert answer.status_code == 429
    assert "Wait fifteen minutes" in answer.text


def test_guessing_digits_is_stopped_even_across_browsers(
    app: Flask, services: Services, add_staff: MakeStaff
) -> None:
    staff = add_staff("coordinator")
    browser = visitor(app)
    for _ in range(MAX_FAILURES["security.two_factor_token_validation"]):
        browser = visitor(app)
        with_password(browser, staff)
        browser.send(CODE, code="000000")
    assert browser.send(CODE, code=digits(services, staff)).status_code == 429


@pytest.mark.parametrize("domain", ["ｔelemed.example", "telemed。example", "TELEMED.EXAMPLE"])
def test_another_spelling_of_the_name_gives_no_further_guesses(
    client: Visitor, add_staff: MakeStaff, domain: str
) -> None:
    add_staff("coordinator", email="ana@telemed.example")
    for _ in range(MAX_FAILURES["security.login"]):
        client.send(SIGN_IN, email="ana@telemed.example", password="a wrong password")
    assert client.send(SIGN_IN, email=f"ana@{domain}", password=PASSWORD).status_code == 429


def test_many_guesses_at_once_are_no_way_around_the_limit(app: Flask, add_staff: MakeStaff) -> None:
    staff = add_staff("coordinator")
    browsers = [visitor(app) for _ in range(MAX_FAILURES["security.login"] + 6)]
    tokens = [browser.token(SIGN_IN) for browser in browsers]

    def guess(browser: Visitor, token: str) -> int:
        data = {"csrf_token": token, "email": staff.email, "password": "wrong wrong"}
        return browser.post(SIGN_IN, data=data).status_code

    with ThreadPoolExecutor(len(browsers)) as threads:
        statuses = list(threads.map(guess, browsers, tokens))
    assert statuses.count(200) == MAX_FAILURES["security.login"]
    assert statuses.count(429) == 6


def test_signing_in_often_is_no_failure(app: Flask, services: Services, add_staff: MakeStaff) -> None:
    staff = add_staff("coordinator")
    for _ in range(MAX_FAILURES["security.login"] + 1):
        browser = visitor(app)
        with_password(browser, staff)
        assert browser.get(CODE).status_code == 200
