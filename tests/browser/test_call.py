"""Two real browsers talk: they see and hear each other, and come back whatever happens to the line."""

import pytest
from playwright.sync_api import expect

from signaling.passes import ROLES
from tests.browser.accessibility import violations
from tests.browser.call_sides import AGREED, PATIENCE, RECEIVED, CallServer, Open, Side

ANOTHER_CAMERA = """async () => {
  const [track] = (await navigator.mediaDevices.getUserMedia({ video: true })).getTracks();
  await window.panel.devices.use(track);
  return track.id === document.querySelector("[data-call-local]").srcObject.getVideoTracks()[0].id;
}"""
# Both sides run the same script: the patient is looked at every time, the doctor in the full tier.
WHO = [pytest.param(0, id="patient"), pytest.param(1, id="doctor", marks=pytest.mark.full)]


@pytest.fixture
def pair(open_side: Open) -> tuple[Side, Side]:
    """A patient and a doctor who are talking."""
    patient, doctor = open_side("patient", "early"), open_side("practitioner")
    for side in (patient, doctor):
        side.button("Start the call")
    patient.talks()
    doctor.talks()
    return patient, doctor


def test_they_see_and_hear_each_other(pair: tuple[Side, Side]) -> None:
    patient, doctor = pair
    patient.status("You are talking to the doctor.")
    doctor.status("You are talking to the patient.")
    for side in pair:
        side.grows("audioEnergy")
        assert (side.state(), side.connections()) == ("connected", 1)


def test_the_doctor_may_be_there_first(open_side: Open) -> None:
    doctor = open_side("practitioner")
    doctor.button("Start the call")
    doctor.status("The patient is not in the call at the moment. Please wait.")
    assert doctor.state() != "connected"
    patient = open_side("patient")
    patient.button("Start the call")
    patient.talks()
    doctor.talks()
    assert (patient.state(), doctor.state()) == ("connected", "connected")


def test_the_microphone_can_be_turned_off_and_the_other_side_is_told(pair: tuple[Side, Side]) -> None:
    patient, doctor = pair
    patient.button("Turn my microphone off")
    patient.notice("Your microphone is off: the doctor can't hear you.")
    doctor.notice("The patient's microphone is off.")
    assert patient.sends_sound() is False
    patient.button("Turn my microphone on")
    expect(doctor.page.locator("[data-call-notice]")).to_be_hidden()
    assert patient.sends_sound() is True
    doctor.grows("audioEnergy")


def test_another_camera_takes_over_and_nothing_is_negotiated(pair: tuple[Side, Side]) -> None:
    patient, doctor = pair
    before = doctor.page.evaluate(AGREED)
    assert doctor.page.evaluate(ANOTHER_CAMERA) is True
    seen = patient.page.evaluate(RECEIVED)["framesDecoded"]
    patient.page.wait_for_function(f"async () => (await ({RECEIVED})()).framesDecoded > {seen + 5}")
    assert doctor.page.evaluate(AGREED) == before


@pytest.mark.parametrize("who", WHO)
def test_hanging_up_is_not_the_end_and_one_can_join_again(pair: tuple[Side, Side], who: int) -> None:
    leaver, stayer = pair[who], pair[1 - who]
    leaver.button("Hang up")
    leaver.status("You have hung up. The visit is not over: you can join again.")
    expect(stayer.page.locator("[data-call-status]")).to_contain_text("has hung up.")
    assert leaver.page.evaluate("document.querySelector('[data-call-local]').srcObject") is None
    leaver.button("Join the call again")
    for side in pair:
        side.talks()


@pytest.mark.parametrize("who", WHO)
def test_a_reloaded_page_joins_again_by_itself(pair: tuple[Side, Side], who: int) -> None:
    pair[who].page.reload()
    for side in (pair[who], pair[1 - who]):
        side.talks()
        assert side.state() == "connected"


@pytest.mark.parametrize(
    "told", [pytest.param(False, id="dies"), pytest.param(True, id="ends", marks=pytest.mark.full)]
)
def test_a_call_survives_the_death_of_the_server(
    pair: tuple[Side, Side], server: CallServer, told: bool
) -> None:
    if told:
        server.drain()
        for side in pair:
            side.page.wait_for_function("() => window.sockets.at(-1).readyState !== 1")
    server.kill()
    for side in pair:
        side.grows("framesDecoded")
    server.start()
    for side in pair:
        side.page.wait_for_function(
            "() => window.sockets.at(-1).readyState === 1 && window.sockets.length > 1"
        )
        side.talks()
        assert side.connections() == 1
    # The way is really back: whoever leaves and returns now is found.
    pair[1].button("Hang up")
    pair[1].button("Join the call again")
    for side in pair:
        side.talks()


def test_a_changed_network_is_met_with_an_ice_restart(pair: tuple[Side, Side]) -> None:
    ufrag = "window.peers.at(-1).localDescription.sdp.match(/a=ice-ufrag:(\\S+)/)[1]"
    for side in pair:
        before = side.page.evaluate(ufrag)
        side.page.evaluate("dispatchEvent(new Event('online'))")
        side.page.wait_for_function(f"(before) => {ufrag} !== before", arg=before, timeout=PATIENCE)
        for each in pair:
            each.talks()
            assert each.connections() == 1


def test_hanging_up_while_the_call_is_still_being_opened_leaves_nothing_running(open_side: Open) -> None:
    patient = open_side("patient", "slow")
    patient.button("Start the call")
    patient.button("Not yet, close the camera")
    patient.status("You have hung up. The visit is not over: you can join again.")
    patient.page.wait_for_function("() => window.passes === 1")
    patient.page.wait_for_timeout(300)
    patient.status("You have hung up. The visit is not over: you can join again.")
    assert patient.page.evaluate("[window.sockets.length, window.peers.length]") == [0, 0]


@pytest.mark.parametrize("language", ["bg", pytest.param("en", marks=pytest.mark.full)])
def test_the_panel_is_accessible_while_people_talk(open_side: Open, language: str) -> None:
    patient, doctor = (open_side(role, f"demo&lang={language}", devices=False) for role in ROLES)
    for side in (patient, doctor):
        side.page.locator("[data-call-join]").click()
    for side in (patient, doctor):
        side.talks()
        assert violations(side.page) == []


def test_the_same_side_from_another_window_takes_the_call_over(
    pair: tuple[Side, Side], open_side: Open
) -> None:
    second = open_side("patient")
    second.button("Start the call")
    pair[0].status("This call has moved to another window.")
    second.talks()
    pair[1].talks()
    assert (pair[0].state() == "connected", second.state(), pair[1].state()) == (
        False,
        "connected",
        "connected",
    )


def test_without_camera_and_microphone_a_drawn_face_stands_in_in_a_demonstration(open_side: Open) -> None:
    patient, doctor = open_side("patient", "demo", devices=False), open_side("practitioner", "demo")
    for side in (patient, doctor):
        side.button("Start the call")
    for side in (patient, doctor):
        side.talks()
    patient.notice("a demonstration picture stands in for you")
    expect(doctor.page.locator("[data-call-remote-drawn]")).to_be_visible()
    expect(patient.page.locator("[data-call-remote-drawn]")).to_be_hidden()
    assert (patient.state(), doctor.state()) == ("connected", "connected")


@pytest.mark.full
def test_two_pages_without_any_device_still_make_a_demonstration(open_side: Open) -> None:
    sides = [open_side(role, "demo", devices=False) for role in ("patient", "practitioner")]
    for side in sides:
        side.button("Start the call")
    for side in sides:
        side.talks()
        assert side.state() == "connected"


def test_without_camera_and_microphone_one_still_sees_and_hears(open_side: Open) -> None:
    patient, doctor = open_side("patient", devices=False), open_side("practitioner")
    for side in (patient, doctor):
        side.button("Start the call")
    patient.talks()
    patient.notice("No camera was found")
    patient.notice("No microphone was found: please ask the clerk.")
    assert (patient.sends_sound(), doctor.sends_sound()) == (False, True)


def test_two_windows_of_one_browser_do_not_howl(open_side: Open) -> None:
    patient = open_side("patient")
    patient.button("Start the call")
    patient.status("Please stay here. The doctor will come into the call.")
    doctor = open_side("practitioner", beside=patient)
    doctor.button("Start the call")
    doctor.notice("A call is already open in another window of this browser.")
    muted = "document.querySelector('[data-call-remote]').muted"
    assert doctor.page.evaluate(muted) is True
    assert patient.page.evaluate(muted) is False
    patient.talks()
    patient.notice("The doctor's microphone is off.")
    doctor.button("Turn microphone and sound on")
    assert doctor.page.evaluate(muted) is False
    expect(patient.page.locator("[data-call-notice]")).to_be_hidden()


def test_the_end_of_the_visit_ends_the_call_for_both(
    pair: tuple[Side, Side], server: CallServer, room: str
) -> None:
    server.say("close-room", room)
    for side in pair:
        side.status("The call has ended.")
        expect(side.page.get_by_role("button")).to_have_count(0)
    pair[0].page.reload()
    pair[0].button("Start the call")
    pair[0].status("The call has ended.")
    assert [side.state() == "connected" for side in pair] == [False, False]


def test_signing_out_ends_the_doctors_call_but_not_the_patients(
    pair: tuple[Side, Side], server: CallServer, room: str
) -> None:
    server.say("close-session", f"practitioner-of-{room}")
    pair[1].status("The call has ended because you were signed out.")
    pair[0].status("Please stay here. The doctor will come into the call.")
    assert pair[1].page.evaluate("document.querySelector('[data-call-local]').srcObject") is None
