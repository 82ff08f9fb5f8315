"""The doors of an HTTP gateway: the token in the address lets in, and nothing else does."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update

from scheduling.ids import uuid7
from telemed import database
from telemed.messages.tables import message
from telemed.run.web import create_app
from telemed.services import Services
from tests.telemed.conftest import ORIGIN, BuiltAssets, Place
from tests.telemed.web.test_sms import PHONE, Sent

DESCRIBED = """
[request]
url = "https://sms.example/send"
[request.fields]
to = "{to}"
text = "{body}"
[answer.errors]
ABSENT = "unreachable"
[report]
id = "message.id"
state = "message.status"
error = "message.error"
[report.states]
DELIVRD = "delivered"
UNDELIV = "undelivered"
[inbound]
id = "id"
from = "msisdn"
text = "content"
"""
Send = Callable[..., int]


@pytest.fixture
def live(services: Services, tmp_path: Path) -> Services:
    path = tmp_path / "gateway.toml"
    path.write_text(DESCRIBED, "utf-8")
    return replace(services, settings=replace(services.settings, gateway_file=str(path)))


@pytest.fixture
def client(live: Services) -> FlaskClient:
    return create_app(live, BuiltAssets()).test_client()


@pytest.fixture
def sent(live: Services, place: Place) -> Sent:
    return Sent(live, place)


def post(client: FlaskClient, address: str, told: Any, form: bool = False) -> int:
    how: dict[str, Any] = {"data": told} if form else {"json": told}
    return client.post(address.removeprefix(ORIGIN), base_url=ORIGIN, **how).status_code


def report(sent: Sent, status: str = "DELIVRD", error: str = "") -> tuple[str, dict[str, Any]]:
    address = sent.callbacks().address("gateway/status", sent.id)
    return address, {"message": {"id": "g-1", "status": status, "error": error}}


def test_a_report_moves_its_message(client: FlaskClient, sent: Sent) -> None:
    assert post(client, *report(sent, "UNDELIV", "ABSENT")) == 204
    assert sent.state() == ("undelivered", "unreachable")
    assert post(client, *report(sent)) == 204
    assert sent.state() == ("undelivered", "unreachable")


def test_a_report_about_an_unknown_message_gets_the_same_answer(client: FlaskClient, sent: Sent) -> None:
    address = sent.callbacks().address("gateway/status", uuid7())
    assert post(client, address, report(sent)[1]) == 204


@pytest.mark.parametrize("form", [False, True])
def test_an_answer_does_what_it_says_once(client: FlaskClient, sent: Sent, form: bool) -> None:
    address = sent.callbacks().inbound("gateway")
    told = {"id": "in-1", "msisdn": PHONE.removeprefix("+"), "content": "2"}
    assert [post(client, address, told, form) for _ in range(2)] == [204, 204]
    assert sent.status() == "cancelled"


def test_another_token_opens_nothing(client: FlaskClient, sent: Sent) -> None:
    address, told = report(sent)
    stranger = sent.callbacks().address("gateway/status", uuid7()).rsplit("/", 1)[1]
    assert post(client, f"{address.rsplit('/', 1)[0]}/{stranger}", told) == 401
    answer = {"id": "in-1", "msisdn": PHONE, "content": "2"}
    assert post(client, f"{ORIGIN}/gateway/inbound/{stranger}", answer) == 401
    assert (sent.state(), sent.status()) == (("accepted", None), "booked")


def test_without_a_gateway_the_doors_are_shut(services: Services, sent: Sent) -> None:
    client = create_app(services, BuiltAssets()).test_client()
    assert post(client, *report(sent)) == 401


@pytest.mark.parametrize(
    "told",
    [
        {"message": {"id": "g-1", "status": "TELEPORTED"}},
        {"message": {"id": "", "status": "DELIVRD"}},
        {"message": {"id": "x" * 65, "status": "DELIVRD"}},
        {"message": "DELIVRD"},
        ["DELIVRD"],
        "rubbish",
    ],
)
def test_rubbish_is_refused(client: FlaskClient, sent: Sent, told: Any) -> None:
    assert post(client, report(sent)[0], told) == 400
    assert sent.state() == ("accepted", None)


def test_what_is_too_large_is_not_read(client: FlaskClient, sent: Sent) -> None:
    assert post(client, report(sent)[0], {"message": "x" * 40_000}) in (400, 413)
    assert sent.state() == ("accepted", None)


def test_a_name_that_another_message_has_already_keeps_no_report_back(
    client: FlaskClient, sent: Sent, live: Services
) -> None:
    with database.write(live.engine) as connection:
        row = dict(connection.execute(select(message)).one()._mapping)
        another = {"id": uuid7(), "kind": "two_hours", "phone": "+359888000009"}
        connection.execute(insert(message).values(**row | another | {"provider": "gateway", "sid": "g-1"}))
        connection.execute(update(message).where(message.c.id == sent.id).values(provider="gateway"))
    assert post(client, *report(sent)) == 204
    with database.read(live.engine) as connection:
        wanted = select(message.c.state, message.c.sid).where(message.c.id == sent.id)
        assert tuple(connection.execute(wanted).one()) == ("delivered", None)


@pytest.mark.parametrize("error", ["no-such:+359888000001", "a.petrova@example.bg"])
def test_no_number_is_kept_as_a_reason(client: FlaskClient, sent: Sent, error: str) -> None:
    assert post(client, *report(sent, "UNDELIV", error)) == 204
    assert sent.state() == ("undelivered", "other")


@pytest.mark.parametrize("body", ["[" * 30_000, '{"a":' * 5_000])
def test_brackets_in_brackets_are_a_bad_request(client: FlaskClient, sent: Sent, body: str) -> None:
    address = sent.callbacks().inbound("gateway").removeprefix(ORIGIN)
    answer = client.post(address, base_url=ORIGIN, data=body, content_type="application/json")
    assert answer.status_code == 400
