"""Pictures beside the voice: the doctor shows one, and asks the kiosk's camera for a sharp one."""

import struct
import zlib

import pytest
from playwright.sync_api import FilePayload, Locator, expect

from tests.browser.accessibility import violations
from tests.browser.call_sides import PATIENCE, Open, Side

PAINTED = """canvas => {
  const dots = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  return canvas.width > 300 && new Set(dots).size > 8;
}"""
WIDE = "canvas => [canvas.width, canvas.height]"


def png(wide: int, high: int) -> FilePayload:
    """A picture that runs from dark to light."""
    row = b"\0" + bytes(value * 255 // wide for value in range(wide) for _ in range(3))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(row * high)),
        (b"IEND", b""),
    )
    made = b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return {"name": "result.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + made}


def talking(open_side: Open, camera: bool = True) -> tuple[Side, Side]:
    """A patient and a doctor on a good line."""
    patient = open_side("patient", "early&kbit=2000", devices=camera)
    doctor = open_side("practitioner", "kbit=2000")
    for side in (patient, doctor):
        side.button("Start the call")
    for side in (patient, doctor):
        side.turns("connected")
    return patient, doctor


def painted(side: Side, canvas: Locator) -> list[int]:
    """Wait until a picture is seen on it; return its size."""
    expect(canvas).to_be_visible(timeout=PATIENCE)
    side.page.wait_for_function(PAINTED, arg=canvas.element_handle(), timeout=PATIENCE)
    size: list[int] = canvas.evaluate(WIDE)
    return size


def says(doctor: Side, words: str) -> None:
    expect(doctor.page.get_by_text(words, exact=True).locator("visible=true")).to_be_visible(timeout=PATIENCE)


def shows(doctor: Side, picture: FilePayload) -> None:
    doctor.page.get_by_label("Choose a picture from this computer").set_input_files(picture)


def test_the_doctor_shows_a_picture_and_the_patient_closes_it(open_side: Open) -> None:
    patient, doctor = talking(open_side)
    shows(doctor, png(1600, 1200))
    shown = patient.page.get_by_role("img", name="The doctor shows you a picture.")
    wide, high = painted(patient, shown)
    assert max(wide, high) in (640, 1024)
    assert wide * 3 == high * 4
    says(doctor, "The patient sees the picture.")
    assert violations(patient.page) == violations(doctor.page) == []
    patient.button("Close the picture")
    expect(shown).to_be_hidden()
    says(doctor, "The patient closed the picture.")


@pytest.mark.full
def test_the_doctor_takes_a_picture_away_and_with_the_call_it_goes_too(open_side: Open) -> None:
    patient, doctor = talking(open_side)
    shown = patient.page.get_by_role("img", name="The doctor shows you a picture.")
    for end in ("Take the picture away", "Hang up"):
        shows(doctor, png(400, 300))
        painted(patient, shown)
        says(doctor, "The patient sees the picture.")
        doctor.button(end)
        expect(shown).to_be_hidden(timeout=PATIENCE)
    assert patient.page.locator("[data-call-picture] canvas").evaluate(WIDE)[0] == 1


@pytest.mark.full
def test_a_file_that_is_no_picture_goes_nowhere(open_side: Open) -> None:
    _patient, doctor = talking(open_side)
    shows(doctor, {"name": "result.png", "mimeType": "image/png", "buffer": b"no picture at all"})
    says(doctor, "This file is no picture that can be shown.")


def test_a_sharp_picture_is_taken_after_a_count_and_seen_closely(open_side: Open) -> None:
    patient, doctor = talking(open_side)
    doctor.button("Ask for a sharp picture")
    asked = patient.page.get_by_text("The doctor asks for a sharp picture.")
    expect(asked).to_be_visible(timeout=PATIENCE)
    assert violations(patient.page) == []
    seen = doctor.page.get_by_role("img", name="The patient’s sharp picture")
    assert max(painted(doctor, seen)) in range(640, 1281)
    says(doctor, "The picture is here.")
    expect(seen).to_be_in_viewport()
    expect(asked).to_be_hidden()
    doctor.button("See it large")
    before = seen.bounding_box()
    doctor.button("Larger")
    after = seen.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > before["width"] * 1.4
    assert violations(doctor.page) == []
    doctor.button("Close")
    expect(doctor.page.get_by_role("button", name="See it large")).to_be_visible()


@pytest.mark.full
def test_a_patient_may_say_not_now(open_side: Open) -> None:
    patient, doctor = talking(open_side)
    doctor.button("Ask for a sharp picture")
    patient.button("Not now")
    says(doctor, "The patient said: not now.")
    expect(patient.page.locator("[data-call-sharp]")).to_be_hidden()


@pytest.mark.full
def test_a_doctor_takes_the_question_back(open_side: Open) -> None:
    patient, doctor = talking(open_side)
    doctor.button("Ask for a sharp picture")
    asked = patient.page.locator("[data-call-sharp]")
    expect(asked).to_be_visible(timeout=PATIENCE)
    doctor.button("Cancel")
    expect(asked).to_be_hidden(timeout=PATIENCE)


@pytest.mark.full
def test_without_a_camera_the_doctor_is_told_so(open_side: Open) -> None:
    _patient, doctor = talking(open_side, camera=False)
    doctor.button("Ask for a sharp picture")
    says(doctor, "The camera shows nothing now.")


@pytest.mark.full
def test_before_anybody_is_admitted_nothing_is_heard_asked_or_shown(open_side: Open) -> None:
    patient, doctor = open_side("patient", "early"), open_side("practitioner", "early&held")
    for side in (patient, doctor):
        side.button("Start the call")
    for side in (patient, doctor):
        side.turns("held")
    say = "([word, body]) => window.panel.call.channel.say(word, body)"
    for word, body in (("text", {"text": "Hello"}), ("show", {"key": "belly"}), ("sharp", {"ask": True})):
        assert doctor.page.evaluate(say, [word, body]) is True
    assert patient.page.evaluate(say, ["text", {"key": "yes"}]) is True
    for side in (patient, doctor):
        side.page.wait_for_timeout(1_000)
        expect(side.page.locator("[data-call-written]")).to_be_empty()
    expect(patient.page.locator(":is([data-call-shown], [data-call-sharp]):not([hidden])")).to_have_count(0)
