"""At the kiosk: the visit says that it goes on in writing, shows the question, and takes one answer."""

from typing import Any
from uuid import UUID

import pytest

from scheduling.ids import uuid7
from telemed.records.access_log import Reader
from telemed.services import Services
from telemed.visits import clinic, in_writing
from tests import build
from tests.telemed.intake.vectors import VECTORS
from tests.telemed.kiosk.conftest import Counter


@pytest.fixture
def visit(counter: Counter, services: Services, world: build.World) -> str:
    body = {**VECTORS["submissions"][0]["body"], "choice": {"kind": "now"}}
    filed = str(counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", body).get_json()["visit"])
    with services.unit(doctor(world)) as unit:
        clinic.admit(unit, UUID(filed), world.practitioner.id)
    return filed


def doctor(world: build.World) -> Reader:
    return Reader("staff", "doctor", world.facility.id, "д-р Илиева", "care", "doctor")


@pytest.fixture
def question(visit: str, services: Services, world: build.World) -> str:
    with services.unit(doctor(world)) as unit:
        in_writing.answer_later(unit, UUID(visit), world.practitioner.id)
        asked = in_writing.ask(unit, UUID(visit), world.practitioner.id, "Боли ли ви сега?", ("Да", "Не"))
    return str(asked.id)


def state(counter: Counter, visit: str) -> Any:
    return counter.ask("GET", f"/api/v1/visits/{visit}").get_json()


def test_the_state_tells_the_rung_and_an_id_and_no_word_of_the_doctors(
    counter: Counter, visit: str, question: str
) -> None:
    told = state(counter, visit)
    assert (told["state"], told["rung"], told["question"]) == ("in_progress", "written", {"id": question})


def test_as_long_as_nothing_was_asked_there_is_no_question(counter: Counter, visit: str) -> None:
    told = state(counter, visit)
    assert (told["rung"], told["question"]) == ("video", None)


def test_the_question_is_read_and_answered_once(counter: Counter, visit: str, question: str) -> None:
    read = counter.ask("GET", f"/api/v1/visits/{visit}/questions/{question}").get_json()
    assert (read["words"], read["choices"]) == ("Боли ли ви сега?", ["Да", "Не"])
    address = f"/api/v1/visits/{visit}/answers/{uuid7()}"
    body = {"question": question, "choice": 1}
    assert counter.ask("PUT", address, body).get_json() == {"code": "new"}
    assert counter.ask("PUT", address, body).get_json() == {"code": "same"}
    assert counter.ask("PUT", address, {**body, "choice": 0}).status_code == 409
    assert state(counter, visit)["question"] is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"choice": None},
        {"words": "  "},
        {"choice": 9},
        {"words": "x" * 1001},
        {"words": "a\0b"},
        {"words": "Да", "typed_by": "nobody"},
        {"words": "Да", "assisted_by": "a clerk"},
    ],
)
def test_what_is_no_answer_is_refused(
    counter: Counter, visit: str, question: str, body: dict[str, Any]
) -> None:
    sent = {"question": question, **body}
    assert counter.ask("PUT", f"/api/v1/visits/{visit}/answers/{uuid7()}", sent).status_code == 422
    assert state(counter, visit)["question"] == {"id": question}


def test_nobody_is_named_as_a_helper_on_a_browsers_word(counter: Counter, visit: str, question: str) -> None:
    sent = {"question": question, "words": "Да", "assisted_by": str(uuid7())}
    refused = counter.ask("PUT", f"/api/v1/visits/{visit}/answers/{uuid7()}", sent)
    assert (refused.status_code, refused.get_json()) == (422, {"code": "not_assisted"})


def test_the_waiting_page_has_a_place_for_it(counter: Counter) -> None:
    page = counter.browser.get("/kiosk/pages/bg/waiting").text
    assert "data-written-form" in page
    assert "Лекарят ще ви отговори писмено." in page
