"""The page of one visit goes small to the doctor who asked for it, and tells nothing by its size."""

import re

import brotli
import pytest

from tests.telemed.conftest import Visitor
from tests.telemed.consulting_room import NAME, ConsultingRoom

TAKES = {"Accept-Encoding": "br"}
TOKEN = re.compile("[0-9a-f]{128}")
MARKER = "zqxj-marker"
PAGES = (
    "/clinic",
    "/clinic/list",
    "/clinic/phone",
    "/clinic/waiting-list",
    "/clinic/limits",
)


@pytest.fixture
def case(room: ConsultingRoom) -> str:
    """The address of the visit of somebody who waits."""
    return f"/clinic/visits/{room.comes().visit_id}"


def test_it_is_small_and_says_the_same(case: str, doctor: Visitor) -> None:
    whole = doctor.get(case)
    small = doctor.get(case, headers=TAKES)
    assert small.headers["Content-Encoding"] == "br"
    assert len(small.data) * 3 < len(whole.data)
    unpacked = brotli.decompress(small.data).decode()
    assert NAME in unpacked
    assert TOKEN.sub("", unpacked) == TOKEN.sub("", whole.text)


def test_for_another_site_it_is_not_compressed(case: str, doctor: Visitor) -> None:
    answer = doctor.get(case, headers={**TAKES, "Sec-Fetch-Site": "cross-site"})
    assert "Content-Encoding" not in answer.headers
    assert NAME in answer.text


def test_its_forms_carry_one_token_and_no_two_answers_the_same(case: str, doctor: Visitor) -> None:
    first, second = (set(TOKEN.findall(doctor.get(case).text)) for _ in range(2))
    assert (len(first), len(second)) == (1, 1)
    assert first != second
    for token in first | second:
        assert doctor.post("/clinic/in-call", data={"csrf_token": token}).status_code == 204


def test_no_page_that_goes_small_repeats_what_the_request_says(case: str, doctor: Visitor) -> None:
    named = ("Referer", "User-Agent", "Accept-Language", "From", "X-Forwarded-Host", "If-None-Match")
    doctor.set_cookie("another", MARKER, domain="127.0.0.1")
    for address in (*PAGES, case, f"{case}/measured", f"{case}/rungs"):
        answer = doctor.get(address, headers={**TAKES, **dict.fromkeys(named, MARKER)})
        assert answer.headers.get("Content-Encoding") == "br", address
        assert MARKER not in brotli.decompress(answer.data).decode(), address


def test_what_repeats_the_request_does_not_go_small(case: str, doctor: Visitor) -> None:
    asked = doctor.get(f"{case}?guess={MARKER}", headers=TAKES)
    assert MARKER in asked.text, "the links to the other languages keep the address"
    token = doctor.token(case)
    doctor.post(f"{case}/admit", data={"csrf_token": token})
    typed = {"csrf_token": token, "action": "sign", "version": "0", "findings": MARKER}
    lacking = doctor.post(f"{case}/note", data=typed, headers=TAKES)
    assert MARKER in lacking.text


def test_a_page_that_is_in_the_call_gets_only_what_is_new_when_it_admits(case: str, doctor: Visitor) -> None:
    sent = {"csrf_token": doctor.token(case), "in_call": "yes", "more": MARKER}
    answer = doctor.post(f"{case}/admit", data=sent, headers=TAKES)
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, "br")
    part = brotli.decompress(answer.data).decode()
    for there in (NAME, "case-head", "case-work", "data-identity", "data-note-form", "data-rungs"):
        assert there in part, there
    for not_there in ("<html", "data-call-join", "measured", MARKER):
        assert not_there not in part, not_there
    whole = doctor.get(case).text
    for line in re.findall(r'action="([^"]+)"', part):
        assert f'action="{line}"' in whole, line
