"""The doctor's page without a mouse, the chart in sight beside the note, and another camera during a call."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.call_sides import RECEIVED, Open
from tests.browser.people import Staff
from tests.running import Running

DOCTOR = "doctor2@telemed.example"
AGREED = "window.peers.map((peer) => [peer.localDescription.sdp, peer.remoteDescription.sdp])"
ANOTHER_CAMERA = """async () => {
  const [track] = (await navigator.mediaDevices.getUserMedia({ video: true })).getTracks();
  await window.panel.devices.use(track);
  return track.id === document.querySelector("[data-call-local]").srcObject.getVideoTracks()[0].id;
}"""


@pytest.fixture(scope="module")
def doctor(service: Running, browser: Browser) -> Iterator[Staff]:
    staff = Staff(browser, service.origin)
    staff.signs_in(DOCTOR, "/clinic")
    yield staff
    staff.close()


@pytest.fixture
def case(doctor: Staff) -> Page:
    """The page of a patient whom the doctor has admitted, now or before."""
    page = doctor.page
    page.goto(f"{doctor.origin}/clinic?lang=en")
    page.locator(".seeing .button, .next .button").first.click()
    admit = page.get_by_role("button", name="Admit the patient")
    if admit.count():
        admit.click()
    expect(page.locator("[data-note-form]")).to_be_visible()
    return page


def test_keys_work_only_while_nobody_types_and_the_chart_stays_in_sight(case: Page) -> None:
    case.set_viewport_size({"width": 1366, "height": 768})
    keys = case.locator("dialog#shortcuts")
    case.locator("#findings").press("?")
    expect(keys).to_be_hidden()
    assert case.input_value("#findings") == "?"
    case.locator("#findings").evaluate("field => field.blur()")
    case.keyboard.press("?")
    expect(keys).to_be_visible()
    keys.get_by_role("button", name="Close").click()
    case.get_by_role("button", name="Sign and end the visit").scroll_into_view_if_needed()
    expect(case.locator("#measured h2").first).to_be_in_viewport()
    expect(case.locator("[data-call-remote]")).to_be_in_viewport()
    case.keyboard.press("Alt+KeyN")
    expect(case).to_have_url(f"{case.url.split('/clinic')[0]}/clinic")


def test_another_camera_takes_over_in_a_call_and_nothing_is_negotiated(open_side: Open) -> None:
    patient, doctor = open_side("patient"), open_side("practitioner")
    for side in (patient, doctor):
        side.button("Start the call")
    for side in (patient, doctor):
        side.talks()
    before = doctor.page.evaluate(AGREED)
    assert doctor.page.evaluate(ANOTHER_CAMERA) is True
    seen = patient.page.evaluate(RECEIVED)["framesDecoded"]
    patient.page.wait_for_function(f"async () => (await ({RECEIVED})()).framesDecoded > {seen + 5}")
    assert doctor.page.evaluate(AGREED) == before
