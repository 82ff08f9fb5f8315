"""The lab as a test holds it: two people behind lines that it may spoil, and a call between them."""

import itertools
from dataclasses import dataclass, field

from playwright.sync_api import Browser

from tests.browser.call_sides import Side
from tests.netlab.homes import Server, open_side
from tests.netlab.relay import Relay
from tests.netlab.world import Firewall, Home, Router, World


@dataclass
class Call:
    """Both sides of one call."""

    kiosk: Side
    doctor: Side

    def start(self) -> None:
        """Both press, and both see and hear the other."""
        for side in (self.kiosk, self.doctor):
            side.button("Start the call")
        for side in (self.kiosk, self.doctor):
            side.talks()

    def end(self) -> None:
        """Close both pages."""
        for side in (self.kiosk, self.doctor):
            side.page.context.close()


@dataclass
class Lab:
    """Everything a network test needs."""

    world: World
    relay: Relay
    server: Server
    browsers: dict[Home, Browser]
    _rooms: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def network(self, router: Router = "ordinary", kiosk: Firewall = "open", line: str = "good") -> None:
        """Both homes behind such routers, the kiosk behind such a firewall and line; the doctor's is good."""
        self.world.route("kiosk", router, kiosk)
        self.world.route("doctor", router)
        self.world.lines["kiosk"].behave(line)

    def call(self) -> Call:
        """Open both pages in a room of their own."""
        room = f"lab-room-{next(self._rooms)}"
        return Call(*(open_side(self.browsers[home], home, room) for home in ("kiosk", "doctor")))
