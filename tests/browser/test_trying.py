"""Camera, sound and line are tried before a call: at the kiosk, in the clinic, and by the kiosk itself."""

import json
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, Response, Route, expect

from signaling import ice
from tests.browser.accessibility import cut_off, violations
from tests.browser.people import Patient, Staff
from tests.missing import miss
from tests.running import Running
from tests.servers import free_port, stop, wait_until

PATIENCE = 40_000
SECRET = "only for this test, and long enough"
# What waits for minutes waits for seconds.
IMPATIENT = """
const wait = window.setTimeout;
window.setTimeout = (act, ms, ...more) => wait(act, ms > 60_000 ? ms / 100 : ms, ...more);
"""
PARTS = ("camera", "microphone", "line")
# Everything a connection has sent and received, down to its packets' heads.
ON_THE_WIRE = """
window.peers = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...given) {
    super(...given);
    window.peers.push(this);
    const close = this.close.bind(this);
    this.close = () => {
      this.cost ??= this.counted();
      void this.cost.then(close);
    };
  }
  async counted() {
    let bytes = 0;
    for (const each of (await this.getStats()).values()) {
      if (each.type === "candidate-pair") {
        bytes += each.bytesSent + each.bytesReceived + 28 * (each.packetsSent + each.packetsReceived);
      }
    }
    return bytes;
  }
};
"""


def becomes(page: Page, part: str, is_: str) -> None:
    expect(page.locator(f"[data-part={part}]")).to_have_attribute("data-is", is_, timeout=PATIENCE)


@pytest.fixture
def kiosk(quiet_service: Running, browser: Browser) -> Iterator[Patient]:
    kiosk = Patient(browser, quiet_service.origin)
    yield kiosk
    kiosk.close()


@pytest.fixture
def doctor(quiet_service: Running, browser: Browser) -> Iterator[Staff]:
    doctor = Staff(browser, quiet_service.origin)
    doctor.signs_in("doctor@telemed.example", "/clinic")
    yield doctor
    doctor.close()


def try_everything(page: Page) -> None:
    page.locator("[data-act=begin]").click()
    for part in PARTS:
        becomes(page, part, "good")
    page.locator("[data-act=heard]").click()
    becomes(page, "speaker", "good")
    expect(page.locator("[data-act=begin]")).to_be_enabled(timeout=PATIENCE)
    page.locator("summary").click()
    for number in ("up", "down", "rtt", "loss"):
        assert page.locator(f"[data-number={number}]").inner_text() not in ("", "–")


def test_whoever_looks_after_the_kiosk_tries_it(kiosk: Patient) -> None:
    page = kiosk.page
    page.goto(f"{kiosk.origin}/kiosk/enrol?lang=bg")
    page.get_by_role("link", name="Изпробване на камера, звук и линия").click()
    assert [*violations(page), *cut_off(page)] == []
    try_everything(page)
    assert [*violations(page), *cut_off(page)] == []
    assert kiosk.complaints.lines == []


@pytest.mark.full
def test_the_doctor_tries_it_too(doctor: Staff) -> None:
    page = doctor.page
    page.get_by_role("link", name="Камера и линия").or_(
        page.get_by_role("link", name="Camera and line")
    ).click()
    try_everything(page)
    assert [*violations(page), *cut_off(page)] == []
    assert doctor.complaints.lines == []


def test_what_is_not_there_is_named_with_its_remedy(kiosk: Patient) -> None:
    page = kiosk.page
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'));"
    )
    page.route("**/api/v1/line-probe", lambda route: route.fulfill(status=503, body="{}"))
    page.goto(f"{kiosk.origin}/kiosk/try?lang=en")
    page.locator("[data-act=begin]").click()
    for part in ("camera", "microphone"):
        becomes(page, part, "bad")
    becomes(page, "line", "weak")
    said = " ".join(page.inner_text("main").split())
    assert "No camera was found. Plug it in and begin again." in said
    assert "Others are trying their lines just now. Begin again in a minute." in said


@pytest.fixture
def relay() -> Iterator[int]:
    """A relay that is reached by UDP and TCP; its port."""
    if shutil.which("turnserver") is None:
        miss("coturn (Debian: coturn)")
    port = free_port()
    how = ["-n", "-p", str(port), "-L", "127.0.0.1", "-E", "127.0.0.1", "--realm=telemed", "--no-cli"]
    open_to = ["--use-auth-secret", f"--static-auth-secret={SECRET}", "--no-tls", "--no-dtls"]
    with tempfile.TemporaryDirectory() as folder:
        kept = [f"--pidfile={folder}/pid", f"--log-file={folder}/log"]
        process = subprocess.Popen(
            ["turnserver", *how, *open_to, *kept], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait_until(lambda: _listens(port), process)
            yield port
        finally:
            stop(process, signal.SIGKILL)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _as_a_provider_says_it(servers: list[ice.IceServer]) -> list[ice.IceServer]:
    """The same servers after a provider's answer: a row for each address, under both names of the field."""
    return ice.provided_servers(
        [{**server, "url": url, "urls": url} for server in servers for url in server["urls"]]
    )


@pytest.mark.full
@pytest.mark.parametrize("as_said", [list, _as_a_provider_says_it], ids=["ours", "a provider's"])
def test_each_way_to_the_relay_is_tried_by_itself(
    kiosk: Patient, relay: int, as_said: Callable[[list[ice.IceServer]], list[ice.IceServer]]
) -> None:
    page, here = kiosk.page, f"127.0.0.1:{relay}"
    urls = [f"turn:{here}?transport=udp", f"turn:{here}?transport=tcp", f"turns:127.0.0.1:{free_port()}"]
    servers = as_said(ice.ice_servers("try-1", urls, SECRET, datetime.now(UTC) + timedelta(minutes=5)))

    def answers(route: Route) -> None:
        if "sdp" in (route.request.post_data or ""):
            route.continue_()
        else:
            route.fulfill(json={"ice": servers})

    page.route("**/api/v1/line-probe", answers)
    page.goto(f"{kiosk.origin}/kiosk/try?lang=en")
    page.locator("[data-act=begin]").click()
    becomes(page, "ways", "good")
    page.locator("summary").click()
    for way, word in (("udp", "goes through"), ("tcp", "goes through"), ("tls", "is blocked")):
        expect(page.locator(f"[data-way={way}]")).to_contain_text(word)
        expect(page.locator(f"[data-way={way}] span:visible")).to_have_count(1)


def test_a_quiet_kiosk_tries_its_line_by_itself_and_a_touch_ends_it(kiosk: Patient) -> None:
    page = kiosk.page
    page.add_init_script(ON_THE_WIRE + IMPATIENT)
    page.goto(f"{kiosk.origin}/kiosk")
    told: list[Response] = []
    page.on("response", lambda answer: told.append(answer) if "line-readings" in answer.url else None)
    page.wait_for_function("() => window.peers[0]?.connectionState === 'connected'", timeout=PATIENCE)
    page.locator("h1").click()
    page.wait_for_function("() => window.peers[0].connectionState === 'closed'")
    assert told == []
    page.wait_for_event("response", lambda answer: "line-readings" in answer.url, timeout=PATIENCE)
    [answer] = told
    assert answer.status == 204
    [reading] = json.loads(answer.request.post_data or "")["readings"]
    assert reading["source"] == "probe"
    assert min(reading["up_kbps"], reading["down_kbps"]) > 400
    assert page.evaluate("window.peers[1].cost") < 150_000
