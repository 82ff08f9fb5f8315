"""What is done in one run of each cell of the table of calls; every cell is a call of its own."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from playwright.sync_api import Error as PlaywrightError

from bench.call_pages import MAKERS, Ours, Pair, Product
from bench.call_times import NEVER, back, first, quality, steady, stills
from tests.browser.call_sides import Side
from tests.netlab.homes import selected_pair
from tests.netlab.lab import Lab
from tests.netlab.world import HOMES, Firewall, Home, Router

Values = Mapping[str, float | str]
# A patient who is ready waits for the doctor at least so long.
WAITED = 5.0
SETTLING, WATCHED = 5.0, 25.0
SETTLED: dict[Product, float] = {"ours": 8.0, "PeerJS": 3.0}
ADMIT_WITHIN, BACK_WITHIN = 12.0, 10.0
STILL_UNDER_WAY = 2500.0
OTHER: dict[Home, Home] = {"kiosk": "doctor", "doctor": "kiosk"}
CASES: dict[str, tuple[Router, Firewall]] = {
    "routers that hide ports": ("symmetric", "open"),
    "UDP dropped": ("ordinary", "no_udp"),
    "TCP 443 only": ("ordinary", "only_443"),
    "HTTP CONNECT proxy only": ("ordinary", "only_proxy"),
}


@dataclass(frozen=True)
class Cell:
    """One row's worth of measuring: who may be measured by it, and how one run goes."""

    key: str
    products: tuple[Product, ...]
    run: Callable[[Lab, Product], Values]


def admit(line: str, lab: Lab, product: Product) -> Values:
    """From the doctor's click to the first picture and the first sound, on the side where it takes longer."""
    lab.network(line="good")
    pair = MAKERS[product](lab, line)
    try:
        met = pair.meet()
        time.sleep(1)
        return {"set-up ms": met, **_begun(pair, pair.begin()), "way": _way(pair)}
    finally:
        pair.close()


def connect(case: str, lab: Lab, product: Product) -> Values:
    """Both pages are opened inside such a network, meet, and the doctor admits."""
    router, firewall = CASES[case]
    if firewall == "only_proxy":
        with lab.kiosk_by_proxy():
            return _connected(lab, router, firewall)
    return _connected(lab, router, firewall)


def talk(line: str, lab: Lab, product: Product, waited: float = WAITED) -> Values:
    """What a call is like on such a line: 25 seconds, after 5 to settle; the worse of both sides."""
    lab.network(line="good")
    pair = MAKERS[product](lab, line)
    try:
        pair.meet()
        time.sleep(waited)
        began = pair.begin()
        time.sleep(SETTLING)
        lab.world.lines["kiosk"].counted(afresh=True)
        before = {home: pair.look(home) for home in HOMES}
        time.sleep(WATCHED)
        after = {home: pair.look(home) for home in HOMES}
        carried = lab.world.lines["kiosk"].counted()
        sides = [
            {
                **quality(before[home], after[home], pair.noted(home, "pictures")),
                **(_stills(pair, home, before, after) if product == "ours" else {}),
            }
            for home in HOMES
        ]
        samples = [sample for home in HOMES for sample in pair.samples(home) if sample["at"] > began]
        return {
            **_worse(sides),
            "line up kbit/s": carried["up"]["bytes"] * 8 / 1000 / WATCHED,
            "line down kbit/s": carried["down"]["bytes"] * 8 / 1000 / WATCHED,
            "dropped by the full queue": carried["up"]["dropped"] + carried["down"]["dropped"],
            "lost by the line": carried["up"]["lost"] + carried["down"]["lost"],
            **(_on_rungs(samples, began) if product == "ours" else {}),
        }
    finally:
        pair.close()


def survive(lab: Lab, product: Product) -> Values:
    """One call over 3g, as long as it comes back: no line, another network, two reloads."""
    lab.network(line="good")
    pair = MAKERS[product](lab, "3g")
    try:
        pair.meet()
        _begun(pair, pair.begin())
        found: dict[str, float] = {}
        for name, spoil in _SPOILING.items():
            if name.startswith("reload") and product != "ours":
                break
            # At first until a way between the two without the relay has been looked for as well.
            time.sleep(2.0 if found else SETTLED[product])
            back_after = _come_back(pair, spoil(lab, pair))
            found |= {f"{name}: {what} back ms": after for what, after in back_after.items()}
            if back_after["sound"] == NEVER:
                break
        return found
    finally:
        pair.close()


def _outage(lab: Lab, pair: Pair) -> float:
    restored = pair.now() + 10_000
    lab.world.lines["kiosk"].cut(10)
    time.sleep(10)
    return restored


def _move(lab: Lab, pair: Pair) -> float:
    changed = pair.now()
    lab.world.move("spare")
    return changed


def _reload_kiosk(_lab: Lab, pair: Pair) -> float:
    pressed = pair.now()
    pair.pages["kiosk"].reload(wait_until="commit")
    return pressed


def _reload_doctor(_lab: Lab, pair: Pair) -> float:
    """The page of a patient who has been admitted, as the clinic shows it then."""
    assert isinstance(pair, Ours)
    pressed = pair.now()
    pair.pages["doctor"].goto(pair.address("doctor", held=False), wait_until="commit")
    return pressed


_SPOILING: dict[str, Callable[[Lab, Pair], float]] = {
    "outage": _outage,
    "move": _move,
    "reload kiosk": _reload_kiosk,
    "reload doctor": _reload_doctor,
}
BOTH: tuple[Product, ...] = ("ours", "PeerJS")
CELLS = {
    cell.key: cell
    for cell in (
        *(Cell(f"admit {line}", BOTH, partial(admit, line)) for line in ("good", "3g", "vsat")),
        *(Cell(f"connect {case}", ("ours",), partial(connect, case)) for case in CASES),
        *(Cell(f"talk {line}", BOTH, partial(talk, line)) for line in ("k128l5", "k64l5")),
        Cell("hurry k64l5", ("ours",), partial(talk, "k64l5", waited=0.0)),
        Cell("survive", BOTH, survive),
    )
}


def _connected(lab: Lab, router: Router, firewall: Firewall) -> Values:
    lab.network(router, firewall, "3g")
    pair = Ours(lab, "3g")
    try:
        met = pair.meet()
        return {"set-up ms": met, **_begun(pair, pair.begin()), "way": _way(pair)}
    finally:
        pair.close()


def _way(pair: Pair) -> str:
    own, protocol, other = selected_pair(Side(pair.pages["kiosk"]))
    return f"{own}/{protocol} to {other}"


def _begun(pair: Pair, since: float) -> Values:
    """The first picture and sound of each side, as soon as all are there."""
    until = time.monotonic() + ADMIT_WITHIN
    came = {"picture": NEVER, "sound": NEVER}
    while NEVER in came.values() and time.monotonic() < until:
        time.sleep(0.3)
        for what in came:
            came[what] = max(first(pair.noted(home, f"{what}s"), since) for home in HOMES)
    return {f"first {what} ms": took for what, took in came.items()}


def _come_back(pair: Pair, since: float) -> dict[str, float]:
    """When sound and picture were back on both sides, counted from a moment."""
    until = time.monotonic() + BACK_WITHIN
    time.sleep(1.5)
    while time.monotonic() < until and not _talk_again(pair):
        time.sleep(0.3)
    return {
        what: max(back(pair.noted(home, f"{what}s"), since) for home in HOMES)
        for what in ("sound", "picture")
    }


def _talk_again(pair: Pair) -> bool:
    try:
        now = pair.now()
        return all(
            steady(pair.noted(home, "sounds"), now, 1500) and steady(pair.noted(home, "pictures"), now, 500)
            for home in HOMES
        )
    except PlaywrightError:
        # The page is being loaded anew.
        return False


def _worse(sides: list[dict[str, float]]) -> dict[str, float]:
    """Of each figure the one that is worse for people, mostly the higher."""
    lower = {
        "pictures a second",
        "voice target kbit/s",
        "voice repaired by FEC, packets",
        "stills a minute",
    }
    return {name: (min if name in lower else max)(side[name] for side in sides) for name in sides[0]}


def _stills(pair: Pair, home: Home, before: dict[Home, Any], after: dict[Home, Any]) -> dict[str, float]:
    """The pictures one by one that this side got."""
    sent, got = pair.stills("stillsSent", OTHER[home]), pair.stills("stillsGot", home)
    return stills(sent, got, before[home]["at"], after[home]["at"] - STILL_UNDER_WAY)


def _on_rungs(samples: list[dict[str, Any]], since: float) -> dict[str, float]:
    """When neither side sent a film any more, if that lasted; and what part of the call was on which rung."""
    films = [sample["at"] for sample in samples if sample["rung"] == "video"]
    if films and max(films) >= max(sample["at"] for sample in samples) - 1500:
        given_up = NEVER
    else:
        given_up = max(0.0, (max(films) - since) / 1000) if films else 0.0
    rungs = [sample["rung"] for sample in samples if sample["at"] > since + SETTLING * 1000]
    shares = {f"on {rung} %": 100 * rungs.count(rung) / len(rungs) for rung in sorted(set(rungs))}
    return {"film given up after s": given_up, **shares}
