"""How the kiosk asks by which ways somebody may be reached, without script, and what is kept of it."""

import re
from typing import Any

import pytest

from telemed.records.access_log import Reader
from telemed.records.consent import REACHED_BY
from telemed.services import Services
from tests import build
from tests.telemed.kiosk.conftest import Counter

WORKER = Reader("job", "worker", None, "Telemed", "sending messages")
AT_HOME = {
    "sms": "call",
    "telephone": "given",
    "telephone_number": "05142 12 34",
    "proxy": "yes",
    "proxy_name": "given",
    "proxy_first_name": "Ани",
    "proxy_number": "given",
    "proxy_telephone": "0888 222 333",
    "letter": "yes",
}


def sent(counter: Counter, answers: dict[str, str], **changes: str) -> None:
    counter.go_through({**answers, **changes})
    assert counter.answer("review").location == "/kiosk/bg/booked"


def kept(services: Services) -> tuple[Any, ...]:
    """Number and letters for SMS, the further ways, and what was said yes to."""
    with services.unit(WORKER) as unit:
        [patient] = unit.book.patients_with("egn", "4403075026")
        contacts = {way: (each.address, each.name) for way, each in unit.book.contacts(patient.id).items()}
        given = set(unit.records.consents.given(patient.id)) & set(REACHED_BY)
    return patient.phone, patient.script, contacts, given


def test_who_has_a_landline_a_daughter_and_takes_letters(
    counter: Counter, services: Services, plain: dict[str, str]
) -> None:
    sent(counter, plain, **AT_HOME)
    ways = {"voice": ("+35951421234", None), "proxy": ("+359888222333", "Ани"), "letter": ("", None)}
    assert kept(services) == (None, "native", ways, {"voice", "proxy", "letter"})


def test_the_review_shows_every_way_and_each_can_be_mended(counter: Counter, plain: dict[str, str]) -> None:
    counter.go_through({**plain, **AT_HOME})
    shown = counter.see("review").text
    for words in ("С обаждане", "05142 12 34", "Ани", "0888 222 333", "Писмо"):
        assert words in shown
    assert counter.answer("proxy", "no").location == "/kiosk/bg/review"
    mended = counter.see("review").text
    for taken_back in ("proxy_name", "proxy_number"):
        assert f'data-row="{taken_back}" hidden' in mended


def test_sms_in_latin_letters_and_a_call_at_the_same_number(
    counter: Counter, services: Services, plain: dict[str, str]
) -> None:
    sent(counter, plain, letters="latin", ring="same")
    number = "+359888123456"
    assert kept(services) == (number, "latin", {"voice": (number, None)}, {"sms", "voice"})


def test_every_way_can_be_refused(counter: Counter, services: Services, plain: dict[str, str]) -> None:
    sent(counter, plain, sms="no")
    assert kept(services) == (None, "native", {}, set())


def test_each_number_can_still_be_refused_on_its_own_page(
    counter: Counter, services: Services, plain: dict[str, str]
) -> None:
    none = {"telephone": "none", "proxy_number": "none", "letter": "no"}
    sent(counter, plain, **{**AT_HOME, **none})
    assert kept(services) == (None, "native", {}, set())


@pytest.mark.parametrize(("typed", "words"), [("12", "Това не е телефонен номер."), ("", "Попълнете")])
def test_a_wrong_number_stays_on_its_page_with_what_to_do(
    counter: Counter, plain: dict[str, str], typed: str, words: str
) -> None:
    counter.go_through({**plain, "sms": "call"}, until="telephone")
    told = counter.answer("telephone", telephone_number=typed)
    assert (told.status_code, words in told.text) == (422, True)


def test_who_reads_english_is_not_asked_about_letters(counter: Counter, plain: dict[str, str]) -> None:
    counter.go_through(plain, until="phone")
    told = counter.answer("phone", lang="en", mobile="0888123456")
    assert told.location == "/kiosk/en/ring"


def test_the_question_about_letters_shows_two_telephones(counter: Counter) -> None:
    page = counter.browser.get("/kiosk/pages/bg/letters").text
    assert re.findall(r"<text[^>]*>([^<]+)</text>", page) == ["Утре 9:40", "Utre 9:40"]


def test_for_the_waiting_list_a_number_is_needed_and_any_will_do(
    counter: Counter, services: Services, plain: dict[str, str]
) -> None:
    hopes = {**plain, "when": "later", "type": "consultation", "slot": "wish|14"}
    counter.go_through({**hopes, "sms": "no"})
    told = counter.answer("review")
    assert told.status_code == 422
    assert "За списъка на чакащите трябва номер." in told.text
    assert counter.answer("sms", "call").location == "/kiosk/bg/telephone"
    counter.answer("telephone", telephone_number="052123456")
    counter.answer("proxy", "no")
    counter.answer("letter", "no")
    assert counter.answer("review").location == "/kiosk/bg/booked"
    assert kept(services)[2] == {"voice": ("+35952123456", None)}


def test_a_no_is_kept_as_an_answer_with_its_notice_and_moment(
    counter: Counter, services: Services, plain: dict[str, str]
) -> None:
    sent(counter, plain)
    with services.unit(WORKER) as unit:
        [patient] = unit.book.patients_with("egn", "4403075026")
        answers = unit.records.consents.of_patient(patient.id)
    said = {(answers[kind].given, answers[kind].at) for kind in ("voice", "proxy", "letter")}
    assert said == {(False, build.NOW)}
    assert answers["letter"].notice_version == services.country.notice_version
