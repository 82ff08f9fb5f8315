"""When the call is left the visit goes on in writing: asked, answered at the kiosk, and ended by the note."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.people import Patient, Staff
from tests.running import Running

pytestmark = pytest.mark.full
DOCTOR = "doctor@telemed.example"
TOLD = "Сутрин, като ставам от леглото"


@dataclass
class Cast:
    """A patient and a doctor over one running service."""

    service: Running
    patient: Patient
    doctor: Staff


@pytest.fixture
def cast(quiet_service: Running, browser: Browser) -> Iterator[Cast]:
    patient, doctor = Patient(browser, quiet_service.origin), Staff(browser, quiet_service.origin)
    yield Cast(quiet_service, patient, doctor)
    complaints = patient.complaints.lines + doctor.complaints.lines
    patient.close()
    doctor.close()
    assert complaints == []


def talk(cast: Cast) -> list[str]:
    """A patient is admitted and both talk; returned is where the pages post meanwhile."""
    patient, doctor, posts = cast.patient, cast.doctor, list[str]()
    for person in (patient, doctor):
        person.page.on("response", lambda each: posts.append(f"{each.status} {each.url}"))
    patient.chooses_language("Български")
    patient.answers_until("review", when="now")
    patient.confirms()
    patient.page.locator("[data-do=wait]").click()
    patient.says_who_is_there()
    doctor.signs_in(DOCTOR, "/clinic")
    doctor.page.goto(f"{cast.service.origin}/clinic?lang=bg")
    doctor.page.get_by_role("link", name="Иванка Петрова").last.click()
    doctor.page.locator("form[action$=admit] button").click()
    for person in (patient, doctor):
        expect(person.page.locator("[data-call-state=connected]")).to_be_visible(timeout=30_000)
    return posts


def test_a_question_costs_no_call_and_answering_later_ends_it_on_both_sides(cast: Cast) -> None:
    talk(cast)
    kiosk, doctor = cast.patient.page, cast.doctor.page
    kiosk.locator("[data-call-say=unheard]").click()
    written = doctor.locator("[data-call-written]")
    expect(written).to_contain_text("Не ви чувам", timeout=15_000)
    doctor.evaluate("window.same = true")
    doctor.locator("#ask-words").fill("Кога ви се вие свят?")
    doctor.locator("form[action$=questions] button").click()
    expect(doctor.locator(".dialogue .asked")).to_contain_text("Кога ви се вие свят?", timeout=15_000)
    expect(doctor.locator("#ask-words")).to_have_value("")
    expect(written).to_contain_text("Не ви чувам")
    assert doctor.evaluate("window.same") is True
    for person in (kiosk, doctor):
        expect(person.locator("[data-call-state=connected]")).to_be_visible()
    doctor.locator("#answer-later").click()
    expect(kiosk.locator("[data-call-place]")).to_be_hidden(timeout=15_000)
    expect(kiosk.locator("[data-company-asked]")).to_be_hidden()
    assert kiosk.evaluate("document.querySelector('[data-call-local]').srcObject") is None
    # The list of owed answers leads back to the case, and opens no call.
    doctor.goto(f"{cast.service.origin}/clinic?lang=bg")
    doctor.locator("a[id^=owed-]").click()
    expect(doctor.locator("[data-call-state=idle]")).to_be_visible(timeout=15_000)


def test_on_a_narrow_screen_the_patients_face_stays_in_sight_while_the_note_is_written(cast: Cast) -> None:
    talk(cast)
    doctor = cast.doctor.page
    doctor.set_viewport_size({"width": 390, "height": 844})
    for part in ("[data-identity] button", "#follow_up"):
        doctor.locator(part).focus()
        doctor.locator(part).scroll_into_view_if_needed()
        expect(doctor.locator(part)).to_be_in_viewport(ratio=1)
        expect(doctor.locator("[data-call-remote]")).to_be_in_viewport(ratio=0.95)
    assert doctor.evaluate("document.documentElement.scrollWidth") == 390


def test_what_is_said_by_telephone_is_not_heard_a_second_time_at_the_kiosk(cast: Cast) -> None:
    talk(cast)
    kiosk = cast.patient.page
    heard = """() => {
      const tracks = document.querySelector('[data-call-local]').srcObject.getTracks();
      const enabled = (kind) => tracks.find((track) => track.kind === kind)?.enabled;
      const hears = !document.querySelector('[data-call-remote]').muted;
      return { hears, speaks: enabled('audio'), seen: enabled('video') };
    }"""
    by_page = {"hears": True, "speaks": True, "seen": True}
    assert kiosk.evaluate(heard) == by_page
    told = {"rung": "phone", "phone": "talking"}

    def says(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), **told})

    kiosk.route(re.compile(r"/api/v1/visits/[0-9a-f-]+$"), says)
    for phone, now in (("talking", {"hears": False, "speaks": False, "seen": True}), ("over", by_page)):
        told["phone"] = phone
        expect(kiosk.locator(f"[data-phone={phone}]")).to_be_visible(timeout=15_000)
        kiosk.wait_for_function(f"(now) => JSON.stringify(({heard})()) === JSON.stringify(now)", arg=now)
    kiosk.unroute_all(behavior="ignoreErrors")


def test_a_question_that_did_not_go_stays_in_its_field(cast: Cast) -> None:
    talk(cast)
    doctor = cast.doctor.page
    doctor.route("**/questions", lambda route: route.abort())
    doctor.locator("#ask-words").fill("Кога ви се вие свят?")
    doctor.locator("form[action$=questions] button").click()
    expect(doctor.locator("[data-beside-unsent]")).to_be_visible(timeout=15_000)
    expect(doctor.locator("#ask-words")).to_have_value("Кога ви се вие свят?")
    cast.doctor.complaints.lines.clear()


def test_a_visit_goes_on_in_writing_and_both_have_told_how_their_call_went(cast: Cast) -> None:
    posts = talk(cast)
    kiosk, doctor = cast.patient.page, cast.doctor.page
    # Two looks of five seconds.
    kiosk.wait_for_timeout(11_000)
    doctor.locator("[data-call-hang-up]").click()
    doctor.locator("#answer-later").click()
    expect(kiosk.locator("[data-written-says]")).to_be_visible(timeout=15_000)
    doctor.locator("#ask-words").fill("Кога ви се вие свят?")
    doctor.locator("form[action$=questions] button").click()
    expect(kiosk.locator("[data-written-words]")).to_have_text("Кога ви се вие свят?", timeout=15_000)
    kiosk.locator("[data-written-form] button[type=submit]").click()
    expect(kiosk.locator("[data-written-empty]")).to_be_visible()
    kiosk.locator("#written-answer").fill(TOLD)
    kiosk.locator("[data-written-form] button[type=submit]").click()
    expect(kiosk.locator("[data-written-sent]")).to_be_visible(timeout=15_000)
    assert TOLD not in kiosk.content()
    expect(doctor.locator(".dialogue .answered")).to_contain_text(TOLD, timeout=15_000)
    doctor.locator("#have-read").click()
    expect(doctor.locator(".dialogue .answered")).to_contain_text(TOLD)
    expect(doctor.locator("#have-read")).to_have_count(0)
    doctor.locator("#conclusion").fill("Ниско кръвно при изправяне")
    doctor.locator("#advice").fill("Повече вода. Изправяйте се бавно.")
    doctor.locator("[data-note-form] button[value=sign]").click()
    expect(doctor.locator(".notice-good").first).to_be_visible(timeout=15_000)
    cast.patient.at("summary")
    told = [each for each in posts if each.endswith("/quality")]
    assert {each.split(" ")[0] for each in told} == {"204"}, told
    assert {"/api/v1/" in each for each in told} == {True, False}, told
