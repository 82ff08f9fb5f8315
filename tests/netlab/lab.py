"""The lab as a test holds it: two people behind lines that it may spoil, and a call between them."""

import fcntl
import itertools
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.call_sides import Side, build_page
from tests.netlab import capture
from tests.netlab.homes import BY_PROXY, Proxy, Server, move_in, open_side
from tests.netlab.relay import Relay
from tests.netlab.world import HOMES, WAYS, Firewall, Home, Router, World, clear_away, need_namespaces


@dataclass
class Call:
    """Both sides of one call."""

    kiosk: Side
    doctor: Side

    def start(self) -> None:
        """Both press, and both see and hear the other."""
        for side in self.sides:
            side.button("Start the call")
        self.talk()

    def talk(self) -> None:
        """Wait until both see and hear the other."""
        for side in self.sides:
            side.talks()

    def end(self) -> None:
        """Close both pages."""
        for side in self.sides:
            side.page.context.close()

    @property
    def sides(self) -> tuple[Side, Side]:
        """The kiosk's and the doctor's."""
        return self.kiosk, self.doctor


@dataclass
class Lab:
    """Everything a network test needs; `folder` holds what the server shows as /built."""

    world: World
    relay: Relay
    server: Server
    browsers: dict[Home, Browser]
    folder: Path
    _playwright: Playwright
    _chromium: Path
    _flags: Sequence[str]
    _rooms: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def network(self, router: Router = "ordinary", kiosk: Firewall = "open", line: str = "good") -> None:
        """Both homes behind such routers, the kiosk behind such a firewall and line; the doctor's is good."""
        self.world.move("kiosk")
        for way, access in WAYS.items():
            at_kiosk = access.home == "kiosk"
            self.world.route(way, router, kiosk if at_kiosk else "open")
            self.world.lines[way].behave(line if at_kiosk else "good")

    def room(self) -> str:
        """A room's name that nobody has used."""
        return f"lab-room-{next(self._rooms)}"

    def call(self, query: str = "early", script: str = "") -> Call:
        """Open both pages in a room of their own."""
        room = self.room()
        return Call(*(open_side(self.browsers[home], home, room, query, script) for home in HOMES))

    @contextmanager
    def kiosk_by_proxy(self) -> Iterator[Proxy]:
        """Have the kiosk's browser go by the office's proxy until the block ends."""
        usual, proxy = self.browsers["kiosk"], Proxy(self.world)
        flags = [*self._flags, *BY_PROXY]
        browser = move_in(self._playwright, self.world, "kiosk", self._chromium, self.folder, flags)
        self.browsers["kiosk"] = browser
        try:
            yield proxy
        finally:
            self.browsers["kiosk"] = usual
            browser.close()
            proxy.stop()


@contextmanager
def only_one() -> Iterator[None]:
    """Wait until no other lab stands on this machine: two would measure each other."""
    with (Path(tempfile.gettempdir()) / "telemed-netlab.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def standing(chromium: Path, folder: Path) -> Iterator[Lab]:
    """Build the lab in a folder, with its servers and a browser in each home, until the block ends."""
    need_namespaces()
    with ExitStack() as stack:
        stack.enter_context(only_one())
        clear_away()
        world = World()
        stack.callback(world.close)
        world.build()
        relay, server = Relay(world, folder), Server(world, folder)
        stack.callback(relay.stop)
        stack.callback(server.kill)
        relay.begin()
        server.begin()
        build_page(folder)
        flags = capture.flags(folder)
        playwright = stack.enter_context(sync_playwright())
        browsers = {home: move_in(playwright, world, home, chromium, folder, flags) for home in HOMES}
        relay.wait()
        server.wait()
        yield Lab(world, relay, server, browsers, folder, playwright, chromium, flags)
