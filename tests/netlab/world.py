"""A small internet in network namespaces: a server, a relay, and two homes behind routers of their own.

    kiosk 192.168.1.2 ── line ── router ─┐
                                         ├─ 10.99.0.0/24 ─┬─ server 10.99.0.10
    doctor 192.168.2.2 ── line ── router ┘                └─ relay  10.99.0.20

A line is two TUN devices with `wire.py` between them. Nothing here reaches another machine.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tests.missing import miss

ROOT = Path(__file__).parents[2]
SERVER, RELAY, NOWHERE = "10.99.0.10", "10.99.0.20", "10.99.0.254"
Router = Literal["ordinary", "symmetric"]
Firewall = Literal["open", "no_udp", "only_443"]
Home = Literal["kiosk", "doctor"]
_PROGRAMS = ("ip", "nft")


@dataclass(frozen=True)
class Place:
    """One home: its own network, and the router's address on the common one."""

    net: str
    public: str
    seed: int


HOMES: dict[Home, Place] = {
    "kiosk": Place("192.168.1", "10.99.0.11", 11),
    "doctor": Place("192.168.2", "10.99.0.12", 12),
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


class Line:
    """One home's access line: behaves as a profile says, may be cut, and counts."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def behave(self, profile: str) -> None:
        """Be another line from now on."""
        self._order(profile=profile)

    def cut(self, seconds: float) -> None:
        """Carry nothing for a while."""
        self._order(outage=seconds)

    def counted(self, afresh: bool = False) -> dict[str, Any]:
        """What went up and came down since the last time it was counted afresh."""
        return self._order(counted=True, afresh=afresh)

    def _order(self, **order: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


class World:
    """The namespaces of one lab, made by `build` and ended by `close`; names carry this process' number."""

    def __init__(self) -> None:
        self._mark = f"tm{os.getpid()}"
        self._names: list[str] = []
        self._wires: list[subprocess.Popen[str]] = []
        self.lines: dict[Home, Line] = {}

    def build(self) -> None:
        """Make every namespace, plug them together and lay the lines."""
        self._space("net")
        self._in("net", "link add br0 type bridge", "link set br0 up", f"addr add {NOWHERE}/24 dev br0")
        self._attach("server", SERVER)
        self._attach("relay", RELAY)
        for home, place in HOMES.items():
            self._attach(f"{home}-r", place.public)
            self._space(home)
            self._lay(home, place)
            self.route(home)

    def name(self, of: str) -> str:
        """The namespace of a place: net, server, relay, kiosk, doctor, or a home's router."""
        return f"{self._mark}{of}"

    def inside(self, place: str, *command: str) -> list[str]:
        """A command that runs in a place."""
        return ["ip", "netns", "exec", self.name(place), *command]

    def route(self, home: Home, router: Router = "ordinary", firewall: Firewall = "open") -> None:
        """Make a home's router what some networks are: hides ports, lets no UDP out, or TCP 443 only."""
        _run(*self.inside(f"{home}-r", "nft", "-f", "-"), input=_rules(router, firewall))

    def close(self) -> None:
        """End the lines and remove every namespace, with all that is in them."""
        for wire in self._wires:
            wire.kill()
            wire.communicate()
        for name in reversed(self._names):
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
        self._wires, self._names = [], []

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

    def _lay(self, home: Home, place: Place) -> None:
        ends = (f"{self._mark}{home[0]}0"[-15:], f"{self._mark}{home[0]}1"[-15:])
        wire = subprocess.Popen(
            [sys.executable, "-m", "tests.netlab.wire", *ends, str(place.seed)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self._wires.append(wire)
        assert wire.stdout is not None
        if wire.stdout.readline().strip() != "ready":
            raise RuntimeError("the line's process did not start")
        router = f"{home}-r"
        _run("ip", "link", "set", ends[0], "netns", self.name(home), "name", "eth0")
        _run("ip", "link", "set", ends[1], "netns", self.name(router), "name", "lan0")
        self._in(home, f"addr add {place.net}.2/24 dev eth0", "link set eth0 up")
        self._in(home, f"route add default via {place.net}.1 dev eth0")
        self._in(router, f"addr add {place.net}.1/24 dev lan0", "link set lan0 up")
        _run(*self.inside(router, "sysctl", "-qw", "net.ipv4.ip_forward=1"))
        self.lines[home] = Line(wire)

    def _in(self, name: str, *commands: str) -> None:
        for command in commands:
            _run("ip", "-n", self.name(name), *command.split())


def _rules(router: Router, firewall: Firewall) -> str:
    hide = "masquerade fully-random" if router == "symmetric" else "masquerade"
    let_out = {
        "open": "accept",
        "no_udp": "meta l4proto udp drop; accept",
        "only_443": "ct state established,related accept; tcp dport 443 accept; drop",
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
