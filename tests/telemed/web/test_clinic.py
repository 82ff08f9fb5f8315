"""The doctor's pages as a browser sees them."""

import base64
import json
import re
from uuid import UUID

import pytest
from flask import Flask

from scheduling.ids import uuid7
from signaling import passes
from telemed.records.access_log import Reader
from tests.telemed.conftest import Visitor
from tests.telemed.consulting_room import NAME, ConsultingRoom

WORDS = {
    "findings": "BP 168/95",
    "conclusion": "Високо кръвно",
    "advice": "Почивайте и мерете вечер",
    "follow_up": "Елате след седмица",
}
JSON = {"Accept": "application/json"}
NONCE_HASH = passes.hashed("a-nonce")


def case_of(visit_id: UUID) -> str:
    return f"/clinic/visits/{visit_id}"


def admitted(room: ConsultingRoom, doctor: Visitor) -> str:
    page = case_of(room.comes().visit_id)
    answer = doctor.send(f"{page}/admit", page)
    assert (answer.status_code, answer.location) == (303, page)
    return page


def test_the_list_shows_who_is_next_and_why(room: ConsultingRoom, doctor: Visitor) -> None:
    receipt = room.comes()
    page = doctor.get("/clinic?lang=en").text
    assert "Next patient" in page
    assert NAME in page
    assert "Dizziness" in page
    assert case_of(receipt.visit_id) in page


@pytest.mark.parametrize("language", ["bg", "en"])
def test_every_page_is_there_in_both_languages(room: ConsultingRoom, doctor: Visitor, language: str) -> None:
    page = admitted(room, doctor)
    doctor.send(f"{page}/note", page, action="sign", version="0", **WORDS)
    for address in ("/clinic", "/clinic/list", page, f"{page}/summary"):
        assert doctor.get(f"{address}?lang={language}").status_code == 200, address


def test_while_nothing_changes_the_list_reads_nobodys_record(room: ConsultingRoom, doctor: Visitor) -> None:
    receipt = room.comes()
    first = doctor.get("/clinic/list")
    before = entries_of(room, receipt.visit_id)
    again = doctor.get("/clinic/list", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert entries_of(room, receipt.visit_id) == before
    room.comes()
    changed = doctor.get("/clinic/list", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert entries_of(room, receipt.visit_id) == before + 1


def entries_of(room: ConsultingRoom, visit_id: UUID) -> int:
    with room.services.unit(Reader("job", "test", None, "test", "audit")) as unit:
        owner = unit.records.encounters.get(visit_id).patient_id
        return len([e for e in unit.records.access.entries(owner) if e.reader.kind == "staff"])


def test_the_case_shows_values_with_units_and_sources_and_reasons_without_numbers(
    room: ConsultingRoom, doctor: Visitor
) -> None:
    whole = doctor.get(case_of(room.comes().visit_id) + "?lang=bg").text
    page = re.sub(r"<form.*?</form>", "", whole, flags=re.DOTALL)
    rows = dict(re.findall(r'<th scope="row">(.*?)</th>\s*<td[^>]*>(.*?)</td>', page, re.S))
    shown = {name: re.sub(r"<.*?>", "", value).strip() for name, value in rows.items()}
    assert shown["Кръвно налягане"] == "168/95 mmHg"
    assert shown["Температура"] == "36,8 °C"
    assert shown["Кислород в кръвта"] == "— не можа да се измери"
    assert shown["Тегло"] == "— пациентът не пожела да се измери"
    assert "Пулс" not in shown
    untried = re.search(r"Не е измерено: ([^<]*)<", page)
    assert untried is not None
    assert untried[1].startswith("Пулс, ")
    assert "въведено от служителя" in page
    assert "Непотвърдена самоличност" in page


def test_a_red_flag_is_said_first(room: ConsultingRoom, doctor: Visitor) -> None:
    receipt = room.comes(red_flag=True)
    assert "Red flag" in doctor.get("/clinic?lang=en").text
    assert "Red flag" in doctor.get(case_of(receipt.visit_id) + "?lang=en").text


def test_another_facilitys_visit_is_answered_like_one_that_is_not_there(
    room: ConsultingRoom, house: Flask
) -> None:
    page = case_of(room.comes().visit_id)
    stranger = room.browser(house, room.stranger)
    own = stranger.token("/clinic?lang=en")
    theirs, nobodys = (stranger.get(address) for address in (page, case_of(uuid7())))
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.text.replace(page, "") == nobodys.text.replace(case_of(uuid7()), "")
    for act in ("admit", "identity", "note", "pass", "correction", "hang-up"):
        answer = stranger.post(f"{page}/{act}", data={"csrf_token": own})
        assert answer.status_code == 404, act
    assert stranger.get(f"{page}/summary").status_code == 404
    assert NAME not in stranger.get("/clinic").text


@pytest.mark.parametrize("role", ["coordinator", "clerk"])
def test_other_roles_do_not_enter(
    room: ConsultingRoom, house: Flask, role: str, staff_client: object
) -> None:
    page = case_of(room.comes().visit_id)
    assert callable(staff_client)
    browser = staff_client(role, facility_id=room.world.facility.id)
    for address in ("/clinic", "/clinic/list", page, f"{page}/summary"):
        answer = browser.get(address)
        assert answer.status_code == 403
        assert NAME not in answer.text


def test_nobody_enters_without_signing_in(room: ConsultingRoom, house: Flask) -> None:
    page = case_of(room.comes().visit_id)
    browser = house.test_client()
    answer = browser.get(page)
    assert answer.status_code == 303
    assert answer.location.startswith("/staff/sign-in")


def test_identity_is_confirmed_from_the_case(room: ConsultingRoom, doctor: Visitor) -> None:
    page = admitted(room, doctor)
    assert "Claimed identity" in doctor.get(page + "?lang=en").text
    answer = doctor.send(f"{page}/identity", page)
    assert answer.status_code == 303
    after = doctor.get(answer.location + "&lang=en").text
    assert "Identity confirmed at" in after
    assert "Claimed identity" not in after


def test_a_draft_saves_itself_and_is_there_after_a_reload(room: ConsultingRoom, doctor: Visitor) -> None:
    page = admitted(room, doctor)
    token = doctor.token(page)
    first = doctor.post(f"{page}/note", data={"csrf_token": token, "version": "0", **WORDS}, headers=JSON)
    assert first.get_json() == {"version": 1}
    words = {**WORDS, "findings": "BP 168/95, RR 16"}
    again = doctor.post(f"{page}/note", data={"csrf_token": token, "version": "1", **words}, headers=JSON)
    assert again.get_json() == {"version": 2}
    reloaded = doctor.get(page).text
    assert "BP 168/95, RR 16" in reloaded
    assert 'name="version" value="2"' in reloaded


def test_of_two_windows_the_second_is_shown_the_words_of_the_first(
    room: ConsultingRoom, doctor: Visitor
) -> None:
    page = admitted(room, doctor)
    token = doctor.token(page)
    doctor.post(f"{page}/note", data={"csrf_token": token, "version": "0", **WORDS}, headers=JSON)
    other = {**WORDS, "findings": "from the other window"}
    script = doctor.post(f"{page}/note", data={"csrf_token": token, "version": "0", **other}, headers=JSON)
    assert script.status_code == 409
    assert script.get_json()["version"] == 1
    assert script.get_json()["text"]["findings"] == WORDS["findings"]
    form = doctor.post(f"{page}/note", data={"csrf_token": token, "version": "0", **other})
    assert form.status_code == 409
    assert "from the other window" in form.text
    assert WORDS["findings"] in form.text


def test_a_note_without_conclusion_is_kept_but_not_signed(room: ConsultingRoom, doctor: Visitor) -> None:
    page = admitted(room, doctor)
    answer = doctor.send(f"{page}/note", page, action="sign", version="0", findings="само това")
    assert answer.status_code == 422
    assert "само това" in answer.text
    assert "само това" in doctor.get(page).text


def test_signing_ends_the_visit_and_gives_a_summary_to_print(room: ConsultingRoom, doctor: Visitor) -> None:
    page = admitted(room, doctor)
    assert doctor.get(f"{page}/summary").status_code == 404
    assert doctor.send(f"{page}/note", page, action="sign", version="0", **WORDS).status_code == 303
    after = doctor.get(page + "?lang=en").text
    assert "The note is signed" in after
    assert "data-call-join" not in after
    paper = doctor.get(f"{page}/summary?lang=en").text
    # The paper is the patient's: in their language, without what is for colleagues.
    assert "Обобщение на вашия преглед" in paper
    assert WORDS["advice"] in paper
    assert WORDS["findings"] not in paper
    assert "112" in paper


def test_a_signed_note_stays_and_a_correction_stands_beside_it(room: ConsultingRoom, doctor: Visitor) -> None:
    page = admitted(room, doctor)
    token = doctor.token(page)
    doctor.send(f"{page}/note", page, action="sign", version="0", **WORDS)
    late = doctor.post(f"{page}/note", data={"csrf_token": token, "version": "2", **WORDS, "advice": "друго"})
    assert late.status_code == 409
    doctor.send(f"{page}/correction", page)
    signed = doctor.send(
        f"{page}/note", page, action="sign", version="1", **{**WORDS, "advice": "Половин таблетка"}
    )
    assert signed.status_code == 303
    paper = doctor.get(f"{page}/summary").text
    assert WORDS["advice"] in paper
    assert "Половин таблетка" in paper
    assert "Поправка" in paper


def test_a_pass_of_a_waiting_patient_only_lets_a_doctor_come_near(
    room: ConsultingRoom, doctor: Visitor
) -> None:
    waiting = case_of(room.comes().visit_id)
    near = doctor.post(f"{waiting}/pass", data={"csrf_token": doctor.token(waiting), "nonce": NONCE_HASH})
    assert claims_of(near.get_json()["pass"])["a"] is True
    page = admitted(room, doctor)
    given = doctor.post(f"{page}/pass", data={"csrf_token": doctor.token(page), "nonce": NONCE_HASH})
    passed = given.get_json()
    assert set(passed) == {"pass", "room", "ice", "url", "seat_until"}
    assert claims_of(passed["pass"])["a"] is False
    assert NAME not in json.dumps(passed, ensure_ascii=False)


def claims_of(token: str) -> dict[str, object]:
    payload = token.partition(".")[0]
    claims: dict[str, object] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def test_hanging_up_does_not_end_the_visit(room: ConsultingRoom, doctor: Visitor) -> None:
    page = admitted(room, doctor)
    token = doctor.token(page)
    doctor.post(f"{page}/pass", data={"csrf_token": token, "nonce": NONCE_HASH})
    assert doctor.post(f"{page}/hang-up", data={"csrf_token": token}).status_code == 204
    case = doctor.get(page + "?lang=en").text
    assert "Sign and end the visit" in case
    assert doctor.post(f"{page}/pass", data={"csrf_token": token, "nonce": NONCE_HASH}).status_code == 200


def test_what_the_form_does_not_ask_for_is_refused(room: ConsultingRoom, doctor: Visitor) -> None:
    page = admitted(room, doctor)
    for extra in ({"author_id": str(uuid7())}, {"version": "-1"}, {"action": "delete"}):
        data = {"csrf_token": doctor.token(page), "version": "0", **WORDS, **extra}
        assert doctor.post(f"{page}/note", data=data).status_code == 422, extra


def test_no_personal_page_is_kept_by_the_browser(room: ConsultingRoom, doctor: Visitor) -> None:
    page = admitted(room, doctor)
    for address in ("/clinic", "/clinic/list", page):
        assert doctor.get(address).headers["Cache-Control"] == "no-store"
