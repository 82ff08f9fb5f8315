"""What a call carries is said on both sides and can be chosen; words and drawings go beside the voice."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.call_sides import PATIENCE, Open, Side

DRAWN = """canvas => {
  const pen = canvas.getContext('2d');
  const dots = canvas.width > 1 ? pen.getImageData(0, 0, canvas.width, canvas.height).data : [];
  return !canvas.hidden && canvas.width === 320 && new Set(dots).size > 8;
}"""
SENT = """async () => {
  const [audio, video] = ['audio', 'video'].map((kind) => window.peers.at(-1).getTransceivers()
    .find(({ receiver }) => receiver.track.kind === kind).sender.getParameters().encodings[0]);
  return { picture: video.active, voice: audio.maxBitrate };
}"""


@pytest.fixture
def pair(open_side: Open) -> tuple[Side, Side]:
    """A patient and a doctor who are talking."""
    patient, doctor = open_side("patient", "early"), open_side("practitioner")
    for side in (patient, doctor):
        side.button("Start the call")
    patient.talks()
    doctor.talks()
    return patient, doctor


def rung(side: Side, words: str) -> None:
    expect(side.page.locator("[data-call-line]")).to_have_text(words, timeout=PATIENCE)


def choose(page: Page, name: str) -> None:
    page.get_by_label(name, exact=True).check()


def test_what_the_doctor_chooses_is_done_by_both_and_said_to_both(pair: tuple[Side, Side]) -> None:
    patient, doctor = pair
    connections = patient.connections()
    for side in pair:
        side.listens()
    choose(doctor.page, "Sound and still pictures")
    rung(doctor, "You chose sound and still pictures.")
    rung(patient, "You hear each other, the picture comes slowly.")
    for side in pair:
        expect(side.page.locator("[data-call-still]")).to_be_visible(timeout=PATIENCE)
        handle = side.page.locator("[data-call-still]").element_handle()
        side.page.wait_for_function(DRAWN, arg=handle, timeout=PATIENCE)
        side.page.wait_for_function(f"async () => (await ({SENT})()).voice === 12000", timeout=PATIENCE)
        assert side.page.evaluate(SENT)["picture"] is False
        side.measures_its_film(False)
    choose(doctor.page, "Moving picture")
    for side in pair:
        expect(side.page.locator("[data-call-still]")).to_be_hidden(timeout=PATIENCE)
        side.grows("framesDecoded")
        side.measures_its_film(True)
        assert side.negotiated() == []
    assert patient.connections() == connections
    choose(doctor.page, "As the line allows")
    expect(doctor.page.locator("[data-call-line]")).not_to_contain_text("You chose", timeout=PATIENCE)


@pytest.mark.full
def test_who_wants_not_to_be_seen_is_heard_all_the_same(pair: tuple[Side, Side]) -> None:
    patient, doctor = pair
    choose(patient.page, "Only sound, no picture")
    rung(patient, "You chose sound only.")
    rung(doctor, "The patient chose sound only.")
    doctor.grows("audioBytes")
    assert patient.page.evaluate(SENT)["picture"] is False
    # No last picture stands there as if somebody were still seen; what is so stands in its place.
    for side in pair:
        stage = side.page.locator(".call__stage").bounding_box()
        assert stage is not None
        assert (stage["width"], stage["height"]) == (1, 1)
        said = side.page.locator("[data-call-line]").bounding_box()
        assert said is not None
        assert said["height"] > 100


def test_what_the_doctor_writes_and_shows_stands_on_the_patients_screen(pair: tuple[Side, Side]) -> None:
    patient, doctor = pair
    doctor.page.get_by_label("Write to the patient’s screen").fill("Paracetamol <b>500</b> mg")
    doctor.button("Send")
    said = patient.page.get_by_role("log", name="The doctor writes")
    expect(said).to_have_text("Paracetamol <b>500</b> mg", timeout=PATIENCE)
    doctor.button("Press the belly")
    words = "Put your hand on your belly. Press gently. Say where it hurts."
    expect(patient.page.get_by_text(words)).to_be_visible(timeout=PATIENCE)
    # The doctor's face, oneself and the top of the page stay in sight beside it.
    for seen in ("remote", "local"):
        expect(patient.page.locator(f"[data-call-{seen}]")).to_be_in_viewport(ratio=1)
    assert patient.page.evaluate("scrollY") == 0
    assert violations(patient.page) == violations(doctor.page) == []
    doctor.button("Press the belly")
    expect(patient.page.get_by_text(words)).to_be_hidden(timeout=PATIENCE)
    patient.button("Hang up")
    expect(said).to_be_hidden()


def test_a_patient_who_cannot_speak_answers_and_the_doctor_reads_it_in_another_language(
    open_side: Open,
) -> None:
    patient, doctor = open_side("patient", "early&lang=tr"), open_side("practitioner")
    patient.button("Görüşmeyi başlat")
    doctor.button("Start the call")
    doctor.talks()
    patient.turns("connected")
    patient.button("Sizi duyamıyorum")
    read = doctor.page.get_by_role("log", name="What you and the patient wrote")
    expect(read).to_have_text("Patient: I can't hear you", timeout=PATIENCE)
    own = patient.page.locator("[data-call-written]")
    expect(own).to_have_text("Siz: Sizi duyamıyorum")
    patient.button("Yaz")
    patient.page.get_by_label("Doktora yazın").fill("Dün <i>düştüm</i>")
    patient.button("Gönder")
    expect(read.locator("p").last).to_have_text("Patient: Dün <i>düştüm</i>", timeout=PATIENCE)
    assert violations(patient.page) == []
    doctor.button("Hang up")
    patient.turns("waiting")
    expect(patient.page.get_by_role("button", name="Sizi duyamıyorum")).to_be_hidden()
    patient.page.locator("[data-call-hang-up]").click()
    expect(own).to_be_empty()


@pytest.mark.full
def test_what_cannot_be_sent_stays_in_its_field_and_is_said(pair: tuple[Side, Side]) -> None:
    _patient, doctor = pair
    doctor.page.evaluate("window.peers.at(-1).close()")
    field = doctor.page.get_by_label("Write to the patient’s screen")
    field.fill("Are you there?")
    field.press("Enter")
    expect(doctor.page.get_by_role("alert")).to_have_text("Not sent: the line is interrupted.")
    expect(field).to_have_value("Are you there?")
