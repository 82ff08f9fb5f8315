"""The demo's pages: the telephone shows, answers and forwards; outside a demo there is no such page."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduling import tables
from telemed import database
from telemed import services as wiring
from telemed.deployment import DeploymentError
from telemed.messages.providers import make_carriers
from telemed.messages.sending import Sender, send_due
from telemed.messages.tables import message
from telemed.messages.texts import Words
from telemed.records.access_log import Reader
from telemed.run.web import create_app
from telemed.services import Services
from telemed.settings import Settings
from telemed.texts import TEMPLATES
from telemed.visits.posting import QUIET
from tests.telemed.conftest import BuiltAssets, Visitor, browsable, visitor

WORKER = Reader("job", "worker", None, "Telemed", "sending messages")
PAGES = ("/demo", "/demo/handset", "/demo/kiosk")


@pytest.fixture
def demo(demo_settings: Settings) -> Iterator[Services]:
    """The service on a demo world of its own."""
    services = wiring.build(demo_settings)
    yield services
    services.engine.dispose()


@pytest.fixture
def browser(demo: Services) -> Visitor:
    return visitor(browsable(create_app(demo, BuiltAssets())))


@pytest.fixture
def tick(demo: Services) -> Callable[[], int]:
    """What the worker does each few seconds."""
    carriers = make_carriers(demo.settings, demo.engine, demo.clock.now)
    words = Words(TEMPLATES / "sms", demo.texts)
    sender = Sender(lambda: demo.unit(WORKER), carriers, words, demo.clock.now, QUIET)
    return lambda: send_due(sender)


def first_message(browser: Visitor, tick: Callable[[], int]) -> str:
    """Forward to the first message and return the address of the telephone that got it."""
    assert browser.post("/demo/forward").status_code == 303
    assert tick() >= 1
    page = browser.get("/demo/handset?lang=en").text
    found = re.search(r'action="(/demo/handset/[0-9a-f-]{36})/answers"', page)
    assert found
    return found[1]


def status_of_the_appointment(demo: Services, kinds: tuple[str, ...] = ("day_before", "two_hours")) -> str:
    """The status of the appointment that the message sent was about."""
    sent = select(message.c.appointment_id).where(message.c.state == "accepted", message.c.kind.in_(kinds))
    with database.read(demo.engine) as connection:
        wanted = select(tables.appointment.c.status).where(tables.appointment.c.id.in_(sent))
        return str(connection.execute(wanted).scalar_one())


def test_the_front_page_names_every_door_and_sign_in(browser: Visitor) -> None:
    page = browser.get("/demo?lang=en").text
    for part in ("/demo/kiosk", "/demo/handset", "/clinic", "/admin", "doctor@telemed.example", "demo"):
        assert part in page


@pytest.mark.parametrize("language", ["bg", "en"])
@pytest.mark.parametrize("address", ["/demo", "/demo/handset"])
def test_every_page_says_that_it_is_a_demo(browser: Visitor, address: str, language: str) -> None:
    page = browser.get(f"{address}?lang={language}")
    assert page.status_code == 200
    assert 'class="demo-mark"' in page.text


def test_a_new_browser_becomes_a_kiosk_first(browser: Visitor) -> None:
    assert browser.get("/demo/kiosk").location == "/kiosk/enrol"


def test_forward_brings_the_next_message_to_the_telephone(browser: Visitor, tick: Callable[[], int]) -> None:
    assert "No messages yet" in browser.get("/demo/handset?lang=en").text
    phone = first_message(browser, tick)
    page = browser.get(f"{phone}?lang=en").text
    assert "Телемед:" in page
    assert "1 SMS segment" in page


def test_no_number_stands_in_an_address(browser: Visitor, tick: Callable[[], int]) -> None:
    first_message(browser, tick)
    page = browser.get("/demo/handset").text
    number = re.search(r"\+3598[0-9]{8}", page)
    assert number
    assert all(number[0][1:] not in address for address in re.findall(r'(?:href|action)="([^"]*)"', page))


def keys(browser: Visitor, phone: str) -> list[str]:
    """What the telephone's buttons send."""
    return re.findall(r'type="hidden" name="text" value="(\d)"', browser.get(f"{phone}?lang=en").text)


def test_the_buttons_are_those_that_the_last_message_names(browser: Visitor, tick: Callable[[], int]) -> None:
    phone = first_message(browser, tick)
    assert keys(browser, phone) == ["1", "2"]
    browser.post(f"{phone}/answers", data={"text": "искам друг ден"})
    tick()
    page = browser.get(phone).text
    assert keys(browser, phone) == [*re.findall(r"(\d)=\d\d\.\d\d", page), "0"]
    assert len(keys(browser, phone)) > 1
    browser.post(f"{phone}/answers", data={"text": "0"})
    tick()
    assert keys(browser, phone) == []


def test_two_cancels_and_the_slot_is_free_again(
    demo: Services, browser: Visitor, tick: Callable[[], int]
) -> None:
    phone = first_message(browser, tick)
    assert browser.post(f"{phone}/answers", data={"text": "2"}).status_code == 303
    assert status_of_the_appointment(demo) == "cancelled"
    tick()
    assert "отменен" in browser.get(phone).text


def test_one_confirms_and_is_thanked_for(demo: Services, browser: Visitor, tick: Callable[[], int]) -> None:
    phone = first_message(browser, tick)
    browser.post(f"{phone}/answers", data={"text": "1"})
    browser.post(f"{phone}/answers", data={"text": "1"})
    assert status_of_the_appointment(demo) == "booked"
    tick()
    assert browser.get(phone).text.count("благодарим") == 1


def test_free_text_is_shown_as_text_and_answered_with_help(
    demo: Services, browser: Visitor, tick: Callable[[], int]
) -> None:
    phone = first_message(browser, tick)
    browser.post(f"{phone}/answers", data={"text": "<b>Ало?</b>"})
    tick()
    page = browser.get(phone).text
    assert "&lt;b&gt;Ало?&lt;/b&gt;" in page
    assert "пишете 1=да" in page
    assert status_of_the_appointment(demo) == "booked"


def test_an_empty_answer_sends_nothing(browser: Visitor, tick: Callable[[], int]) -> None:
    phone = first_message(browser, tick)
    browser.post(f"{phone}/answers", data={"text": "   "})
    assert "bubble-out" not in browser.get(phone).text


def test_the_clock_moves_forward_and_never_back(
    demo: Services, browser: Visitor, tick: Callable[[], int]
) -> None:
    before = demo.clock.now()
    phone = first_message(browser, tick)
    moved = demo.clock.now()
    assert moved > before + timedelta(minutes=1)
    browser.post(f"{phone}/forward")
    assert demo.clock.now() >= moved


def test_a_telephone_that_is_not_there_is_a_page_that_is_not_there(browser: Visitor) -> None:
    nobody = "/demo/handset/0197a1f0-6c3e-7d55-9a41-5b1c66f0d2aa"
    assert browser.get(nobody).status_code == 404
    assert browser.post(f"{nobody}/answers", data={"text": "1"}).status_code == 404
    assert browser.post(f"{nobody}/forward").status_code == 404


def test_another_site_can_press_no_button(browser: Visitor) -> None:
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert browser.post("/demo/forward", headers=foreign).status_code == 403


@pytest.mark.parametrize("address", PAGES)
def test_outside_a_demo_there_is_no_such_page(client: FlaskClient, app: Flask, address: str) -> None:
    assert client.get(address).status_code == 404


def test_without_demo_mode_the_service_refuses_to_start_on_a_demo(demo_settings: Settings) -> None:
    with pytest.raises(DeploymentError, match="demo"):
        wiring.build(replace(demo_settings, demo=False))
