"""A patient who is ready is connected in silence; admitting lets both be seen and heard, in that visit."""

import json

import pytest
from playwright.sync_api import WebSocket

from tests.browser.call_sides import AGREED, Open, Side

SENT = """async () => {
  let packets = 0;
  for (const report of (await window.peers.at(-1).getStats()).values())
    if (report.type === "outbound-rtp") packets += report.packetsSent;
  return packets;
}"""
CAPTURES = """() => {
  window.captures = 0;
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (...wish) => { window.captures += 1; return ask(...wish); };
}"""
RELAYED_AT_MOST = 8


def relayed(frames: list[str]) -> list[str]:
    """What a side has said that the server passes on: a join that carries an offer, and signals."""
    said = [json.loads(frame.split(",", 1)[1]) for frame in frames if frame.startswith("42/call,")]
    return [each[0] for each in said if each[0] == "signal" or (each[0] == "join" and each[1].get("offer"))]


@pytest.fixture
def held(open_side: Open) -> tuple[Side, Side]:
    """A patient who is ready, and a doctor's page that has not admitted yet."""
    patient, doctor = open_side("patient", "early"), open_side("practitioner", "early&held")
    for side in (patient, doctor):
        side.page.evaluate(CAPTURES)
        side.button("Start the call")
    for side in (patient, doctor):
        side.turns("held")
    return patient, doctor


def test_nothing_goes_out_before_the_doctor_admits_and_nothing_is_negotiated_then(
    held: tuple[Side, Side],
) -> None:
    patient, doctor = held
    patient.status("You are ready. Nobody sees or hears you yet.")
    doctor.status("The patient is ready. Nobody is seen or heard until you admit.")
    patient.page.wait_for_timeout(1500)
    for side in held:
        assert side.page.evaluate(SENT) == 0
        assert side.page.evaluate("document.querySelector('[data-call-remote]').srcObject") is None
    assert doctor.page.evaluate("window.panel.admit('visit-of-somebody-else')") is False
    assert [side.state() for side in held] == ["held", "held"]
    before = [side.page.evaluate(AGREED) for side in held]
    assert doctor.admits() is True
    for side in held:
        side.talks()
        assert side.page.evaluate(SENT) > 0
    assert [side.page.evaluate(AGREED) for side in held] == before
    assert [side.page.evaluate("window.captures") for side in held] == [0, 0]


def test_the_patient_refuses_an_agreement_about_another_visit(held: tuple[Side, Side]) -> None:
    _, doctor = held
    doctor.page.evaluate("window.panel.call.channel.say('admit', { visit: 'visit-of-somebody-else' })")
    doctor.page.wait_for_timeout(500)
    assert [side.page.evaluate(SENT) for side in held] == [0, 0]
    assert [side.state() for side in held] == ["held", "held"]


def test_what_was_agreed_can_be_taken_back(held: tuple[Side, Side]) -> None:
    patient, doctor = held
    doctor.admits()
    for side in held:
        side.talks()
    doctor.page.evaluate("window.panel.hold()")
    for side in held:
        side.turns("held")
    # What the browser itself had already packed is on its way.
    patient.page.wait_for_timeout(200)
    before = [side.page.evaluate(SENT) for side in held]
    patient.page.wait_for_timeout(500)
    assert [side.page.evaluate(SENT) for side in held] == before


def test_not_yet_closes_the_connection_and_the_camera(held: tuple[Side, Side]) -> None:
    patient, doctor = held
    patient.button("Not yet, close the camera")
    doctor.turns("waiting")
    assert patient.page.evaluate("document.querySelector('[data-call-local]').srcObject") is None
    assert patient.page.evaluate("window.peers.every((peer) => peer.connectionState === 'closed')") is True


def test_after_ten_minutes_the_connection_is_let_go_and_admitting_makes_it_anew(open_side: Open) -> None:
    patient, doctor = open_side("patient", "early"), open_side("practitioner", "early&held", clock=True)
    for side in (patient, doctor):
        side.button("Start the call")
    for side in (patient, doctor):
        side.turns("held")
    doctor.page.clock.fast_forward("10:01")
    for side in (patient, doctor):
        side.turns("resting")
        assert side.page.evaluate("window.peers.every((peer) => peer.connectionState === 'closed')") is True
    doctor.admits()
    for side in (patient, doctor):
        side.talks()
        assert side.page.evaluate(SENT) > 0


def test_a_call_is_set_up_with_few_relayed_messages(open_side: Open) -> None:
    frames: list[str] = []

    def listens(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: frames.append(str(frame)))

    patient, doctor = open_side("patient", "early"), open_side("practitioner", "early&held")
    for side in (patient, doctor):
        side.page.on("websocket", listens)
        side.page.reload()
        side.button("Start the call")
    for side in (patient, doctor):
        side.turns("held")
    doctor.admits()
    for side in (patient, doctor):
        side.talks()
    assert 2 <= len(relayed(frames)) <= RELAYED_AT_MOST


@pytest.mark.full
def test_a_doctor_who_looks_and_goes_has_hung_up_on_nobody(held: tuple[Side, Side]) -> None:
    patient, doctor = held
    doctor.page.evaluate("window.panel.hangUp()")
    patient.turns("waiting")
    patient.status("Please stay here. The doctor will come into the call.")
