"""A walk over every door there is: each has one entry, asks for its proof, and answers with the headers."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from telemed.run.web import create_app
from telemed.services import Services
from telemed.web import csrf, guard, headers
from telemed.web.access import ACCESS, Entry
from telemed.web.problems import PROBLEMS, Refusal
from telemed.web.sessions import COOKIES
from tests.telemed.conftest import ORIGIN, BuiltAssets, Visitor, browsable, visitor

SOME_ID = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
SAMPLES = {"UUIDConverter": SOME_ID, "AnyConverter": "bg", "IntegerConverter": 1}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# Whoever calls for help need not have a session that still stands.
WITHOUT_SESSION = {"emergencies.press"}
COOKIELESS = {"device", "clerk", "provider", "bearer"}

Door = tuple[str, str, Entry]


def doors(app: Flask, **wanted: Any) -> list[Door]:
    """Every door as method, address and entry; optionally only those of some proofs or methods."""
    found = []
    for rule in app.url_map.iter_rules():
        entry = ACCESS[rule.endpoint]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if entry.proof in wanted.get("proofs", {entry.proof}) and method in wanted.get(
                "methods", {method}
            ):
                found.append((method, address_of(app, rule), entry))
    return found


def address_of(app: Flask, rule: Rule) -> str:
    """The address of a door with something plausible in its blanks."""
    blanks: dict[str, Any] = {
        name: SAMPLES.get(type(converter).__name__, "start") for name, converter in rule._converters.items()
    }
    with app.test_request_context(base_url=ORIGIN):
        return app.url_for(rule.endpoint, **blanks)


def refused(answer: TestResponse) -> bool:
    """Whether a door stayed shut: a plain refusal, or sent to where one can sign in."""
    return answer.status_code in (401, 403) or (
        answer.status_code == 303
        and (answer.location or "").split("?")[0] in ("/staff/sign-in", "/kiosk/enrol", "/my")
    )


def everybody(app: Flask, cookies: dict[str, str]) -> Visitor:
    """A new browser that has all of these cookies."""
    browser = visitor(app)
    for name, value in cookies.items():
        browser.set_cookie(name, value, domain="127.0.0.1")
    return browser


@pytest.fixture
def cookies(staff_client: Callable[..., Visitor], kiosk_client: Visitor) -> dict[str, str]:
    """The valid cookies of somebody with every role, of a kiosk, and of visitors with a form open."""
    kept = dict.fromkeys(COOKIES.values(), "v" * 43)
    for browser in (staff_client("doctor", "coordinator", "clerk"), kiosk_client):
        kept |= browser.cookies()
    return kept


def form_token(services: Services, entry: Entry, cookies: dict[str, str]) -> str:
    """The token our own page would have sent along."""
    cookie = cookies[COOKIES[entry.cookie]] if entry.cookie else ""
    return csrf.token_for(services.settings.key("csrf"), cookie)


def test_every_door_has_one_entry_and_every_entry_a_door(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints == set(ACCESS)


def test_flask_and_its_extensions_open_no_door_of_their_own(app: Flask) -> None:
    names = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert "static" not in names
    assert {name for name in names if name.startswith("security.")} == {
        "security.login",
        "security.logout",
        "security.two_factor_token_validation",
        "security.two_factor_setup",
        "security.two_factor_rescue",
    }


def test_entries_make_sense() -> None:
    proofs_by_cookie = {"staff": "staff", "kiosk": "kiosk", "my": "patient"}
    for endpoint, entry in ACCESS.items():
        assert entry.who, endpoint
        if entry.proof in COOKIELESS | {"demo"}:
            assert entry.cookie is None, endpoint
        if entry.proof in proofs_by_cookie.values():
            if endpoint in WITHOUT_SESSION:
                continue
            assert entry.cookie is not None, endpoint
            assert proofs_by_cookie[entry.cookie] == entry.proof, endpoint


def test_a_door_without_an_entry_stays_shut(services: Services) -> None:
    app = browsable(create_app(services, BuiltAssets()))
    app.add_url_rule("/forgotten", "forgotten", lambda: "come in")
    assert visitor(app).get("/forgotten").status_code == 403


def test_a_proof_nobody_can_check_lets_nobody_in() -> None:
    app = Flask("shut")
    app.add_url_rule("/health/live", "health.live", lambda: "come in")
    guard.register(app, {}, lambda *_: False)
    app.register_error_handler(Refusal, lambda error: ("", error.problem.status))
    assert app.test_client().get("/health/live").status_code == 403


def test_without_proof_nothing_but_the_open_doors_opens(app: Flask) -> None:
    for method, address, entry in doors(app):
        answer = visitor(app).open(address, method=method)
        if entry.proof == "open":
            assert answer.status_code != 401, address
        elif entry.proof == "demo":
            assert answer.status_code == 404, address
        elif entry.proof == "assertion":
            # OAuth's own refusal, in the form its clients read.
            assert answer.get_json()["error"], address
        else:
            assert refused(answer), (method, address, answer.status_code)


def test_demo_doors_exist_only_in_a_demo(demo_services: Services, app: Flask) -> None:
    demo = browsable(create_app(demo_services, BuiltAssets()))
    for method, address, _ in doors(app, proofs={"demo"}, methods={"GET"}):
        assert visitor(app).open(address, method=method).status_code == 404
        if str(SOME_ID) not in address:
            assert visitor(demo).open(address, method=method).status_code != 404


def test_doors_that_ask_for_a_signature_ignore_every_cookie(app: Flask, cookies: dict[str, str]) -> None:
    asked = doors(app, proofs=COOKIELESS)
    assert asked
    for method, address, _ in asked:
        answer = everybody(app, cookies).open(address, method=method, json={})
        assert answer.status_code in (401, 403), (method, address)
        assert "Set-Cookie" not in answer.headers, address


def test_a_cookie_opens_only_the_doors_of_its_own_audience(app: Flask, cookies: dict[str, str]) -> None:
    names = set(COOKIES.values()) | {"__Host-telemed-kiosk"}
    for method, address, entry in doors(app, proofs={"staff", "kiosk", "patient"}):
        own = {COOKIES[entry.cookie]} if entry.cookie else set()
        own |= {"__Host-telemed-kiosk"} if entry.proof == "kiosk" else set()
        others = {name: value for name, value in cookies.items() if name in names - own}
        assert refused(everybody(app, others).open(address, method=method)), (method, address)


def test_cookie_doors_change_nothing_without_the_form_token(app: Flask, cookies: dict[str, str]) -> None:
    for method, address, entry in doors(app, methods=UNSAFE):
        if entry.cookie is None:
            continue
        for data in ({}, {"csrf_token": ""}, {"csrf_token": "0" * 64}):
            answer = everybody(app, cookies).open(address, method=method, data=data)
            assert answer.status_code in (401, 403), (method, address, answer.status_code)


FOREIGN: tuple[dict[str, str | None], ...] = (
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": None},
    {"Origin": "null", "Sec-Fetch-Site": None},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
    {"Origin": None, "Sec-Fetch-Site": "none"},
    {"Origin": None, "Sec-Fetch-Site": None},
    {"Origin": ORIGIN + ".evil.example", "Sec-Fetch-Site": None},
)


OWN: tuple[dict[str, str | None], ...] = (
    {"Accept-Language": "en"},
    {"Accept-Language": "en", "Origin": "null"},
    {"Accept-Language": "en", "Origin": None},
    {"Accept-Language": "en", "Sec-Fetch-Site": None},
)


def test_cookie_doors_change_nothing_for_other_origins(
    app: Flask, services: Services, cookies: dict[str, str]
) -> None:
    for method, address, entry in doors(app, methods=UNSAFE, proofs={"open", "staff", "kiosk"}):
        data = {"csrf_token": form_token(services, entry, cookies)}
        for headers_sent in FOREIGN:
            answer = everybody(app, cookies).open(address, method=method, data=data, headers=headers_sent)
            assert answer.status_code == 403, (method, address, headers_sent)


def test_with_token_and_own_origin_the_same_doors_open(
    app: Flask, services: Services, cookies: dict[str, str]
) -> None:
    # Signing out comes last: it ends the session the other doors need.
    asked = sorted(
        doors(app, methods=UNSAFE, proofs={"open", "staff", "kiosk"}), key=lambda door: "sign-out" in door[1]
    )
    for method, address, entry in asked:
        data = {"csrf_token": form_token(services, entry, cookies)}
        for own in OWN if address != "/staff/sign-out" else OWN[:1]:
            answer = everybody(app, cookies).open(address, method=method, data=data, headers=own)
            assert PROBLEMS["form-expired"].title not in answer.text, (method, address, own)


@pytest.mark.parametrize("role", ["doctor", "coordinator", "clerk"])
def test_the_wrong_role_is_turned_away(app: Flask, staff_client: Callable[..., Visitor], role: str) -> None:
    browser = staff_client(role)
    shut = [door for door in doors(app, proofs={"staff"}) if role not in door[2].who]
    assert shut
    for method, address, _ in shut:
        answer = browser.open(address, method=method)
        assert answer.status_code == 403, (method, address)


def test_every_answer_has_the_security_headers(app: Flask, cookies: dict[str, str]) -> None:
    expected = headers.fixed(ORIGIN)
    whole = expected.pop("Content-Security-Policy")
    expected_by = {
        whole: expected,
        headers.NOTHING_LOADS: {each: expected[each] for each in headers.OF_EVERYTHING},
    }
    answers = [everybody(app, cookies).open(address, method=method) for method, address, _ in doors(app)]
    answers += [visitor(app).get("/no/such/page"), visitor(app).delete("/staff/sign-in")]
    answers += [visitor(app).get("/kiosk/nothing"), visitor(app).get("/api/v1/nothing")]
    for answer in answers:
        [policy] = answer.headers.getlist("Content-Security-Policy")
        for name, value in expected_by[policy].items():
            assert answer.headers.getlist(name) == [value], (answer.request.path, name)
        assert answer.headers.get("Cache-Control"), answer.request.path
        assert answer.mimetype != "application/json" or policy == headers.NOTHING_LOADS
        assert answer.mimetype != "text/html" or policy == whole or "/pages/" in answer.request.path


def test_even_an_error_nobody_expected_has_the_headers(services: Services) -> None:
    app = browsable(create_app(services, BuiltAssets()))

    def broken() -> str:
        raise ZeroDivisionError("with Ana's number 8501011234 in its text")

    app.view_functions["health.live"] = broken
    answer = visitor(app).get("/health/live", headers={"Accept-Language": "en"})
    assert answer.status_code == 500
    assert PROBLEMS["our-fault"].title in answer.text
    assert "8501011234" not in answer.text
    assert answer.headers["Content-Security-Policy"] == headers.content_security_policy(ORIGIN)
    assert answer.headers["Cache-Control"] == "no-store"


def test_only_pages_without_anything_personal_may_be_kept(app: Flask, cookies: dict[str, str]) -> None:
    for method, address, entry in doors(app, proofs={"staff", "kiosk", "patient", "device"}):
        answer = everybody(app, cookies).open(address, method=method)
        assert "public" not in answer.headers["Cache-Control"], address
        assert entry.cookie or entry.proof == "device" or entry == ACCESS["emergencies.press"]


def test_session_cookies_are_locked_to_the_host(app: Flask, cookies: dict[str, str]) -> None:
    answer = visitor(app).get("/staff/sign-in")
    made = [
        cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("__Host-telemed-staff")
    ]
    assert len(made) == 1
    for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=Strict"):
        assert attribute in made[0]
    assert "Domain" not in made[0]
    assert all(name.startswith("__Host-") for name in cookies)


def test_no_page_carries_inline_script_or_style(app: Flask, cookies: dict[str, str]) -> None:
    for method, address, _ in doors(app, methods={"GET"}):
        page = everybody(app, cookies).open(address, method=method).text
        assert "<script>" not in page, address
        assert " style=" not in page, address
        assert "<style" not in page, address
        assert " onclick=" not in page, address
