"""The patient's own door."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from telemed import clock, database
from telemed.accounts.tables import web_session
from telemed.records.slip_codes import ALPHABET, check_letter, shown
from telemed.run.web import create_app
from telemed.visits import worklist
from tests.telemed.conftest import BuiltAssets, Visitor, browsable, visitor
from tests.telemed.consulting_room import NAME, ConsultingRoom

BORN = {"day": "8", "month": "3", "year": "1944"}


@pytest.fixture
def me(house: Flask) -> Visitor:
    return visitor(house)


@pytest.fixture
def code(room: ConsultingRoom) -> str:
    return room.comes().code


def without_tokens(page: str) -> str:
    return re.sub(r'value="[0-9a-f]{128}"', "", page)


def another(code: str) -> str:
    """A code of somebody else: well-formed, and not this one."""
    first = next(letter for letter in ALPHABET if letter != code[0])
    return first + code[1:-1] + check_letter(first + code[1:-1])


def test_birth_date_and_code_open_the_list(me: Visitor, code: str) -> None:
    opened = me.send("/my", **BORN, code=shown(code).lower())
    assert (opened.status_code, opened.location) == (303, "/my/record")
    page = me.get("/my/record?lang=bg").text
    assert NAME in page
    assert "Никой не е чел" in page


def test_the_list_says_who_read_what_and_why_in_plain_words(room: ConsultingRoom, me: Visitor) -> None:
    receipt = room.comes()
    with room.services.unit(room.reader()) as unit:
        worklist.case(unit, receipt.visit_id, room.doctor_id)
    me.send("/my", **BORN, code=receipt.code)
    in_english, in_bulgarian = (me.get(f"/my/record?lang={language}").text for language in ("en", "bg"))
    for words in (room.doctor.name, "doctor", room.world.facility.name, "to treat you", "what you said"):
        assert words in in_english
    for words in ("лекар", "за да ви лекува", "какво казахте и измерихте"):
        assert words in in_bulgarian


def test_looking_is_a_reading_too(me: Visitor, code: str) -> None:
    me.send("/my", **BORN, code=code)
    me.get("/my/record")
    assert "you looked at it yourself" in me.get("/my/record?lang=en").text


def test_a_wrong_code_and_a_wrong_date_have_the_same_answer(me: Visitor, code: str) -> None:
    answers = [
        me.send("/my", **{**BORN, "year": "1945"}, code=code),
        me.send("/my", **BORN, code=another(code)),
        me.send("/my", **BORN, code="????"),
        me.send("/my", day="31", month="2", year="1944", code=code),
    ]
    assert {answer.status_code for answer in answers} == {422}
    assert len({without_tokens(answer.text) for answer in answers}) == 1
    assert me.get("/my/record").status_code == 303


def test_no_number_code_or_date_is_ever_in_an_address(me: Visitor, code: str) -> None:
    opened = me.send("/my", **BORN, code=code)
    assert opened.location == "/my/record"
    page = me.get("/my/record").text
    addresses = re.findall(r'(?:href|action|src)="([^"]*)"', page)
    assert not [address for address in addresses if code in address or "1944" in address]


def test_after_five_wrong_tries_the_right_code_does_not_help_either(
    room: ConsultingRoom, me: Visitor, code: str
) -> None:
    for _ in range(5):
        assert me.send("/my", **BORN, code=another(code)).status_code == 422
    locked = me.send("/my", **BORN, code=code)
    assert locked.status_code == 429
    assert "служителя" in locked.text or "clerk" in locked.text


def test_five_tries_with_one_code_lock_it_from_everywhere(
    house: Flask, me: Visitor, kiosk_client: Visitor, code: str
) -> None:
    for _ in range(5):
        me.send("/my", **{**BORN, "year": "1945"}, code=code)
    elsewhere = visitor(house)
    elsewhere.set_cookie(*kiosk_cookie(kiosk_client), domain="127.0.0.1")
    assert elsewhere.send("/my", **BORN, code=code).status_code == 429


def test_a_kiosk_counts_for_itself(house: Flask, me: Visitor, kiosk_client: Visitor, code: str) -> None:
    for _ in range(6):
        me.send("/my", **BORN, code=another(code))
    at_kiosk = visitor(house)
    at_kiosk.set_cookie(*kiosk_cookie(kiosk_client), domain="127.0.0.1")
    assert at_kiosk.send("/my", **BORN, code=code).status_code == 303


def kiosk_cookie(browser: Visitor) -> tuple[str, str]:
    name = "__Host-telemed-kiosk"
    value = browser.cookie(name)
    assert value is not None
    return name, value


def test_the_record_closes_when_the_patient_closes_it(me: Visitor, code: str) -> None:
    me.send("/my", **BORN, code=code)
    assert me.send("/my/sign-out", "/my/record").status_code == 303
    assert me.get("/my/record").status_code == 303


def test_the_record_closes_by_itself_after_ten_minutes(room: ConsultingRoom, me: Visitor, code: str) -> None:
    me.send("/my", **BORN, code=code)
    with database.write(room.services.engine) as connection:
        connection.execute(
            update(web_session).values(
                seen_at=clock.real_now() - timedelta(minutes=10, seconds=1),
                expires_at=clock.real_now() - timedelta(seconds=1),
            )
        )
    answer = me.get("/my/record")
    assert (answer.status_code, NAME in answer.text) == (303, False)


def test_a_doctors_session_opens_nobodys_list(room: ConsultingRoom, house: Flask) -> None:
    assert room.browser(house).get("/my/record").status_code == 303


def test_the_page_is_kept_by_no_browser(me: Visitor, code: str) -> None:
    me.send("/my", **BORN, code=code)
    assert me.get("/my/record").headers["Cache-Control"] == "no-store"


def test_at_a_kiosk_the_next_patient_finds_the_record_closed(
    house: Flask, kiosk_client: Visitor, code: str
) -> None:
    at_kiosk = visitor(house)
    at_kiosk.set_cookie(*kiosk_cookie(kiosk_client), domain="127.0.0.1")
    at_kiosk.send("/my", **BORN, code=code)
    assert at_kiosk.get("/my/record").headers["Refresh"] == "90; url=/kiosk"
    copied = at_kiosk.cookie("__Host-telemed-my")
    assert copied
    assert at_kiosk.get("/kiosk").status_code == 200
    assert at_kiosk.cookie("__Host-telemed-my") is None
    at_kiosk.set_cookie("__Host-telemed-my", copied, domain="127.0.0.1")
    assert at_kiosk.get("/my/record").status_code == 303


def test_at_home_the_record_stays_open_while_it_is_read(me: Visitor, code: str) -> None:
    me.send("/my", **BORN, code=code)
    assert "Refresh" not in me.get("/my/record").headers


@pytest.mark.parametrize(("proxies", "status"), [(1, 303), (0, 429)])
def test_behind_our_proxy_one_strangers_tries_are_not_everybodys(
    room: ConsultingRoom, code: str, proxies: int, status: int
) -> None:
    settings = replace(room.services.settings, proxies=proxies)
    house = browsable(create_app(replace(room.services, settings=settings), BuiltAssets()))

    def tries(sender: str, offered: str) -> int:
        browser = visitor(house)
        data = {"csrf_token": browser.token("/my"), **BORN, "code": offered}
        return browser.post("/my", data=data, headers={"X-Forwarded-For": sender}).status_code

    for _ in range(5):
        tries("203.0.113.7", another(code))
    assert tries("203.0.113.8", code) == status


def test_the_owner_asks_to_be_told_of_readings_and_stops_it_again(
    me: Visitor, room: ConsultingRoom, code: str
) -> None:
    me.send("/my", **BORN, code=code)
    for wanted, offered in (("yes", "Спрете тези съобщения"), ("no", "Пращайте ми съобщение")):
        assert me.send("/my/told", "/my/record", told=wanted).location == "/my/record"
        assert offered in me.get("/my/record?lang=bg").text
        room.clock.forward(timedelta(seconds=1))
