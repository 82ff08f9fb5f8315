"""A page that writes faster than any hand fills no screen, and both people learn that words are missing."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import violations
from tests.browser.call_sides import PATIENCE, Open

pytestmark = pytest.mark.full
FLOOD = "for (let line = 0; line < 200; line += 1) window.panel.call.channel.say('text', { text: 'flood' })"
MISSING = "Too much came at once: some of it is not shown."


def test_of_a_flood_a_screenful_is_shown_and_both_are_told(open_side: Open) -> None:
    patient, doctor = open_side("patient", "early"), open_side("practitioner")
    for side in (patient, doctor):
        side.button("Start the call")
    patient.talks()
    doctor.talks()
    patient.page.evaluate(FLOOD)
    for side in (patient, doctor):
        expect(side.page.get_by_role("alert").filter(has_text=MISSING)).to_be_visible(timeout=PATIENCE)
        assert violations(side.page) == []
    assert doctor.page.get_by_role("log").locator("p").count() < 40
    # Beside the flood the doctor is heard.
    doctor.page.get_by_label("Write to the patient’s screen").fill("Are you well?")
    doctor.button("Send")
    said = patient.page.get_by_role("log", name="The doctor writes")
    expect(said).to_contain_text("Are you well?", timeout=PATIENCE)
