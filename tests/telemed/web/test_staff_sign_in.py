"""Signing in as staff: both proofs, each once, and never with the old cookie afterwards."""

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from telemed import database
from telemed.accounts import credentials
from telemed.accounts.store import Staff
from telemed.accounts.tables import account, web_session
from telemed.run.web import create_app
from telemed.services import Services
from telemed.web.sessions import COOKIES
from tests.telemed.conftest import (
    PASSWORD,
    TOTP_SECRET,
    BuiltAssets,
    Visitor,
    browsable,
    digits,
    sign_in,
    visitor,
)

SIGN_IN = "/staff/sign-in"
CODE = "/staff/code"
ENGLISH = {"Accept-Language": "en"}
MakeStaff = Callable[..., Staff]


def with_password(browser: Visitor, staff: Staff, password: str = PASSWORD) -> None:
    browser.send(SIGN_IN, email=staff.email, password=password, next="/staff")


def is_signed_in(browser: Visitor) -> bool:
    return browser.get("/staff").location != "/staff/sign-in?next=/staff"


def rows(services: Services) -> int:
    with database.read(services.engine) as connection:
        return connection.execute(select(func.count()).select_from(web_session)).scalar_one()


def test_password_and_digits_let_a_coordinator_in(
    client: Visitor, services: Services, add_staff: MakeStaff
) -> None:
    answer = sign_in(client, services, add_staff("coordinator"))
    assert (answer.status_code, answer.location) == (302, "/staff")
    assert client.get("/staff").location == "/admin"
    assert "Test coordinator" in client.get("/admin").text


def test_the_password_alone_opens_nothing(client: Visitor, add_staff: MakeStaff) -> None:
    with_password(client, add_staff("coordinator"))
    assert not is_signed_in(client)
    assert client.get("/admin").status_code == 303


def test_the_digits_alone_open_nothing(client: Visitor, services: Services, add_staff: MakeStaff) -> None:
    staff = add_staff("coordinator")
    token = client.token(SIGN_IN)
    client.post(CODE, data={"csrf_token": token, "code": digits(services, staff)})
    assert not is_signed_in(client)


def unmasked(page: str) -> str:
    """A page without its form tokens, which are masked anew each time."""
    return re.sub(r'name="csrf_token" value="[0-9a-f]{128}"', "", page)


@pytest.mark.parametrize("password", ["wrong horse battery", "", PASSWORD.upper(), PASSWORD + " "])
def test_a_wrong_password_is_answered_like_an_unknown_name(
    client: Visitor, add_staff: MakeStaff, password: str
) -> None:
    add_staff("coordinator")
    known = client.send(SIGN_IN, email="coordinator@telemed.example", password=password)
    unknown = client.send(SIGN_IN, email="nobody@telemed.example", password=password)
    assert known.status_code == unknown.status_code == 200
    assert unmasked(known.text) == unmasked(unknown.text).replace("nobody@", "coordinator@")


def test_a_person_who_left_cannot_sign_in_and_is_out_at_once(
    client: Visitor, services: Services, add_staff: MakeStaff
) -> None:
    staff = add_staff("coordinator")
    sign_in(client, services, staff)
    with database.write(services.engine) as connection:
        connection.execute(update(account).where(account.c.id == staff.id).values(active=False))
    assert not is_signed_in(client)


def test_six_digits_count_once(app: Flask, services: Services, add_staff: MakeStaff) -> None:
    staff = add_staff("coordinator")
    first, second = visitor(app), visitor(app)
    for browser in (first, second):
        with_password(browser, staff)
    code = digits(services, staff)
    assert first.send(CODE, code=code).status_code == 302
    assert second.send(CODE, code=code).status_code == 200
    assert is_signed_in(first)
    assert not is_signed_in(second)


def test_earlier_digits_do_not_count_after_later_ones(
    app: Flask, services: Services, add_staff: MakeStaff
) -> None:
    staff = add_staff("coordinator")
    key = services.settings.key("totp")
    sealed = credentials.seal_totp(key, TOTP_SECRET)
    now = datetime.now(UTC)
    earlier = credentials.code_now(key, sealed, 0, now)
    later = credentials.code_now(key, sealed, int(now.timestamp()) // credentials.PERIOD, now)
    first, second = visitor(app), visitor(app)
    for browser in (first, second):
        with_password(browser, staff)
    assert first.send(CODE, code=later).status_code == 302
    assert second.send(CODE, code=earlier).status_code == 200


@pytest.mark.parametrize("code", ["000000", "", "12345", "abcdef", "٠٠٠٠٠٠"])
def test_wrong_digits_open_nothing(client: Visitor, add_staff: MakeStaff, code: str) -> None:
    with_password(client, add_staff("coordinator"))
    assert client.send(CODE, code=code).status_code == 200
    assert not is_signed_in(client)


def test_the_cookie_from_before_signing_in_is_worth_nothing_afterwards(
    app: Flask, services: Services, add_staff: MakeStaff
) -> None:
    victim, attacker = visitor(app), visitor(app)
    planted = "x" * 43
    for browser in (victim, attacker):
        browser.set_cookie(COOKIES["staff"], planted, domain="127.0.0.1")
    sign_in(victim, services, add_staff("coordinator"))
    assert is_signed_in(victim)
    assert victim.cookie(COOKIES["staff"]) != planted
    assert not is_signed_in(attacker)


def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(
    app: Flask, client: Visitor, services: Services, add_staff: MakeStaff
) -> None:
    sign_in(client, services, add_staff("coordinator"))
    copy = visitor(app)
    copy.set_cookie(COOKIES["staff"], client.cookie(COOKIES["staff"]) or "", domain="127.0.0.1")
    assert is_signed_in(copy)
    client.send("/staff/sign-out", page="/admin")
    assert client.cookie(COOKIES["staff"]) is None
    assert not is_signed_in(copy)


def test_there_is_no_cookie_that_outlives_the_session(
    client: Visitor, services: Services, add_staff: MakeStaff
) -> None:
    staff = add_staff("coordinator")
    client.send(SIGN_IN, email=staff.email, password=PASSWORD, next="/staff", remember="y")
    client.send(CODE, code=digits(services, staff))
    assert list(client.cookies()) == [COOKIES["staff"]]


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "\\\\evil.example", "javascript:alert(1)"]
)
def test_after_signing_in_nobody_is_sent_to_another_site(
    client: Visitor, services: Services, add_staff: MakeStaff, elsewhere: str
) -> None:
    staff = add_staff("coordinator")
    client.send(SIGN_IN, email=staff.email, password=PASSWORD, next=elsewhere)
    token = client.token(CODE)
    data = {"csrf_token": token, "code": digits(services, staff), "next": elsewhere}
    answer = client.post(CODE, query_string={"next": elsewhere}, data=data)
    assert answer.location == "/staff"


def test_a_person_without_a_phone_sets_one_up_on_the_way_in(
    client: Visitor, services: Services, add_staff: MakeStaff
) -> None:
    staff = add_staff("coordinator", totp=False)
    first = client.send(SIGN_IN, email=staff.email, password=PASSWORD, next="/staff")
    assert first.location == "/staff/code/set-up"
    page = client.send("/staff/code/set-up", setup="authenticator")
    assert "data:image/svg+xml" in page.text
    key = page.text.split('class="key">')[1].split("<")[0].replace("-", "")
    sealed = credentials.seal_totp(services.settings.key("totp"), _from_base32(key))
    code = credentials.code_now(services.settings.key("totp"), sealed, 0, datetime.now(UTC))
    token = page.text.split('name="csrf_token" value="')[1][:128]
    answer = client.post(CODE, data={"csrf_token": token, "code": code})
    assert answer.status_code == 302
    assert is_signed_in(client)
    assert digits(services, staff) != code


def test_a_stolen_password_cannot_set_up_another_phone(client: Visitor, add_staff: MakeStaff) -> None:
    with_password(client, add_staff("coordinator"))
    assert client.get("/staff/code/set-up").location == SIGN_IN
    with_password(client, add_staff("doctor"))
    answer = client.send("/staff/code/set-up", page=CODE, setup="authenticator")
    assert "data:image/svg+xml" not in answer.text


def test_looking_at_the_sign_in_page_makes_no_row(client: Visitor, services: Services) -> None:
    for _ in range(3):
        client.get(SIGN_IN)
    assert rows(services) == 0


def test_the_sign_in_page_shows_no_accounts_outside_a_demo(
    client: Visitor, services: Services, add_staff: MakeStaff
) -> None:
    staff = add_staff("coordinator")
    assert staff.email not in client.get(SIGN_IN).text
    assert credentials.DEMO_PASSWORD not in client.get(SIGN_IN).text
    with_password(client, staff)
    assert digits(services, staff) not in client.get(CODE).text


def test_a_demo_shows_its_accounts_and_the_six_digits(demo_services: Services, add_staff: MakeStaff) -> None:
    staff = add_staff("coordinator")
    browser = visitor(browsable(create_app(demo_services, BuiltAssets())))
    assert staff.email in browser.get(SIGN_IN).text
    with_password(browser, staff)
    assert digits(demo_services, staff) in browser.get(CODE).text


def test_every_address_of_a_demo_page_may_be_the_browsers_own(
    demo_services: Services, services: Services
) -> None:
    elsewhere = "http://demo.localhost:9999"
    for service, status in ((demo_services, 200), (services, 403)):
        browser = visitor(browsable(create_app(replace(service), BuiltAssets())))
        browser.set_cookie(COOKIES["staff"], "x" * 43, domain="demo.localhost")
        token = browser.get(SIGN_IN, base_url=elsewhere).text.split('name="csrf_token" value="')[1][:128]
        answer = browser.post(
            SIGN_IN,
            base_url=elsewhere,
            headers={"Origin": elsewhere},
            data={"csrf_token": token, "email": "nobody@telemed.example", "password": "x"},
        )
        assert answer.status_code == status


def _from_base32(text: str) -> bytes:
    return base64.b32decode(text + "=" * (-len(text) % 8))


def test_going_back_from_the_digits_leads_to_a_form_that_works(
    client: Visitor, services: Services, add_staff: MakeStaff
) -> None:
    staff = add_staff("coordinator")
    with_password(client, staff)
    assert sign_in(client, services, staff).status_code in (302, 303)
    assert is_signed_in(client)
