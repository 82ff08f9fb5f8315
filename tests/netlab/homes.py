"""A Chromium in each home: the page of one side of a call, on the far side of that home's line."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

from signaling.passes import Role
from tests.browser.call_sides import PATIENCE, SPY, Side
from tests.netlab import certificate, relay
from tests.netlab.world import PROXY, PROXY_PORT, ROOT, SERVER, Home, World

ORIGIN = f"https://{SERVER}"
BY_PROXY = [f"--proxy-server=http://{PROXY}:{PROXY_PORT}"]
ROLES: dict[Home, Role] = {"kiosk": "patient", "doctor": "practitioner"}
FLAGS = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--ignore-certificate-errors",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--disable-gpu",
    "--no-sandbox",
]


class Server:
    """The call page's server on 443, in its own place of the lab; may be killed and started again."""

    def __init__(self, world: World, page: Path) -> None:
        files = certificate.make(page, SERVER)
        self._command = world.inside(
            "server",
            *(sys.executable, "-m", "tests.browser.call_page", ORIGIN, str(page), relay.URLS, relay.SECRET),
            *(str(files.cert), str(files.key)),
        )
        asking = f"import socket; socket.create_connection(('{SERVER}', 443)).close()"
        self._look = world.inside("server", sys.executable, "-S", "-c", asking)
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start it, without waiting."""
        self._process = subprocess.Popen(self._command, cwd=ROOT)

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.begin()
        self.wait()

    def wait(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + 90
        while subprocess.run(self._look, capture_output=True).returncode:
            if self._process is None or self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the lab's server did not start")

    def kill(self) -> None:
        """End it as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


class Proxy:
    """The proxy of an office that lets nothing else out."""

    def __init__(self, world: World) -> None:
        command = [sys.executable, "-m", "tests.netlab.proxy", PROXY, str(PROXY_PORT)]
        self._process = subprocess.Popen(
            world.inside("proxy", *command), cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        if self._process.stdout.readline().strip() != "ready":
            raise RuntimeError("the lab's proxy did not start")
        self.tunnels: list[str] = []

    def stop(self) -> None:
        """End it; then `tunnels` says to where it was asked to open some."""
        self._process.kill()
        said, _ = self._process.communicate()
        self.tunnels = said.split()


def move_in(
    playwright: Playwright, world: World, home: Home, chromium: Path, folder: Path, flags: Sequence[str] = ()
) -> Browser:
    """Start a Chromium whose only way out is its home's line."""
    door = folder / f"chromium-{home}"
    door.write_text(f'#!/bin/sh\nexec {" ".join(world.inside(home, str(chromium)))} "$@"\n')
    door.chmod(0o755)
    return playwright.chromium.launch(executable_path=door, args=[*FLAGS, *flags])


def open_side(browser: Browser, home: Home, room: str, query: str = "early", script: str = "") -> Side:
    """Open one side's page, ready to be pressed; `script` runs in it before its own."""
    page: Page = browser.new_context(ignore_https_errors=True).new_page()
    page.add_init_script(SPY + script)
    page.goto(f"{ORIGIN}/{ROLES[home]}?room={room}&{query}")
    return Side(page)


SELECTED_PAIR = """async () => {
  const stats = await window.peers.at(-1).getStats();
  const all = [...stats.values()];
  const transport = all.find((each) => each.type === 'transport');
  const pair = stats.get(transport.selectedCandidatePairId);
  const [local, remote] = [stats.get(pair.localCandidateId), stats.get(pair.remoteCandidateId)];
  return [local.candidateType, local.relayProtocol ?? local.protocol, remote.candidateType];
}"""


def selected_pair(side: Side) -> tuple[str, str, str]:
    """Over what the two talk, as this side sees it: own candidate, its protocol, the other's candidate."""
    local, protocol, remote = side.page.evaluate(SELECTED_PAIR)
    return local, protocol, remote


def leaves_the_relay(side: Side) -> None:
    """Wait until the two talk directly."""
    # While ways are changed there may be none.
    script = f"() => ({SELECTED_PAIR})().then((found) => !found.includes('relay'), () => false)"
    side.page.wait_for_function(script, timeout=PATIENCE)
