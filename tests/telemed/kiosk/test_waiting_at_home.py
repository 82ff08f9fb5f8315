"""Waiting at home is offered to whom it is granted, and the screen says what the message says."""

from scheduling.ids import uuid7
from telemed.messages.texts import Letter, Words
from telemed.texts import TEMPLATES, Texts
from tests import build
from tests.telemed.intake.vectors import VECTORS
from tests.telemed.kiosk.conftest import Counter


def comes(counter: Counter) -> str:
    """Somebody with a telephone sits down to wait; their visit."""
    body = {
        **VECTORS["submissions"][0]["body"],
        "choice": {"kind": "now"},
        "phone": "+359888123456",
        "sms": True,
    }
    return str(counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", body).get_json()["visit"])


def test_only_who_would_not_be_called_at_once_may_go(counter: Counter) -> None:
    told = []
    for _ in range(4):
        home = f"/api/v1/visits/{comes(counter)}/home"
        offered = counter.ask("GET", "/api/v1/wait").get_json()["home"]
        answer = counter.ask("POST", home)
        told.append((offered, answer.status_code, answer.get_json()))
    stay, go = ("", 409, {"code": "turn_near"}), ("yes", 200, {"token": "A 4"})
    assert told == [stay, stay, stay, go]


def test_the_screen_has_the_number_and_the_answer_that_the_message_has(counter: Counter) -> None:
    page = counter.browser.get("/kiosk/pages/en/home").text
    assert 'data-fill="token"' in page
    assert "reply 2 to that SMS" in page
    letter = Letter("come_now", "en", build.NOW, "Europe/Sofia", "Avren", "A 4")
    assert Words(TEMPLATES / "sms", Texts()).write(letter).endswith("Reply 2=cancel")
