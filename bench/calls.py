"""What calls do over bad lines, ours and PeerJS in turn, in the network lab: `dev.py bench -- calls`.

Every run is a line in `var/bench-calls.jsonl`; started again, it goes on where it was stopped, until each
cell has as many runs as were asked for. `--afresh` begins anew, `--cells` takes some, `--write` puts the
table into docs/calls.md.
"""

import argparse
import json
import math
import os
import platform
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError

from bench.call_cells import CELLS, Cell
from bench.call_pages import Product, peerjs_beside
from bench.call_table import Run, figures, markdown
from bench.figure import table
from tests.netlab.lab import Lab, standing
from tests.servers import chromium_program

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var" / "bench-calls.jsonl"
PAGE = ROOT / "docs" / "calls.md"
LINES = ("good", "3g", "vsat")
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def main(arguments: Sequence[str]) -> int:
    """Measure what is lacking, print the table, and write it if that was asked for."""
    asked = _asked(arguments)
    # Being told to end must still take the lab down.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if asked.afresh:
        KEPT.unlink(missing_ok=True)
    lacking = _lacking(asked.runs, asked.cells, _kept()[0])
    if lacking and not asked.no_runs:
        with (
            tempfile.TemporaryDirectory(prefix="telemed-bench-") as folder,
            standing(chromium_program(), Path(folder)) as lab,
            peerjs_beside(lab),
        ):
            _measure_lines(lab)
            for cell, product in lacking:
                _run(lab, cell, product)
    runs, round_trips = _kept()
    found = list(figures(runs, round_trips))
    print(table(found))
    if asked.write:
        write(markdown(runs, round_trips), round_trips)
    return 1 if any(figure.met is False for figure in found) else 0


def write(measured: str, round_trips: dict[str, float]) -> None:
    """Put the table between its marks in docs/calls.md."""
    lines = ", ".join(f"{line} {took:.0f} ms" for line, took in round_trips.items())
    where = f"{os.cpu_count()} cores, {platform.system()} {platform.release().split('-')[0]}, {_chromium()}"
    head = f"Measured {datetime.now(UTC):%d %b %Y} on {where}. Round trips kiosk to doctor by ping: {lines}."
    text = re.sub(
        f"{BEGIN}.*{END}",
        lambda _: f"{BEGIN}\n{head}\n\n{measured}\n{END}",
        PAGE.read_text(),
        flags=re.DOTALL,
    )
    PAGE.write_text(text)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench -- calls", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="of each cell and product (5)")
    parser.add_argument("--cells", nargs="+", default=list(CELLS), choices=list(CELLS), metavar="CELL")
    parser.add_argument("--afresh", action="store_true", help="forget the runs of earlier times")
    parser.add_argument("--no-runs", action="store_true", help="only show what there is")
    parser.add_argument("--write", action="store_true", help="put the table into docs/calls.md")
    return parser.parse_args(arguments)


def _lacking(wanted: int, names: Iterable[str], runs: Iterable[Run]) -> list[tuple[Cell, Product]]:
    """What is still to be done, round by round, so that both products meet the same hour."""
    there = Counter((run.cell, run.product) for run in runs)
    return [
        (CELLS[name], product)
        for number in range(wanted)
        for name in names
        for product in CELLS[name].products
        if there[name, product] <= number
    ]


def _measure_lines(lab: Lab) -> None:
    for line in LINES:
        lab.network(line=line)
        _keep({"line": line, "round trip": lab.world.round_trip()})


def _run(lab: Lab, cell: Cell, product: Product) -> None:
    began = time.monotonic()
    try:
        values = dict(cell.run(lab, product))
    except PlaywrightError as failed:
        # A call that does not come about is a result as well.
        values = {"failed": str(failed).split("\n", 1)[0], **_never(cell)}
    took = time.monotonic() - began
    shown = ", ".join(
        f"{name} {value:.1f}" if isinstance(value, float) else f"{name} {value}"
        for name, value in values.items()
    )
    print(f"{cell.key}, {product} ({took:.0f} s): {shown}", file=sys.stderr, flush=True)
    _keep({"cell": cell.key, "product": product, "load": os.getloadavg()[0], "values": values})


def _never(cell: Cell) -> dict[str, float]:
    """A call that did not come about never had a picture; of one that broke later nothing is known."""
    begins = cell.key.startswith(("admit", "connect"))
    return {f"first {what} ms": math.inf for what in ("picture", "sound")} if begins else {}


def _keep(what: dict[str, object]) -> None:
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.open("a") as file:
        file.write(json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), **what}) + "\n")


def _kept() -> tuple[list[Run], dict[str, float]]:
    rows = [json.loads(line) for line in KEPT.read_text().splitlines()] if KEPT.exists() else []
    runs = [Run(row["cell"], row["product"], row["values"]) for row in rows if "cell" in row]
    return runs, {row["line"]: row["round trip"] for row in rows if "line" in row}


def _chromium() -> str:
    said = ""
    with suppress(OSError):
        said = os.popen(f"{chromium_program()} --version").read()
    found = re.search(r"Chromium\S*\s+(\d+)", said)
    return f"Chromium {found[1]}" if found else "Chromium"
