"""The runs of calls as figures with goals, and as the table of docs/calls.md; pure."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.figure import Figure

Key = tuple[str, str, str]
ORDINARY = "admit 3g"


@dataclass(frozen=True)
class Run:
    """One run of a cell by one product: numbers by name, and a few words."""

    cell: str
    product: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One promised value of a cell; a goal is a number, or what must be beaten: `PeerJS`."""

    cell: str
    value: str
    says: str
    unit: str
    goal: float | None = None
    at_least: bool = False


@dataclass(frozen=True)
class Spread:
    """One value over all runs of a cell."""

    runs: int
    median: float
    worst: float


def collect(runs: Iterable[Run]) -> dict[Key, list[float]]:
    """Every number that was measured, by cell, product and name."""
    found: defaultdict[Key, list[float]] = defaultdict(list)
    for run in runs:
        for name, value in run.values.items():
            if isinstance(value, int | float):
                found[run.cell, run.product, name].append(float(value))
    return dict(found)


def spread(values: Sequence[float], at_least: bool) -> Spread:
    """Their number, median and worst."""
    return Spread(len(values), median(values), (min if at_least else max)(values))


def promised(round_trips: Mapping[str, float], set_up: float) -> list[Row]:
    """The rows of the table; goals that hang on the line take its measured round trip, in ms."""
    rows, reload = list[Row](), 3000.0 + set_up
    for line in ("good", "3g", "vsat"):
        goal = 1.5 * round_trips.get(line, math.nan) + 300
        for what in ("picture", "sound"):
            rows.append(
                Row(f"admit {line}", f"first {what} ms", f"Admit to first {what}, {line}", "ms", goal)
            )
    rows += [
        Row("talk k128l5", "concealed %", "128 kbit/s, 5 % lost: voice concealed", "%", 2.5),
        Row("talk k128l5", "frozen s", "128 kbit/s, 5 % lost: picture frozen, of 25 s", "s", 1.0),
        Row(
            "talk k128l5", "pictures a second", "128 kbit/s, 5 % lost: pictures a second", "/s", at_least=True
        ),
        Row("talk k128l5", "jitter buffer ms", "128 kbit/s, 5 % lost: mean jitter buffer", "ms"),
        Row(
            "talk k128l5",
            "voice target kbit/s",
            "128 kbit/s, 5 % lost: voice encoder's target",
            "kbit/s",
            16,
            True,
        ),
        Row(
            "talk k128l5",
            "dropped by the full queue",
            "128 kbit/s, 5 % lost: packets the full queue dropped",
            "",
        ),
        Row("talk k64l5", "film given up after s", "64 kbit/s, 5 % lost: without a film after", "s", 5.0),
        Row(
            "hurry k64l5", "film given up after s", "the same, let in at once: without a film after", "s", 5.0
        ),
        Row("talk k64l5", "concealed %", "64 kbit/s, 5 % lost: voice concealed", "%", 3.5),
        Row("talk k64l5", "jitter buffer ms", "64 kbit/s, 5 % lost: mean jitter buffer", "ms", 250.0),
        Row(
            "talk k64l5",
            "on stills %",
            "64 kbit/s, 5 % lost: of the time on voice and stills",
            "%",
            at_least=True,
        ),
        Row("talk k64l5", "stills a minute", "64 kbit/s, 5 % lost: stills that come", "/min", at_least=True),
        Row("talk k64l5", "still ms", "64 kbit/s, 5 % lost: a still is whole after", "ms", 2000.0),
        Row(
            "talk k64l5",
            "voice target kbit/s",
            "64 kbit/s, 5 % lost: voice encoder's target",
            "kbit/s",
            16,
            True,
        ),
        Row(
            "talk k64l5",
            "dropped by the full queue",
            "64 kbit/s, 5 % lost: packets the full queue dropped",
            "",
        ),
        Row("survive", "outage: sound back ms", "after 10 s without a line: sound back", "ms", 1000.0),
        Row("survive", "outage: picture back ms", "after 10 s without a line: picture back", "ms"),
        Row("survive", "move: sound back ms", "after a change of network: sound back", "ms", 4000.0),
        Row("survive", "move: picture back ms", "after a change of network: picture back", "ms"),
        Row("survive", "reload kiosk: sound back ms", "kiosk's page loaded anew: sound back", "ms", reload),
        Row("survive", "reload doctor: sound back ms", "doctor's page loaded anew: sound back", "ms", reload),
    ]
    return rows


def figures(runs: Sequence[Run], round_trips: Mapping[str, float]) -> Iterator[Figure]:
    """Each promised value, ours with its goal and PeerJS beside it; then which networks connect."""
    values = collect(runs)
    for row in promised(round_trips, _set_up(values)):
        ours, theirs = (values.get((row.cell, product, row.value)) for product in ("ours", "PeerJS"))
        if ours:
            found = spread(ours, row.at_least)
            yield Figure(f"{row.says} (n={found.runs})", found.median, row.unit, row.goal, row.at_least)
            yield Figure("  the worst of them", found.worst, row.unit)
        if theirs:
            yield Figure(f"  PeerJS (n={len(theirs)})", median(theirs), row.unit)
        if ours and theirs and row.cell.startswith("admit"):
            yield Figure("  ours as part of PeerJS'", median(ours) / median(theirs), "", 1.0)
    for cell in _networks(runs):
        came = values.get((cell, "ours", "first sound ms"), [math.inf])
        connected = sum(map(math.isfinite, came)) / len(came)
        yield Figure(
            f"{cell}: calls that connect (n={len(came)})", 100 * connected, "%", 100.0, at_least=True
        )


def markdown(runs: Sequence[Run], round_trips: Mapping[str, float]) -> str:
    """Both tables of docs/calls.md."""
    values = collect(runs)
    lines = [
        "| what | goal | ours, median (worst, n) | reached | PeerJS, median (worst, n) |",
        "|---|---|---|---|---|",
    ]
    for row in promised(round_trips, _set_up(values)):
        ours, theirs = (values.get((row.cell, product, row.value)) for product in ("ours", "PeerJS"))
        goal = (
            ""
            if row.goal is None
            else f"{'≥' if row.at_least else '≤'} {_number(row.goal)} {row.unit}".strip()
        )
        lines.append(
            f"| {row.says} | {goal} | {_cell(ours, row)} | {_reached(ours, row)} | {_cell(theirs, row)} |"
        )
    lines += [
        "",
        "| kiosk's network | connected | way | meeting, ms | first sound, ms | first picture, ms |",
        "|---|---|---|---|---|---|",
    ]
    for cell in _networks(runs):
        lines.append(_way(cell, [run for run in runs if (run.cell, run.product) == (cell, "ours")]))
    return "\n".join(lines)


def _networks(runs: Sequence[Run]) -> list[str]:
    """The cells whose point is the kiosk's network; the ordinary one has been measured by admitting."""
    return [
        cell
        for cell in dict.fromkeys(run.cell for run in runs if run.product == "ours")
        if cell == ORDINARY or cell.startswith("connect")
    ]


def _network(cell: str) -> str:
    return "ordinary routers" if cell == ORDINARY else cell.removeprefix("connect ")


def _way(cell: str, runs: Sequence[Run]) -> str:
    values = collect(runs)
    sounds = values[cell, "ours", "first sound ms"]
    connected = f"{sum(map(math.isfinite, sounds))} of {len(sounds)}"
    ways = ", ".join(sorted({str(run.values["way"]) for run in runs if "way" in run.values}))
    times = [
        f"{_number(median(found))} ({_number(max(found))})"
        for name in ("set-up ms", "first sound ms", "first picture ms")
        if (found := values.get((cell, "ours", name)))
    ]
    return f"| {_network(cell)} | {connected} | {ways} | {' | '.join(times)} |"


def _set_up(values: Mapping[Key, Sequence[float]]) -> float:
    found = values.get((ORDINARY, "ours", "set-up ms"))
    return median(found) if found else math.nan


def _cell(found: Sequence[float] | None, row: Row) -> str:
    if not found:
        return "–"
    seen = spread(found, row.at_least)
    return f"{_number(seen.median)} ({_number(seen.worst)}, {seen.runs})"


def _reached(found: Sequence[float] | None, row: Row) -> str:
    if not found or row.goal is None:
        return ""
    middle = spread(found, row.at_least).median
    return "yes" if (middle >= row.goal if row.at_least else middle <= row.goal) else "**no**"


def _number(value: float) -> str:
    if not math.isfinite(value):
        return "never" if value > 0 else "?"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"
