"""A small internet in network namespaces: server, relay, proxy, and two homes behind routers of their own.

    kiosk 192.168.1.2 ── line ── router ─┐                ┌─ server 10.99.0.10
          192.168.3.2 ── line ── router ─┼─ 10.99.0.0/24 ─┼─ relay  10.99.0.20
    doctor 192.168.2.2 ── line ── router ┘                └─ proxy  10.99.0.30

A line is two TUN devices with `wire.py` between them; the kiosk's second one is unplugged until it moves.
Nothing here reaches another machine.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.missing import miss
from tests.netlab.line import Line

ROOT = Path(__file__).parents[2]
SERVER, RELAY, PROXY, NOWHERE = "10.99.0.10", "10.99.0.20", "10.99.0.30", "10.99.0.254"
PROXY_PORT = 3128
Router = Literal["ordinary", "symmetric"]
Firewall = Literal["open", "no_udp", "only_443", "only_proxy"]
Home = Literal["kiosk", "doctor"]
Way = Literal["kiosk", "doctor", "spare"]
HOMES: tuple[Home, ...] = ("kiosk", "doctor")
_PROGRAMS = ("ip", "nft")


@dataclass(frozen=True)
class Access:
    """One line into a home: the plug it hangs on, its own network, and its router's public address."""

    home: Home
    plug: str
    net: str
    public: str
    seed: int


WAYS: dict[Way, Access] = {
    "kiosk": Access("kiosk", "eth0", "192.168.1", "10.99.0.11", 11),
    "doctor": Access("doctor", "eth0", "192.168.2", "10.99.0.12", 12),
    "spare": Access("kiosk", "eth1", "192.168.3", "10.99.0.13", 13),
}


def need_namespaces() -> None:
    """Miss the test where no namespaces can be made."""
    lacking = [program for program in _PROGRAMS if shutil.which(program) is None]
    if lacking:
        miss(f"{', '.join(lacking)} (Debian: iproute2, nftables)")
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        miss("/dev/net/tun, for lines that delay and lose")
    trial = f"tmtry{os.getpid()}"
    if subprocess.run(["ip", "netns", "add", trial], capture_output=True).returncode:
        miss("the right to make network namespaces (root)")
    _run("ip", "netns", "del", trial)


def clear_away() -> None:
    """Remove the namespaces of labs that were killed: they are named after a process that is no more."""
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True).stdout
    for line in listed.splitlines():
        name = line.split()[0]
        owner = re.match(r"tm(\d+)", name)
        if owner and not Path(f"/proc/{owner[1]}").exists():
            subprocess.run(["ip", "netns", "del", name], capture_output=True)


class World:
    """The namespaces of one lab, made by `build` and ended by `close`; names carry this process' number."""

    def __init__(self) -> None:
        self._mark = f"tm{os.getpid()}"
        self._names: list[str] = []
        self.lines: dict[Way, Line] = {}

    def build(self) -> None:
        """Make every namespace, plug them together and lay the lines; the spare one is not plugged in."""
        self._space("net")
        self._in("net", "link add br0 type bridge", "link set br0 up", f"addr add {NOWHERE}/24 dev br0")
        for place, address in (("server", SERVER), ("relay", RELAY), ("proxy", PROXY)):
            self._attach(place, address)
        for home in HOMES:
            self._space(home)
        for way, access in WAYS.items():
            self._attach(f"{way}-r", access.public)
            self._lay(way, access)
            self.route(way)
        self.move("kiosk")
        self.move("doctor")

    def name(self, of: str) -> str:
        """The namespace of a place: net, server, relay, proxy, kiosk, doctor, or a way's router."""
        return f"{self._mark}{of}"

    def inside(self, place: str, *command: str) -> list[str]:
        """A command that runs in a place."""
        return ["ip", "netns", "exec", self.name(place), *command]

    def route(self, way: Way, router: Router = "ordinary", firewall: Firewall = "open") -> None:
        """Make a way's router what some networks are: hides ports, lets no UDP out, or next to nothing."""
        _run(*self.inside(f"{way}-r", "nft", "-f", "-"), input=_rules(router, firewall))

    def move(self, to: Way) -> None:
        """Change a home's network as by pulling one plug and then putting in the other."""
        access = WAYS[to]
        for way, other in WAYS.items():
            if other.home == access.home and way != to:
                self._in(other.home, f"link set {other.plug} down")
        self._in(access.home, f"link set {access.plug} up")
        self._in(access.home, f"route replace default via {access.net}.1 dev {access.plug}")

    def round_trip(self, times: int = 10) -> float:
        """Return the median time from the kiosk to the doctor and back, in ms, by ping over both lines."""
        return self._ping("kiosk", times) + self._ping("doctor", times)

    def close(self) -> None:
        """End the lines and remove every namespace, with all that is in them."""
        for line in self.lines.values():
            line.end()
        for name in reversed(self._names):
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
        self._names, self.lines = [], {}

    def _ping(self, home: Home, times: int) -> float:
        # A lost one says nothing of the time; without any answer there is nothing to be said.
        command = self.inside(home, "ping", "-n", "-c", str(times), "-i", "0.2", "-W", "3", SERVER)
        said = subprocess.run(command, capture_output=True, text=True).stdout
        took = sorted(
            float(line.split("time=")[1].split()[0]) for line in said.splitlines() if "time=" in line
        )
        if not took:
            raise RuntimeError(f"nothing answers the {home}'s ping")
        return took[len(took) // 2]

    def _space(self, name: str) -> None:
        _run("ip", "netns", "add", self.name(name))
        self._names.append(self.name(name))
        self._in(name, "link set lo up")

    def _attach(self, name: str, address: str) -> None:
        self._space(name)
        plug = f"p{address.rsplit('.', 1)[1]}"
        self._in("net", f"link add {plug} type veth peer name pub0 netns {self.name(name)}")
        self._in("net", f"link set {plug} master br0", f"link set {plug} up")
        # A relay without a default route loses a client's allocation at the first private candidate.
        self._in(
            name, f"addr add {address}/24 dev pub0", "link set pub0 up", f"route add default via {NOWHERE}"
        )

    def _lay(self, way: Way, access: Access) -> None:
        ends = (f"{self._mark}{way[0]}0"[-15:], f"{self._mark}{way[0]}1"[-15:])
        self.lines[way] = Line(*ends, access.seed, ROOT)
        router = f"{way}-r"
        _run("ip", "link", "set", ends[0], "netns", self.name(access.home), "name", access.plug)
        _run("ip", "link", "set", ends[1], "netns", self.name(router), "name", "lan0")
        self._in(access.home, f"addr add {access.net}.2/24 dev {access.plug}")
        self._in(router, f"addr add {access.net}.1/24 dev lan0", "link set lan0 up")
        _run(*self.inside(router, "sysctl", "-qw", "net.ipv4.ip_forward=1"))

    def _in(self, name: str, *commands: str) -> None:
        for command in commands:
            _run("ip", "-n", self.name(name), *command.split())


def _rules(router: Router, firewall: Firewall) -> str:
    hide = "masquerade fully-random" if router == "symmetric" else "masquerade"
    let_out = {
        "open": "accept",
        "no_udp": "meta l4proto udp drop; accept",
        "only_443": "ct state established,related accept; tcp dport 443 accept; drop",
        "only_proxy": f"ip daddr {PROXY} tcp dport {PROXY_PORT} accept; drop",
    }[firewall]
    out = "\n    ".join(let_out.split("; "))
    return f"""
flush ruleset
table ip home {{
  chain hide {{ type nat hook postrouting priority srcnat; oifname "pub0" {hide}; }}
  chain way {{
    type filter hook forward priority filter;
    iifname "pub0" ct state new drop
    iifname "pub0" accept
    {out}
  }}
}}
"""


def _run(*command: str, input: str | None = None) -> None:
    done = subprocess.run(command, input=input, text=True, capture_output=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
