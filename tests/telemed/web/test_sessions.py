"""Sessions over real requests: their two limits, ending them from elsewhere, what a kiosk session keeps."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask, request, session
from sqlalchemy import select, update

from telemed import database
from telemed.accounts.sessions import LIMITS
from telemed.accounts.store import Staff
from telemed.accounts.tables import web_session
from telemed.notices import Notices
from telemed.services import Services
from telemed.web.sessions import COOKIES
from tests.telemed.conftest import Visitor, browser_of

StaffClient = Callable[..., Visitor]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def only_session(services: Services) -> UUID:
    with database.read(services.engine) as connection:
        found: UUID = connection.execute(select(web_session.c.id)).scalar_one()
    return found


def move(services: Services, **times: datetime) -> None:
    """Pretend that the one session is older."""
    with database.write(services.engine) as connection:
        connection.execute(update(web_session).values(times))


def seen_at(services: Services) -> datetime:
    with database.read(services.engine) as connection:
        found: datetime = connection.execute(select(web_session.c.seen_at)).scalar_one()
    return found


def said(services: Services) -> list[str]:
    with database.read(services.engine) as connection:
        return [
            notice.subject for notice in Notices(connection).after(LONG_AGO) if notice.kind == "close-session"
        ]


@pytest.mark.parametrize("limit", ["idle", "absolute"])
def test_past_either_limit_the_cookie_is_worth_nothing(
    staff_client: StaffClient, services: Services, limit: str
) -> None:
    browser, now = staff_client("coordinator"), datetime.now(UTC)
    assert browser.get("/admin").status_code == 200
    if limit == "idle":
        move(services, seen_at=now - LIMITS["staff"].idle)
    else:
        move(services, expires_at=now)
    answer = browser.get("/admin")
    assert (answer.status_code, answer.location) == (303, "/staff/sign-in?next=/admin")


def test_use_moves_the_idle_limit_but_a_script_asking_by_itself_does_not(
    staff_client: StaffClient, services: Services
) -> None:
    browser, before = staff_client("doctor", "coordinator"), datetime.now(UTC) - timedelta(minutes=5)
    move(services, seen_at=before)
    browser.get("/clinic/list")
    assert seen_at(services) == before
    browser.get("/admin")
    assert seen_at(services) > before


def test_an_open_call_counts_as_being_there(staff_client: StaffClient, services: Services) -> None:
    browser, before = staff_client("doctor", "coordinator"), datetime.now(UTC) - timedelta(minutes=29)
    token = browser.token("/admin/find")
    move(services, seen_at=before)
    assert browser.post("/clinic/in-call", data={"csrf_token": token}).status_code == 204
    assert seen_at(services) > before


def test_a_form_sent_too_late_says_that_nothing_is_lost(
    staff_client: StaffClient, services: Services
) -> None:
    browser = staff_client("coordinator")
    token = browser.token("/admin/find")
    move(services, expires_at=datetime.now(UTC))
    answer = browser.post(
        "/admin/find", data={"csrf_token": token, "what": "1"}, headers={"Accept-Language": "en"}
    )
    assert answer.status_code == 401
    assert "what you wrote is still there" in answer.text


def test_a_script_whose_session_is_over_is_told_so_and_not_shown_a_page(
    staff_client: StaffClient, services: Services
) -> None:
    browser = staff_client("doctor")
    move(services, expires_at=datetime.now(UTC))
    assert browser.get("/clinic/list", headers={"Sec-Fetch-Dest": "empty"}).status_code == 401


def test_a_coordinator_sees_who_is_signed_in_and_ends_a_session(
    app: Flask, services: Services, add_staff: Callable[..., Staff], staff_client: StaffClient
) -> None:
    doctor = add_staff("doctor")
    theirs = browser_of(app, services, doctor)
    session_id = only_session(services)
    coordinator = staff_client("coordinator")
    assert doctor.name in coordinator.get("/admin/sessions").text
    answer = coordinator.send(f"/admin/sessions/{session_id}/end", page="/admin/sessions")
    assert answer.status_code == 303
    assert theirs.get("/staff").status_code == 303
    assert doctor.name not in coordinator.get("/admin/sessions").text
    assert said(services) == [str(session_id)]


def test_a_session_that_is_over_already_cannot_be_ended_again(
    app: Flask, services: Services, add_staff: Callable[..., Staff], staff_client: StaffClient
) -> None:
    browser_of(app, services, add_staff("doctor"))
    session_id = only_session(services)
    coordinator = staff_client("coordinator")
    for status in (303, 404):
        answer = coordinator.send(f"/admin/sessions/{session_id}/end", page="/admin/sessions")
        assert answer.status_code == status


def test_signing_out_closes_the_sockets_too(staff_client: StaffClient, services: Services) -> None:
    browser = staff_client("coordinator")
    session_id = only_session(services)
    browser.send("/staff/sign-out", page="/admin")
    assert said(services) == [str(session_id)]


def test_clearing_a_kiosk_session_leaves_nothing_of_it(
    app: Flask, kiosk_client: Visitor, services: Services
) -> None:
    @app.before_request
    def remember() -> None:
        if request.args.get("name"):
            session["name"] = request.args["name"]

    kiosk_client.get("/kiosk/bg/emergency?name=Ана")
    with database.read(services.engine) as connection:
        assert "name" in connection.execute(select(web_session.c.data)).scalar_one()
    kiosk_client.get("/kiosk")
    with database.read(services.engine) as connection:
        assert connection.execute(select(web_session.c.data)).scalar_one() == ""
    assert kiosk_client.cookie(COOKIES["kiosk"]) is None


def test_a_garbled_cookie_is_like_none(client: Visitor) -> None:
    for value in ("", "short", "x" * 43, "x" * 3000, "ü" * 43):
        client.set_cookie(COOKIES["staff"], value, domain="127.0.0.1")
        assert client.get("/admin").status_code == 303
